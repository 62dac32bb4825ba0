from lms.people.choices import Role
from lms.people.roles import HR_ROLES, allow

allow("pay.view_pay", to=HR_ROLES)
allow("pay.approve_pay_changes", to=HR_ROLES, signs=True)
# Group HR may give either signature, never both of one change.
allow("pay.countersign_pay_changes", to=[Role.GENERAL_MANAGER, Role.GROUP_HR], signs=True)
