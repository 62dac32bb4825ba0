"""Edits of the question bank. What is asked and what is right are kept, and shown to whoever writes questions only."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from assessments.questions.kinds.registry import kinds
from assessments.questions.models import Question
from lms.audit.verbs import choice, room, studio, verb, was_called

OPEN = ("key", "topic", "level", "difficulty", "status", "in_exams")
WORDS = ("stem_zh", "stem_en", "explanation_zh", "explanation_en")


def _key(question):
    """Its key, not its words: the log is read by those who may not see the bank."""
    return question.key


def declare(kind):
    studio(kind.model, *OPEN, *WORDS, *kind.fields, noun="question", private="questions.view_question", open_fields=OPEN, title=_key)


room("question", _("Question bank"))
for _kind in kinds():
    declare(_kind)
verb(
    "question.key_mended",
    _("The key of the question “%(target)s” was mended after an exam"),
    {"status": choice(_("State"), Question.Status.choices)},
)
was_called("questions.number", apps.get_model("questions.numericquestion"))
