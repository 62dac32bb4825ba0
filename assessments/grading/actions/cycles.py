"""A cycle from opening to closing, but for its sittings, results and publication (G1, G5)."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.exams.actions.attempts import submit_overdue
from assessments.exams.actions.sittings import close_sitting
from assessments.exams.models import Sitting
from assessments.grading.actions.components import begin_components
from assessments.grading.actions.decisions import lock_people
from assessments.grading.actions.guarding import check_hands, not_yours, step
from assessments.grading.actions.sittings import link_papers
from assessments.grading.models import Candidacy, Cycle
from assessments.grading.permissions import may_open
from assessments.grading.queries.components import sittings_of
from assessments.grading.queries.records import admitted, people_in_track
from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.quarters import quarter_of
from lms.common.states import Refused, require
from lms.notifications.actions import notify
from lms.people.choices import Level


@transaction.atomic
def draft_cycle(*, dealer, track, year, quarter, by, at, min_attendance=80, needs_reflections=True, needs_courses=True):
    """Set up a quarter's cycle of a track, with the rules that will apply to it (G1)."""
    require(may_open(by, dealer, track), not_yours())
    _check_quarter(year, quarter, at, ahead=1)
    try:
        with transaction.atomic():
            cycle = Cycle.objects.create(
                dealer=dealer,
                track=track,
                year=year,
                quarter=quarter,
                min_attendance=min_attendance,
                needs_reflections=needs_reflections,
                needs_courses=needs_courses,
            )
    except IntegrityError:
        existing = Cycle.objects.get(dealer=dealer, track=track, year=year, quarter=quarter)
        raise Refused(
            _("There is one cycle a quarter and track, and %(cycle)s is “%(state)s” already. Go on with that one.")
            % {"cycle": existing, "state": existing.get_status_display()}
        ) from None
    record_event("cycle.drafted", target=cycle, by=by, at=at, after={"dealer": dealer.code, "min_attendance": min_attendance})
    return cycle


@transaction.atomic
def open_cycle(*, dealer=None, track=None, year=None, quarter=None, cycle=None, by, at, **rules):
    """Open a quarter's cycle: all staff of the track become candidates for the level after theirs; level 3 has none after it.

    Takes a drafted `cycle`, or drafts one of `dealer`, `track`, `year` and `quarter` on the way.
    """
    cycle = cycle or draft_cycle(dealer=dealer, track=track, year=year, quarter=quarter, by=by, at=at, **rules)
    check_hands(cycle, by)
    _check_quarter(cycle.year, cycle.quarter, at)
    step(cycle, Cycle.Status.OPEN, by=by, at=at, opened_at=at, opened_by=by, needs_three_sheets=True)
    add_candidates(cycle, by=by, at=at)
    return cycle


def _check_quarter(year, quarter, at, ahead=0):
    """A cycle is of the present quarter or the one before; drafted it may be a quarter ahead (G1).

    Of one to come nothing is there to judge by: no session could have been missed and no reflection be owed (G4).
    """
    now = quarter_of(timezone.localdate(at))
    distance = 4 * (year - now[0]) + quarter - now[1]
    if not -1 <= distance <= ahead:
        early = _("%(year)d Q%(quarter)d has not begun. Its cycle can be prepared now, and opened in the quarter itself.")
        far = _("A cycle is for the present quarter or the one before; %(year)d Q%(quarter)d is too far away.")
        raise Refused((early if distance == 1 else far) % {"year": year, "quarter": quarter})


def add_candidates(cycle, *, by, at):
    """A candidacy one step up for everyone in the track who has none yet in this cycle. Returns how many are new.

    Who sat on the panel and now becomes a candidate, after a change of post, gives up the seat: nobody examines where they sit.
    """
    people = people_in_track(cycle.dealer, cycle.track, at).exclude(candidacies__cycle=cycle)
    steps = [(person, person.level_in(cycle.track)) for person in people.filter(**{f"{cycle.track}_level__lt": Level.SENIOR})]
    for member in cycle.panel.filter(examiner__in=[person.pk for person, _level in steps]):
        record_event("panel.vacated", target=cycle, by=by, at=at, before={"seat": member.seat, "examiner": member.examiner_id})
        member.delete()
    new = [Candidacy(cycle=cycle, employee=person, from_level=level, to_level=level + 1) for person, level in steps]
    return len(Candidacy.objects.bulk_create(new, batch_size=500))


@transaction.atomic
def lock_cycle(*, cycle, by, at):
    """Fix who may sit, who examines, and by what; each of them gets a practical exam to be scored by the panel, and is told."""
    check_hands(cycle, by)
    lock_people(cycle.candidacies.values("employee"))
    step(cycle, Cycle.Status.LOCKED, by=by, at=at, locked_at=at, locked_by=by)
    people = list(admitted(cycle).select_related("employee"))
    begin_components(cycle=cycle, people=people, at=at)
    notify(
        kind="grading_eligible",
        people=[c.employee for c in people],
        key=f"cycle:{cycle.pk}",
        context={"track": cycle.track, "year": cycle.year, "quarter": cycle.quarter},
        contexts={c.employee_id: {"level": c.to_level} for c in people},
        url=reverse("my_exams"),
    )
    return cycle


@transaction.atomic
def start_sitting(*, cycle, by, at):
    """The exam is on: every level has its sitting, everyone their paper."""
    check_hands(cycle, by)
    link_papers(cycle=cycle)
    step(cycle, Cycle.Status.SITTING, by=by, at=at)
    return cycle


@transaction.atomic
def start_marking(*, cycle, by, at):
    """The exam is over: what the clock has ended is handed in, the sittings close, nobody begins any more."""
    check_hands(cycle, by)
    arranged = [row.sitting for row in sittings_of(cycle)]
    for sitting in arranged:
        submit_overdue(at=at, sitting=sitting)
    step(cycle, Cycle.Status.MARKING, by=by, at=at)
    for sitting in arranged:
        if sitting.status != Sitting.Status.CLOSED:
            close_sitting(sitting=sitting, by=by, at=at)
    return cycle


@transaction.atomic
def close_cycle(*, cycle, by, at):
    check_hands(cycle, by)
    step(cycle, Cycle.Status.CLOSED, by=by, at=at)
    return cycle
