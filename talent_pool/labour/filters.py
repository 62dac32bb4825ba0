import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.common.lists import WordsFilter
from lms.common.search import holding
from lms.common.typed import folded
from lms.people.filters import OfDealers
from talent_pool.labour.choices import Severity
from talent_pool.labour.models import Finding
from talent_pool.labour.rules.checking import RULES

OPEN, CURED = "open", "cured"
STATES = [(OPEN, _("Not cured yet")), (CURED, _("Cured"))]


def rules_to_choose():
    return [(code, rule.title) for code, rule in RULES.items()]


class FindingFilter(OfDealers):
    """The open ones, unless an address says otherwise."""

    q = WordsFilter(label=_("Name or student code"), method="search")
    rule = django_filters.ChoiceFilter(label=_("Rule"), choices=rules_to_choose, empty_label=_("All"))
    severity = django_filters.ChoiceFilter(label=_("Severity"), choices=Severity.choices, empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="of_state", empty_label=_("All"))

    class Meta:
        model = Finding
        fields = ["q", "rule", "severity", "state"]

    def __init__(self, data=None, *args, **kwargs):
        data = data.copy() if data is not None else data
        if data is not None and "state" not in data:
            data["state"] = OPEN
        super().__init__(data, *args, **kwargs)

    def search(self, queryset, name, value):
        return queryset.filter(holding(value, "person__name") | Q(intern__icontains=folded(value)))

    def of_state(self, queryset, name, value):
        return queryset.filter(gone_at__isnull=value == OPEN)


class WageFilter(OfDealers):
    dealer_path = "pk"

    def of_dealer(self, queryset, name, value):
        return queryset.filter(pk=value.pk)
