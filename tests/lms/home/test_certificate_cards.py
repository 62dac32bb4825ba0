"""Until the end of its last day a certificate is valid; from 90 days before, it is said that it expires."""

from datetime import date, timedelta

import pytest

from assessments.certification.models import Certificate, OEMCertificate
from lms.home.queries import certificate_cards
from tests.factories import make_award

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("days", "status"), [(-1, "expired"), (0, "expiring"), (1, "expiring"), (90, "expiring"), (91, "valid"), (None, "valid")]
)
def test_a_certificate_says_on_each_day_what_it_is(days, status):
    award = make_award()
    expires_on = None if days is None else TODAY + timedelta(days=days)
    Certificate.objects.update(expires_on=expires_on)
    OEMCertificate.objects.create(
        employee=award.employee, name="厂家", level=1, number="1", issued_on=TODAY - timedelta(days=900), expires_on=expires_on
    )
    award.certificate.refresh_from_db()
    cards = list(certificate_cards(award.employee, [award], TODAY))
    assert [card["status"] for card in cards] == [status, status]


def test_a_revoked_one_is_revoked_whatever_the_day():
    award = make_award()
    award.certificate.revoked_at = award.decided_at
    assert [card["status"] for card in certificate_cards(award.employee, [award], TODAY)] == ["revoked"]
