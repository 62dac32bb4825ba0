"""Theory sittings with marked attempts, and practicals with the sheets of all three, for everyone whom the cycle lets sit."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from assessments.answers.actions import chained
from assessments.answers.models import AnswerSheet, Mark, Response
from assessments.exams.actions.sealing import seal_sittings
from assessments.exams.actions.sittings import new_access_code
from assessments.exams.models import Attempt, AttemptEvent, Paper, PaperItem, Sitting
from assessments.grading.eligibility import Facts, Rules, findings_of, is_eligible
from assessments.practicals.actions import close_practicals
from assessments.practicals.models import Practical, ScoreSheet, SheetMark
from assessments.practicals.queries import mean
from lms.common.scores import score_of
from lms.people.choices import Track
from tests.load.scale.frame import AIM, BATCH, moment

STAYED_AWAY = 0.02


def percent(points, most):
    return score_of(100 * Fraction(points) / most)


def findings_for(worker):
    facts = Facts(
        level=0,
        on_leave=worker.on_leave,
        attended=worker.attended,
        expected=worker.expected,
        reflections_owed=worker.owed,
        courses_missing=worker.missing,
    )
    return [{name: value for name, value in found.items() if name != "records"} for found in findings_of(facts, Rules())]


def add_exams(frame, stores):
    candidates = {
        (store.dealer.pk, track): [worker for worker in store.track(track) if is_eligible(findings_for(worker))]
        for store in stores
        for track in Track
    }
    _add_theory(frame, stores, candidates)
    _add_practicals(frame, stores, candidates)


def _add_theory(frame, stores, candidates):
    sittings = Sitting.objects.bulk_create([_sitting(frame, store, track) for store in stores for track in Track], batch_size=BATCH)
    papers, of_store = [], {store.dealer.pk: store for store in stores}
    for sitting in sittings:
        store, track = of_store[sitting.dealer_id], sitting.blueprint.track
        for worker in candidates[sitting.dealer_id, track]:
            ready = store.random.choice(frame.papers[track])
            worker.paper = Paper(sitting=sitting, candidate=worker.employee, seed=ready.seed, drawn_at=moment(frame.locked_on, 18))
            papers.append((store, worker, ready))
    Paper.objects.bulk_create([worker.paper for _store, worker, _ready in papers], batch_size=BATCH)
    items = [item for _store, worker, ready in papers for item in _items(worker.paper, ready)]
    PaperItem.objects.bulk_create(items, batch_size=BATCH)
    _add_attempts(papers)
    seal_sittings(sittings=[sitting.pk for sitting in sittings], at=frame.published_at - timedelta(days=2))
    show = Sitting.objects.filter(pk__in=[sitting.pk for sitting in sittings])
    show.update(results_at=frame.published_at)


def _sitting(frame, store, track):
    blueprint = frame.blueprints[track]
    opens_at = moment(frame.sat_on, 9 if track == Track.SERVICE else 14)
    year, quarter = frame.quarter
    return Sitting(
        dealer=store.dealer,
        blueprint=blueprint,
        title_zh=f"{blueprint.name_zh} {year}年第{quarter}季度",
        title_en=f"{blueprint.name_en}, {year} Q{quarter}",
        level=AIM,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=2),
        minutes=blueprint.minutes,
        pass_mark=blueprint.pass_mark,
        room="培训室",
        access_code=new_access_code(),
        invigilator=store.head("information_assistant"),
        status=Sitting.Status.CLOSED,
    )


def _items(paper, ready):
    for number, item in enumerate(ready.items, start=1):
        yield PaperItem(paper=paper, number=number, version_id=item.version_id, points=item.points, option_order=item.option_order)


def _add_attempts(papers):
    """An answer to nearly every question, marked; the score of an attempt is what its answers earned."""
    sat = []
    for store, worker, ready in papers:
        if store.random.random() >= STAYED_AWAY:
            attempt = _attempt(worker, store.random)
            given = list(_answers(attempt, worker, ready, store.random))
            earned = sum(item.points for item, right, _row in given if right)
            worker.theory_score = attempt.score = percent(earned, ready.most)
            sat.append((attempt, given))
    attempts = [attempt for attempt, _given in sat]
    for attempt, sheet in zip(attempts, AnswerSheet.objects.bulk_create(map(_sheet_of, attempts), batch_size=BATCH), strict=True):
        attempt.sheet = sheet
    Attempt.objects.bulk_create(attempts, batch_size=BATCH)
    rows = [row for attempt, given in sat for row in chained(attempt.sheet_id, [row for _item, _right, row in given])]
    Response.objects.bulk_create(rows, batch_size=BATCH)
    marked = [(attempt.marked_at, item, right) for attempt, given in sat for item, right, _row in given]
    Mark.objects.bulk_create(
        [
            Mark(response=row, key_id=item.version_id, rule=item.rule, earned=int(right), possible=1, marked_at=at)
            for row, (at, item, right) in zip(rows, marked, strict=True)
        ],
        batch_size=BATCH,
    )
    Kind = AttemptEvent.Kind
    AttemptEvent.objects.bulk_create(
        [
            AttemptEvent(attempt=attempt, kind=kind, at=at)
            for attempt in attempts
            for kind, at in ((Kind.STARTED, attempt.started_at), (Kind.SUBMITTED, attempt.submitted_at))
        ],
        batch_size=BATCH,
    )


def _attempt(worker, chance):
    sitting = worker.paper.sitting
    started_at = sitting.opens_at + timedelta(seconds=chance.randint(20, 900))
    submitted_at = started_at + timedelta(seconds=chance.randint(900, 60 * sitting.minutes - 60))
    return Attempt(
        paper=worker.paper,
        status=Attempt.Status.MARKED,
        started_at=started_at,
        ends_at=started_at + timedelta(minutes=sitting.minutes),
        submitted_at=submitted_at,
        marked_at=submitted_at + timedelta(seconds=2),
    )


def _sheet_of(attempt):
    return AnswerSheet(person=attempt.paper.candidate, opened_at=attempt.started_at)


def _answers(attempt, worker, ready, chance):
    """(item, whether it is right, what a row of the answer sheet holds) for each question."""
    length = (attempt.submitted_at - attempt.started_at) / (len(ready.items) + 1)
    for place, item in enumerate(ready.items, start=1):
        right = 100 * chance.random() < worker.theory
        yield item, right, (item.version_id, place, item.right if right else item.wrong, attempt.started_at + place * length)


def _add_practicals(frame, stores, candidates):
    made = []
    for store in stores:
        for track in Track:
            panel = list(store.panel(track).values())
            for worker in candidates[store.dealer.pk, track]:
                worker.practical = Practical(candidate=worker.employee, rubric=frame.rubrics[track])
                made.append((store, worker, panel))
    practicals = Practical.objects.bulk_create([worker.practical for _store, worker, _panel in made], batch_size=BATCH)
    seats = Practical.markers.through
    seats.objects.bulk_create(
        [seats(practical=worker.practical, employee=examiner) for _store, worker, panel in made for examiner in panel], batch_size=BATCH
    )
    scored = []
    for store, worker, panel in made:
        if worker.theory_score is not None:
            sheets = [_sheet(frame, store, worker, examiner) for examiner in panel]
            worker.practical_score = mean([sheet.score for sheet, _marks in sheets])
            scored += sheets
    ScoreSheet.objects.bulk_create([sheet for sheet, _marks in scored], batch_size=BATCH)
    SheetMark.objects.bulk_create([mark for _sheet, marks in scored for mark in marks], batch_size=BATCH)
    close_practicals(practicals=[practical.pk for practical in practicals])


def _sheet(frame, store, worker, examiner):
    sheet = ScoreSheet(practical=worker.practical, marker=examiner, marked_at=moment(frame.sat_on, 17), marked_by=examiner.user)
    marks, most = [], 0
    for criterion in worker.practical.rubric.criteria.all():
        share = min(100, max(0, worker.practice + store.random.randint(-12, 12)))
        marks.append(SheetMark(sheet=sheet, criterion=criterion, points=Decimal(round(criterion.max_points * share / 100))))
        most += criterion.max_points
    sheet.score = percent(sum(mark.points for mark in marks), most)
    return sheet, marks
