from lms.people.choices import Role
from lms.people.roles import allow, edits

allow(
    *edits("questions.question", "questions.singlechoice", "questions.multiplechoice", "questions.truefalse", "questions.number"),
    to=[Role.AUTHOR],
    signs=True,
)
