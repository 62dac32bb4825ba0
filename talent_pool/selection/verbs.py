from django.utils.translation import gettext_lazy as _

from lms.audit.verbs import concerns, count, day, money, number, room, text, verb
from talent_pool.selection.models import Offer, Ranking

VIEW, PAY = "selection.view_selection", "pay.view_pay"


def _batch(ranking):
    return str(ranking.batch)


def _post(offer):
    return str(offer.position)


concerns(Ranking, dealer="batch__dealer", page="batch_ranking", argument="batch", needs=VIEW, related=("batch",), title=_batch)
concerns(Offer, person="placement__person", dealer="dealer", page="offer", needs=VIEW, related=("position",), title=_post)

room("selection", _("Selection"))
WEIGHTS = {
    "weight_internship": number(_("weight of the internship, %")),
    "weight_coursework": number(_("weight of coursework, %")),
    "weight_graduation": number(_("weight of graduation, %")),
}
verb(
    "selection.ranked",
    _("%(actor)s ranked the interns of %(target)s"),
    {**WEIGHTS, "interns": count(_("Interns")), "unplaced": number(_("Without a place"))},
)
verb(
    "selection.tie_decided",
    _("%(actor)s decided a tie in the ranking of %(target)s"),
    {"place": number(_("place")), "order": text(_("in this order"), VIEW), "reason": text(_("reason"), VIEW)},
)

room("offer", _("Offers"))
TERMS = {
    "contract_from": day(_("contract from")),
    "contract_until": day(_("contract until")),
    "probation_until": day(_("probation until")),
    "probation_pay": money(_("pay during probation, CNY a month"), PAY),
    "agreed_pay": money(_("agreed pay, CNY a month"), PAY),
}
verb("offer.made", _("%(actor)s offered %(person)s a probation as %(target)s"), TERMS)
verb("offer.accepted", _("%(actor)s recorded that %(person)s took the offer"), {}, by_oneself=_("%(person)s took the offer"))
verb(
    "offer.declined",
    _("%(actor)s recorded that %(person)s declined the offer"),
    {"reason": text(_("reason"), VIEW)},
    by_oneself=_("%(person)s declined the offer"),
)
verb("offer.withdrawn", _("%(actor)s withdrew the offer to %(person)s"), {"reason": text(_("reason"), VIEW)})
verb("offer.begun", _("The probation of %(person)s began"), {"number": text(_("employee number"))})
verb("offer.confirmed", _("%(actor)s confirmed %(person)s after probation"), {"reason": text(_("reason"), VIEW)})
verb("offer.ended", _("%(actor)s ended the probation of %(person)s"), {"reason": text(_("reason"), VIEW), "left_on": day(_("left on"))})
