from datetime import timedelta
from itertools import count

from assessments.certification.actions import issue_certificate
from assessments.exams.actions.attempts import start_attempt, submit_attempt
from assessments.exams.actions.saving import save_answers
from assessments.exams.models import Blueprint
from assessments.grading.actions.candidates import compute_eligibility
from assessments.grading.actions.cycles import lock_cycle, open_cycle, start_marking, start_sitting
from assessments.grading.actions.panels import seat_examiner, sign_results
from assessments.grading.actions.publication import publish_cycle
from assessments.grading.actions.results import ratify
from assessments.grading.actions.sittings import arrange_sitting, draw_sitting_papers
from assessments.grading.models import ComponentSitting, Cycle, PanelMember
from assessments.practicals.actions import make_practicals, record_sheet
from assessments.practicals.models import Criterion, Rubric
from assessments.questions.models import Question
from lms.common.quarters import first_day, quarter_of
from lms.common.versions import freeze
from lms.people.models import Employee
from tests.factories.assessments import CODE, NINE, RIGHT, WRONG, make_bank, make_blueprint, responses
from tests.factories.people import make_dealer, make_employee

POST = {"service": "advisor", "technical": "technician"}
CRITERIA = [("安全", "Safety", 10), ("流程", "Procedure", 10), ("质量", "Quality", 5)]
STATES = list(Cycle.Status)
_serials = count(1)


def make_rubric(track="technical", level=1, **values):
    """A rubric of 25 points in three criteria."""
    rubric = Rubric.objects.create(**{"name_zh": "实操评分", "name_en": "Practical", "track": track, "level": level, **values})
    for order, (zh, en, most) in enumerate(CRITERIA, start=1):
        Criterion.objects.create(rubric=rubric, name_zh=zh, name_en=en, max_points=most, order=order)
    return rubric


def make_practical(candidate=None, *, markers=None, rubric=None):
    """A practical exam to be scored by `markers` (one coach by itself)."""
    candidate = candidate or make_employee("technician")
    markers = markers or [make_employee("oem_technical_coach", dealer=candidate.dealer)]
    frozen = freeze(rubric or make_rubric(), at=NINE)
    found = make_practicals(candidates=[candidate.pk], rubric=frozen, markers=[m.pk for m in markers])
    return found[candidate.pk]


def points_of(rubric, share=1):
    """{criterion id: points}: this share of the most, rounded down."""
    return {criterion.pk: int(criterion.max_points * share) for criterion in rubric.criteria.all()}


def make_certificate(employee=None, *, level=1, source="", at=NINE):
    employee = employee or make_employee("technician")
    track = employee.position.track or "technical"
    source = source or f"test:{next(_serials)}"
    hr = make_employee("hr_officer", dealer=employee.dealer).user
    return issue_certificate(employee=employee, track=track, level=level, source=source, by=hr, at=at)


def make_panel(cycle):
    """All three seats taken; returns {seat: examiner}. A seat whose holder the dealer has already is given to them."""
    panel = {}
    for seat in PanelMember.SEATS[cycle.track]:
        there = Employee.objects.filter(dealer=cycle.dealer, position__code=seat).first()
        panel[seat] = there or make_employee(seat, dealer=cycle.dealer)
        seat_examiner(cycle=cycle, seat=seat, examiner=panel[seat], by=cycle.opened_by, at=cycle.opened_at)
    return panel


def make_means(track, level):
    """A blueprint and a rubric in use for the level, and a bank to draw from."""
    if not Question.objects.filter(level=level).exists():
        make_bank(level=level)
    if not Blueprint.objects.filter(track=track, level=level).exists():
        make_blueprint(track=track, level=level)
        make_rubric(track=track, level=level)


def make_cycle(state="open", *, track="technical", people=2, dealer=None, by=None, year=2026, quarter=1, opened_at=None, **rules):
    """A cycle taken by the real actions to `state`. `people`: candidates at level 0 to make, or a list of employees.

    From “marking” on: the first candidate does everything right and passes, the last one everything wrong.
    """
    dealer = dealer or make_dealer()
    if isinstance(people, int):
        people = [make_employee(POST[track], dealer=dealer) for _number in range(people)]
    by = by or make_employee("hr_officer", dealer=dealer).user
    opened_at = opened_at or _in_quarter(year, quarter)
    cycle = open_cycle(dealer=dealer, track=track, year=year, quarter=quarter, by=by, at=opened_at, **rules)
    bring_to(cycle, state, by=by)
    return cycle


def _in_quarter(year, quarter):
    """Three weeks before `NINE` where that lies in the quarter; else its fortieth day."""
    usual = NINE - timedelta(days=20)
    return usual if quarter_of(usual.date()) == (year, quarter) else NINE + (first_day(year, quarter) - NINE.date()) + timedelta(days=40)


def bring_to(cycle, state, *, by):
    """Take a cycle on, step by step, until it is in `state`."""
    while STATES.index(cycle.status) < STATES.index(state):
        ADVANCE[cycle.status](cycle, by)
    return cycle


def locked(cycle, by):
    at = cycle.opened_at + timedelta(days=1)
    make_panel(cycle)
    compute_eligibility(cycle=cycle, by=by, at=at)
    for level in cycle.candidacies.values_list("to_level", flat=True).distinct():
        make_means(cycle.track, level)
    lock_cycle(cycle=cycle, by=by, at=at)


def opens_at(cycle):
    return cycle.opened_at + timedelta(days=20)


def sitting(cycle, by):
    at = cycle.opened_at + timedelta(days=2)
    for component in cycle.components.filter(kind="theory").select_related("cycle__dealer", "blueprint"):
        arranged = arrange_sitting(
            component=component,
            opens_at=opens_at(cycle),
            closes_at=opens_at(cycle) + timedelta(hours=2),
            room="培训室",
            access_code=CODE,
            by=by,
            at=at,
        )
        draw_sitting_papers(arranged=arranged, by=by, at=at, seed=7)
    start_sitting(cycle=cycle, by=by, at=at)


def theory_of(cycle, level=1):
    """The component that is sat on paper."""
    return cycle.components.select_related("cycle__dealer", "blueprint").get(kind="theory", level=level)


def arranged_of(cycle):
    """The one sitting of the cycle."""
    found = ComponentSitting.objects.select_related("component__cycle__dealer", "sitting__blueprint")
    return found.get(component__cycle=cycle)


def result_of(candidacy, kind="theory"):
    """What counts of the candidate in one component."""
    return candidacy.results.select_related("component", "paper__sitting", "practical__rubric").get(component__kind=kind, voided_at=None)


def paper_of(candidacy):
    return result_of(candidacy).paper


def practical_of(candidacy, kind="practical"):
    return result_of(candidacy, kind).practical


def sit(candidacy, *, right=True):
    """The theory exam from start to end, everything right or everything wrong."""
    paper = paper_of(candidacy)
    at = paper.sitting.opens_at
    user = candidacy.employee.user
    attempt = start_attempt(paper=paper, access_code=CODE, by=user, at=at)
    table = RIGHT if right else WRONG
    answers = [(item, 1, given) for item, given in responses(paper, table).items()]
    save_answers(attempt_id=attempt.pk, answers=answers, by=user, at=at)
    submit_attempt(attempt=attempt, by=user, at=at + timedelta(minutes=30))
    return attempt


def score(candidacy, *, share=1, marker=None, kind="practical"):
    """A sheet of the practical by one marker (the first by itself), with this share of all points."""
    practical = practical_of(candidacy, kind)
    marker = marker or practical.markers.order_by("pk").first()
    points = points_of(practical.rubric, share)
    return record_sheet(practical=practical, marker=marker, points=points, by=marker.user, at=opens_at(candidacy.cycle))


def score_by_all(candidacy, *, share=1, kind="practical"):
    """A sheet by each of the three, with this share of all points (G3)."""
    markers = practical_of(candidacy, kind).markers.order_by("pk")
    return [score(candidacy, share=share, marker=marker, kind=kind) for marker in markers]


def marking(cycle, by):
    people = list(cycle.candidacies.select_related("cycle", "employee__user").order_by("pk"))
    for number, candidacy in enumerate(people):
        right = number == 0 or number < len(people) - 1
        if candidacy.may_sit:
            sit(candidacy, right=right)
            for kind in candidacy.results.exclude(practical=None).values_list("component__kind", flat=True):
                score_by_all(candidacy, share=1 if right else 0, kind=kind)
    start_marking(cycle=cycle, by=by, at=opens_at(cycle) + timedelta(hours=3))


def ratified(cycle, by):
    ratify(cycle=cycle, by=by, at=opens_at(cycle) + timedelta(hours=4))


def sign_all(cycle, at=None):
    for member in cycle.panel.filter(signed_at=None).select_related("examiner__user", "cycle"):
        sign_results(member=member, by=member.examiner.user, at=at or opens_at(cycle) + timedelta(hours=5))


def published(cycle, by):
    sign_all(cycle)
    publish_cycle(cycle=cycle, by=by, at=opens_at(cycle) + timedelta(hours=6))


ADVANCE = {"open": locked, "locked": sitting, "sitting": marking, "marking": ratified, "ratified": published}

__all__ = [
    "CODE",
    "NINE",
    "arranged_of",
    "bring_to",
    "make_certificate",
    "make_cycle",
    "make_panel",
    "make_practical",
    "make_rubric",
    "opens_at",
    "paper_of",
    "points_of",
    "practical_of",
    "result_of",
    "score",
    "score_by_all",
    "sign_all",
    "sit",
    "theory_of",
]
