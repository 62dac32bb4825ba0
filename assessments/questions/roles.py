from assessments.questions.kinds.registry import kinds
from lms.people.choices import Role
from lms.people.roles import allow, edits

allow(*edits("questions.question", *(f"questions.{kind.model_name}" for kind in kinds())), to=[Role.AUTHOR], signs=True)
