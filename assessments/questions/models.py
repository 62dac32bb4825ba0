from hashlib import sha256

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from polymorphic.models import PolymorphicModel
from wagtail.models import PreviewableMixin

from assessments.questions.kinds.registry import load_models
from assessments.questions.marking import asked, order, solved
from courses.catalogue.models import Topic
from lms.common.bilingual import in_language
from lms.people.choices import Level


class Question(PreviewableMixin, PolymorphicModel):
    """A question of the bank as its author edits it. Papers hold a `QuestionVersion`, frozen when first drawn."""

    kind = ""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        RETIRED = "retired", _("Retired")

    key = models.SlugField(_("key"), max_length=80, unique=True, help_text=_("A short name that imports recognise it by."))
    topic = models.ForeignKey(Topic, verbose_name=_("topic"), on_delete=models.PROTECT, related_name="questions")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices[1:])
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty, 1 easy to 5 hard"), default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.DRAFT)
    in_exams = models.BooleanField(_("drawn into exams"), default=True, help_text=_("Off: only for the checks of lessons."))
    stem_zh = models.TextField(_("question in Chinese"))
    stem_en = models.TextField(_("question in English"), blank=True)
    explanation_zh = models.TextField(_("explanation in Chinese"), blank=True)
    explanation_en = models.TextField(_("explanation in English"), blank=True)
    current = models.ForeignKey(
        "QuestionVersion",
        verbose_name=_("current version"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["topic__order", "level", "key"]
        indexes = [models.Index(fields=["topic", "level", "status"], name="questions_question_drawn")]
        constraints = [
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=3), name="%(app_label)s_%(class)s_level_is_1_to_3"),
            models.CheckConstraint(
                condition=models.Q(difficulty__gte=1, difficulty__lte=5), name="%(app_label)s_%(class)s_difficulty_is_1_to_5"
            ),
        ]

    def __str__(self):
        return in_language(self.stem_zh, self.stem_en)[:90]

    @property
    def type_name(self):
        return self._meta.verbose_name

    @property
    def content(self):
        """What a version freezes: everything needed to show and to mark it, as plain values (see `kinds/kind.py`)."""
        return {
            "kind": self.kind,
            "stem": {"zh": self.stem_zh, "en": self.stem_en},
            "explanation": {"zh": self.explanation_zh, "en": self.explanation_en},
            **self.answer_content(),
        }

    def answer_content(self):
        return {}

    def get_preview_template(self, request, mode_name):
        return "assessments/questions/preview.html"

    def get_preview_context(self, request, mode_name):
        """As one candidate may see it, and what is right: the order of options is that of nobody's paper."""
        content, language = self.content, get_language()
        placed = order(content, lambda ids: sorted(ids, key=lambda one: sha256(one.encode()).digest()))
        return {"asked": asked(content, language, order=placed, name="preview"), "solved": solved(content, language, order=placed)}


class QuestionVersion(models.Model):
    """A question as candidates saw it. Only ever added to."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("content"))
    frozen_at = models.DateTimeField(auto_now_add=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="%(app_label)s_%(class)s_number_is_unique"),
        ]

    def __str__(self):
        return f"{self.question_id} v{self.number}"


load_models()
