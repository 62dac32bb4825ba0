from dataclasses import replace

import django_filters
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.common.acting import open_to
from lms.common.lists import Column, List, WordsFilter
from lms.common.tones import tone_of
from lms.people.called import people_called
from lms.people.choices import Level, Track
from lms.people.filters import OfDealers
from lms.people.models import Employee, Position
from lms.people.panels import status_shown
from lms.people.queries import CURRENT_LEVEL, employees_visible_to, with_leave

Status = Employee.Status


class PeopleFilter(OfDealers):
    q = WordsFilter(label=_("Name or number"), method="called")
    kind = django_filters.ChoiceFilter(label=_("What the person is"), choices=Employee.Kind.choices)
    position = django_filters.ModelChoiceFilter(label=_("Position"), queryset=Position.objects.all())
    track = django_filters.ChoiceFilter(label=_("Track"), field_name="position__track", choices=Track.choices)
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Level.choices, method="at_level")
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=[*Status.choices, ("all", _("All, with those who left"))], method="in_status", empty_label=_("Here now")
    )

    def filter_queryset(self, queryset):
        if not self.form.cleaned_data.get("status"):
            queryset = queryset.exclude(status=Status.LEFT)
        return super().filter_queryset(queryset)

    def called(self, queryset, name, value):
        """By name or number; whoever has none, by the name they sign in by."""
        return people_called(queryset, value)

    def at_level(self, queryset, name, value):
        return queryset.filter(current_level=value)

    def in_status(self, queryset, name, value):
        """Whoever is away today is on leave, whatever else they are."""
        if value == "all":
            return queryset
        if value == Status.ON_LEAVE:
            return queryset.filter(Q(status=value) | ~Q(status=Status.LEFT) & Q(leave_now__isnull=False))
        return queryset.filter(Q(status=value), Q(leave_now=None) | Q(status=Status.LEFT))


def level_of(employee):
    """The level in words; a dash in a position that is not graded."""
    return Level(employee.level).label if employee.position.track or employee.level else "–"


class PeopleList(List):
    name = "people"
    columns = [
        Column("name", _("Name"), sort="name", link=lambda e: reverse("person", args=[e.pk])),
        Column("number", _("Employee number"), sort="number"),
        Column("kind", _("What the person is"), value=Employee.get_kind_display, sort="kind", shown=False),
        Column("dealer.name", _("Dealer"), sort="dealer__code"),
        Column("dealer.code", _("Dealer code"), shown=False),
        Column("position.name", _("Position"), sort="position__order"),
        Column("level", _("Level"), value=level_of, sort="current_level"),
        Column("status", _("Status"), value=lambda e: status_shown(e, whole=False), badge=lambda e: tone_of(e.status_now)),
        Column("manager", _("Line manager"), value=lambda e: e.manager.name if e.manager else "", sort="manager__name"),
        Column("manager.number", _("Number of the line manager"), value=lambda e: e.manager.number if e.manager else "", shown=False),
        Column("hired_on", _("Hired on"), sort="hired_on"),
        Column("left_on", _("Left on"), shown=False),
    ]
    filterset = PeopleFilter
    empty_icon, empty_title = "people", _("Nobody here yet")
    empty_text = _("Everyone who works at the dealer appears here once HR has brought them in from a file.")

    def __init__(self, request, queryset):
        super().__init__(request, queryset)
        if request.user.has_perm("people.manage_people"):
            self.columns = [replace(c, value=lambda e: status_shown(e, whole=True)) if c.name == "status" else c for c in self.columns]
        if "dealer" not in self.filter.filters:  # who sees one dealer needs no column that says the same in each row
            self.columns = [replace(c, shown=False) if c.name == "dealer.name" else c for c in self.columns]

    @staticmethod
    def records(user):
        return with_leave(employees_visible_to(user), timezone.localdate()).annotate(current_level=CURRENT_LEVEL)


@open_to("people.view_dealer_people")
def people(request):
    return PeopleList(request, PeopleList.records(request.user)).response("lms/people/people.html")
