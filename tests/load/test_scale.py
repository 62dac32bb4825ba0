"""The scaled world keeps every rule of the product, though it is made in bulk."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Count, F, Max, Q

from assessments.answers.queries import given, reached
from assessments.certification.models import Certificate
from assessments.exams.actions.marks import percentage
from assessments.exams.models import Attempt, PaperItem
from assessments.grading.eligibility import is_eligible
from assessments.grading.models import Candidacy, ComponentResult, Cycle, LevelDecision, PanelMember
from assessments.practicals.queries import practical_scores
from assessments.questions.marking import mark
from courses.training.models import Attendance, Reflection, Session
from courses.training.queries.figures import attendance_in, reflections_owed
from lms.common import triggers
from lms.common.quarters import bounds
from lms.demo.cast import PASSWORD
from lms.people.choices import Track
from lms.people.models import Dealer, Employee, EmploymentEvent
from talent_pool.pay.models import PayChange
from tests.each import each
from tests.load.scale.build import build_dealers

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
QUARTER = (2026, 3)


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Two dealers, made once for all tests here, and undone after them."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        build_dealers(2, seed=7, at=AT)
        yield
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def in_the_world(world, db):
    """Each test in the world as it was made: what a test adds is undone by its own savepoint."""


def test_each_dealer_has_fifty_employees_and_more_with_a_sign_in_each():
    for dealer in each(Dealer.objects.filter(code__startswith="SC")):
        staff = dealer.employees.exclude(status="left").filter(position__is_outside=False)
        assert staff.count() >= 50
        assert not staff.filter(user=None).exists()
        assert not staff.exclude(user__groups__name=F("position__role")).exists()


def test_people_sign_in_with_the_demo_password_unless_they_left():
    assert authenticate(None, username="SC0001020", password=PASSWORD).employee.dealer.code == "SC0001"
    assert authenticate(None, username=Employee.objects.filter(status="left").first().number, password=PASSWORD) is None


def test_everyone_has_a_manager_up_to_the_general_manager_and_a_history_that_begins_with_the_hire():
    top = Employee.objects.filter(position__is_outside=False, manager=None)
    assert set(top.values_list("position__code", flat=True)) == {"general_manager"}
    for person in each(Employee.objects.prefetch_related("history")):
        lines = list(person.history.all())
        assert (lines[0].kind, lines[0].on) == (EmploymentEvent.Kind.HIRED, person.hired_on)
        assert (lines[-1].kind == EmploymentEvent.Kind.LEFT) == (person.status == "left")


def test_a_quarter_of_sessions_is_closed_for_both_programmes_and_they_keep_two_days_apart():
    first, last = bounds(*QUARTER)
    for dealer in each(Dealer.objects.filter(code__startswith="SC")):
        days = {}
        for kind in each(Track.values):
            closed = dealer.sessions.filter(programme__kind=kind, status=Session.Status.CLOSED)
            assert 12 <= closed.count() <= 14
            assert not closed.exclude(on__range=(first, last)).exists()
            days[kind] = list(dealer.sessions.filter(programme__kind=kind).values_list("on", flat=True))
        assert min(abs(one - other) for one in days["service"] for other in days["technical"]) >= timedelta(days=2)


def test_sessions_to_come_are_planned_and_lie_after_today():
    planned = Session.objects.filter(status=Session.Status.PLANNED)
    assert planned.exists()
    assert not planned.filter(on__lte=AT.date()).exists()


def test_turns_to_present_differ_by_at_most_one_among_the_advisors():
    for dealer in each(Dealer.objects.filter(code__startswith="SC")):
        turns = Counter(dealer.sessions.filter(programme__kind="service", is_guest=False).values_list("presenter", flat=True))
        advisors = dealer.employees.filter(position__code="advisor", status="active").values_list("pk", flat=True)
        counts = [turns[pk] for pk in advisors]
        assert max(counts) - min(counts) <= 1
        assert None not in turns


def test_the_findings_of_the_cycle_are_what_training_says():
    cycle = Cycle.objects.filter(dealer__code="SC0001", track=Track.SERVICE).get()
    ids = list(cycle.candidacies.values_list("employee", flat=True))
    attended = attendance_in(ids, bounds(*QUARTER)[0], cycle.locked_at.date())
    owed = reflections_owed(ids, bounds(*QUARTER)[0], cycle.locked_at.date(), cycle.locked_at)
    for candidacy in each(cycle.candidacies.all()):
        found = {finding["rule"]: finding for finding in candidacy.findings}
        there, expected = attended[candidacy.employee_id]
        assert found["attendance"]["have"] == (100 * there // expected if expected else None)
        assert found["reflections"]["have"] == len(owed[candidacy.employee_id])
        assert candidacy.is_eligible == is_eligible(candidacy.findings)
        assert candidacy.findings == [finding.as_found() for finding in candidacy.all_findings.all()]


def test_every_attendance_of_a_closed_session_is_decided():
    assert not Attendance.objects.filter(state=Attendance.State.EXPECTED).exists()
    assert Reflection.objects.filter(submitted_at__isnull=False, score__isnull=True).count() == 0


def test_only_whoever_may_sit_has_a_paper_and_only_who_sat_has_an_outcome():
    assert not ComponentResult.objects.filter(candidacy__is_eligible=False).exists()
    assert not Candidacy.objects.filter(is_eligible=True).exclude(results__paper__isnull=False).exists()
    outcomes = Counter(Candidacy.objects.values_list("outcome", flat=True))
    assert outcomes["passed"] > outcomes["failed"] > 0
    assert set(outcomes) == {"passed", "failed", "excluded"}


def test_an_attempts_score_is_what_its_answers_earned_and_the_answers_are_marked_as_the_product_marks():
    for attempt in each(Attempt.objects.select_related("paper").order_by("pk")[:5]):
        answers = given([attempt.sheet_id])[attempt.sheet_id]
        items = {item.version_id: item for item in PaperItem.objects.filter(paper=attempt.paper).select_related("version")}
        for version, answer in each(answers.items()):
            assert answer.share == mark(items[version].version.content, answer.response)
        points = {version: item.points for version, item in items.items()}
        assert attempt.score == percentage(reached(answers, points), sum(points.values()))


def test_the_practical_score_of_a_candidacy_is_that_of_its_sheets():
    rows = list(ComponentResult.objects.filter(practical__isnull=False)[:20])
    scores = practical_scores([row.practical_id for row in rows])
    assert [row.score for row in rows] == [scores[row.practical_id] for row in rows]


def test_all_three_have_signed_before_anything_was_published():
    for cycle in each(Cycle.objects.annotate(signed=Count("panel", filter=Q(panel__signed_at__lt=F("published_at"))))):
        assert cycle.signed == 3
        assert set(cycle.panel.values_list("seat", flat=True)) == set(PanelMember.SEATS[Track(cycle.track)])


def test_the_levels_on_the_employees_are_those_of_the_awards_and_the_triggers_stood_all_the_while():
    assert triggers.present() == {trigger.name for trigger in triggers.registered()}
    for track in each(Track):
        awarded = dict(LevelDecision.objects.filter(track=track).values_list("employee").annotate(Max("to_level")).order_by())
        held = dict(Employee.objects.exclude(**{f"{track}_level": 0}).values_list("pk", f"{track}_level"))
        assert awarded == held
        assert held


def test_each_award_has_its_certificate_and_its_pay_change():
    awards = LevelDecision.objects.count()
    assert Certificate.objects.filter(decision__isnull=False).count() == Certificate.objects.count() == awards
    assert PayChange.objects.count() == awards
    assert set(PayChange.objects.values_list("status", flat=True)) == {"proposed", "exported"}


def test_the_examiners_of_a_district_are_outside_people_whom_its_dealers_share():
    coaches = PanelMember.objects.filter(seat="oem_service_coach").values_list("examiner", flat=True)
    assert len(coaches) == 2
    assert len(set(coaches)) == 1


def test_making_more_leaves_what_is_there_alone_and_the_same_seed_makes_the_same_people():
    before = list(Employee.objects.filter(dealer__code="SC0002").order_by("number").values_list("pk", "name", "service_level"))
    heard = []
    assert build_dealers(3, seed=7, at=AT, progress=lambda done, count: heard.append((done, count))) == 1
    assert heard == [(3, 3)]
    assert list(Employee.objects.filter(dealer__code="SC0002").order_by("number").values_list("pk", "name", "service_level")) == before
    assert build_dealers(3, seed=7, at=AT) == 0
