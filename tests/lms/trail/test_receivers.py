"""Signing in, failing to, and passwords, in the audit log."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from lms.audit.models import Event
from lms.trail.actions import forget_addresses
from tests.factories import PASSWORD, make_employee

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("account_login")


def sign_in_by_form(client, name, password=PASSWORD):
    return client.post(SIGN_IN, {"login": name, "password": password})


def test_a_sign_in_is_recorded_with_where_it_came_from(client):
    person = make_employee()
    sign_in_by_form(client, person.number)
    event = Event.objects.get(verb="sign_in.succeeded")
    assert (event.actor, event.about, event.dealer) == (person.user, person.pk, person.dealer_id)
    assert event.after == {"address": "127.0.0.1"}


def test_from_where_people_signed_in_is_forgotten_after_half_a_year(client):
    """Who signed in, and when, stays in the log; so does where they are signed in now."""
    person = make_employee()
    sign_in_by_form(client, person.number)
    client.get(reverse("my_sessions"))
    event, now = Event.objects.get(verb="sign_in.succeeded"), timezone.now()
    ended = UserSession.objects.create(user=person.user, session_key="e" * 32, ip="10.0.0.7")
    assert (forget_addresses(at=now + timedelta(days=179)), UserSession.objects.filter(pk=ended.pk).exists()) == (1, False)
    event.refresh_from_db()
    assert event.after == {"address": "127.0.0.1"}
    assert (forget_addresses(at=now + timedelta(days=181)), forget_addresses(at=now + timedelta(days=181))) == (1, 0)
    event.refresh_from_db()
    assert (event.actor, event.after, UserSession.objects.count()) == (person.user, {}, 1)


def test_a_failed_sign_in_is_recorded_once_in_a_while_for_each_account(client):
    guessed, other = make_employee(), make_employee()
    for _try in range(3):
        sign_in_by_form(client, guessed.number, "wrong")
    sign_in_by_form(client, other.number, "wrong")
    assert [event.about for event in Event.objects.filter(verb="sign_in.failed").order_by("pk")] == [guessed.pk, other.pk]
    assert not Event.objects.filter(verb="sign_in.failed").exclude(actor=None).exists()


def test_after_a_quiet_time_the_next_failure_is_recorded_again(client):
    person = make_employee()
    earlier = timezone.now() - timedelta(minutes=6)
    kind = {"target_type": "accounts.user", "target_id": str(person.user_id), "about": person.pk}
    Event.objects.create(verb="sign_in.failed", at=earlier, **kind)
    sign_in_by_form(client, person.number, "wrong")
    sign_in_by_form(client, person.number, "wrong")
    assert Event.objects.filter(verb="sign_in.failed").count() == 2


def test_a_name_that_is_nobodys_is_not_kept(client):
    """People type a password into the field for the name."""
    sign_in_by_form(client, "geheim-geheim-1", "wrong")
    assert not Event.objects.filter(verb__startswith="sign_in.").exists()


def test_a_changed_password_is_recorded_without_the_password(client):
    person = make_employee()
    client.force_login(person.user)
    new = "Steady-hands-43"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    event = Event.objects.get(verb="sign_in.password_changed")
    assert (event.actor, event.about) == (person.user, person.pk)
    assert new not in str(list(Event.objects.values()))


def test_a_password_reset_by_mail_is_recorded(client):
    person = make_employee(email="li@example.com")
    client.post(reverse("account_reset_password"), {"email": "li@example.com"})
    link = re.search(r"/password/reset/key/\S+", mail.outbox[0].body)[0]
    page = client.get(link, follow=True)
    new = "Steady-hands-44"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert Event.objects.get(verb="sign_in.password_reset").about == person.pk
