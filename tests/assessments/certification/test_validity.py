"""Until the end of its last day a certificate is valid; from 90 days before, it is said that it expires."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assessments.certification.models import Certificate, OEMCertificate
from assessments.certification.panels import cards_of
from assessments.certification.queries import with_state
from tests.factories import make_award

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)
STATES = [(-1, "expired"), (0, "expiring"), (1, "expiring"), (90, "expiring"), (91, "valid"), (None, "valid")]


def certified(days):
    """Someone with a certificate of each kind, good until so many days from today; None is for ever."""
    award = make_award()
    expires_on = None if days is None else TODAY + timedelta(days=days)
    Certificate.objects.update(expires_on=expires_on)
    OEMCertificate.objects.create(
        employee=award.employee, name="厂家", level=1, number="1", issued_on=TODAY - timedelta(days=900), expires_on=expires_on
    )
    return award.employee


@pytest.mark.parametrize(("days", "state"), STATES)
def test_a_certificate_says_on_each_day_what_it_is(days, state):
    person = certified(days)
    assert [card["status"] for card in cards_of(person, person.user, TODAY)] == [state, state]


@pytest.mark.parametrize(("days", "state"), STATES)
@pytest.mark.parametrize("kind", [Certificate, OEMCertificate])
def test_the_database_says_the_same_as_the_record(kind, days, state):
    certified(days)
    one = with_state(kind.objects.all(), TODAY).get()
    assert one.state == one.state_on(TODAY) == state


def test_a_revoked_one_is_revoked_whatever_the_day():
    award = make_award()
    Certificate.objects.update(revoked_at=award.decided_at, revoked_by=award.decided_by)
    one = with_state(Certificate.objects.all(), TODAY).get()
    assert one.state == one.state_on(TODAY) == "revoked"


@pytest.mark.time_machine("2026-03-20T12:00+08:00")
def test_for_a_stranger_one_that_expires_soon_is_valid(client):
    certified(30)
    response = client.get(reverse("verify", args=[Certificate.objects.get().code]))
    assert b"notice good" in response.content
