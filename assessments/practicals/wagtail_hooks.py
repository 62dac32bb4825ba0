"""Rubrics of practical exams in the course studio."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from assessments.practicals.models import Rubric, SheetMark


class RubricForm(WagtailAdminModelForm):
    """A criterion that someone was scored by stays: the sheet would no longer say what its points were for."""

    def clean(self):
        values = super().clean()
        gone = [form.instance.pk for form in self.formsets["criteria"].deleted_forms if form.instance.pk]
        scored = SheetMark.objects.filter(criterion__in=gone).select_related("criterion").first()
        if scored:
            words = _now("“%(name)s” can't be removed: candidates were scored by it. Make a new rubric and take this one out of use.")
            raise ValidationError(words % {"name": scored.criterion.name})
        return values


class RubricViewSet(SnippetViewSet):
    model = Rubric
    icon = "list-ol"
    menu_label = _("Rubrics")
    menu_name = "rubrics"
    menu_order = 140
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "name",
        Column("get_track_display", label=_("Track"), sort_key="track"),
        Column("get_level_display", label=_("Level"), sort_key="level"),
        "pass_mark",
        BooleanColumn("in_use", label=_("In use")),
    ]
    list_filter = ["track", "level", "in_use"]
    search_fields = ["name_zh", "name_en"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name_zh"), FieldPanel("name_en")]),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("track"), FieldPanel("level"), FieldPanel("pass_mark")]), FieldPanel("in_use")],
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
        ],
        base_form_class=RubricForm,
    )


register_snippet(RubricViewSet)
