from django.utils.translation import gettext_lazy as _

from lms.audit.verbs import choice, concerns, day, room, said, text, verb
from talent_pool.labour.choices import Severity
from talent_pool.labour.models import MinimumWage, Threshold
from talent_pool.labour.rules.checking import RULES

VIEW = "labour.view_findings"


def _title(code):
    return str(RULES[code].title) if code in RULES else code


def _rule_of(row):
    return _title(row.rule)


def _day_of(row):
    return str(row.from_on)


concerns(Threshold, page="labour_rule", argument="rule", needs=VIEW, title=_rule_of)
concerns(MinimumWage, dealer="dealer", page="labour_wages", argument=None, needs=VIEW, title=_day_of)

room("labour", _("Rule check"))
verb(
    "labour.threshold_set",
    _("%(actor)s set the limit of the rule “%(target)s”"),
    {
        "rule": said(_("Rule"), _title),
        "value": text(_("Limit")),
        "severity": choice(_("Severity"), Severity.choices),
        "from_on": day(_("Valid from")),
        "reason": text(_("Reason")),
    },
)
verb(
    "labour.minimum_wage_set",
    _("%(actor)s entered a local minimum wage (%(target)s)"),
    {"amount": text(_("Minimum wage, CNY a month")), "from_on": day(_("Valid from")), "source": text(_("Source"))},
)
