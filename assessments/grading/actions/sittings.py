"""When and where the components of a cycle are sat: as many sittings as it takes, a paper for everyone."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from assessments.exams.actions.sittings import create_sitting, draw_papers, schedule_sitting
from assessments.exams.models import Paper
from assessments.exams.queries import voided_by
from assessments.grading.actions.guarding import check_hands, check_state
from assessments.grading.models import ComponentResult, ComponentSitting, Cycle
from assessments.grading.models.components import LIVE
from assessments.grading.queries.components import results_of, waiting_for_date
from assessments.grading.queries.judging import some
from lms.audit.actions import event_of, record_events
from lms.common.bilingual import gettext as _
from lms.common.states import Refused
from lms.jobs.actions import start_job
from lms.notifications.actions import notify
from lms.people.choices import Level, Track

# A first date while the cycle is locked; another one for whoever missed it, or whose attempt was voided, until results are fixed.
ARRANGED = [Cycle.Status.LOCKED, Cycle.Status.SITTING, Cycle.Status.MARKING]


@transaction.atomic
def arrange_sitting(*, component, opens_at, closes_at, candidacies=(), room="", access_code="", invigilator=None, minutes=None, by, at):
    """Set a sitting for those of a component who have no date yet, or missed theirs, or whose attempt was voided.

    All of them, or those among `candidacies`. What they had is voided and stays on record; nobody gives another date to whose
    attempt they voided, or one pair of hands could have somebody sit until they pass. Returns the `ComponentSitting`.
    """
    cycle = component.cycle
    check_hands(cycle, by)
    check_state(cycle, *ARRANGED)
    _check_facts(cycle, opens_at, invigilator, at)
    results = _who_sits(component, candidacies, at)
    _check_others_voided(results, by)
    sitting = create_sitting(
        dealer=cycle.dealer,
        blueprint=component.blueprint,
        **_titles(cycle, component),
        level=component.level,
        opens_at=opens_at,
        closes_at=closes_at,
        minutes=minutes,
        room=room,
        access_code=access_code,
        invigilator=invigilator,
        by=by,
        at=at,
    )
    arranged = ComponentSitting.objects.create(component=component, sitting=sitting)
    _give_date(results, arranged, by, at)
    return arranged


def _check_facts(cycle, opens_at, invigilator, at):
    if opens_at <= at:
        raise Refused(_("The exam would begin in the past. Choose a later time."), field="opens_at")
    if invigilator is not None and cycle.candidacies.filter(employee=invigilator).exists():
        raise Refused(
            _("%(name)s is a candidate of this cycle and can't watch over its exams. Choose another invigilator.")
            % {"name": invigilator.name},
            field="invigilator",
        )


def _who_sits(component, candidacies, at):
    waiting = list(waiting_for_date(component, at))
    if not waiting:
        raise Refused(_("Everyone who may sit here has a date or has sat. Move that sitting instead of setting another."))
    wanted = {candidacy.pk for candidacy in candidacies}
    if wanted - {result.candidacy_id for result in waiting}:
        raise Refused(_("Someone chosen here has a date or has sat already. Open the page again."), field="candidacies")
    return [result for result in waiting if not wanted or result.candidacy_id in wanted]


def _check_others_voided(results, by):
    """The refusal names them, so that whoever else waits can be given a date meanwhile."""
    attempts = {result.paper.attempt.pk: result for result in results if result.paper_id and hasattr(result.paper, "attempt")}
    own = voided_by(by, attempts) if attempts else []
    if own:
        names = some(attempts[pk].candidacy.employee.name for pk in sorted(own))
        words = _("You voided the attempt of %(names)s, so somebody else of HR sets the other date. Leave them out, or ask group HR.")
        raise Refused(words % {"names": names}, field="candidacies")


def _give_date(results, arranged, by, at):
    """A paper that was there is voided with its result, and another result takes its place."""
    replaced = [result for result in results if result.paper_id]
    for result in replaced:
        result.voided_at, result.voided_by, result.voided_reason = at, by, _why(result)
    ComponentResult.objects.bulk_update(replaced, ["voided_at", "voided_by", "voided_reason"], batch_size=200)
    ComponentResult.objects.filter(pk__in=[result.pk for result in results if not result.paper_id]).update(sitting=arranged)
    ComponentResult.objects.bulk_create(
        [ComponentResult(candidacy_id=result.candidacy_id, component_id=result.component_id, sitting=arranged) for result in replaced]
    )
    record_events(
        [
            event_of("candidacy.sits_again", target=result.candidacy, by=by, at=at, after={"reason": result.voided_reason})
            for result in replaced
        ]
    )


def _why(result):
    attempt = getattr(result.paper, "attempt", None)
    return attempt.voided_reason if attempt is not None else _("Did not begin at the time set.")


@transaction.atomic
def move_sitting(*, arranged, opens_at, closes_at, room="", invigilator=None, by, at, shown=None):
    """Another time, room or invigilator, until someone has begun; whoever has a paper there is told."""
    cycle = arranged.component.cycle
    check_hands(cycle, by)
    check_state(cycle, *ARRANGED)
    _check_facts(cycle, opens_at, invigilator, at)
    if ComponentResult.objects.filter(paper__sitting=arranged.sitting_id).exclude(LIVE).exists():
        raise Refused(_("Someone of this sitting has been given another date, so it stays where it was. Set a further sitting instead."))
    facts = {"opens_at": opens_at, "closes_at": closes_at, "room": room, "invigilator": invigilator}
    schedule_sitting(sitting=arranged.sitting, **facts, by=by, at=at, shown=shown)
    arranged.sitting.refresh_from_db()
    tell_dates(arranged=arranged)
    return arranged


def _titles(cycle, component):
    titles = {}
    for field, language in (("title_zh", "zh-hans"), ("title_en", "en")):
        with override(language):
            words = {"year": cycle.year, "quarter": cycle.quarter, "track": Track(cycle.track).label, "exam": component.exam}
            titles[field] = _("%(track)s, %(level)s: %(exam)s, %(year)d Q%(quarter)d") % {**words, "level": Level(component.level).label}
    return titles


@transaction.atomic
def ask_for_papers(*, arranged, seed, by, at):
    """Have the papers of one sitting drawn by a job."""
    cycle = arranged.component.cycle
    _check_draw(cycle, by)
    params = {"cycle_id": cycle.pk, "sitting_id": arranged.pk, "seed": str(seed)}
    return start_job(kind="grading.draw_papers", key=f"sitting:{arranged.pk}", params=params, by=by)


def draw_sitting_papers(*, arranged, by, at, seed, progress=None):
    """Draw the papers of everyone who sits here, tie each to its result and tell people when and where. Repeatable."""
    cycle = arranged.component.cycle
    with transaction.atomic():
        _check_draw(cycle, by)
    results = arranged.results.filter(LIVE).select_related("candidacy__employee").order_by("candidacy__employee")
    people = [result.candidacy.employee for result in results]
    drawn = draw_papers(sitting=arranged.sitting, candidates=people, by=by, at=at, seed=seed, progress=progress)
    with transaction.atomic():
        link_papers(cycle=cycle)
        tell_dates(arranged=arranged)
    return drawn


def _check_draw(cycle, by):
    """As long as dates are given; and while everyone has a paper, so that a draw that was interrupted can still tell people of it."""
    check_hands(cycle, by)
    check_state(cycle, *ARRANGED)


def link_papers(*, cycle):
    """Tie each paper of the cycle's sittings to its candidate's result."""
    loose = list(results_of(cycle).filter(sitting__isnull=False, paper=None).select_related("sitting", "candidacy"))
    papers = Paper.objects.filter(sitting__in=[result.sitting.sitting_id for result in loose])
    drawn = {(sitting, person): pk for sitting, person, pk in papers.values_list("sitting", "candidate", "pk")}
    for result in loose:
        result.paper_id = drawn.get((result.sitting.sitting_id, result.candidacy.employee_id))
    ComponentResult.objects.bulk_update([result for result in loose if result.paper_id], ["paper"], batch_size=500)


def tell_dates(*, arranged):
    """Tell everyone with a paper when and where; a changed time or room is told again."""
    sitting = arranged.sitting
    papers = Paper.objects.filter(sitting=sitting).select_related("candidate")
    notify(
        kind="grading_sitting",
        people=[paper.candidate for paper in papers],
        key=f"sitting:{sitting.pk}:{int(sitting.opens_at.timestamp())}:{sitting.room}",
        context={"level": sitting.level, "opens": sitting.opens_at.isoformat(), "room": sitting.room, "minutes": sitting.minutes},
        url=reverse("my_exams"),
    )
