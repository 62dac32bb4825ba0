from lms.people.choices import Role
from lms.people.roles import AT_A_DEALER, HR_ROLES, LEADERS, allow

allow("grading.view_own_grading", to=AT_A_DEALER)
allow("grading.view_cycles", to=LEADERS)
allow("grading.run_cycles", to=HR_ROLES)
allow("grading.examine", to=[Role.SERVICE_MANAGER, Role.GENERAL_MANAGER, Role.EXAMINER], signs=True)
