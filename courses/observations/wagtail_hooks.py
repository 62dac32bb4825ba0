"""Checklists in the course studio: the tasks of task books and the points of evaluations."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet

from courses.observations.models import Checklist
from lms.audit.studio import VersionedViewSet
from lms.people.permissions import dealer_scope
from lms.people.queries import dealers_visible_to

KEPT = _(
    "A task book or an evaluation keeps the version that it was begun by. What you change here applies to what begins from now on; "
    "each change is on record."
)


class ChecklistForm(WagtailAdminModelForm):
    """A checklist is one dealer's of whoever writes it, or every dealer's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dealer"].queryset = dealers_visible_to(self.for_user)


class ChecklistViewSet(VersionedViewSet):
    model = Checklist
    icon = "tasks"
    menu_label = _("Checklists")
    menu_name = "checklists"
    menu_order = 150
    add_to_admin_menu = True
    list_display = [
        "name",
        "code",
        Column("get_scale_display", label=_("Scale"), sort_key="scale"),
        "dealer",
        BooleanColumn("in_use", label=_("In use")),
    ]
    list_filter = ["scale", "in_use"]
    search_fields = ["code", "name_zh", "name_en"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            HelpPanel(content=KEPT),
            FieldRowPanel([FieldPanel("name_zh"), FieldPanel("name_en")]),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("code"), FieldPanel("scale"), FieldPanel("dealer")]), FieldPanel("in_use")],
                heading=_("What it is for"),
            ),
            InlinePanel(
                "items",
                [
                    FieldRowPanel([FieldPanel("name_zh"), FieldPanel("name_en")]),
                    FieldRowPanel([FieldPanel("repetitions"), FieldPanel("expected_by"), FieldPanel("weight"), FieldPanel("order")]),
                ],
                heading=_("What is observed"),
                label=_("Checklist item"),
                min_num=1,
            ),
        ],
        base_form_class=ChecklistForm,
    )

    def get_queryset(self, request):
        """Without those that are a dealer's of another group."""
        return super().get_queryset(request).filter(Q(dealer=None) | dealer_scope(request.user))


register_snippet(ChecklistViewSet)
