"""Nobody who has left is mailed (§1): of no kind of notice there is, told before or after the last day, by no other way either."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from lms.home.sweep import EVERY_NIGHT, sweep
from lms.notifications.actions import notify
from lms.notifications.kinds import kinds
from lms.notifications.models import Delivery
from lms.people.actions import record_departure
from lms.people.models import Employee
from tests.factories import make_employee

pytestmark = pytest.mark.django_db


def someone(position="advisor"):
    return make_employee(position, email=f"{position}{Employee.objects.count()}@yt.example")


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_of_no_kind_of_notice_there_is(kind):
    leaver, hr = someone(), make_employee("hr_officer").user
    notify(kind=kind, people=[leaver], key="before", url="/")
    assert Delivery.objects.filter(channel__user=leaver.user).count() == 1
    record_departure(employee=leaver, left_on=timezone.localdate(), by=hr, at=timezone.now())
    notify(kind=kind, people=[Employee.objects.select_related("user").get(pk=leaver.pk)], key="after", url="/")
    sweep(at=timezone.now() + timedelta(minutes=20), steps=EVERY_NIGHT)
    (delivery,) = Delivery.objects.filter(channel__user=leaver.user)
    assert delivery.sent_at is None
    assert delivery.dropped in ("left", "done")  # of what was done by then, nobody else would be told either
    assert [message for message in mail.outbox if leaver.email in message.recipients()] == []


@pytest.mark.time_machine("2026-11-26T10:00+08:00")
def test_whoever_is_to_leave_is_told_until_the_last_day_is_over(time_machine):
    leaver, hr = someone(), make_employee("hr_officer").user
    record_departure(employee=leaver, left_on=date(2026, 11, 30), by=hr, at=timezone.now())
    for day, sent in (("2026-11-30", 1), ("2026-12-01", 1)):
        time_machine.move_to(f"{day}T10:00+08:00")
        sweep(at=timezone.now(), steps=EVERY_NIGHT)
        notify(kind="training_turn_passed", people=[Employee.objects.select_related("user").get(pk=leaver.pk)], key=day, url="/", context={
            "kind": "service", "on": day, "starts_at": f"{day}T16:30:00+08:00", "reason": "x",
        })  # fmt: skip
        sweep(at=timezone.now(), steps=EVERY_NIGHT)
        assert len(mail.outbox) == sent


def test_no_new_password_goes_to_whoever_has_left(client):
    leaver, hr = someone(), make_employee("hr_officer").user
    record_departure(employee=leaver, left_on=timezone.localdate(), by=hr, at=timezone.now())
    client.post(reverse("account_reset_password"), {"email": leaver.email})
    assert [message for message in mail.outbox if leaver.email in message.recipients()] == []
