from lms.people.choices import Role
from lms.people.roles import HR_ROLES, allow, edits

allow("exams.manage_sittings", to=HR_ROLES)
allow(*edits("exams.blueprint"), to=[Role.AUTHOR], signs=True)
