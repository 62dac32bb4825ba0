"""The demo is built by the product's own actions, so this is a smoke test of two years at two dealers."""

from collections import Counter
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F

from assessments.certification.queries import certified_share
from assessments.exams.models import Attempt, Sitting
from assessments.grading.models import Candidacy, Cycle, LevelDecision
from assessments.practicals.models import Practical
from assessments.questions.models import Question
from courses.catalogue.models import CoursePage
from courses.learning.models import Enrolment
from courses.training.models import Attendance, Session
from lms.audit.models import Event
from lms.common.quarters import first_day
from lms.demo import cast
from lms.demo.stages import seed_demo
from lms.demo.training import GUESTS, times_of
from lms.notifications.models import Notice
from lms.people.models import Employee, EmploymentEvent, Leave
from talent_pool.interns.models import Placement, WeeklyLog
from talent_pool.labour.models import Finding
from talent_pool.onboarding.models import TaskBook
from talent_pool.pay.models import PayChange
from talent_pool.schools.models import Agreement, TargetedClass
from talent_pool.selection.models import Offer, Ranking
from talent_pool.selection.queries.rankings import decisions_of, places_of, standing_of
from tests.each import each
from tests.factories import make_employee

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)


def what_stands():
    """The world in a few plain lists, without the numbers that a database gives."""
    return {
        "levels": list(Employee.objects.order_by("number").values_list("number", "service_level", "technical_level")),
        "attendance": sorted(Attendance.objects.values_list("session__on", "session__programme__kind", "employee__number", "state")),
        "scores": sorted(Attempt.objects.values_list("paper__candidate__number", "started_at", "score")),
        "awards": sorted(LevelDecision.objects.values_list("employee__number", "year", "quarter", "to_level")),
        "pay": sorted(PayChange.objects.values_list("employee__number", "effective_on", "status")),
    }


@pytest.mark.moments  # two whole worlds: a minute that `make moments` has
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL goes on numbering after a rollback, and papers are drawn by number")
def test_the_same_seed_makes_the_same_world():
    with transaction.atomic():
        seed_demo(stage="sat", seed=5, at=AT, history=2)
        before = what_stands()
        transaction.set_rollback(True)
    seed_demo(stage="sat", seed=5, at=AT, history=2)
    assert what_stands() == before


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The world, made once for all tests here that look at it, and undone after them; where it cannot be made, at once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed_demo(stage="sat", seed=5, at=AT)
        transaction.set_rollback(True)


@pytest.fixture
def world(made, db):
    """Each test in the world as it was made: what a test adds is undone by its own savepoint."""
    return made


def test_every_rule_holds_in_the_demo(world):
    call_command("check_integrity")


def test_the_shares_that_the_product_is_about_stand(world):
    share = {row["position"].code: (row["certified"], row["total"]) for row in certified_share(world.dealers[0], AT.date())}
    assert (share["technician"], share["advisor"]) == ((9, 18), (3, 8))


def test_there_is_enough_to_learn_and_to_be_asked(world):
    assert CoursePage.objects.filter(locale__language_code="en").count() == 14
    assert Question.objects.filter(in_exams=True).count() >= 240


def test_the_present_quarter_stands_at_its_stage_and_payroll_at_each_of_its_own(world):
    assert set(Cycle.objects.filter(year=2026, quarter=4).values_list("status", flat=True)) == {"sitting"}
    assert {"proposed", "approved", "countersigned", "exported"} == set(PayChange.objects.values_list("status", flat=True))


def test_access_codes_are_made_up_and_not_told_by_year_and_level(world):
    codes = list(Sitting.objects.values_list("access_code", flat=True))
    assert len({*codes}) == len(codes) > 4


def test_eight_quarters_were_graded_and_about_a_third_passed(world):
    quarters = Cycle.objects.filter(status="closed").values_list("year", "quarter").distinct()
    assert sorted(quarters.order_by()) == world.quarters[:-1]
    assert len(world.quarters) == 9
    outcomes = Counter(Candidacy.objects.filter(cycle__status="closed").values_list("outcome", flat=True))
    assert 0.27 < outcomes["passed"] / (outcomes["passed"] + outcomes["failed"]) < 0.42
    assert outcomes["missed"]


def test_the_same_people_are_at_each_level_and_at_none(world):
    """Neither has everyone risen to the top, nor did nobody."""
    for field, track in (("service_level", "service"), ("technical_level", "technical")):
        levels = Counter(Employee.objects.filter(position__track=track).exclude(status="left").values_list(field, flat=True))
        assert min(levels[level] for level in range(4)) >= 1, (track, levels)


def test_three_score_each_practical_exam(world):
    sheets = Practical.objects.annotate(scored=Count("sheets")).filter(scored__gt=0)
    assert set(sheets.values_list("scored", flat=True)) == {3}


def test_people_came_left_came_back_and_changed_dealers(world):
    """Of the staff of the cast: students come, become interns and staff besides."""
    since = EmploymentEvent.objects.filter(on__gte=first_day(*world.quarters[0]), employee__number__in=world.traits)
    told = Counter(since.values_list("kind", flat=True))
    by_cast = Counter(move.what for move in cast.MOVES)
    assert (told["left"], told["returned"], told["transferred"]) == (by_cast["left"], by_cast["returned"], by_cast["transferred"])
    assert told["hired"] == sum(bool(person.joined) for person in world.traits.values())
    assert not EmploymentEvent.objects.filter(kind="left", reason="").exists()


def test_whoever_has_left_was_neither_trained_nor_examined_nor_told_anything_after(world):
    gone = Employee.objects.filter(status="left")
    assert gone.exists()
    for person in each(gone):
        assert not person.attendances.filter(session__on__gt=person.left_on).exists()
        assert not Attempt.objects.filter(paper__candidate=person, started_at__date__gt=person.left_on).exists()
        assert not Notice.objects.filter(recipient=person.user, created_at__date__gt=person.left_on).exists()


def test_leave_excuses_from_the_sessions_of_its_days(world):
    assert Leave.objects.count() == len(cast.AWAY)
    missed = Attendance.objects.filter(
        session__on__gte=F("employee__leaves__starts_on"), session__on__lte=F("employee__leaves__ends_on"), session__status="closed"
    )
    assert set(missed.values_list("state", flat=True)) == {"excused"}


def test_nobody_presents_on_a_day_of_leave_and_the_record_says_who_does_instead(world):
    away = Session.objects.filter(on__gte=F("presenter__leaves__starts_on"), on__lte=F("presenter__leaves__ends_on"))
    assert not away.exclude(status="cancelled").exists()
    named = Event.objects.filter(verb="training.presenter_named")
    assert named.exists()
    for event in each(named):
        presenter = Employee.objects.get(pk=event.after["presenter"])
        assert event.after["reason"].endswith(f"，由{presenter.name}主讲。")


def test_guests_fit_the_track(world):
    for kind, names in each(GUESTS.items()):
        guests = Session.objects.filter(programme__kind=kind, status="closed", is_guest=True).values_list("guest_name", flat=True)
        assert set(guests) <= set(names)
        assert len(guests) > 3


def test_notices_bear_the_time_of_what_they_tell(world):
    first = first_day(*world.quarters[0])
    assert Notice.objects.filter(created_at__date__lt=first + timedelta(days=120), kind="training_reflection").exists()
    assert not Notice.objects.filter(created_at__gt=AT).exists()
    assert not Notice.objects.filter(read_at__lt=F("created_at")).exists()
    assert Notice.objects.filter(kind="training_material_due").exists()
    unread = Notice.objects.filter(read_at__isnull=True)
    assert 0 < unread.count() < Notice.objects.count() / 20


def test_two_schools_send_students_whose_classes_follow_the_brand_s_courses(world):
    states = Counter(one.state_on(world.today) for one in Agreement.objects.all())
    assert states == {"expired": 1, "in_force": 1, "ending": 1}
    assert Agreement.objects.get(renews__isnull=False).renews.state_on(world.today) == "expired"
    for one in each(TargetedClass.objects.all()):
        members = one.students.count()
        assert members == Enrolment.objects.filter(employee__student__targeted_class=one, course=one.courses.first().course).count() >= 10


def test_one_batch_is_ranked_with_a_tie_to_decide_and_one_grade_missing(world):
    ranking = Ranking.objects.get(batch__dealer=world.dealers[0])
    rows = places_of(ranking)
    assert [row.place for row in rows] == [1, 2, 2, 4, None]
    _final, _tied, is_open = standing_of(rows, decisions_of(ranking))
    assert list(is_open) == [2]
    assert sorted(Offer.objects.values_list("status", flat=True)) == ["accepted", "declined", "probation"]


def test_one_batch_is_under_way_and_one_of_it_may_not_start(world):
    placements = Placement.objects.filter(batch__starts_on__lte=world.today, batch__ends_on__gt=world.today)
    assert Counter(placements.values_list("stage", flat=True)) == {"under_way": 5, "placed": 1}
    for one in each(placements):
        assert one.rotations.exclude(mentor=None).exists()
    blocking = Finding.objects.filter(gone_at=None, severity="block").values_list("rule", "place")
    assert list(blocking) == [("guardian_consent", str(placements.get(stage="placed").pk))]
    assert Finding.objects.filter(gone_at=None, severity="warn", rule="overtime").exists()


def test_the_personas_of_the_pipeline_have_something_to_do(world):
    book = TaskBook.objects.get(newcomer__student__code="QJ1011")
    assert book.mentor.number == "YT01032"
    assert book.alone_on is None
    logs = WeeklyLog.objects.filter(placement__person=book.newcomer)
    assert logs.filter(answered_by=book.mentor.user).exists()
    assert logs.filter(answered_at=None).exists()


def test_it_is_not_built_where_people_are(world):
    with pytest.raises(CommandError, match="holds people already"):
        call_command("seed_demo")


def test_a_database_with_real_people_is_refused():
    make_employee()
    before = Employee.objects.count()
    with pytest.raises(CommandError, match="holds people already"):
        call_command("seed_demo", stage="planned")
    assert Employee.objects.count() == before


@pytest.mark.parametrize("day", range(7))
@pytest.mark.parametrize("hour", [0, 7, 11, 12, 19, 23])
def test_service_training_is_today_and_technical_training_well_apart(day, hour):
    now = datetime(2026, 11, 23 + day, hour, 35, tzinfo=ZONE)
    times = times_of(now)
    (service, starts_at), (technical, _morning) = times["service"], times["technical"]
    assert service == day
    assert 2 <= abs(service - technical) <= 5
    assert technical < 5
    assert starts_at <= time(11) or time(12) <= starts_at < time(20), "an hour from then lies within one half-day"
