from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.catalogue.blocks import LessonBody, LessonCheck
from lms.common.bilingual import Bilingual
from lms.people.choices import Level, Track


class Topic(Bilingual, models.Model):
    """What a course, a session or a question is about. One list for all three, so that they can be held together."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    track = models.CharField(
        _("track"), max_length=12, choices=Track, blank=True, help_text=_("On whose ladder it is asked about; empty: on none.")
    )
    kinds = models.JSONField(_("serves"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["track", "order", "code"]

    def serves(self, kind):
        """Whether it is taught in programmes of this kind."""
        return kind in self.kinds


class CataloguePage(Page):
    """The shelf on which courses stand."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["catalogue.CoursePage"]
    preview_modes: list = []

    class Meta:
        verbose_name = _("catalogue")

    def get_url_parts(self, request=None):
        return (None, settings.WAGTAILADMIN_BASE_URL, reverse("catalogue"))


class CoursePage(Page):
    """A course: a few lessons toward one level of one track."""

    topic = models.ForeignKey(Topic, verbose_name=_("topic"), on_delete=models.PROTECT, related_name="courses")
    track = models.CharField(_("track"), max_length=12, choices=Track)
    level = models.PositiveSmallIntegerField(_("level aimed at"), choices=Level.choices[1:], default=Level.JUNIOR)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    required = models.BooleanField(_("required for grading at this level"), default=False)
    summary = models.TextField(_("summary"), max_length=400)
    goals = models.TextField(_("goals, one a line"), blank=True)

    parent_page_types = ["catalogue.CataloguePage"]
    subpage_types = ["catalogue.LessonPage"]
    template = "courses/catalogue/course.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("goals"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("topic"), FieldPanel("track")]),
                FieldRowPanel([FieldPanel("level"), FieldPanel("minutes"), FieldPanel("required")]),
            ],
            heading=_("What it is for"),
        ),
    ]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def get_url_parts(self, request=None):
        return (None, settings.WAGTAILADMIN_BASE_URL, reverse("course", args=[self.slug]))

    @property
    def goal_list(self):
        return [line.strip() for line in self.goals.splitlines() if line.strip()]


class LessonPage(Page):
    """One lesson, read on a phone in a few minutes, ended by its check."""

    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    body = StreamField(LessonBody(), verbose_name=_("body"))
    check_questions = StreamField(LessonCheck(required=False), verbose_name=_("lesson check"), blank=True)

    parent_page_types = ["catalogue.CoursePage"]
    subpage_types: list = []
    template = "courses/catalogue/lesson.html"
    content_panels = [*Page.content_panels, FieldPanel("minutes"), FieldPanel("body"), FieldPanel("check_questions")]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def get_url_parts(self, request=None):
        course = self.get_parent()
        return (None, settings.WAGTAILADMIN_BASE_URL, reverse("lesson", args=[course.slug, self.slug]))

    @property
    def check_question_ids(self):
        """Numbers of the bank's questions that end this lesson, in order, without fetching them."""
        return [block["value"] for block in self.check_questions.raw_data if block["type"] == "question"]
