from lms.people.choices import Role
from lms.people.roles import allow, edits

allow(*edits("observations.checklist"), to=[Role.GROUP_HR, Role.AUTHOR], signs=True)
