"""The life of an attempt: begun, handed in by the candidate or the clock, voided. See `saving.py` for answers, `marks.py` for marks."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.answers.actions import open_sheet
from assessments.exams.actions.marks import mark_attempts, mark_unmarked
from assessments.exams.actions.sealing import lock_open
from assessments.exams.models import Attempt, AttemptEvent, Sitting
from assessments.exams.permissions import may_decide
from assessments.exams.queries import is_over, overdue_attempts, wrong_codes
from assessments.exams.timing import ends_at_of
from lms.audit.actions import event_of, record_event, record_events
from lms.common.states import Refused, advance, require
from lms.common.typed import folded
from lms.people.permissions import is_self

MOST_EVENTS = 500  # an attempt's log; more says nothing more
BATCH = 200
MOST_WRONG_CODES, WITHIN = 5, timedelta(minutes=2)  # guesses at the door of one paper, before whoever guesses must wait


class TooLate(Refused):
    """The time is over, or the paper was handed in: nothing more is accepted."""


class AttemptOver(Refused):
    """The attempt was voided."""


def start_attempt(*, paper, access_code, by, at):
    """Begin, or come back to, the attempt at a paper. Twice at once gives one attempt; coming back asks for no code."""
    require(is_self(by, paper.candidate), _("This is the paper of someone else; only the candidate can begin it."))
    attempt = Attempt.objects.filter(paper=paper).first()
    if attempt is None:
        _check_start(paper, at)
        _check_code(paper, access_code, by, at)
        try:
            return _begin(paper, by, at)
        except IntegrityError:  # pressed twice: the other press was quicker
            attempt = Attempt.objects.get(paper=paper)
    attempt.paper = paper
    if attempt.status == Attempt.Status.VOIDED:
        raise AttemptOver(_("This attempt was voided: %(reason)s Please speak to the invigilator.") % {"reason": attempt.voided_reason})
    if attempt.status == Attempt.Status.IN_PROGRESS:
        reopen_attempt(attempt=attempt, at=at)
    return attempt


@transaction.atomic
def _begin(paper, by, at):
    sheet = open_sheet(person=paper.candidate, at=at)
    attempt = Attempt.objects.create(paper=paper, sheet=sheet, started_at=at, ends_at=ends_at_of(paper, at))
    AttemptEvent.objects.create(attempt=attempt, kind=AttemptEvent.Kind.STARTED, at=at)
    record_event("attempt.started", target=attempt, by=by, at=at, after={"ends_at": attempt.ends_at})
    return attempt


def reopen_attempt(*, attempt, at):
    """The paper is opened once more, here or on another device: logged, and the page that is opened now is the one that works."""
    with transaction.atomic():
        row = Attempt.objects.filter(pk=attempt.pk)
        attempt.visit = row.select_for_update().values_list("visit", flat=True).get() + 1
        row.update(visit=attempt.visit)
    note_events(attempt=attempt, kinds=[AttemptEvent.Kind.RESUMED], at=at)


def _check_start(paper, at):
    sitting = paper.sitting
    if sitting.status == Sitting.Status.CLOSED or at >= sitting.closes_at:
        raise Refused(
            _("This exam closed at %(time)s and can't be begun any more. Please speak to HR.") % {"time": _clock(sitting.closes_at)}
        )
    if sitting.status == Sitting.Status.DRAFT:
        raise Refused(_("The papers of this exam are not ready yet. Please come back when it opens."))
    if at < sitting.opens_at:
        raise Refused(_("This exam opens at %(time)s; you can begin then.") % {"time": _clock(sitting.opens_at)})


def _check_code(paper, access_code, by, at):
    """A wrong code is on record (never the code itself); by the record the guesses are counted, on whichever server they come."""
    if wrong_codes(paper, at - WITHIN) >= MOST_WRONG_CODES:
        raise Refused(
            _("The access code was wrong %(times)d times. Please wait two minutes, and ask the invigilator for it.")
            % {"times": MOST_WRONG_CODES}
        )
    given, right = (folded(code).casefold().encode() for code in (access_code or "", paper.sitting.access_code))
    if not secrets.compare_digest(given, right):
        record_event("paper.wrong_code", target=paper, by=by, at=at)
        raise Refused(_("That is not the access code of this exam. The invigilator shows it in the room."))


def _clock(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def submit_attempt(*, attempt, by, at, by_clock=False):
    """Hand an attempt in and mark it. Doing it again changes nothing; what was saved before is all there, what comes later is refused.

    `by_clock` and no `by`: time's end hands it in. A candidate whose press arrives after the end is handed in by the clock too.
    Handing in stands by itself: should marking fail, the sweep makes up for it.
    """
    own = (by is None and by_clock) or is_self(by, attempt.paper.candidate)
    require(own, _("This is the paper of someone else; only the candidate can hand it in."))
    if not _hand_in([attempt], by, at, by_clock=by_clock or at >= attempt.ends_at):
        attempt.refresh_from_db()
        if attempt.status == Attempt.Status.VOIDED:
            raise AttemptOver(_("This attempt was voided: %(reason)s Please speak to the invigilator.") % {"reason": attempt.voided_reason})
    mark_attempts(attempts=[attempt], at=at)
    attempt.refresh_from_db()
    return attempt


@transaction.atomic
def _hand_in(attempts, by, at, *, by_clock):
    """Claim what still runs among `attempts` and log it; the UPDATE waits for answers being saved at this moment. Returns those claimed."""
    kind = AttemptEvent.Kind.SUBMITTED_BY_CLOCK if by_clock else AttemptEvent.Kind.SUBMITTED
    running = Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts], status=Attempt.Status.IN_PROGRESS)
    claimed_ids = set(running.select_for_update().order_by("pk").values_list("pk", flat=True))
    Attempt.objects.filter(pk__in=claimed_ids, status=Attempt.Status.IN_PROGRESS).update(
        status=Attempt.Status.SUBMITTED, submitted_at=at, by_clock=by_clock
    )
    claimed = [attempt for attempt in attempts if attempt.pk in claimed_ids]
    AttemptEvent.objects.bulk_create([AttemptEvent(attempt=attempt, kind=kind, at=at) for attempt in claimed])
    record_events([event_of("attempt.submitted", target=one, by=by, at=at, after={"by_clock": by_clock}) for one in claimed])
    return claimed


def submit_overdue(*, at, sitting=None):
    """Hand in every attempt whose time and grace are over, and mark what is unmarked, be it from a failure before. Returns how many ended.

    Part of the sweep, every ten seconds.
    """
    overdue = [one for one in overdue_attempts(at) if sitting is None or one.paper.sitting_id == sitting.pk]
    done = 0
    for start in range(0, len(overdue), BATCH):
        claimed = _hand_in(overdue[start : start + BATCH], None, at, by_clock=True)
        done += len(claimed)
    mark_unmarked(at=at)
    return done


def submit_if_over(*, attempt, at):
    """Hand in an attempt that someone looks at after its end, so that nobody waits for the sweep. Returns the attempt as it stands."""
    if attempt.status == Attempt.Status.IN_PROGRESS and is_over(attempt, at):
        return submit_attempt(attempt=attempt, by=None, at=at, by_clock=True)
    return attempt


@transaction.atomic
def void_attempt(*, attempt, reason, by, at):
    """Take an attempt out of the exam, with a reason, until its result is fixed for signing. It counts as not sat and stays on record."""
    require(
        may_decide(by, attempt.paper),
        _("An attempt is voided by the invigilator or HR of the dealer, and never by someone who sits the exam."),
    )
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why this attempt is voided; the candidate and HR will read it."), field="reason")
    lock_open(attempt.paper.sitting_id)
    before = attempt.status
    running = [Attempt.Status.IN_PROGRESS, Attempt.Status.SUBMITTED, Attempt.Status.MARKED]
    advance(attempt, start=running, end=Attempt.Status.VOIDED, voided_reason=reason[:200])
    AttemptEvent.objects.create(attempt=attempt, kind=AttemptEvent.Kind.VOIDED, at=at, data={"reason": reason[:200]})
    record_event("attempt.voided", target=attempt, by=by, at=at, before={"status": before}, after={"reason": reason})
    return attempt


def note_events(*, attempt, kinds, at):
    """Add to the log what the candidate's page tells of itself. It never stops an exam: what is too much is left out."""
    allowed = {AttemptEvent.Kind.FOCUS_LOST, AttemptEvent.Kind.RECONNECTED, AttemptEvent.Kind.RESUMED}
    room = MOST_EVENTS - attempt.events.count()
    events = [AttemptEvent(attempt=attempt, kind=kind, at=at) for kind in kinds if kind in allowed]
    AttemptEvent.objects.bulk_create(events[: max(0, room)])
