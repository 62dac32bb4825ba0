"""Reference data of people in the course studio: for the group's HR and administrators, by permission."""

from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple, TextInput
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import DeleteView, HistoryView, SnippetViewSet, SnippetViewSetGroup, UsageView

from lms.audit.studio import ToldEditView
from lms.common.studio import SearchedList
from lms.common.zones import offered_zones
from lms.people.models import Brand, Dealer, DealerGroup, Department, Holiday, Position
from lms.people.permissions import employee_of

_NAMES = FieldRowPanel([FieldPanel("name_zh"), FieldPanel("name_en")])


class _Reference(SnippetViewSet):
    edit_view_class = ToldEditView
    copy_view_enabled = False
    list_display = ["name", "code"]
    index_view_class = SearchedList
    search_fields = ["name_zh", "name_en", "code"]
    search_backend_name = None
    panels = [_NAMES, "code"]


class Departments(_Reference):
    model = Department
    icon = "group"
    menu_label = _("Departments")
    menu_name = "departments"


class Brands(_Reference):
    model = Brand
    icon = "tag"
    menu_label = _("Brands")
    menu_name = "brands"


class PositionForm(WagtailAdminModelForm):
    """What a post may do and by which ladder it rises is settled when it is made: to change it would appoint all its holders at once,
    which two people do one by one (§1)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("role", "track", "code", "is_outside") if self.instance.pk else ():
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Fixed once the post exists. Make a new post for other rights or another track.")


class Positions(_Reference):
    model = Position
    icon = "user"
    menu_label = _("Positions")
    menu_name = "positions"
    list_display = ["name", "department", Column("get_track_display", label=_("Track")), Column("get_role_display", label=_("Role"))]
    list_filter = ["department", "track"]
    edit_handler = ObjectList(
        [
            _NAMES, FieldPanel("code"), FieldPanel("department"), FieldRowPanel([FieldPanel("track"), FieldPanel("role")]),
            FieldPanel("is_leading"), FieldPanel("is_outside"), FieldPanel("order"),
        ],
        base_form_class=PositionForm,
    )  # fmt: skip


def _of_own_group(user, dealers):
    """All dealers for an administrator; for everyone else those of the own group."""
    employee = employee_of(user)
    if user.is_superuser:
        return dealers
    return dealers.filter(group=employee.group_id) if employee else dealers.none()


class ZoneInput(TextInput):
    """A text field with the names of all time zones offered by the browser."""

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, {**(attrs or {}), "list": "time-zones"}, renderer)
        options = format_html_join("", '<option value="{}">', ((zone,) for zone in offered_zones()))
        return format_html('{}<datalist id="time-zones">{}</datalist>', field, options)


class DealerForm(WagtailAdminModelForm):
    """A dealer that the group's HR adds belongs to their group; only who may change groups chooses another."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        employee = employee_of(self.for_user)
        if not self.instance.group_id and employee:
            self.instance.group = employee.group
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("Fixed once the dealer exists: certificate numbers and payroll files carry it.")
        # Chosen from a list that narrows while one types: the places, and what stands there now, right or wrong.
        self.fields["time_zone"].widget = ZoneInput(attrs={"autocomplete": "off"})


def _own(view):
    """The view of one dealer, for those of the own group."""

    class Own(view):
        def get_object(self, *args, **kwargs):
            dealer = super().get_object(*args, **kwargs)
            if not _of_own_group(self.request.user, Dealer.objects.filter(pk=dealer.pk)).exists():
                raise PermissionDenied
            return dealer

    return Own


class Dealers(_Reference):
    model = Dealer
    icon = "home"
    menu_label = _("Dealers")
    menu_name = "dealers"
    edit_view_class, delete_view_class = _own(ToldEditView), _own(DeleteView)
    history_view_class, usage_view_class = _own(HistoryView), _own(UsageView)
    list_display = ["name", "code", "city"]
    edit_handler = ObjectList(
        [
            FieldPanel("group", permission="people.change_dealergroup"), _NAMES, "code",
            FieldPanel("brands", widget=CheckboxSelectMultiple), "city", "time_zone",
        ],
        base_form_class=DealerForm,
    )  # fmt: skip

    def get_queryset(self, request):
        return _of_own_group(request.user, Dealer.objects.all())


class DealerGroups(_Reference):
    model = DealerGroup
    icon = "site"
    menu_label = _("Dealer groups")
    menu_name = "dealer-groups"


class ReferenceData(SnippetViewSetGroup):
    items = (Departments, Positions, Dealers, Brands, DealerGroups)
    menu_label = _("Reference data")
    menu_name = "reference-data"
    menu_icon = "table"
    menu_order = 310


class Holidays(SnippetViewSet):
    model = Holiday
    edit_view_class = ToldEditView
    icon = "calendar"
    menu_label = _("Holidays")
    menu_name = "holidays"
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", "on", BooleanColumn("is_workday", label=_("Make-up working day"))]
    list_filter = ["is_workday"]
    index_view_class = SearchedList
    search_fields = ["name"]
    search_backend_name = None
    panels = ["on", "name", "is_workday"]


register_snippet(ReferenceData)
register_snippet(Holidays)


@hooks.register("construct_settings_menu")
def hide_accounts(request, menu_items):
    """Their pages are closed: who may do what follows from people's posts."""
    menu_items[:] = [item for item in menu_items if item.name not in {"users", "groups"}]
