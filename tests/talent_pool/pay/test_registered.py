"""Pay on Today, on *My growth* and a person's page, and before someone leaves or moves."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from lms.audit.models import Event
from lms.common.registries import Change
from talent_pool.pay.effects import pending
from talent_pool.pay.models import PayChange
from talent_pool.pay.panels import may_look
from tests.factories import make_dealer, make_employee, make_pay_changes, make_position

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 26)


@pytest.fixture
def waiting():
    make_pay_changes(1)
    return PayChange.objects.get()


def tiles(client):
    return [figure["url"] for figure in client.get(reverse("today")).context["figures"] if reverse("pay_changes") in figure["url"]]


def test_each_signer_sees_what_waits_for_their_signature(waiting, sign_in):
    proposed, approved = (f"{reverse('pay_changes')}?status={status}" for status in ("proposed", "approved"))
    assert tiles(sign_in(make_employee("hr_officer"))) == [proposed]
    assert tiles(sign_in(make_employee("general_manager"))) == [approved]
    assert tiles(sign_in(make_employee("group_hr"))) == [proposed, approved]
    assert tiles(sign_in(make_employee("service_supervisor"))) == []


def test_the_page_of_a_person_leads_hr_to_the_pay_and_is_no_look_itself(waiting, sign_in):
    page = sign_in(make_employee("hr_officer")).get(reverse("person", args=[waiting.employee_id])).content.decode()
    assert reverse("person_pay", args=[waiting.employee_id]) in page
    assert not Event.objects.filter(verb="pay.viewed").exists()


@pytest.mark.parametrize("post", ["service_supervisor", "general_manager", "information_assistant"])
def test_nobody_else_is_led_there(waiting, post):
    assert not may_look(make_employee(post).user, waiting.employee)


def test_ones_own_page_leads_nobody_to_their_own_pay():
    hr = make_employee("hr_officer")
    assert not may_look(hr.user, hr)


def test_my_growth_is_a_look_each_time(waiting, sign_in):
    client = sign_in(waiting.employee)
    for _look in range(2):
        assert client.get(reverse("growth")).status_code == 200
    assert [event.after for event in Event.objects.filter(verb="pay.viewed")] == [{"where": "growth"}] * 2


def test_a_departure_and_a_move_name_what_is_under_way_without_sums(waiting, django_assert_num_queries):
    person, hr = waiting.employee, make_employee("hr_officer").user
    hr.has_perm("pay.view_pay")
    with django_assert_num_queries(1):
        (one,) = pending(Change("departure", person, DAY), hr)
    assert str(waiting.to_band.base_pay) not in f"{one.title} {one.text}"
    place = {"dealer": make_dealer("YT02"), "position": person.position}
    assert len(list(pending(Change("move", person, DAY, **place), hr))) == 1
    assert not list(pending(Change("leave", person, DAY, DAY), hr))
    same_track = {"dealer": person.dealer, "position": make_position("service_supervisor")}
    assert not list(pending(Change("move", person, DAY, **same_track), hr))


def test_it_says_what_becomes_of_what_is_under_way(waiting):
    person, hr = waiting.employee, make_employee("hr_officer").user

    def text(kind, day=DAY, **place):
        (one,) = pending(Change(kind, person, day, **place), hr)
        return one.text

    with translation.override("en"):
        there = make_dealer("YT02")
        assert "new proposal" in text("move", dealer=there, position=person.position)
        gone = "It will be withdrawn automatically."
        assert text("move", dealer=there, position=make_position("technician")) == gone
        assert text("departure") == text("departure", waiting.effective_on) == gone
        assert "goes ahead" in text("departure", waiting.effective_on + timedelta(days=1))


def test_whoever_does_not_see_pay_is_told_nothing_of_it(waiting):
    supervisor = make_employee("service_supervisor").user
    assert not list(pending(Change("departure", waiting.employee, DAY), supervisor))


def test_what_is_with_payroll_is_open_no_more(waiting):
    PayChange.objects.filter(pk=waiting.pk).update(status="rejected", rejected_at=timezone.now(), rejected_by=make_employee().user)
    assert not list(pending(Change("departure", waiting.employee, DAY), make_employee("hr_officer").user))
