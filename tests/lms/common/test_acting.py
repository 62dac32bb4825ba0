"""One way from a view to an action and back."""

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.session import SessionStorage
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone

from lms.common.acting import attempt, first_error, form_on, open_to
from lms.common.states import Refused, WrongHands, require
from tests.factories import make_employee

pytestmark = pytest.mark.django_db


class ReasonForm(forms.Form):
    reason = forms.CharField()


@pytest.fixture
def request_of(rf, client):
    def make(person=None, method="post", data=None):
        request = getattr(rf, method)("/", data or {})
        if person:
            client.force_login(person.user)
            request.user = type(person.user).objects.get(pk=person.user.pk)
        else:
            request.user = AnonymousUser()
        request.session = client.session
        request._messages = SessionStorage(request)
        return request

    return make


def said(request):
    return [str(message) for message in get_messages(request)]


def refuse(**values):
    raise Refused("Say why.", field="reason")


def test_require_lets_the_right_hands_through_and_refuses_the_others_in_words():
    require(True, "Never said.")
    with pytest.raises(WrongHands, match="Only the panel signs"):
        require(False, "Only the panel signs.")


def test_wrong_hands_are_a_refusal_of_ours_and_a_refusal_of_django():
    assert issubclass(WrongHands, Refused)
    assert issubclass(WrongHands, PermissionDenied)


def test_an_attempt_calls_the_action_as_the_reader_now_and_says_what_was_done(request_of):
    person = make_employee()
    request, before = request_of(person), timezone.now()
    seen = {}

    def action(**values):
        seen.update(values)
        return 3

    assert attempt(request, action, lambda n: f"{n} signed", number=5) == 3
    assert seen["by"].pk == person.user.pk
    assert before <= seen["at"] <= timezone.now()
    assert seen["number"] == 5
    assert said(request) == ["3 signed"]


def test_an_action_that_gives_nothing_has_still_worked(request_of):
    assert attempt(request_of(make_employee()), lambda **values: None) is True


def test_a_refusal_without_a_form_is_a_message(request_of):
    request = request_of(make_employee())
    assert attempt(request, refuse, "Done.") is None
    assert said(request) == ["Say why."]


def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(request_of):
    request, form = request_of(make_employee()), ReasonForm({"reason": "typed"})
    assert form.is_valid()
    assert attempt(request, refuse, "Done.", form=form) is None
    assert form.errors == {"reason": ["Say why."]}
    assert form["reason"].value() == "typed"
    assert first_error(form) == "Say why."
    assert said(request) == []


def test_a_refusal_of_no_field_stands_at_the_head_of_the_form(request_of):
    form = ReasonForm({"reason": "typed"})

    def action(**values):
        raise Refused("The cycle is locked.", field="another form's field")

    assert form.is_valid()
    attempt(request_of(make_employee()), action, form=form)
    assert form.non_field_errors() == ["The cycle is locked."]


def test_wrong_hands_pass_through_to_the_403_page(request_of):
    with pytest.raises(PermissionDenied):
        attempt(request_of(make_employee()), lambda **values: require(False))


@open_to("grading.run_cycles", "pay.view_pay")
def for_hr(request):
    return HttpResponse("in")


@open_to(post=True)
def for_everyone(request):
    return HttpResponse("in")


def test_a_view_is_open_to_whoever_holds_one_of_its_permissions(request_of):
    assert for_hr(request_of(make_employee("hr_officer"))).content == b"in"
    with pytest.raises(PermissionDenied):
        for_hr(request_of(make_employee("advisor")))
    assert for_hr(request_of()).url.startswith("/sign-in/")


def test_a_view_without_a_permission_is_open_to_whoever_is_signed_in_by_its_method(request_of):
    assert for_everyone(request_of(make_employee("advisor"))).content == b"in"
    assert for_everyone(request_of(make_employee("advisor"), method="get")).status_code == 405
    assert for_everyone(request_of()).status_code == 302


def test_a_form_asked_for_by_its_own_address_is_the_page_that_holds_it(request_of):
    view = form_on(lambda request, pk: HttpResponse(f"page {pk}"))(lambda request, pk: HttpResponse(f"posted {pk}"))
    assert view(request_of(make_employee(), method="get"), pk=7).content == b"page 7"
    assert view(request_of(make_employee()), pk=7).content == b"posted 7"
