from lms.people.choices import Role
from lms.people.roles import HR_ROLES, allow

allow("labour.view_findings", "labour.set_minimum_wages", to=HR_ROLES)
allow("labour.set_thresholds", to=[Role.GROUP_HR])
