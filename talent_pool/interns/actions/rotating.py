"""A batch is planned over the stations, and what is planned is changed by hand, as far as the rules allow (C4).

Whoever writes holds the dealer, so that two who give away the last place or the last hour of a mentor do it one after the other.
What is over stays as it was.
"""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import gettext as _
from lms.common.days import day
from lms.common.shown import facts_of
from lms.common.states import Refused, require
from lms.people.models import Dealer
from talent_pool.interns.actions.shared import recheck_placements
from talent_pool.interns.floor import Stay, most_hours
from talent_pool.interns.models import Batch, Rotation
from talent_pool.interns.permissions import may_keep_stations, may_rotate
from talent_pool.interns.queries.planning import ground_of, plan_for, stay_of
from talent_pool.interns.queries.rotation_words import refusal_of
from talent_pool.interns.verifying import OF_MENTORS, broken

ONE_DAY = timedelta(days=1)
SHOWN = ("station", "mentor", "starts_on", "ends_on")


class CannotRotate(Refused):
    pass


def not_yours(dealer):
    words = _("Who is at which station of %(dealer)s is said by its supervisors, its service manager and HR; nobody moves themselves.")
    return words % {"dealer": dealer.name}


def digest_of(plan):
    return sha256(repr(plan.stays).encode()).hexdigest()[:20]


def rotation_shown(rotation):
    return facts_of(rotation, *SHOWN)


@transaction.atomic
def plan_rotations(*, batch, by, at, seen=None, anew=False):
    """Write the rotations that are still to come. What has begun and what was arranged by hand stays, and what is planned already where
    the rules still allow it, unless it is planned `anew`; planning twice changes nothing.

    `seen` is the digest of the plan that was looked at: if it would now be another one, nothing is done.
    """
    require(may_keep_stations(by, batch.dealer), not_yours(batch.dealer))
    ground = _held(batch, at, anew=anew)
    plan = plan_for(ground)
    if seen and seen != digest_of(plan):
        raise CannotRotate(_("Something changed since you looked, so the plan is another one now. Look again, then plan."))
    gone, new = _difference(ground, plan)
    Rotation.objects.filter(pk__in=[one.pk for one in gone]).delete()
    Rotation.objects.bulk_create(_row(stay, by, at) for stay in new)
    if gone or new:
        after = {"planned": [one.intern for one in new], "dropped": [one.pk for one in gone]}
        record_event("interns.rotations_planned", target=batch, by=by, at=at, after=after)
        recheck_placements(ground.placements.values())
    return plan


def _held(batch, at, **values):
    Dealer.objects.select_for_update(no_key=True).get(pk=batch.dealer_id)
    return ground_of(Batch.objects.select_related("dealer", "school").get(pk=batch.pk), timezone.localdate(at), **values)


def _difference(ground, plan):
    """(rotations that the plan has no more, stays that are new)"""
    there = {replace(stay_of(one), pk=None): one for one in ground.rotations.values() if not ground.stays_put(one)}
    wanted = set(plan.stays)
    return [one for stay, one in there.items() if stay not in wanted], [stay for stay in plan.stays if stay not in there]


def _row(stay, by, at, reason=""):
    return Rotation(
        placement_id=stay.intern, station_id=stay.place, mentor_id=stay.mentor, starts_on=stay.first, ends_on=stay.last,
        planned_hours=stay.hours, reason=reason, made_at=at, made_by=by,
    )  # fmt: skip


# --- By hand ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_rotation(*, placement, station, mentor, starts_on, ends_on, reason, by, at):
    require(may_rotate(by, placement), not_yours(placement.batch.dealer))
    _check_words(starts_on, ends_on, reason)
    ground = _held(placement.batch, at)
    _check_ahead(starts_on, ground)
    stay = _stay(ground, placement, station, mentor, starts_on, ends_on)
    _check_rules(ground, {None: stay})
    rotation = _row(stay, by, at, reason.strip())
    rotation.save()
    _record("interns.rotation_added", rotation, by, at, after=_values(rotation))
    return rotation


@transaction.atomic
def change_rotation(*, rotation, station, mentor, starts_on, ends_on, reason, by, at, shown=None):
    """Of one that has begun only the last day; its station and mentor go by `transfer` and `hand_over_mentor`."""
    ground, rotation = _held_rotation(rotation, by, at, shown)
    _check_words(starts_on, ends_on, reason)
    if rotation.starts_on <= ground.today:
        _check_begun(rotation, station, mentor, starts_on, ends_on, ground)
    else:
        _check_ahead(starts_on, ground)
    stay = replace(_stay(ground, rotation.placement, station, mentor, starts_on, ends_on), pk=rotation.pk)
    _check_rules(ground, {rotation.pk: stay})
    before = _values(rotation)
    _write(rotation, stay, reason)
    _record("interns.rotation_changed", rotation, by, at, before=before, after=_values(rotation))
    return rotation


@transaction.atomic
def drop_rotation(*, rotation, reason, by, at, shown=None):
    """One that has not begun is taken out of the plan."""
    ground, rotation = _held_rotation(rotation, by, at, shown)
    _check_reason(reason)
    if rotation.starts_on <= ground.today:
        raise CannotRotate(_("This rotation has begun, so it stays on record. Change its last day, or move the intern to another station."))
    before = _values(rotation)
    _record("interns.rotation_dropped", rotation, by, at, before=before, after={"reason": reason.strip()})
    rotation.delete()


@transaction.atomic
def transfer(*, rotation, station, mentor, on, reason, by, at, shown=None):
    """From `on` to its last day the intern is at another station; until the day before the rotation stays as it was."""
    ground, rotation = _held_rotation(rotation, by, at, shown)
    _check_reason(reason)
    if rotation.station_id == station.pk:
        raise CannotRotate(_("The intern is at this station already. Choose another one."), field="station")
    return _from_day_on(ground, rotation, "interns.moved_to_station", by=by, at=at, on=on, station=station, mentor=mentor, reason=reason)


@transaction.atomic
def hand_over_mentor(*, rotation, mentor, on, reason, by, at, shown=None):
    """From `on` to the last day of the rotation another mentor has the intern."""
    ground, rotation = _held_rotation(rotation, by, at, shown)
    _check_reason(reason)
    if rotation.mentor_id == mentor.pk:
        raise CannotRotate(_("%(mentor)s is the mentor already. Choose another one.") % {"mentor": mentor.name}, field="mentor")
    values = {"station": rotation.station, "mentor": mentor, "reason": reason}
    return _from_day_on(ground, rotation, "interns.mentor_handed_over", by=by, at=at, on=on, **values)


def _from_day_on(ground, rotation, verb, *, on, station, mentor, reason, by, at):
    if not rotation.starts_on <= on <= rotation.ends_on:
        words = _("Choose a day of this rotation, from %(first)s to %(last)s.")
        raise CannotRotate(words % {"first": day(rotation.starts_on), "last": day(rotation.ends_on)}, field="on")
    if on < ground.today:
        raise CannotRotate(_("What is over stays as it was. Choose today or a day to come."), field="on")
    before, old = _values(rotation), stay_of(rotation)
    stay = _stay(ground, rotation.placement, station, mentor, on, rotation.ends_on)
    if on == rotation.starts_on:
        _check_rules(ground, {rotation.pk: replace(stay, pk=rotation.pk)})
        _write(rotation, stay, reason)
        after = rotation
    else:
        first = replace(old, last=on - ONE_DAY, hours=_hours(ground, old.intern, old.first, on - ONE_DAY))
        _check_rules(ground, {rotation.pk: first, None: stay})
        _write(rotation, first, reason)
        after = _row(stay, by, at, reason.strip())
        after.save()
    _record(verb, after, by, at, before=before, after=_values(after))
    return after


# --- What they share --------------------------------------------------------------------------------------------------


def _held_rotation(rotation, by, at, shown):
    """The floor and the rotation as they are now; what is over is nobody's to change."""
    batch = rotation.placement.batch
    require(may_rotate(by, rotation.placement), not_yours(batch.dealer))
    ground = _held(batch, at)
    found = ground.rotations.get(rotation.pk)
    if found is None:
        raise CannotRotate(_("This rotation is not there any more: the batch was planned anew, or the internship ended."))
    if found.ends_on < ground.today:
        raise CannotRotate(_("This rotation is over and stays as it was."))
    check_shown(shown, rotation_shown(found), found.placement)
    return ground, found


def _check_words(starts_on, ends_on, reason):
    _check_reason(reason)
    if ends_on < starts_on:
        raise CannotRotate(_("The last day lies before the first."), field="ends_on")


def _check_reason(reason):
    if not reason.strip():
        raise CannotRotate(_("Say why; it stays on record with the rotation."), field="reason")


def _check_ahead(starts_on, ground):
    if starts_on < ground.today:
        raise CannotRotate(_("What is over stays as it was. Choose today or a day to come."), field="starts_on")


def _check_begun(rotation, station, mentor, starts_on, ends_on, ground):
    same = (rotation.station_id, rotation.mentor_id, rotation.starts_on) == (station.pk, mentor and mentor.pk, starts_on)
    if not same:
        raise CannotRotate(
            _("This rotation has begun: only its last day is changed here. Move the intern, or hand over the mentor, instead.")
        )
    if ends_on < ground.today:
        raise CannotRotate(_("What is over stays as it was. Choose today or a day to come."), field="ends_on")


def _stay(ground, placement, station, mentor, first, last):
    if placement.pk not in ground.placements:
        words = _("The internship of %(name)s is over, or has not been agreed on. There is nothing to plan.")
        raise CannotRotate(words % {"name": placement.person.name})
    return Stay(placement.pk, station.pk, mentor and mentor.pk, first, last, _hours(ground, placement.pk, first, last))


def _hours(ground, intern, first, last):
    one = next(one for one in ground.floor.interns if one.pk == intern)
    return most_hours(one, first, last, ground.floor.holidays, ground.floor.limits)


def _check_rules(ground, changes):
    """Refuse what the rules do not allow of the new stays; what was amiss elsewhere before is no hindrance."""
    before = ground.stays
    after = [stay for stay in before if stay.pk not in changes] + list(changes.values())
    mine = {(stay.intern, stay.place, stay.mentor) for stay in changes.values()}
    known = {(one.rule, one.intern, one.place, one.mentor) for one in broken(before, ground.floor)}
    found = [
        one
        for one in broken(after, ground.floor)
        if (one.intern, one.place, one.mentor) in mine or (one.rule, one.intern, one.place, one.mentor) not in known
    ]
    # The part of a rotation that is over is not asked again.
    found = [one for one in found if one.on >= ground.today or one.rule not in OF_MENTORS]
    if found:
        field = "mentor" if all(one.rule in OF_MENTORS for one in found) else None
        raise CannotRotate(refusal_of(found, ground), field=field)


def _write(rotation, stay, reason):
    rotation.station_id, rotation.mentor_id = stay.place, stay.mentor
    rotation.starts_on, rotation.ends_on, rotation.planned_hours, rotation.reason = stay.first, stay.last, stay.hours, reason.strip()
    rotation.save(update_fields=["station", "mentor", "starts_on", "ends_on", "planned_hours", "reason"])


def _values(rotation):
    names = ("station_id", "mentor_id", "starts_on", "ends_on", "planned_hours", "reason")
    return {name.removesuffix("_id"): getattr(rotation, name) for name in names}


def _record(verb, rotation, by, at, **values):
    record_event(verb, target=rotation.placement, by=by, at=at, **values)
    recheck_placements([rotation.placement])
