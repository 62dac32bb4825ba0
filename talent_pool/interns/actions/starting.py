"""A placement starts: no rule stands in the way, and the student becomes an intern of the same record (C4, C5)."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.bilingual import in_both, names_of, sentences
from lms.common.days import day
from lms.common.states import Refused, advance, require
from lms.notifications.actions import notify
from lms.people.actions.learners import become_intern
from lms.people.models import Dealer
from talent_pool.interns.actions.batches import placed_by_hr
from talent_pool.interns.actions.shared import locked, recheck_placements, refuse_while_intern
from talent_pool.interns.models import Placement
from talent_pool.interns.permissions import may_change, may_place
from talent_pool.interns.queries.findings import blocking_of

Stage = Placement.Stage


@transaction.atomic
def start_placement(*, placement, by, at):
    """From the first day on. Refused with every finding that blocks, in words: what was found, what cures it, and the clause."""
    # The dealer first, as the rule check does: what it counts there changes for one at a time.
    list(Dealer.objects.select_for_update(no_key=True).filter(pk=placement.batch.dealer_id))
    placement = locked(placement)
    require(may_change(by, placement), placed_by_hr(placement.batch.dealer))
    today = timezone.localdate(at)
    _check_moment(placement, today)
    refuse_while_intern(placement)
    blocking = blocking_of([placement], today).get(placement.pk)
    if blocking:
        words = {"name": placement.person.name, "list": sentences(one.sentence for one in blocking)}
        raise Refused(_("The internship of %(name)s can't start: %(list)s") % words)
    advance(placement, start=Stage.PLACED, end=Stage.UNDER_WAY, field="stage", started_at=at, started_by=by)
    _turn_into_intern(placement, today, by, at)
    record_event("interns.started", target=placement, by=by, at=at, before={"stage": Stage.PLACED}, after={"stage": Stage.UNDER_WAY})
    _tell(placement)
    recheck_placements([placement])
    return placement


def _tell(placement):
    context = {"dealer": names_of(placement.batch.dealer), "until": in_both(day(placement.ends_on))}
    url = reverse("my_internship")
    notify(kind="internship_started", people=[placement.person], key=str(placement.pk), url=url, context=context)


def _check_moment(placement, today):
    words = {"name": placement.person.name, "day": day(placement.starts_on), "stage": placement.get_stage_display()}
    if placement.stage == Stage.APPLIED:
        raise Refused(_("%(name)s has no terms yet. Enter pay, hours and dates first.") % words)
    if placement.stage != Stage.PLACED:
        raise Refused(_("%(name)s is “%(stage)s” already; nothing was changed.") % words)
    if placement.starts_on > today:
        raise Refused(_("The internship of %(name)s begins on %(day)s. Start it on that day, or change its dates.") % words)
    if placement.ends_on < today:
        raise Refused(_("The internship of %(name)s would be over by now. Change its dates first.") % words)


def _turn_into_intern(placement, today, by, at):
    """The line of history is of the first day, where the record allows it."""
    batch, person = placement.batch, placement.person
    on = max(placement.starts_on, person.hired_on)
    later = person.history.filter(on__gt=on).exists()
    become_intern(employee=person, dealer=batch.dealer, on=today if later else on, reason=batch.name, by=by, at=at)


def start_all(*, batch, by, at):
    """Everyone in the batch whom nothing holds back, each by themselves. Gives (those who started, [(who did not, why)])."""
    require(may_place(by, batch.dealer), placed_by_hr(batch.dealer))
    started, held = [], []
    waiting = batch.placements.filter(stage__in=[Stage.APPLIED, Stage.PLACED]).select_related("person", "batch__dealer").order_by("pk")
    for placement in waiting:
        try:
            started.append(start_placement(placement=placement, by=by, at=at))
        except Refused as refusal:
            held.append((placement, refusal))
    return started, held
