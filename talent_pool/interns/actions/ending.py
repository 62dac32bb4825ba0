"""Breaks, another dealer, an early end, the last day: how a placement goes on and stops."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.bilingual import in_both
from lms.common.days import day
from lms.common.states import Refused, advance, require
from lms.notifications.actions import notify
from talent_pool.interns.actions.batches import placed_by_hr, refuse_elsewhere
from talent_pool.interns.actions.shared import hold_person, let_go, locked, recheck_placements
from talent_pool.interns.models import HERE, STANDING, Pause, Placement
from talent_pool.interns.permissions import may_change, may_place
from talent_pool.interns.queries.batches import placed_elsewhere
from talent_pool.interns.queries.placements import TERMS

Stage = Placement.Stage


def _held(placement, by, stages=HERE):
    """Held, in the right hands and in one of the stages."""
    placement = locked(placement)
    require(may_change(by, placement), placed_by_hr(placement.batch.dealer))
    if placement.stage not in stages:
        words = {"name": placement.person.name, "stage": placement.get_stage_display()}
        raise Refused(_("%(name)s is “%(stage)s”, so this is not possible.") % words)
    return placement


def _held_to_end(placement, by):
    """What is offered to somebody rests on the internship: the offer is answered or withdrawn before it ends otherwise."""
    placement = _held(placement, by)
    if placement.stage == Stage.OFFERED:
        sentence = _("%(name)s has an open offer. Withdraw it, or record that it was declined; then this internship can end.")
        raise Refused(sentence % {"name": placement.person.name})
    return placement


def _reason(reason):
    if not reason.strip():
        raise Refused(_("Say why: the reason stays on record."), field="reason")
    return reason.strip()[:200]


@transaction.atomic
def record_pause(*, placement, starts_on, ends_on, reason, by, at):
    """Days on which the internship is broken off; it goes on after them. The last day stays where it is."""
    placement, reason = _held(placement, by, STANDING), _reason(reason)
    if ends_on < starts_on:
        raise Refused(_("The last day lies before the first."), field="ends_on")
    if starts_on < placement.starts_on or ends_on > placement.last_day:
        words = {"from": day(placement.starts_on), "until": day(placement.last_day)}
        raise Refused(_("A break lies within the internship, %(from)s to %(until)s.") % words, field="starts_on")
    if placement.pauses.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Refused(_("There is a break on some of these days already."), field="starts_on")
    days = {"starts_on": starts_on, "ends_on": ends_on, "reason": reason}
    pause = Pause.objects.create(placement=placement, **days, recorded_at=at, recorded_by=by)
    record_event("interns.paused", target=placement, by=by, at=at, after=days)
    recheck_placements([placement])
    return pause


@transaction.atomic
def end_early(*, placement, ended_on, reason, by, at):
    """Before its last day, with a reason. The intern is a student again, from the day after."""
    placement, reason = _held_to_end(placement, by), _reason(reason)
    _end(placement, ended_on, reason, by, at)
    let_go(placement=placement, reason=reason, by=by, at=at)
    context = {"day": in_both(day(ended_on)), "reason": reason}
    url = reverse("my_internship")
    notify(kind="internship_ended", people=[placement.person], key=str(placement.pk), url=url, context=context)
    return placement


def _end(placement, ended_on, reason, by, at):
    if not placement.starts_on <= ended_on <= placement.ends_on:
        words = {"from": day(placement.starts_on), "until": day(placement.ends_on)}
        raise Refused(_("It ends early on a day within it, %(from)s to %(until)s.") % words, field="ended_on")
    if ended_on > timezone.localdate(at):
        raise Refused(_("%(day)s is still to come; record it on the day.") % {"day": day(ended_on)}, field="ended_on")
    before = {"stage": placement.stage}
    advance(placement, start=HERE, end=Stage.ENDED, field="stage", ended_on=ended_on, ended_reason=reason)
    after = {"stage": Stage.ENDED, "ended_on": ended_on, "reason": reason}
    record_event("interns.ended_early", target=placement, by=by, at=at, before=before, after=after)
    recheck_placements([placement])


@transaction.atomic
def finish_placement(*, placement, by, at):
    """Its last day has come, and nobody decides about it: a visit, or an internship that brings no offer."""
    placement = _held(placement, by, [Stage.UNDER_WAY])
    if placement.ends_on > timezone.localdate(at):
        words = {"day": day(placement.ends_on)}
        raise Refused(_("It goes on to %(day)s. Finish it on that day, or end it early with a reason.") % words)
    advance(placement, start=Stage.UNDER_WAY, end=Stage.ENDED, field="stage")
    record_event("interns.finished", target=placement, by=by, at=at, before={"stage": Stage.UNDER_WAY}, after={"stage": Stage.ENDED})
    let_go(placement=placement, reason="", by=by, at=at)
    recheck_placements([placement])
    return placement


@transaction.atomic
def transfer_placement(*, placement, batch, on, reason, by, at):
    """To another dealer's batch from a day on: this one ends the day before, the new one begins with the same terms and waits for its
    own papers and its start. Returns the new one."""
    placement, reason = _held_to_end(placement, by), _reason(reason)
    require(may_place(by, batch.dealer), placed_by_hr(batch.dealer))
    _check_target(placement, batch, on)
    _end(placement, on - timedelta(days=1), reason, by, at)
    term = {"starts_on": on, "ends_on": batch.ends_on}
    hold_person(placement.person_id)
    refuse_elsewhere(placed_elsewhere([placement.person_id], *term.values()).values())
    terms = {name: getattr(placement, name) for name in TERMS} | term
    made = Placement.objects.create(batch=batch, person=placement.person, stage=Stage.PLACED, **terms)
    after = {"from": placement.batch.name, "batch": batch.name, "starts_on": on, "reason": reason}
    record_event("interns.transferred", target=made, by=by, at=at, after=after)
    recheck_placements([placement, made])
    return made


def _check_target(placement, batch, on):
    if batch.pk == placement.batch_id:
        raise Refused(_("Choose another batch than the present one."), field="batch")
    if batch.school_id != placement.batch.school_id:
        raise Refused(_("%(batch)s is of another school.") % {"batch": batch.name}, field="batch")
    if not batch.starts_on <= on <= batch.ends_on:
        words = {"from": day(batch.starts_on), "until": day(batch.ends_on)}
        raise Refused(_("That batch is here from %(from)s to %(until)s: choose a day within.") % words, field="on")
    if on <= placement.starts_on:
        raise Refused(_("It moves on after its first day. Before that, take the student out and add them there."), field="on")
    if Placement.objects.filter(batch=batch, person=placement.person_id).exists():
        raise Refused(_("%(name)s was in that batch before.") % {"name": placement.person.name}, field="batch")
