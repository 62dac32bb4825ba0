from lms.people.choices import Role
from lms.people.roles import HR_ROLES, allow

allow("schools.view_schools", to=[*HR_ROLES, Role.GENERAL_MANAGER, Role.SERVICE_MANAGER])
allow("schools.manage_schools", to=HR_ROLES)
allow("schools.coordinate_students", to=[Role.COORDINATOR])
