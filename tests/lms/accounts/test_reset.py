"""A new password by mail: to the address on record, and to no other that the person once had."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from django.contrib.auth import authenticate
from django.urls import reverse
from django.utils import timezone

from lms.people.actions import confirm_proposal, correct_details
from tests.factories import PASSWORD, make_employee

pytestmark = pytest.mark.django_db
NEW = "Steady-hands-42"


def ask(client, address):
    return client.post(reverse("account_reset_password"), {"email": address})


def link_in(mail):
    return re.search(r"http://[^/]+(/\S+)", mail.body)[1]


def choose(client, link, password=NEW):
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})


def readdress(person, email, at=None):
    correct_details(employee=person, email=email, by=make_employee("hr_officer").user, at=at or timezone.now())


@pytest.fixture
def person():
    return make_employee("advisor", number="X1", email="Chen.Si@example.com")


@pytest.mark.parametrize("typed", ["chen.si@example.com", "CHEN.SI@EXAMPLE.COM", " Chen.Si@example.com "])
def test_the_mail_goes_to_the_address_on_record_however_it_is_typed(client, person, mailoutbox, typed):
    ask(client, typed)
    assert [mail.to for mail in mailoutbox] == [["Chen.Si@example.com"]]
    choose(client, link_in(mailoutbox[0]))
    assert authenticate(None, username="X1", password=NEW) == person.user


def test_an_address_that_a_person_once_had_opens_nothing(client, person, mailoutbox):
    """Made hers for a minute, asked for a link, put back: months later it gets nobody in."""
    readdress(person, "hers@example.com", timezone.now() - timedelta(days=90))
    ask(client, "hers@example.com")
    link = link_in(mailoutbox.pop())
    readdress(person, "Chen.Si@example.com", timezone.now() - timedelta(days=89))
    mailoutbox.clear()
    ask(client, "hers@example.com")
    assert mailoutbox == []
    choose(client, link)
    assert authenticate(None, username="X1", password=PASSWORD) == person.user


def test_an_address_that_two_took_away_from_a_signer_opens_nothing(client, mailoutbox):
    boss = make_employee("general_manager", email="lost@example.com")
    ask(client, "lost@example.com")
    proposal = correct_details(employee=boss, email="new@example.com", by=make_employee("hr_officer").user, at=timezone.now())
    confirm_proposal(proposal=proposal, by=make_employee("group_hr").user, at=timezone.now())
    mailoutbox.clear()
    ask(client, "lost@example.com")
    assert mailoutbox == []


def test_whoever_asks_for_someone_elses_link_does_not_keep_them_from_a_second_step(client, person):
    """To allauth an address that was never verified is a reason to refuse one; here no address is verified, and none needs to be."""
    ask(client, person.email)
    validate_can_add_authenticator(person.user)
    EmailAddress.objects.create(user=person.user, email=person.email)
    validate_can_add_authenticator(person.user)


def test_no_flow_leaves_an_address_in_allauths_table(client, person, mailoutbox):
    ask(client, person.email)
    choose(client, link_in(mailoutbox[0]))
    client.post(reverse("account_login"), {"login": "X1", "password": NEW})
    client.post(reverse("account_change_password"), {"oldpassword": NEW, "password1": NEW + "x", "password2": NEW + "x"})
    assert authenticate(None, username="X1", password=NEW + "x") == person.user
    assert {to for mail in mailoutbox for to in mail.to} == {"Chen.Si@example.com"}
    assert not EmailAddress.objects.exists()


def test_a_closed_account_gets_no_link(client, person, mailoutbox):
    type(person.user).objects.filter(pk=person.user_id).update(is_active=False)
    ask(client, person.email)
    assert mailoutbox == []
