"""What the rules are measured by: thresholds of a group, and the minimum wage of a dealer's place. Rows are added, none is changed."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.states import Refused, require
from lms.people.models import Dealer, DealerGroup
from talent_pool.labour.actions.findings import recheck
from talent_pool.labour.choices import WHOLE, Unit
from talent_pool.labour.models import MinimumWage, Threshold
from talent_pool.labour.permissions import may_set_thresholds, may_set_wage
from talent_pool.labour.queries import threshold_shown, wage_shown
from talent_pool.labour.rules.checking import RULES

# What a number of the unit can be at most.
MOST = {
    Unit.YEARS: 30,
    Unit.PERCENT: 100,
    Unit.MONTHS: 36,
    Unit.HOURS_A_DAY: 24,
    Unit.HOURS_A_WEEK: 168,
    Unit.HOURS_A_MONTH: 744,
    Unit.DAYS_A_WEEK: 7,
    Unit.GRADE: 5,
}


@transaction.atomic
def set_threshold(*, group, rule, value=None, severity="", from_on, reason, by, at, shown=None):
    """The limit of a rule in this group from a day on; `severity` empty leaves it as declared. Everybody is checked by it from that day."""
    require(may_set_thresholds(by, group.pk), _("The limits of rules are set by group HR. Ask them, and give them the reason."))
    if rule not in RULES:
        raise Refused(_("There is no such rule."), field="rule")
    _check_value(RULES[rule], value)
    _check_reason(reason)
    DealerGroup.objects.select_for_update(no_key=True).get(pk=group.pk)  # one at a time: each is made from the one before
    check_shown(shown, threshold_shown(group.pk, rule), *Threshold.objects.filter(group=group, rule=rule).order_by("-pk")[:1])
    row = Threshold.objects.create(
        group=group, rule=rule, value=value, severity=severity, from_on=from_on, reason=reason, set_at=at, set_by=by
    )
    after = {"rule": rule, "value": value, "severity": severity, "from_on": from_on, "reason": reason}
    record_event("labour.threshold_set", target=row, by=by, at=at, after=after)
    recheck(dealers=group.dealers.values_list("pk", flat=True))
    return row


def _check_value(rule, value):
    if rule.number is None:
        if value is not None:
            raise Refused(_("This rule has no number: only whether it blocks can be set."), field="value")
        return
    if value is None:
        raise Refused(_("Enter the limit: this rule has a number."), field="value")
    most = MOST[rule.unit]
    if not 0 <= value <= most:
        raise Refused(_("The limit must lie between 0 and %(most)s.") % {"most": most}, field="value")
    if rule.unit in WHOLE and value != int(value):
        raise Refused(_("The limit must be a whole number."), field="value")


def _check_reason(reason):
    if not reason.strip():
        raise Refused(_("Write why: the reason stays on record."), field="reason")


@transaction.atomic
def set_minimum_wage(*, dealer, amount, from_on, source, by, at, shown=None):
    """The local minimum wage of the dealer's place, CNY a month, from a day on."""
    require(may_set_wage(by, dealer), _("The minimum wage of a dealer is entered by its HR or by group HR."))
    Dealer.objects.select_for_update(no_key=True).get(pk=dealer.pk)
    check_shown(shown, wage_shown(dealer), *MinimumWage.objects.filter(dealer=dealer).order_by("-pk")[:1])
    if amount <= 0:
        raise Refused(_("The minimum wage must be more than 0."), field="amount")
    if not source.strip():
        raise Refused(_("Write where the number stands: the source stays on record."), field="source")
    row = MinimumWage.objects.create(dealer=dealer, amount=amount, from_on=from_on, source=source, set_at=at, set_by=by)
    record_event("labour.minimum_wage_set", target=row, by=by, at=at, after={"amount": amount, "from_on": from_on, "source": source})
    recheck(dealers=[dealer.pk])
    return row
