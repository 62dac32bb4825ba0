"""Blueprints of theory papers in the course studio."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet

from assessments.exams.models import Blueprint
from assessments.studio import kept_note
from lms.audit.studio import VersionedViewSet


class BlueprintViewSet(VersionedViewSet):
    model = Blueprint
    icon = "form"
    menu_label = _("Blueprints")
    menu_name = "blueprints"
    menu_order = 130
    add_to_admin_menu = True
    list_display = [
        "name",
        Column("get_track_display", label=_("Track"), sort_key="track"),
        Column("get_level_display", label=_("Level"), sort_key="level"),
        "minutes",
        "pass_mark",
        BooleanColumn("in_use", label=_("In use")),
    ]
    list_filter = ["track", "level", "in_use"]
    search_fields = ["name_zh", "name_en"]
    search_backend_name = None
    panels = [
        kept_note(),
        FieldRowPanel([FieldPanel("name_zh"), FieldPanel("name_en")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("track"), FieldPanel("level")]),
                FieldRowPanel([FieldPanel("minutes"), FieldPanel("pass_mark")]),
                FieldPanel("in_use"),
            ],
            heading=_("What it is for"),
        ),
        InlinePanel(
            "lines",
            [
                FieldRowPanel([FieldPanel("topic"), FieldPanel("level"), FieldPanel("kind")]),
                FieldRowPanel([FieldPanel("count"), FieldPanel("points")]),
            ],
            heading=_("What a paper is made of"),
            label=_("Line"),
            min_num=1,
        ),
    ]


register_snippet(BlueprintViewSet)
