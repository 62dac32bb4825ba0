"""Papers that a placement rests on: recorded as they come in, withdrawn with a reason where they are wrong, never edited."""

from django.db import transaction

from courses.training.actions.material import checked_file
from lms.audit.actions import event_of, record_event, record_events
from lms.common.bilingual import gettext as _
from lms.common.states import Refused, require
from talent_pool.interns.actions.batches import placed_by_hr
from talent_pool.interns.actions.shared import recheck_placements
from talent_pool.interns.models import Paper, Placement
from talent_pool.interns.permissions import may_change

Kind = Paper.Kind


@transaction.atomic
def record_paper(*, placements, kind, starts_on, by, at, ends_on=None, number="", file=None):
    """One paper for one placement, or the same for several: a policy often insures a whole batch."""
    held = _held(placements)
    for placement in held:
        require(may_change(by, placement), placed_by_hr(placement.batch.dealer))
    _check(kind, starts_on, ends_on)
    values = {"kind": kind, "number": number.strip(), "starts_on": starts_on, "ends_on": ends_on, "recorded_at": at, "recorded_by": by}
    kept = checked_file(file) if file is not None else None
    papers = []
    for placement in held:
        paper = Paper(placement=placement, **values)
        if kept is not None and not papers:
            paper.file.save(kept.name, kept, save=False)
        elif kept is not None:
            paper.file = papers[0].file.name  # one file, however many it is for
        papers.append(paper)
    Paper.objects.bulk_create(papers)
    after = {"kind": kind, "number": values["number"], "starts_on": starts_on, "ends_on": ends_on, "has_file": kept is not None}
    record_events([event_of("interns.paper_recorded", target=one, by=by, at=at, after=after) for one in held])
    recheck_placements(held)
    return papers


def _held(placements):
    wanted = [one.pk for one in placements]
    if not wanted:
        raise Refused(_("Tick whose paper it is."))
    found = Placement.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    return list(found.select_related("person", "batch__dealer"))


def _check(kind, starts_on, ends_on):
    if kind not in Kind.values:
        raise Refused(_("Say which paper it is."), field="kind")
    if kind == Kind.INSURANCE and ends_on is None:
        raise Refused(_("Insurance ends: give its last day."), field="ends_on")
    if ends_on is not None and ends_on < starts_on:
        raise Refused(_("The last day lies before the first."), field="ends_on")


@transaction.atomic
def withdraw_paper(*, paper, reason, by, at):
    """A paper that is wrong, or holds no longer, counts no more; it stays to be seen, with the reason."""
    paper = Paper.objects.select_for_update(of=("self",)).select_related("placement__person", "placement__batch__dealer").get(pk=paper.pk)
    placement = paper.placement
    require(may_change(by, placement), placed_by_hr(placement.batch.dealer))
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why it is withdrawn: the reason stays on record."), field="reason")
    if paper.withdrawn_at is not None:
        raise Refused(_("This paper is withdrawn already; nothing was changed."))
    paper.withdrawn_at, paper.withdrawn_by, paper.withdrawn_reason = at, by, reason[:200]
    paper.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    after = {"kind": paper.kind, "number": paper.number, "reason": paper.withdrawn_reason}
    record_event("interns.paper_withdrawn", target=placement, by=by, at=at, after=after)
    recheck_placements([placement])
    return paper
