from lms.people.choices import Role
from lms.people.roles import HR_ROLES, ORGANISERS, allow

allow("interns.view_interns", to=[*HR_ROLES, *ORGANISERS, Role.GENERAL_MANAGER])
allow("interns.manage_interns", to=HR_ROLES)
allow("interns.manage_stations", to=[*ORGANISERS, *HR_ROLES])
allow("interns.keep_log", to=[Role.INTERN])
