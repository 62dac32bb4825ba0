from datetime import datetime, time, timedelta

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.audit.verbs import rooms, verbs
from lms.common.lists import WordsFilter
from lms.common.outside import DayField
from lms.common.search import holding
from lms.common.typed import folded
from lms.people.fields import DealerFilter
from lms.people.models import Employee

MOST_NAMESAKES = 200


def verb_choices(only=None):
    """Rooms, and under each its verbs with dots where names will stand: a whole room can be chosen by its prefix."""
    chosen = [verb for verb in verbs().values() if only is None or only(verb)]
    blanks = dict.fromkeys(("actor", "person", "target", "kind"), "…")
    groups = []
    for prefix, title in rooms().items():
        found = [(verb.name, str(verb.sentence) % blanks) for verb in chosen if verb.room == prefix]
        if found:
            groups.append((title, [(prefix, _("All of these")), *found]))
    return groups


class DayFilter(django_filters.DateFilter):
    field_class = DayField


def _day(label, **options):
    return DayFilter(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class OwnEventFilter(django_filters.FilterSet):
    verb = django_filters.ChoiceFilter(label=_("Kind of event"), method="what", choices=lambda: verb_choices(lambda verb: verb.own))
    since = _day(_("From"), method="not_before")
    until = _day(_("To"), method="not_after")

    def what(self, queryset, name, value):
        chosen = [verb.name for verb in verbs().values() if value in (verb.name, verb.room)]
        return queryset.filter(verb__in=chosen)

    def not_before(self, queryset, name, value):
        return queryset.filter(at__gte=_midnight(value))

    def not_after(self, queryset, name, value):
        return queryset.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day):
    """The beginning of a day where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


class EventFilter(OwnEventFilter):
    who = WordsFilter(label=_("Who"), method="done_by")
    about = WordsFilter(label=_("About whom or which record"), method="concerning")
    verb = django_filters.ChoiceFilter(label=_("Kind of event"), method="what", choices=verb_choices)
    dealer = DealerFilter(method="at_dealer")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.filters["dealer"].is_needed:
            del self.filters["dealer"]

    def done_by(self, queryset, name, value):
        users = set(_called(value).exclude(user=None).values_list("user", flat=True)[:MOST_NAMESAKES])
        users |= set(User.objects.filter(username=folded(value)).values_list("pk", flat=True))
        return queryset.filter(actor__in=users)

    def concerning(self, queryset, name, value):
        """By the name or number of a person, or by how a record's name begins."""
        people = list(_called(value).values_list("pk", flat=True)[:MOST_NAMESAKES])
        return queryset.filter(Q(about__in=people) | holding(value, "target_label", how="startswith"))

    def at_dealer(self, queryset, name, value):
        return queryset.filter(dealer=value.pk)


def _called(value):
    return Employee.objects.filter(holding(value, "name") | Q(number=folded(value))).order_by()
