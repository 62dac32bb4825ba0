"""What the rule check found, of the dealers whose records the reader sees."""

from dataclasses import replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lms.common.acting import open_to
from lms.common.lists import Column, List
from lms.common.tones import tone_of
from lms.people.queries import sees_several_dealers
from talent_pool.labour.filters import FindingFilter
from talent_pool.labour.permissions import VIEW
from talent_pool.labour.queries import findings_visible_to
from talent_pool.labour.rules.checking import RULES
from talent_pool.labour.rules.declared import clause_words, cure_words, found_words


def tabs_at(name):
    """The three pages of the rule check."""
    places = [("labour_findings", _("What was found")), ("labour_rules", _("Rules")), ("labour_wages", _("Minimum wages"))]
    return [{"label": label, "url": reverse(place), "current": place == name} for place, label in places]


def whom(finding):
    """The person and the student code; of a dealer as a whole that it is so."""
    if finding.person is None:
        return _("The whole dealer")
    return " · ".join(part for part in (finding.person.name, finding.intern) if part)


def person_url(finding):
    return reverse("person", args=[finding.person_id]) if finding.person_id else ""


def cured_on(finding):
    return timezone.localtime(finding.gone_at).date() if finding.gone_at else ""


class FindingList(List):
    name = "rule-findings"
    columns = [
        Column("who", gettext_lazy("Whom it concerns"), value=whom, sort="person__name", link=person_url),
        Column("dealer.code", gettext_lazy("Dealer"), sort="dealer__code"),
        Column("place", gettext_lazy("Placement"), shown=False),
        Column("rule", gettext_lazy("Rule"), value=lambda one: RULES[one.rule].title, sort="rule"),
        Column(
            "severity",
            gettext_lazy("Severity"),
            value=lambda one: one.get_severity_display(),
            sort="severity",
            badge=lambda one: tone_of("cancelled" if one.severity == "block" else "waiting") if one.is_open else "",
        ),
        Column("found", gettext_lazy("Found"), value=lambda one: found_words(one.rule, one.particulars)),
        Column("cure", gettext_lazy("What would cure it"), value=lambda one: cure_words(one.rule, one.particulars, one.confidence)),
        Column("clause", gettext_lazy("Clause"), value=lambda one: clause_words(one.rule)),
        Column("confidence", gettext_lazy("Confidence"), value=lambda one: one.get_confidence_display(), shown=False),
        Column(
            "first_found_at",
            gettext_lazy("First found"),
            value=lambda one: timezone.localtime(one.first_found_at).date(),
            sort="first_found_at",
        ),
        Column("gone_at", gettext_lazy("Cured"), value=cured_on, sort="gone_at", shown=False),
    ]
    filterset = FindingFilter
    default_sort = "-first_found_at"
    empty_icon = "check"
    empty_title = gettext_lazy("No findings")
    empty_text = gettext_lazy("The rule check runs every night and after each change. What it finds will appear here.")

    def __init__(self, request, queryset):
        super().__init__(request, queryset)
        hidden = set() if sees_several_dealers(request.user) else {"dealer.code"}
        state = self.filter.form.data.get("state") if self.filter else ""
        told = set() if state == "open" else {"gone_at"}
        self.columns = [
            replace(one, shown=(one.shown or one.name in told) and one.name not in hidden) if one.name in hidden | told else one
            for one in self.columns
        ]

    @staticmethod
    def records(user):
        return findings_visible_to(user)


@open_to(VIEW)
@require_safe
def findings(request):
    context = {"tabs": tabs_at("labour_findings")}
    return FindingList(request, findings_visible_to(request.user)).response("talent_pool/labour/findings.html", context)
