from lms.people.choices import Role
from lms.people.roles import allow, edits

allow(*edits("practicals.rubric"), to=[Role.AUTHOR], signs=True)
