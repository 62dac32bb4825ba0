"""Rubrics of practical exams in the course studio."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet

from assessments.practicals.models import Rubric
from assessments.studio import kept_note
from lms.audit.studio import VersionedViewSet


class RubricViewSet(VersionedViewSet):
    model = Rubric
    icon = "list-ol"
    menu_label = _("Rubrics")
    menu_name = "rubrics"
    menu_order = 140
    add_to_admin_menu = True
    list_display = [
        "name",
        Column("get_track_display", label=_("Track"), sort_key="track"),
        Column("get_level_display", label=_("Level"), sort_key="level"),
        Column("get_part_display", label=_("Part of the exam"), sort_key="part"),
        "pass_mark",
        BooleanColumn("in_use", label=_("In use")),
    ]
    list_filter = ["track", "level", "part", "in_use"]
    search_fields = ["name_zh", "name_en"]
    search_backend_name = None
    panels = [
        kept_note(),
        FieldRowPanel([FieldPanel("name_zh"), FieldPanel("name_en")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("track"), FieldPanel("level"), FieldPanel("part"), FieldPanel("pass_mark")]),
                FieldPanel("in_use"),
            ],
            heading=_("What it is for"),
        ),
        InlinePanel(
            "criteria",
            [
                FieldRowPanel([FieldPanel("name_zh"), FieldPanel("name_en")]),
                FieldRowPanel([FieldPanel("max_points"), FieldPanel("order")]),
            ],
            heading=_("What is scored"),
            label=_("Criterion"),
            min_num=1,
        ),
    ]


register_snippet(RubricViewSet)
