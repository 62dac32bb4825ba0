"""The rules with their clauses and limits; group HR sets other limits, and sees before whom that would hit."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.acting import attempt, open_to
from lms.common.lists import Column, List
from lms.common.tones import tone_of
from lms.people.permissions import employee_of
from talent_pool.labour import queries
from talent_pool.labour.actions.limits import set_threshold
from talent_pool.labour.choices import Confidence, Severity, Unit
from talent_pool.labour.forms import ThresholdForm
from talent_pool.labour.permissions import SET_THRESHOLDS, VIEW, may_set_thresholds
from talent_pool.labour.rules.checking import RULES
from talent_pool.labour.views.findings import tabs_at

MOST_NAMED = 20


class RuleRow:
    """A rule as it is in force in a group: `row` is the threshold that somebody set, or None."""

    def __init__(self, rule, row):
        self.rule, self.row, self.code = rule, row, rule.code

    @property
    def limit(self):
        return limit_words(self.rule, self.row)

    @property
    def severity(self):
        return Severity(self.row.severity if self.row and self.row.severity else self.rule.severity)

    @property
    def since(self):
        return self.row.from_on if self.row else self.rule.clause.since

    @property
    def set_by(self):
        return who_set(self.row) if self.row else _("Declared")


def limit_words(rule, row=None):
    """The number with its unit; empty where the rule has none."""
    value = row.value if row and row.value is not None else rule.number
    if value is None:
        return ""
    return _in_unit(rule.unit, int(value)) % {"n": f"{value.normalize():f}"}


def _in_unit(unit, number):
    """The words of a number of a unit; by its whole part one or many."""
    return {
        Unit.YEARS: _("%(n)s years old"),
        Unit.PERCENT: _("%(n)s%%"),
        Unit.MONTHS: ngettext("%(n)s month", "%(n)s months", number),
        Unit.HOURS_A_DAY: ngettext("%(n)s hour a day", "%(n)s hours a day", number),
        Unit.HOURS_A_WEEK: ngettext("%(n)s hour a week", "%(n)s hours a week", number),
        Unit.HOURS_A_MONTH: ngettext("%(n)s hour a month", "%(n)s hours a month", number),
        Unit.DAYS_A_WEEK: ngettext("%(n)s day a week", "%(n)s days a week", number),
        Unit.GRADE: _("grade %(n)s"),
    }[unit]


def who_set(row):
    employee = getattr(row.set_by, "employee", None)
    return employee.name if employee else str(row.set_by)


class RuleList(List):
    name = "rules"
    per_page = 60
    columns = [
        Column("title", gettext_lazy("Rule"), value=lambda one: one.rule.title, link=lambda one: reverse("labour_rule", args=[one.code])),
        Column("limit", gettext_lazy("Limit")),
        Column(
            "severity",
            gettext_lazy("Severity"),
            value=lambda one: one.severity.label,
            badge=lambda one: tone_of("cancelled" if one.severity == Severity.BLOCK else "waiting"),
        ),
        Column("clause", gettext_lazy("Clause"), value=lambda one: one.rule.clause.words),
        Column("confidence", gettext_lazy("Confidence"), value=lambda one: Confidence(one.rule.confidence).label),
        Column("since", gettext_lazy("Valid from")),
        Column("set_by", gettext_lazy("Set by")),
        Column("code", gettext_lazy("Rule code"), shown=False),
    ]


def group_of(user):
    """The group whose limits the person sees; a technical account has none."""
    employee = employee_of(user)
    if employee is None:
        raise Http404
    return employee.group


def rule_or_404(code):
    if code not in RULES:
        raise Http404
    return RULES[code]


@open_to(VIEW)
@require_safe
def rules(request):
    set_rows = queries.thresholds_of(group_of(request.user).pk)
    today = timezone.localdate()
    rows = [RuleRow(rule, queries.threshold_on(set_rows.get(code, []), today)) for code, rule in RULES.items()]
    return RuleList(request, rows).response("talent_pool/labour/rules.html", {"tabs": tabs_at("labour_rules")})


@open_to(VIEW)
@require_safe
def rule(request, code):
    """One rule: its clause, the limit in force, and every limit that was ever set."""
    one, group, today = rule_or_404(code), group_of(request.user), timezone.localdate()
    rows = queries.thresholds_of(group.pk).get(code, [])
    in_force = queries.threshold_on(rows, today)
    context = {
        "row": RuleRow(one, in_force),
        "clause": one.clause,
        "confidence": Confidence(one.confidence),
        "is_weak": one.confidence == Confidence.WEAK,
        "history": [_line(one, row, row == in_force, row.from_on > today) for row in reversed(rows)],
        "declared": {"limit": limit_words(one), "severity": Severity(one.severity).label},
        "new_url": reverse("labour_threshold_new", args=[code]) if may_set_thresholds(request.user, group.pk) else "",
        "open": queries.findings_visible_to(request.user).filter(rule=code, gone_at=None).count(),
        "findings_url": f"{reverse('labour_findings')}?rule={code}",
    }
    return render(request, "talent_pool/labour/rule.html", context)


def _line(rule, row, is_now, is_coming):
    severity = row.get_severity_display() or _("As declared: %(severity)s") % {"severity": Severity(rule.severity).label}
    return {
        "row": row,
        "limit": limit_words(rule, row),
        "severity": severity,
        "who": who_set(row),
        "is_now": is_now,
        "is_coming": is_coming,
    }


@open_to(SET_THRESHOLDS)
@require_http_methods(["GET", "POST"])
def threshold_new(request, code):
    """Another limit of a rule, looked at before it is set."""
    one, group = rule_or_404(code), group_of(request.user)
    in_force = queries.threshold_on(queries.thresholds_of(group.pk).get(code, []), timezone.localdate())
    facts = queries.threshold_shown(group.pk, code)
    form = ThresholdForm(request.POST or None, rule=one, in_force=in_force, facts=facts)
    preview = None
    if form.is_valid():
        if "look" in request.POST:
            preview = preview_of(one, group, form.asked)
        else:
            done = _("The limit is set. Everybody is checked by it from its day on.")
            shown = form.cleaned_data["shown"]
            if attempt(request, set_threshold, done, form=form, group=group, rule=code, shown=shown, **form.asked):
                return redirect("labour_rule", code)
    context = {"form": form, "rule": one, "preview": preview, "back_url": reverse("labour_rule", args=[code])}
    return render(request, "talent_pool/labour/threshold_new.html", context)


def preview_of(rule, group, asked):
    """Whom another limit would hit, as of its day: who would be found anew, and who no more."""
    on = max(asked["from_on"], timezone.localdate())
    before, after = queries.with_another_limit(rule.code, group, value=asked["value"], severity=asked["severity"], on=on)
    anew, gone = [one for key, one in after.items() if key not in before], [one for key, one in before.items() if key not in after]
    other = [one for key, one in after.items() if key in before and one.severity != before[key].severity]
    names = queries.names_of_people({one.person for one in [*anew, *gone, *other] if one.person})
    kinds = ((_("Found anew"), anew), (_("No longer found"), gone), (_("Another severity"), other))
    return {
        "on": on,
        "kinds": [{"title": title, "count": len(found), "rows": _named(found[:MOST_NAMED], names)} for title, found in kinds if found],
        "most": MOST_NAMED,
        "same": len(after) - len(anew) - len(other),
    }


def _named(found, names):
    rows = []
    for one in found:
        who = " · ".join(part for part in (names.get(one.person, ""), one.intern) if part) or _("The whole dealer")
        rows.append([who, one.found, Severity(one.severity).label])
    return rows
