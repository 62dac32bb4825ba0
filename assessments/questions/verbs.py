"""Edits of the question bank. What is asked and what is right are kept, and shown to whoever writes questions only."""

from django.utils.translation import gettext_lazy as _

from assessments.questions.models import MultipleChoice, Number, SingleChoice, TrueFalse
from lms.audit.verbs import room, studio

OPEN = ("key", "topic", "level", "difficulty", "status", "in_exams")
WORDS = ("stem_zh", "stem_en", "explanation_zh", "explanation_en")


def _key(question):
    """Its key, not its words: the log is read by those who may not see the bank."""
    return question.key


room("question", _("Question bank"))
for _model, _answer in {
    SingleChoice: ("options",),
    MultipleChoice: ("options",),
    TrueFalse: ("answer",),
    Number: ("value", "tolerance", "unit"),
}.items():
    studio(_model, *OPEN, *WORDS, *_answer, noun="question", private="questions.view_question", open_fields=OPEN, title=_key)
