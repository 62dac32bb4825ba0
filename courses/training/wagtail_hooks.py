"""The calendar of public holidays in the course studio."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.training.models import Holiday


class HolidayViewSet(SnippetViewSet):
    model = Holiday
    icon = "calendar"
    menu_label = _("Holidays")
    menu_name = "holidays"
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", "on", BooleanColumn("is_workday", label=_("Make-up working day"))]
    list_filter = ["is_workday"]
    search_fields = ["name"]
    search_backend_name = None
    panels = ["on", "name", "is_workday"]


register_snippet(HolidayViewSet)
