"""What stands between a cycle and its next state, in words (G5). An empty list means: the step may be taken."""

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments.exams.models import Attempt, Paper, Sitting
from assessments.grading.eligibility import TOP
from assessments.grading.kinds.registry import any_kind, kinds
from assessments.grading.models import Candidacy, Cycle, PanelMember
from assessments.grading.queries.components import has_sittings, results_of, sittings_of
from assessments.grading.queries.judging import sheets_missing, some
from assessments.grading.queries.panels import misfit_of, panel_of, seats_open
from assessments.grading.queries.records import admitted, levels_admitted, people_in_track, steps_of_the_quarter, under_way
from courses.training.queries.figures import closed_after, left_open
from lms.common.bilingual import gettext as _
from lms.common.bilingual import ngettext
from lms.common.days import day, moment
from lms.common.quarters import bounds
from lms.people.choices import LEVEL_STEPS
from lms.people.models import Employee

STATES = list(Cycle.Status)


def next_state(cycle):
    """The state after this one, or None after the last."""
    here = STATES.index(Cycle.Status(cycle.status))
    return STATES[here + 1] if here + 1 < len(STATES) else None


def stepper_of(cycle):
    here = STATES.index(Cycle.Status(cycle.status))
    return [
        {"label": state.label, "state": "done" if number < here else "here" if number == here else "todo"}
        for number, state in enumerate(STATES)
    ]


def missing_for(cycle, state=None, *, at=None):
    """All that is still missing for the cycle's next state, as sentences. `state` may name it; any other one is out of turn."""
    following = next_state(cycle)
    if state is not None and state != following:
        return [
            _("From “%(here)s” the next step is “%(next)s”.")
            % {"here": cycle.get_status_display(), "next": following.label if following else "–"}
        ]
    return missing_to_become(cycle, following, at=at) if following else []


def missing_to_become(cycle, state, *, at=None):
    """What is missing for `state`, whatever state the cycle is in: for a step that has claimed its state and now checks."""
    return list(_GUARDS[state](cycle, at or timezone.now()))


def _for_open(cycle, at):
    if people_in_track(cycle.dealer, cycle.track, at).filter(**{f"{cycle.track}_level__lt": TOP}).exists():
        return []
    return [_("Nobody at this dealer is in a position of this track below level 3, so there is nobody to examine.")]


def _for_lock(cycle, at):
    panel = [*_panel_missing(cycle), *_panel_unfit(cycle)]
    return [*panel, *_training_missing(cycle, at), *_eligibility_missing(cycle, at), *_means_missing(cycle)]


def _panel_missing(cycle, panel=None):
    return [_("The panel has no %(seat)s yet.") % {"seat": PanelMember.Seat(seat).label} for seat in seats_open(cycle, panel)]


def _panel_unfit(cycle):
    """Who was seated and has changed post or dealer since."""
    return filter(None, (misfit_of(cycle, member.seat, member.examiner) for member in panel_of(cycle)))


def _training_missing(cycle, at):
    """Only closed sessions count: whoever leaves one open takes it from the attendance of all."""
    sessions = list(left_open(cycle.dealer_id, *bounds(cycle.year, cycle.quarter), track=cycle.track, at=at))
    if sessions:
        yield _(
            "Training of this quarter is over and not closed yet: %(days)s. Only closed sessions count. Its organiser closes what was held "
            "and cancels what was not; then compute eligibility again."
        ) % {"days": some([day(one.on) for one in sessions])}


def _eligibility_missing(cycle, at):
    candidacies = cycle.candidacies.select_related("employee")
    if any(c.computed_at is None for c in candidacies):
        yield _("Eligibility has not been computed for everyone yet.")
    computed = min((c.computed_at for c in candidacies if c.computed_at), default=None)
    quarter = bounds(cycle.year, cycle.quarter)
    if computed and closed_after(cycle.dealer_id, *quarter, track=cycle.track, since=computed, at=at).exists():
        yield _("Compute eligibility again: training of this quarter has been closed since, and its attendance counts.")
    moved = [c.employee.name for c in candidacies if c.employee.level_in(cycle.track) != c.from_level and c.may_sit]
    if moved:
        yield _("Compute eligibility again: the level of %(names)s has changed since.") % {"names": some(moved)}
    if not any(c.may_sit for c in candidacies):
        yield _("Nobody may sit yet: every candidate has something open. What it is stands beside each name.")
    both = _names(admitted(cycle), under_way(cycle).filter(cycle__dealer=cycle.dealer))
    if both:
        yield _("Another cycle with %(names)s is not published yet. One step at a time: publish that one first.") % {"names": some(both)}
    elsewhere = _names(admitted(cycle), under_way(cycle).exclude(cycle__dealer=cycle.dealer))
    if elsewhere:
        yield _("Compute eligibility again: %(names)s are being examined at another dealer by now.") % {"names": some(elsewhere)}
    risen = _names(admitted(cycle), steps_of_the_quarter(cycle))
    if risen:
        yield _("Compute eligibility again: %(names)s have had a step in this quarter by now.") % {"names": some(risen)}


def _names(candidacies, rows):
    """Of those among `candidacies` about whom there are `rows`."""
    found = candidacies.filter(employee__in=rows.order_by().values("employee")).order_by("employee__number")
    return found.values_list("employee__name", flat=True)


def _means_missing(cycle):
    for level in levels_admitted(cycle):
        for kind in (kind for kind in kinds(cycle.track) if kind.is_needed):
            if not kind.is_usable(kind.means(cycle.track, level)):
                yield kind.lacking(level)


def _for_sitting(cycle, at):
    left = results_of(cycle).filter(component__in=cycle.components.filter(has_sittings()), paper=None)
    without = {}
    for result in left.select_related("component", "candidacy__employee").order_by("component__level", "candidacy__employee__number"):
        without.setdefault(result.component, []).append(result)
    for component, results in without.items():
        nowhere = [result.candidacy.employee.name for result in results if result.sitting_id is None]
        if nowhere:
            words = {"level": LEVEL_STEPS[component.level], "names": some(nowhere)}
            yield _("No sitting is arranged for %(level)s yet for %(names)s.") % words
        else:
            yield _("The papers for %(level)s are not drawn yet.") % {"level": LEVEL_STEPS[component.level]}


def _for_marking(cycle, at):
    papers = Paper.objects.filter(sitting=OuterRef("sitting")).order_by().values("sitting").annotate(count=Count("pk")).values("count")
    under_way = Coalesce(Subquery(papers.filter(attempt__status=Attempt.Status.IN_PROGRESS)), 0)
    may_begin = Exists(Paper.objects.filter(sitting=OuterRef("sitting"), attempt=None))
    for arranged in sittings_of(cycle).annotate(under_way=under_way, may_begin=may_begin):
        level, sitting = LEVEL_STEPS[arranged.component.level], arranged.sitting
        if arranged.under_way:
            yield ngettext(
                "%(level)s: %(count)d person is still writing.",
                "%(level)s: %(count)d people are still writing.",
                arranged.under_way,
            ) % {"level": level, "count": arranged.under_way}
        elif sitting.status != Sitting.Status.CLOSED and sitting.closes_at > at and arranged.may_begin:
            yield _("%(level)s: the sitting is open until %(time)s and not everyone has begun.") % {
                "level": level,
                "time": moment(sitting.closes_at),
            }


def _for_ratification(cycle, at):
    yield from _for_marking(cycle, at)  # a further sitting may have been set since
    unmarked = results_of(cycle).filter(any_kind("unmarked")).count()
    if unmarked:
        yield ngettext("%(count)d theory paper is not marked yet.", "%(count)d theory papers are not marked yet.", unmarked) % {
            "count": unmarked
        }
    yield from sheets_missing(cycle)
    for member in _left(panel_of(cycle)):
        yield _("%(name)s (%(seat)s) has left and can't sign. Give the seat to someone else.") % _named(member)


def _left(panel):
    return [member for member in panel if not member.examiner.is_here]


def _named(member):
    return {"name": member.examiner.name, "seat": member.get_seat_display()}


def _for_publication(cycle, at):
    panel = list(panel_of(cycle))
    yield from _panel_missing(cycle, panel)
    for member in _left(member for member in panel if member.signed_at is None):
        yield _(
            "%(name)s (%(seat)s) has left and can't sign. Take the results back to marking and give the seat to someone else."
        ) % _named(member)
    yield from sheets_missing(cycle)
    for member in (member for member in panel if member.signed_at is None):
        yield _("%(name)s (%(seat)s) has not signed yet.") % _named(member)
    passed = cycle.candidacies.filter(outcome=Candidacy.Outcome.PASSED).exclude(employee__status=Employee.Status.LEFT)
    risen_by_now = Exists(steps_of_the_quarter(cycle).filter(employee=OuterRef("employee")))
    passed = list(passed.select_related("employee").annotate(risen=risen_by_now).order_by("employee__number"))
    moved = [c.employee.name for c in passed if c.employee.level_in(cycle.track) != c.from_level]
    if moved:
        yield _("%(names)s no longer hold the level that they start from, and nobody rises two steps at once.") % {"names": some(moved)}
    risen = [c.employee.name for c in passed if c.risen]
    if risen:
        yield _(
            "%(names)s have had a step in this quarter already, and nobody rises twice in one. Take the results back to marking and void "
            "what they sat."
        ) % {"names": some(risen)}


def _for_close(cycle, at):
    if cycle.followed_up_at is None:
        yield _("Pay changes and notices have not followed yet; they do so by themselves, within a day at the latest.")


_GUARDS = {
    Cycle.Status.OPEN: _for_open,
    Cycle.Status.LOCKED: _for_lock,
    Cycle.Status.SITTING: _for_sitting,
    Cycle.Status.MARKING: _for_marking,
    Cycle.Status.RATIFIED: _for_ratification,
    Cycle.Status.PUBLISHED: _for_publication,
    Cycle.Status.CLOSED: _for_close,
}
