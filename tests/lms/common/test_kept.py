"""What was sent after the session had ended: kept for its sender, filled in again, never sent by itself, never shown to anyone else."""

import ast
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.practicals.models import ScoreSheet
from courses.training.actions.attendance import call_roll
from courses.training.actions.sessions import close_session, start_session
from courses.training.models import Attendance, Programme, Reflection, Session
from lms.audit.models import Event
from lms.common import limits
from lms.people.models import Employee
from tests.each import each
from tests.factories import make_employee, make_floor, make_held_session, make_practical, make_programme, make_session, points_of
from tests.pages import filled, form_at, forms_of

pytestmark = pytest.mark.django_db
PASSWORD = "a-Long-and-good-1"
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


def with_password(person):
    person.user.set_password(PASSWORD)
    person.user.save()
    return person


def signed_in(person, **options):
    client = Client(HTTP_ACCEPT_LANGUAGE="en", **options)
    client.force_login(with_password(person).user)
    return client


def sign_in_again(client, person, response):
    """As a browser does it: follow to the page of signing in, give name and password, and be led back."""
    page = client.get(response.url, follow=True)
    (form,) = [one for one in forms_of(page) if "login" in page.text and one.action.startswith(reverse("account_login"))]
    return client.post(form.action, form.data | {"login": person.user.username, "password": PASSWORD}, follow=True)


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def reflection(floor):
    guest = make_session(make_programme(floor), is_guest=True, guest_name="Dr Wang", status="confirmed")
    guest = start_session(session=guest, by=floor.supervisor.user, at=guest.starts_at)
    call_roll(session=guest, states={floor.advisors[0].pk: "present"}, by=floor.supervisor.user, at=guest.ends_at)
    close_session(session=guest, by=floor.supervisor.user, at=guest.ends_at)
    return Reflection.objects.get(session=guest, employee=floor.advisors[0])


# -- the forms that people write long in


def a_reflection(floor):
    guest = make_session(make_programme(floor), is_guest=True, guest_name="Dr Wang", status="confirmed")
    guest = start_session(session=guest, by=floor.supervisor.user, at=guest.starts_at)
    call_roll(session=guest, states={floor.advisors[0].pk: "present"}, by=floor.supervisor.user, at=guest.ends_at)
    close_session(session=guest, by=floor.supervisor.user, at=guest.ends_at)
    one = Reflection.objects.get(session=guest, employee=floor.advisors[0])
    url = reverse("reflection", args=[one.pk])
    return floor.advisors[0], url, url, {"text": "What I take from it. " * 20, "submit": "yes"}


def a_sheet(floor):
    coach = make_employee("oem_technical_coach", dealer=floor.dealer)
    practical = make_practical(markers=[coach])
    first, *_others = points_of(practical.rubric)
    url = reverse("practical", args=[practical.pk])
    return coach, url, url, {f"c{first}": "3", "comment": "Half of it is scored so far"}


def a_new_person(floor):
    hr = make_employee("hr_officer", dealer=floor.dealer)
    url = reverse("person_new")
    return hr, url, url, {"name": "Li Xiaolong", "number": "T0099", "phone": "13900000000"}


def a_roll(floor):
    held = make_held_session(make_programme(floor))
    row = f"state-{floor.advisors[0].pk}"
    return floor.supervisor, reverse("session", args=[held.pk]), reverse("session_roll", args=[held.pk]), {row: "excused"}


def a_closing(floor):
    supervisor, page, _roll, typed = a_roll(floor)
    return supervisor, page, page + "close/", typed


def a_cancellation(floor):
    one = make_session(make_programme(floor), on=timezone.localdate() + timedelta(days=20), presenter=floor.advisors[0])
    reason = {"reason": "The hall is being painted all week"}
    return floor.supervisor, reverse("session", args=[one.pk]), reverse("session_cancel", args=[one.pk]), reason


def a_programme(floor):
    return floor.manager, reverse("programme_new"), reverse("programme_new"), {"room": "The glass room upstairs"}


def an_audience(floor):
    url = reverse("programme_audience", args=[make_programme(floor).pk])
    return floor.manager, url, url, {"least": "4"}


def material(floor):
    one = make_session(make_programme(floor), on=timezone.localdate() + timedelta(days=20), presenter=floor.advisors[0])
    url = reverse("session_material", args=[one.pk])
    return floor.advisors[0], url, url, {"outline": "First we listen. Then we ask. " * 10, "title": "Listening"}


LONG = [a_reflection, a_sheet, a_new_person, a_roll, a_closing, a_cancellation, a_programme, an_audience, material]
WRITTEN = (Event, Attendance, Employee, Programme, Session, ScoreSheet, Reflection)


def everything():
    return [list(model.objects.order_by("pk").values_list()) for model in WRITTEN[1:]]


def opened(make, floor):
    """The person, their browser, the address that the form goes to, and what it sends."""
    person, page, url, typed = make(floor)
    client = signed_in(person)
    response = client.get(page)
    form = url if any(one.action == url for one in forms_of(response)) else url.replace("close/", "roll/")
    return person, client, url, form, filled(response, form, **typed), typed


@pytest.mark.parametrize("make", LONG)
@pytest.mark.parametrize("end", ["signed out", "cookies gone"])
def test_after_signing_in_again_it_is_filled_in_and_not_sent(make, end, floor):
    person, client, url, form, sent, typed = opened(make, floor)
    if end == "cookies gone":
        client = Client(HTTP_ACCEPT_LANGUAGE="en", enforce_csrf_checks=True)  # as on a phone after two weeks
    else:
        client.logout()
    before = everything()
    response = client.post(url, sent)
    assert response.status_code == 302
    page = sign_in_again(client, person, response)
    assert page.status_code == 200
    assert "Nothing has been sent yet" in unescape(page.text)
    again = form_at(page, form)
    assert {name: again.data[name] for name in typed if name != "submit"} == {
        name: [value] for name, value in typed.items() if name != "submit"
    }
    assert again.is_open
    assert everything() == before


def test_what_was_filled_in_again_is_sent_by_its_sender(floor, reflection):
    person = floor.advisors[0]
    client, url = signed_in(person), reverse("reflection", args=[reflection.pk])
    sent = filled(client.get(url), url, text="What I take from it. " * 20)
    client.logout()
    page = sign_in_again(client, person, client.post(url, sent))
    assert client.post(url, form_at(page, url).data).status_code == 302
    reflection.refresh_from_db()
    assert reflection.text.startswith("What I take from it.")
    assert "What I take from it." in client.get(url).text


def test_it_is_shown_once(floor, reflection):
    person = floor.advisors[0]
    client, url = signed_in(person), reverse("reflection", args=[reflection.pk])
    sent = filled(client.get(url), url, text="Typed long ago")
    client.logout()
    assert "Typed long ago" in sign_in_again(client, person, client.post(url, sent)).text
    assert "Typed long ago" not in client.get(url).text


def test_another_person_at_the_same_browser_never_sees_it(floor):
    one = make_session(make_programme(floor), on=timezone.localdate() + timedelta(days=20), presenter=floor.advisors[0])
    client, url = signed_in(floor.supervisor), reverse("session_cancel", args=[one.pk])
    sent = filled(client.get(reverse("session", args=[one.pk])), url, reason="Between the two of us")
    client.logout()
    response = client.post(url, sent)
    with_password(floor.manager)
    assert "Between the two of us" not in sign_in_again(client, floor.manager, response).text
    client.logout()
    client.force_login(floor.supervisor.user)
    assert "Between the two of us" not in client.get(url).text


def test_an_old_page_in_the_browser_of_somebody_else_is_not_sent_in_their_name(floor):
    one = make_session(make_programme(floor), on=timezone.localdate() + timedelta(days=20), presenter=floor.advisors[0])
    client, url = signed_in(floor.supervisor), reverse("session_cancel", args=[one.pk])
    sent = filled(client.get(reverse("session", args=[one.pk])), url, reason="Between the two of us")
    client = signed_in(floor.manager, enforce_csrf_checks=True)
    assert client.post(url, sent).status_code == 403
    assert "Between the two of us" not in client.get(url).text


def test_a_page_from_before_one_signed_in_anew_is_filled_in_again_at_once(floor):
    one = make_session(make_programme(floor), on=timezone.localdate() + timedelta(days=20), presenter=floor.advisors[0])
    client, url = signed_in(floor.supervisor), reverse("session_cancel", args=[one.pk])
    sent = filled(client.get(reverse("session", args=[one.pk])), url, reason="The hall is being painted")
    client = signed_in(floor.supervisor, enforce_csrf_checks=True)
    page = client.post(url, sent, follow=True)
    assert form_at(page, url).data["reason"] == ["The hall is being painted"]
    assert Session.objects.get(pk=one.pk).status == "planned"


def test_what_a_stranger_sends_is_kept_for_nobody(floor, reflection):
    person, url = with_password(floor.advisors[0]), reverse("reflection", args=[reflection.pk])
    for token in ("", "1:abc", "x" * 5000):
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        page = sign_in_again(client, person, client.post(url, {"text": "Words of a stranger", "page_of": token}))
        assert "Words of a stranger" not in page.text


def test_it_waits_two_hours(floor, reflection, time_machine):
    person = floor.advisors[0]
    client, url = signed_in(person), reverse("reflection", args=[reflection.pk])
    sent = filled(client.get(url), url, text="Typed long ago")
    client.logout()
    response = client.post(url, sent)
    time_machine.move_to(timezone.now() + timedelta(hours=2, minutes=1))
    assert "Typed long ago" not in sign_in_again(client, person, response).text


def test_what_is_longer_than_any_form_and_passwords_are_not_kept(floor, reflection):
    person = floor.advisors[0]
    client, url = signed_in(person), reverse("reflection", args=[reflection.pk])
    form = form_at(client.get(url), url).data
    client.logout()
    client.post(url, form | {"text": "x" * limits.KEPT})
    assert "kept" not in client.session
    client.post(url, form | {"text": "A text", "password1": "secret"})
    assert client.session["kept"]["sent"].keys() == {"text", "shown"}


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(floor):
    one = make_session(make_programme(floor), on=timezone.localdate() + timedelta(days=20), presenter=floor.advisors[0])
    page, url = reverse("session", args=[one.pk]), reverse("session_confirm", args=[one.pk])
    client = signed_in(floor.supervisor)
    sent = filled(client.get(page), url)
    client.logout()
    back = sign_in_again(client, floor.supervisor, client.post(url, sent))
    assert (back.status_code, back.request["PATH_INFO"]) == (200, page)
    assert "Nothing has been sent yet" in unescape(back.text)
    assert Session.objects.get(pk=one.pk).status == "planned"
    client.logout()
    response = client.post(url, HTTP_REFERER=f"http://testserver{page}")
    assert response.url.endswith(f"next={page}")
    assert client.post(url, HTTP_REFERER="https://elsewhere.example/x").url.endswith("next=/")


def test_saving_while_one_writes_says_that_one_is_signed_out_and_takes_nothing_away(floor, reflection):
    client, url = signed_in(floor.advisors[0]), reverse("reflection_draft", args=[reflection.pk])
    client.logout()
    response = client.post(url, {"text": "x"}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Reswap"]) == (200, "none")
    assert "You are signed out." in response.text
    room = client.get(url, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/training/"})
    assert room["HX-Redirect"].endswith("next=/training/")


# -- a view that acts without `attempt` would act when it is called to fill in again

DIRECTLY = {
    ("assessments/exams/views/candidate.py", "exam"): "by GET: the clock's own work",
    ("assessments/exams/views/candidate.py", "exam_submit"): "acts on nothing that is filled in again",
    ("assessments/exams/views/candidate.py", "_save_form"): "of exam_submit",
    ("assessments/exams/views/saving.py", "exam_save"): "keeps=False",
    ("assessments/exams/views/saving.py", "exam_event"): "keeps=False",
    ("assessments/exams/views/saving.py", "exam_late"): "keeps=False",
    ("assessments/exams/views/mending.py", "mend"): "by GET: asks what would be, and writes nothing",
    ("assessments/exams/views/mending.py", "mend_new"): "by GET: asks whether it is open, and writes nothing",
    ("assessments/exams/views/mending.py", "_done"): "says what was done, and writes nothing",
    ("assessments/exams/views/watching.py", "sitting"): "by GET: the clock's own work",
    ("assessments/checks/views.py", "_versions"): "freezes what is shown, the same again",
    ("lms/jobs/views.py", "job_detail"): "by GET: what a lost worker left",
    ("lms/notifications/views.py", "notice"): "by GET: it is read",
    ("lms/people/views/importing.py", "_start"): "of two views that keep nothing",
    ("lms/people/views/second_factor.py", "_send"): "no view of open_to",
    ("lms/people/views/second_factor.py", "_check"): "no view of open_to",
    ("lms/people/views/second_factor.py", "enrolment_code"): "no view of open_to",
    ("talent_pool/interns/views/batches.py", "_to_change"): "the words of a refusal",
    ("talent_pool/interns/views/evaluations.py", "internship_decide"): "the words of a refusal",
    ("talent_pool/interns/views/placements.py", "to_change"): "the words of a refusal",
    ("talent_pool/interns/views/rotations.py", "_known"): "says what the page shows",
    ("talent_pool/interns/views/rotations.py", "rotations_plan"): "says what planning would write; the writing goes through attempt",
    ("talent_pool/interns/views/stations.py", "station_edit"): "says what the page shows",
    ("talent_pool/schools/views/agreements.py", "_kept"): "the words of a refusal",
    ("talent_pool/schools/views/classes.py", "_kept"): "the words of a refusal",
    ("talent_pool/schools/views/classes.py", "class_new"): "the words of a refusal",
    ("talent_pool/schools/views/schools.py", "school_correct"): "the words of a refusal",
    ("talent_pool/schools/views/students.py", "_kept"): "the words of a refusal",
    ("talent_pool/schools/views/importing.py", "_start"): "of two views that keep nothing",
}
READS = {
    "check_open",
    "effect_of",
    "new_content",
    "proposers_only",
    "not_yours",
    "not_your_person",
    "not_about_oneself",
    "particulars_of",
    "late_numbers",
    "takes_no_more",
    "rounded",
}


def _direct_calls():
    for path in sorted(ROOT.glob("[alct]*/**/*.py")):
        if "views" in path.with_suffix("").parts:
            yield from _calls_in(path)


def _calls_in(path):
    tree = ast.parse(path.read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and "actions" in (node.module or "").split(".")]
    names = {alias.asname or alias.name for node in imports for alias in node.names} - READS
    for function in tree.body:
        for node in ast.walk(function) if isinstance(function, ast.FunctionDef) else ():
            if isinstance(node, ast.Call) and _called(node.func) in names | {"actions"}:
                yield str(path.relative_to(ROOT)), function.name


def _called(node):
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id
    return getattr(node, "id", None)


def test_views_act_through_attempt_alone():
    assert set(_direct_calls()) == DIRECTLY.keys()


# -- the other language, on a page that answers a refused form


def in_the_other_language(client, page, **more):
    """The page that comes when its button is pressed, as a browser sends it."""
    (button,) = [one for one in forms_of(page) if one.action == reverse("set_language")]
    other = "zh-hans" if page.headers["Content-Language"] == "en" else "en"
    return client.post(button.action, button.data | {"language": other} | more, follow=True)


def a_refused_move(floor, client):
    one = make_session(make_programme(floor), on=timezone.localdate() + timedelta(days=20), presenter=floor.advisors[0])
    url = reverse("session_move", args=[one.pk])
    typed = {"on": "2036-01-01", "reason": "Because the hall is being painted"}
    typed = {name: value for name, value in typed.items() if name in form_at(client.get(reverse("session", args=[one.pk])), url).data}
    page = client.post(url, filled(client.get(reverse("session", args=[one.pk])), url, **typed))
    assert page.status_code == 200
    return url, typed, page


def test_a_refused_form_keeps_what_was_typed_in_the_other_language(floor):
    client = signed_in(floor.supervisor)
    url, typed, page = a_refused_move(floor, client)
    before = everything()
    for language in each(["zh-hans", "en"]):
        page = in_the_other_language(client, page)
        assert page.headers["Content-Language"] == language
        again = form_at(page, url)
        assert {name: again.data[name] for name in typed} == {name: [value] for name, value in typed.items()}
        assert again.is_open
    assert "Nothing has been sent yet. What you typed is still here." in page.text
    assert everything() == before


def test_what_was_typed_in_the_other_language_is_shown_once(floor):
    client = signed_in(floor.supervisor)
    url, typed, page = a_refused_move(floor, client)
    in_the_other_language(client, page)
    assert typed["on"] not in client.get(url).text


def test_a_page_that_answers_no_form_carries_nothing_to_the_other_language(floor):
    client = signed_in(floor.supervisor)
    (button, *_same) = [one for one in forms_of(client.get("/")) if one.action == reverse("set_language")]
    assert "sent_here" not in button.data


def test_passwords_and_what_is_longer_than_any_form_are_not_carried(floor):
    client = signed_in(floor.supervisor)
    url = reverse("session_move", args=[make_session(make_programme(floor), on=timezone.localdate() + timedelta(days=20)).pk])
    for typed in each([{"new_password": "a-Secret-1"}, {"reason": "x" * limits.KEPT}]):
        page = client.post(url, typed)
        (button,) = [one for one in forms_of(page) if one.action == reverse("set_language")]
        assert "sent_here" not in button.data


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/language/", "//elsewhere.example/"])
def test_only_a_view_that_fills_in_again_gets_what_was_sent(floor, path):
    client = signed_in(floor.supervisor)
    client.post(reverse("set_language"), {"language": "en", "next": path, "sent_here": "text=Words"})
    assert "kept" not in client.session or client.session["kept"]["path"] == "/"


def test_nobody_who_is_not_signed_in_has_anything_kept():
    client = Client()
    client.post(reverse("set_language"), {"language": "en", "next": reverse("person_new"), "sent_here": "text=Words"})
    assert "kept" not in client.session
