"""On what terms an intern is here: what the rule check asks about (C5)."""

from django.db import transaction

from lms.audit.actions import event_of, record_events
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import gettext as _
from lms.common.days import day
from lms.common.states import Refused, require
from talent_pool.interns.actions.batches import check_in_force, placed_by_hr, refuse_elsewhere
from talent_pool.interns.actions.shared import hold_person, locked, recheck_placements
from talent_pool.interns.models import BEFORE, HERE, Placement
from talent_pool.interns.permissions import may_change, may_place
from talent_pool.interns.queries.batches import placed_elsewhere
from talent_pool.interns.queries.placements import TERMS, terms_shown

Stage = Placement.Stage
DATES = ("starts_on", "ends_on")


@transaction.atomic
def set_terms(*, placement, by, at, shown=None, **terms):
    """Dates, pay, hours, and what may not be asked for. Whoever had applied is placed by it. Once started the first day stays."""
    placement = locked(placement)
    require(may_change(by, placement), placed_by_hr(placement.batch.dealer))
    check_shown(shown, terms_shown(placement), placement)
    if placement.stage not in (*BEFORE, *HERE):
        raise Refused(_("This placement is “%(stage)s”: its terms no longer change.") % {"stage": placement.get_stage_display()})
    before = {name: getattr(placement, name) for name in TERMS}
    for name in TERMS:
        setattr(placement, name, terms.get(name, before[name]))
    _check_dates(placement, before)
    _write([(placement, before)], by, at)
    return placement


def _check_dates(placement, before):
    if placement.stage in HERE and placement.starts_on != before["starts_on"]:
        words = {"day": day(before["starts_on"])}
        raise Refused(_("It started on %(day)s; that day stays. Change the last one.") % words, field="starts_on")
    if placement.ends_on < placement.starts_on:
        raise Refused(_("The last day lies before the first."), field="ends_on")
    term = (placement.starts_on, placement.ends_on)
    if placement.stage == Stage.OFFERED and placement.ends_on != before["ends_on"]:
        raise Refused(_("A contract is offered that begins after this internship. Withdraw the offer first."), field="ends_on")
    if term != (before["starts_on"], before["ends_on"]):
        if placement.batch.agreement is not None:
            check_in_force(placement.batch.agreement, *term)
        hold_person(placement.person_id)
        refuse_elsewhere(placed_elsewhere([placement.person_id], *term, but=placement).values())


@transaction.atomic
def set_terms_of_batch(*, batch, by, at, **terms):
    """The same terms for everyone in the batch who has none yet; the dates stay each one's own. Returns how many."""
    require(may_place(by, batch.dealer), placed_by_hr(batch.dealer))
    waiting = list(locked_of(batch))
    if not waiting:
        raise Refused(_("Everyone in this batch has terms already; change those of one person on their page."))
    changed = []
    for placement in waiting:
        before = {name: getattr(placement, name) for name in TERMS}
        for name in terms.keys() & set(TERMS) - set(DATES):
            setattr(placement, name, terms[name])
        changed.append((placement, before))
    _write(changed, by, at)
    return len(changed)


def locked_of(batch):
    found = batch.placements.select_for_update(of=("self",)).filter(stage=Stage.APPLIED)
    return found.select_related("person", "batch__dealer").order_by("pk")


def _write(changed, by, at):
    events, placements = [], []
    for placement, before in changed:
        before |= {"stage": placement.stage}
        placement.stage = Stage.PLACED if placement.stage == Stage.APPLIED else placement.stage
        after = {name: getattr(placement, name) for name in (*TERMS, "stage")}
        told = [name for name in after if after[name] != before[name]]
        placements.append(placement)
        values = {"before": _plain(before, told), "after": _plain(after, told)}
        if told:
            events.append(event_of("interns.terms_set", target=placement, by=by, at=at, **values))
    Placement.objects.bulk_update(placements, [*TERMS, "stage"])
    record_events(events)
    recheck_placements(placements)


def _plain(values, names):
    return {name: values[name] for name in names}
