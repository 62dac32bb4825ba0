import re

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lms.audit.verbs import THE_PERSON, choice, concerns, count, day, money, room, said, text, verb
from lms.people.choices import Level, Track
from talent_pool.pay.models import BandTable, PayChange, PayrollExport

PRIVATE = "pay.view_pay"
PLACES = {
    "pay": _("Pay of one person"),
    "growth": _("My growth"),
    "pay changes": _("List of pay changes"),
    "pay change": _("One pay change"),
    "payroll export": _("Payroll export"),
    "offer": _("Offer of a probation"),
    "pay after a move": _("Pay after a move"),
}


def _place(value):
    """Where the look was: a word of ours and perhaps the number of an export."""
    word, number_of = re.fullmatch(r"(.*?)(?: (\d+))?", value).groups()
    return f"{PLACES.get(word, word)} {number_of or ''}".strip()


def _day(table):
    return str(table.effective_on)


def _name(change):
    return change.employee.name


def _number(export):
    return f"#{export.pk}"


# A change calls itself by its bands, which are pay: the log calls it by the person.
concerns(
    PayChange, person="employee", dealer="dealer", page="pay_changes", argument=None, needs=PRIVATE, related=("employee",), title=_name
)
concerns(BandTable, dealer="dealer", page="bands", argument=None, needs=PRIVATE, title=_day)
concerns(PayrollExport, dealer="dealer", page="pay_changes", argument=None, needs=PRIVATE, title=_number)

# The log shows a person's bands to them alone: HR reads them where each look is recorded.
CHANGE = {
    "cause": choice(_("Cause"), PayChange.Cause.choices),
    "status": choice(_("State"), PayChange.Status.choices),
    "from": text(_("From band"), THE_PERSON),
    "to": text(_("To band"), THE_PERSON),
    "effective_on": day(_("Effective on")),
}
BANDS = {f"{track} {level}": money(format_lazy("{} · {}", track.label, level.label), PRIVATE) for track in Track for level in Level}

room("pay", _("Pay"))
verb(
    "pay.viewed",
    _("%(actor)s looked at the pay of %(person)s"),
    {"where": said(_("Where"), _place)},
    by_oneself=_("%(person)s looked at their own pay"),
)
verb("pay.band_table_made", _("%(actor)s made the band table %(target)s"), {"effective_on": day(_("Effective on")), **BANDS})
# A change is promised to nobody while it is being signed.
verb("pay.proposed", _("A pay change for %(person)s was proposed"), {**CHANGE, "reason": text(_("Reason"))}, own=False)
verb("pay.approved", _("%(actor)s approved the pay change of %(person)s"), CHANGE, own=False)
verb("pay.countersigned", _("%(actor)s countersigned the pay change of %(person)s"), CHANGE)
verb("pay.rejected", _("%(actor)s rejected the pay change of %(person)s"), {**CHANGE, "reason": text(_("Reason"))}, own=False)
verb(
    "pay.withdrawn",
    _("The pay change of %(person)s was withdrawn"),
    {**CHANGE, "why": choice(_("Why"), PayChange.Unfit.choices)},
    own=False,
)
verb(
    "pay.none_due",
    _("No pay change was proposed for the new level of %(person)s"),
    {"why": choice(_("Why"), PayChange.Unfit.choices)},
    own=False,
)
verb(
    "pay.kept",
    _("%(actor)s kept the pay of %(person)s as it was after a move"),
    {"band": text(_("Band"), THE_PERSON), "reason": text(_("Reason"))},
    own=False,
)
verb("pay.exported", _("%(actor)s exported pay changes for payroll (%(target)s)"), {"changes": count(_("Pay changes"))})
