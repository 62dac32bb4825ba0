"""The certified share on Today, and what a dealer loses with someone who holds certificates."""

from datetime import date

import pytest
from django.utils import timezone

from assessments.certification.effects import certificates
from assessments.certification.figures import certified
from assessments.certification.models import OEMCertificate
from lms.common.registries import Change
from tests.factories import make_award, make_dealer, make_employee, make_floor

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 26)


def with_makers(person, **values):
    number = str(OEMCertificate.objects.count())
    OEMCertificate.objects.create(employee=person, name="厂家", level=1, number=number, issued_on=date(2025, 1, 1), **values)
    return person


def test_the_share_is_of_the_floor_and_opens_its_people():
    floor = make_floor(advisors=2, technicians=3)
    with_makers(floor.technicians[0])
    figures = {figure["unit"]: figure for figure in certified(floor.manager.user, floor.manager, timezone.now())}
    assert {unit: figure["value"] for unit, figure in figures.items()} == {"/ 2": 0, "/ 3": 1}
    assert f"position={floor.technicians[0].position_id}" in figures["/ 3"]["url"]


def test_whoever_goes_takes_the_makers_certificates_along_and_keeps_ours(django_assert_num_queries):
    person = with_makers(with_makers(make_award().employee), expires_on=date(2026, 1, 1))
    with django_assert_num_queries(2):
        makers, ours = certificates(Change("departure", person, DAY), None)
    assert "1" in makers.title
    assert "1" in ours.title


def test_a_leave_or_a_move_within_the_dealer_touches_none():
    person = with_makers(make_employee())
    place = {"dealer": person.dealer, "position": person.position}
    assert not list(certificates(Change("leave", person, DAY, DAY), None))
    assert not list(certificates(Change("move", person, DAY, **place), None))
    assert list(certificates(Change("move", person, DAY, **{**place, "dealer": make_dealer("YT02")}), None))
