"""Whoever is away today is said to be away: the kind of leave to HR and to themselves, and to nobody else."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.people.actions import record_leave, withdraw_leave
from tests.factories import make_employee

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def sick():
    hr, person = make_employee("hr_officer"), make_employee("advisor", name="高翔")
    today = timezone.localdate()
    record_leave(employee=person, kind="sick", starts_on=today, ends_on=today + timedelta(days=3), by=hr.user, at=timezone.now())
    return person


def statuses(client, query=""):
    page = client.get(reverse("people") + query).context["list"]
    return {row["cells"][0].value: next(str(cell.value) for cell in row["cells"] if cell.column.name == "status") for row in page.rows}


@pytest.mark.parametrize(
    ("post", "words"), [("hr_officer", "休假中 · 病假"), ("service_manager", "休假中"), ("service_supervisor", "休假中")]
)
def test_the_list_says_who_is_away_and_to_hr_why(sick, sign_in, post, words):
    client = sign_in(make_employee(post))
    assert statuses(client)[sick.name] == words
    assert sick.name in statuses(client, "?status=on_leave")
    assert sick.name not in statuses(client, "?status=active")


def test_the_page_says_the_same_as_the_list(sick, sign_in):
    url = reverse("person", args=[sick.pk])
    says = {post: sign_in(make_employee(post)).get(url).context["status"] for post in ("hr_officer", "service_manager")}
    assert says == {"hr_officer": "休假中 · 病假", "service_manager": "休假中"}
    assert sign_in(sick).get(url).context["status"] == "休假中 · 病假"


@pytest.mark.time_machine("2026-11-25T09:00+08:00")
def test_leave_that_is_withdrawn_or_over_says_nothing(sick, sign_in, time_machine):
    manager = make_employee("service_manager")
    time_machine.move_to(NOW + timedelta(days=4))
    assert statuses(sign_in(manager))[sick.name] == "在职"
    time_machine.move_to(NOW)
    withdraw_leave(leave=sick.leaves.get(), by=make_employee("hr_officer").user, at=timezone.now())
    assert statuses(sign_in(manager))[sick.name] == "在职"
