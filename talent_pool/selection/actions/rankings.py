"""Those of a batch who passed are put in order, and a person decides between equals (C4)."""

from django.db import transaction

from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import gettext as _
from lms.common.days import moment
from lms.common.states import Refused, require
from talent_pool.interns.models import Batch
from talent_pool.selection.models import RankedIntern, Ranking, TieDecision
from talent_pool.selection.permissions import may_select
from talent_pool.selection.queries.rankings import (
    decisions_of,
    is_overtaken,
    latest_ranking,
    named,
    passed_of,
    places_of,
    ranked_now,
    tie_shown,
)


class CannotRank(Refused):
    pass


@transaction.atomic
def rank_batch(*, batch, by, at):
    """Rank those of a batch who passed, by the weights and scores of now, which are kept with it. Earlier rankings stay.

    Where nothing has changed since the latest, that one holds and none is made.
    """
    batch = _held(batch)
    placements = passed_of(batch)
    require(
        may_select(by, batch.dealer, *(one.person for one in placements)),
        _("Interns are ranked by HR of their dealer or of the group, and not by anyone who is one of them."),
    )
    _check_batch(batch, placements)
    weights = {f"weight_{part}": weight for part, weight in batch.agreement.weights.items()}
    ranking = Ranking.objects.create(batch=batch, **weights, made_at=at, made_by=by)
    rows = [_row(ranking, one) for one in ranked_now(batch)]
    RankedIntern.objects.bulk_create(rows)
    after = {**weights, "interns": [row.placement_id for row in rows], "unplaced": sum(row.place is None for row in rows)}
    record_event("selection.ranked", target=ranking, by=by, at=at, after=after)
    return ranking


def _held(batch):
    """Of two people who rank or decide at once, one waits here."""
    return Batch.objects.select_for_update(of=("self",)).select_related("dealer", "agreement").get(pk=batch.pk)


def _check_batch(batch, placements):
    if batch.agreement is None:
        raise CannotRank(_("This batch rests on no agreement, so nothing says how the parts weigh. Give the batch its agreement first."))
    if not placements:
        raise CannotRank(_("Nobody of this batch has passed the internship yet. Decide on the internships first, then rank."))
    latest = latest_ranking(batch)
    if latest and not is_overtaken(latest, places_of(latest), batch):
        words = _("Weights, grades and people are the same as on %(when)s: that ranking still holds, and no other was made.")
        raise CannotRank(words % {"when": moment(latest.made_at)})


def _row(ranking, one):
    return RankedIntern(ranking=ranking, placement=one.key, composite=one.composite, place=one.place, **one.parts)


@transaction.atomic
def decide_tie(*, ranking, place, order, reason, by, at, shown=None):
    """Say who of those who share a place comes before whom: `order` is the ids of their rows. The latest decision holds."""
    batch = _held(ranking.batch)
    rows = places_of(ranking)
    tied = {row.pk: row for row in rows if row.place == place}
    require(
        may_select(by, batch.dealer, *(row.placement.person for row in tied.values())),
        _("A tie is decided by HR of the dealer or of the group, and not by anyone who shares the place."),
    )
    check_shown(shown, tie_shown(ranking, place), ranking)
    reason = reason.strip()
    _check_tie(batch, ranking, place, tied, order, reason)
    before = decisions_of(ranking).get(place)
    row = TieDecision.objects.create(ranking=ranking, place=place, order=list(order), reason=reason[:200], decided_at=at, decided_by=by)
    said = {"place": place, "order": named(order), "reason": reason[:200]}
    earlier = {"order": named(before.order)} if before else {}
    record_event("selection.tie_decided", target=ranking, by=by, at=at, before=earlier, after=said)
    return row


def _check_tie(batch, ranking, place, tied, order, reason):
    if latest_ranking(batch) != ranking:
        raise CannotRank(_("This batch was ranked again since: decide the ties of the latest ranking."))
    if len(tied) < 2:
        raise CannotRank(_("Nobody shares place %(place)s, so there is nothing to decide.") % {"place": place})
    if sorted(order) != sorted(tied):
        raise CannotRank(_("Give each of those who share the place a different number, from 1 on."))
    if not reason:
        raise CannotRank(_("Say why: the reason stays on record."), field="reason")
