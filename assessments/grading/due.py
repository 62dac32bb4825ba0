"""What a person must do next about grading: examiners, HR, candidates."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.grading.eligibility import words_of
from assessments.grading.models import ComponentResult, Cycle, PanelMember, SeatChange
from assessments.grading.models.components import LIVE
from assessments.grading.queries.guards import missing_for, next_state
from assessments.grading.queries.ladder import is_overtaken, newest_candidacy
from assessments.grading.queries.motion import seats_left
from assessments.grading.queries.records import called
from assessments.practicals.models import Practical, ScoreSheet
from lms.common.bilingual import clauses
from lms.common.compiled import compiled
from lms.common.registries import due
from lms.people.choices import LEVEL_STEPS
from lms.people.permissions import dealer_scope

Status = Cycle.Status
RUNNING = [Status.DRAFT, Status.OPEN, Status.LOCKED, Status.SITTING, Status.MARKING, Status.RATIFIED]
MOST_STEPS = 6


@due
def due_for(employee, at):
    """Practicals to score and results to sign; the next step of a cycle and seats to confirm; what is still open before one may sit.

    Four statements at most, five of many cycles.
    """
    user = employee.user
    items = []
    if user is not None and user.has_perm("grading.examine"):
        items += _examining(employee)
    if user is not None and user.has_perm("grading.run_cycles"):
        items += _of_cycles(user)
    if employee.position.track:
        items += _open_items(employee)
    return items


def _examining(employee):
    scored = ScoreSheet.objects.filter(practical=OuterRef("practical"), marker=employee)
    left = (
        ComponentResult.objects.filter(LIVE, component__cycle=OuterRef("cycle"))
        .filter(~Exists(scored), practical__status=Practical.Status.OPEN, practical__markers=employee)
        .order_by()
        .values("component__cycle")
        .annotate(left=Count("pk"))
        .values("left")
    )
    to_score = Q(cycle__status__in=[Status.SITTING, Status.MARKING])
    to_sign = Q(cycle__status=Status.RATIFIED, signed_at__isnull=True)
    seats = PanelMember.objects.filter(to_score | to_sign, examiner=employee).select_related("cycle__dealer")
    for seat in seats.annotate(left=Subquery(left)):
        if seat.cycle.status == Status.RATIFIED:
            yield _item(
                _("Sign the results: %(cycle)s") % {"cycle": called(seat.cycle, employee.user)},
                _("No result stands before all three have signed."),
                reverse("cycle_sign", args=[seat.cycle_id]),
                _("Sign"),
            )
        elif seat.left:
            words = ngettext("%(count)d practical exam is left to score.", "%(count)d practical exams are left to score.", seat.left)
            yield _item(
                _("Score practical exams: %(cycle)s") % {"cycle": called(seat.cycle, employee.user)},
                words % {"count": seat.left},
                reverse("marking_queue"),
                _("Score"),
            )


def _of_cycles(user):
    """The next step of each cycle that is not published, of many (a group's) how many there are; and the seats that they wait for.

    One statement, and one more for seats of either sort where there are some.
    """
    scope = dealer_scope(user)
    running = _running(scope=scope, user=user.pk)
    many = len(running) > MOST_STEPS
    items = [_how_many(scope)] if many else [_step(cycle, user) for cycle in running]
    if many or any(cycle.has_unconfirmed for cycle in running):
        items += _seats_to_confirm(user)
    if many or any(cycle.has_seats_left for cycle in running):
        items += _seats_left(scope)
    return items


@compiled
def _running(*, scope, user):
    """One more than are shown one by one."""
    cycles = Cycle.objects.filter(scope, status__in=RUNNING).select_related("dealer")
    cycles = cycles.annotate(
        has_unconfirmed=Exists(_unconfirmed_by(user).filter(cycle=OuterRef("pk"))),
        has_seats_left=Exists(seats_left().filter(cycle=OuterRef("pk"))),
    )
    return cycles.order_by("dealer__code", "-year", "-quarter", "track")[: MOST_STEPS + 1]


def _how_many(scope):
    count = Cycle.objects.filter(scope, status__in=RUNNING).count()
    title = ngettext("%(n)d grading cycle is not published yet", "%(n)d grading cycles are not published yet", count) % {"n": count}
    return _item(title, "", f"{reverse('cycles')}?status=running", _("Look"), now=False)


def _step(cycle, user):
    following = next_state(cycle)
    words = _("It is “%(here)s”; the next step is “%(next)s”.") % {"here": cycle.get_status_display(), "next": following.label}
    if cycle.status == Status.DRAFT:  # nobody but HR knows of it, so it says what keeps it from being opened
        words = " ".join([words, *missing_for(cycle)])
    return _item(called(cycle, user), words, reverse("cycle", args=[cycle.pk]), _("Look"), now=False)


def _seats_to_confirm(user):
    """Seats given again that wait for a second person, at any dealer that is theirs."""
    for change in _unconfirmed(scope=dealer_scope(user, "cycle__dealer"), user=user.pk):
        yield _item(
            _("Confirm a new examiner: %(cycle)s") % {"cycle": called(change.cycle, user)},
            _("%(examiner)s in the place of %(leaver)s: %(reason)s")
            % {"examiner": change.examiner.name, "leaver": change.leaver.name, "reason": change.reason},
            reverse("cycle", args=[change.cycle_id]),
            _("Look"),
        )


@compiled
def _unconfirmed(*, scope, user):
    waiting = _unconfirmed_by(user).filter(scope, cycle__status__in=RUNNING)
    return waiting.select_related("cycle__dealer", "leaver", "examiner")


def _unconfirmed_by(user):
    return SeatChange.objects.filter(confirmed_at=None, withdrawn_at=None).exclude(proposed_by=user)


def _seats_left(scope):
    """Seats whose examiner has gone without signing: the cycle waits until someone else has them."""
    left = seats_left().filter(cycle__in=Cycle.objects.filter(scope, status__in=RUNNING))
    for member in left.select_related("cycle", "examiner"):
        words = {"cycle": member.cycle, "name": member.examiner.name, "seat": member.get_seat_display()}
        yield _item(
            _("Give a seat again: %(cycle)s") % words,
            _("%(name)s (%(seat)s) has left or works elsewhere, and what they have not signed falls.") % words,
            reverse("cycle", args=[member.cycle_id]),
            _("Look"),
        )


def _open_items(employee):
    candidacy = newest_candidacy(employee, employee.position.track)
    if candidacy is None or candidacy.cycle.status != Status.OPEN or is_overtaken(candidacy, employee):
        return
    if not candidacy.computed_at or candidacy.may_sit:
        return
    words = clauses(words_of(finding) for finding in candidacy.findings if not finding["met"])
    title = _("Before you may sit for %(level)s") % {"level": LEVEL_STEPS[candidacy.to_level]}
    yield _item(title, words, reverse("my_exams"), _("Look"), now=False)


def _item(title, text, url, action, *, now=True):
    return {"at": None, "title": title, "text": text, "url": url, "action": action, "now": now}
