"""The demo is built by the product's own actions, so this is a smoke test of a year at two dealers."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from assessments.certification.queries import certified_share
from assessments.exams.models import Attempt, Sitting
from assessments.grading.models import Cycle, LevelDecision
from assessments.questions.models import Question
from courses.catalogue.models import CoursePage
from courses.training.models import Attendance
from lms.demo.stages import seed_demo
from lms.people.models import Employee
from talent_pool.pay.models import PayChange
from tests.factories import make_employee

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


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
        seed_demo(stage="sat", seed=5, at=AT)
        before = what_stands()
        transaction.set_rollback(True)
    seed_demo(stage="sat", seed=5, at=AT)
    assert what_stands() == before


def test_every_rule_holds_in_the_demo():
    world = seed_demo(stage="sat", seed=5, at=AT)
    call_command("check_integrity")

    share = {row["position"].code: (row["certified"], row["total"]) for row in certified_share(world.dealers[0], AT.date())}
    assert (share["technician"], share["advisor"]) == ((9, 18), (3, 8))
    assert CoursePage.objects.filter(locale__language_code="en").count() == 14
    assert Question.objects.filter(in_exams=True).count() >= 240
    assert set(Cycle.objects.filter(year=2026, quarter=4).values_list("status", flat=True)) == {"sitting"}
    codes = list(Sitting.objects.values_list("access_code", flat=True))
    assert len({*codes}) == len(codes) > 4  # made up, not told by year and level
    assert {"proposed", "approved", "countersigned", "exported"} == set(PayChange.objects.values_list("status", flat=True))
    with pytest.raises(CommandError, match="holds people already"):
        call_command("seed_demo")


def test_a_database_with_real_people_is_refused():
    make_employee()
    with pytest.raises(CommandError, match="holds people already"):
        call_command("seed_demo", stage="planned")
    assert Employee.objects.count() == 1
