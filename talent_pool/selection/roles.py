from lms.people.choices import Role
from lms.people.roles import HR_ROLES, allow

allow("selection.view_selection", to=[*HR_ROLES, Role.GENERAL_MANAGER, Role.SERVICE_MANAGER])
allow("selection.select_interns", to=HR_ROLES)
