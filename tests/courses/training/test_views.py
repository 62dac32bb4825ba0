"""The screens: who may open them, what they cost, what they say to bad input."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from courses.training import tokens
from courses.training.actions.attendance import call_roll
from courses.training.actions.material import name_guest
from courses.training.actions.programmes import plan_quarter
from courses.training.actions.reflections import save_reflection_draft, score_reflection
from courses.training.actions.reminders import send_reminders
from courses.training.actions.sessions import close_session
from courses.training.due import due_for
from courses.training.feed import material, reflections, sessions
from courses.training.models import Attendance, AttendanceCorrection, Programme, Reflection, Session
from lms.common.quarters import following, quarter_of
from lms.common.states import Refused
from lms.notifications.models import Notice
from lms.people.models import Employee, Leave
from tests.each import each
from tests.factories import (
    ENOUGH,
    SHANGHAI,
    make_dealer,
    make_employee,
    make_floor,
    make_programme,
    make_running_session,
    make_session,
    make_topic,
    were_there,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def programme(floor):
    return make_programme(floor)


def today():
    return timezone.now().astimezone(SHANGHAI).date()


def session_in(days, programme, **values):
    return make_session(programme, on=today() + timedelta(days=days), **values)


def running(programme, **values):
    return make_running_session(programme, **values)


def url_of(name, *args):
    return reverse(name, args=args)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


# -- who may


def test_signed_out_people_are_sent_to_sign_in(client, programme):
    session = session_in(3, programme)
    for url in (url_of("training"), url_of("training_board"), url_of("session", session.pk), url_of("check_in", "x.y.z")):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["training_board", "programme_new", "plan_quarter"])
def test_staff_do_not_open_the_supervisors_screens(sign_in, floor, name):
    assert sign_in(floor.advisors[0]).get(url_of(name)).status_code == 403


@pytest.mark.parametrize(
    "position", ["service_supervisor", "service_manager", "general_manager", "hr_officer", "group_hr", "information_assistant"]
)
def test_whoever_leads_or_watches_sees_the_board(sign_in, floor, programme, position):
    session_in(0, programme, title="Listening")
    response = sign_in(make_employee(position, dealer=floor.dealer)).get(url_of("training_board"))
    assert response.status_code == 200
    assert "Listening" in response.content.decode()


def test_sessions_of_another_dealer_are_not_found_but_group_hr_sees_them(sign_in, programme):
    session = session_in(3, programme, title="Listening")
    elsewhere = make_floor("YT02")
    for stranger in (elsewhere.supervisor, elsewhere.advisors[0]):
        client = sign_in(stranger)
        assert client.get(url_of("session", session.pk)).status_code == 404
        assert client.get(url_of("session_file", session.pk)).status_code == 404
        assert (
            "Listening" not in client.get(url_of("training_board") + "?dealer=YT01").content.decode()
            if stranger is elsewhere.supervisor
            else True
        )
    group_hr = make_employee("group_hr", dealer=elsewhere.dealer)
    assert sign_in(group_hr).get(url_of("session", session.pk)).status_code == 200
    assert "Listening" in sign_in(group_hr).get(url_of("training_board") + "?dealer=YT01").content.decode()


BUTTONS, FORMS = ["confirm", "start"], ["cancel", "close", "move", "swap", "roll", "correct"]


@pytest.mark.parametrize("verb", BUTTONS)
def test_a_button_is_only_posted(sign_in, floor, programme, verb):
    assert sign_in(floor.supervisor).get(url_of(f"session_{verb}", session_in(3, programme).pk)).status_code == 405


@pytest.mark.parametrize("verb", FORMS)
def test_a_form_asked_for_by_its_address_is_found_on_its_page(sign_in, floor, programme, verb):
    session = session_in(3, programme)
    response = sign_in(floor.supervisor).get(url_of(f"session_{verb}", session.pk))
    assert (response.status_code, response.context["session"]) == (200, session)
    assert sign_in(make_floor("YT02").supervisor).get(url_of(f"session_{verb}", session.pk)).status_code == 404


@pytest.mark.parametrize("verb", [*BUTTONS, *FORMS])
def test_the_organisers_buttons_are_for_organisers(sign_in, floor, programme, verb):
    session = session_in(3, programme)
    url = url_of(f"session_{verb}", session.pk)
    assert sign_in(floor.advisors[0]).post(url).status_code == 403
    assert sign_in(make_floor("YT02").supervisor).post(url).status_code == 404
    session.refresh_from_db()
    assert session.status == "planned"


def test_a_reflection_is_seen_by_its_author_and_once_handed_in_by_the_organiser(sign_in, floor, reflection):
    url = url_of("reflection", reflection.pk)
    assert sign_in(floor.advisors[1]).get(url).status_code == 404
    assert sign_in(floor.supervisor).get(url).status_code == 404
    assert sign_in(floor.advisors[0]).get(url).status_code == 200


# -- opening and planning


def form_of(floor, **values):
    return {
        "kind": "service",
        "organiser": floor.supervisor.pk,
        "weekday": 3,
        "starts_at": "16:30",
        "minutes": 60,
        "opens_before": 30,
        "closes_before": 0,
        "gap_days": 2,
        "guest_every_month": "on",
        **values,
    }


def test_a_supervisor_opens_a_programme_sees_every_date_and_only_then_saves(sign_in, floor):
    client = sign_in(floor.supervisor)
    response = client.post(url_of("programme_new"), form_of(floor))
    programme = Programme.objects.get()
    assert response["Location"] == f"{url_of('plan_quarter')}?programme={programme.pk}"
    quarter = "{}-{}".format(*following(*quarter_of(today())))
    preview = client.get(response["Location"] + f"&quarter={quarter}")
    assert len(preview.context["plan"].rows) >= 12
    assert not Session.objects.exists()
    saved = client.post(
        url_of("plan_quarter"), {"programme": programme.pk, "quarter": quarter, "seen": preview.context["plan"].digest}, follow=True
    )
    assert Session.objects.count() >= 12
    assert saved.redirect_chain[0][0] == f"{url_of('training_board')}?quarter={quarter}"
    assert not client.get(response["Location"] + f"&quarter={quarter}").context["plan"].changes_anything


def test_a_plan_that_changed_meanwhile_is_shown_again_instead_of_saved(sign_in, floor, programme):
    client = sign_in(floor.supervisor)
    response = client.post(url_of("plan_quarter"), {"programme": programme.pk, "quarter": "2027-2", "seen": "old"}, follow=True)
    assert "changed since you looked" in messages_of(response)[0]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "management"}, {"weekday": 9}, {"starts_at": "25:00"}, {"minutes": 5}, {"organiser": 0}, {"gap_days": -1}, {"starts_at": ""}],
)
def test_a_programme_form_with_nonsense_comes_back_with_the_reason(sign_in, floor, wrong):
    response = sign_in(floor.supervisor).post(url_of("programme_new"), form_of(floor, **wrong))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Programme.objects.exists()


def test_a_refused_programme_keeps_the_form(sign_in, floor):
    response = sign_in(floor.supervisor).post(url_of("programme_new"), form_of(floor, starts_at="11:30"))
    assert "half-day" in response.context["form"].errors["starts_at"][0]
    assert response.context["form"]["minutes"].value() == "60"


def test_without_a_programme_planning_leads_to_opening_one(sign_in, floor):
    assert sign_in(floor.supervisor).get(url_of("plan_quarter"))["Location"] == url_of("programme_new")


@pytest.mark.parametrize("query", ["?programme=999", "?programme=x", "?programme=²", "?programme=" + "9" * 40])
def test_planning_what_does_not_exist_is_not_found(sign_in, floor, programme, query):
    assert sign_in(floor.supervisor).get(url_of("plan_quarter") + query).status_code == 404


@pytest.mark.parametrize(
    "query", ["?quarter=2026-9", "?quarter=x", "?view=week&week=nonsense", "?view=week&week=9999-12-30", "?dealer=nowhere"]
)
def test_a_board_of_nonsense_is_the_present_one(sign_in, floor, programme, query):
    assert sign_in(floor.supervisor).get(url_of("training_board") + query).status_code == 200


def test_the_empty_board_says_how_to_begin(sign_in, floor):
    assert "No training is planned yet" in sign_in(floor.supervisor).get(url_of("training_board")).content.decode()


@pytest.mark.time_machine("2026-11-03T09:00+08:00")  # the sessions lie in one quarter, across which presenters swap
def test_the_board_says_what_is_missing_and_who_could_swap(sign_in, floor, programme):
    one, other = floor.advisors[:2]
    away = session_in(20, programme, presenter=one)
    swap = session_in(27, programme, presenter=other)
    session_in(1, programme, presenter=one)
    session_in(-2, programme, presenter=other)
    Leave.objects.create(employee=one, starts_on=away.on, ends_on=away.on)
    found = []
    for session in (away, Session.objects.order_by("on").first(), Session.objects.order_by("on")[1]):
        response = sign_in(floor.supervisor).get(url_of("training_board") + f"?view=week&week={session.on}")
        found += response.context["board"].findings
    texts = " ".join(finding["text"] for finding in found)
    assert "is on leave that day" in texts
    assert "material is missing" in texts
    assert "never started" in texts
    board = sign_in(floor.supervisor).get(url_of("training_board") + "?quarter=2026-4").context["board"]
    assert any(finding.get("swap") == swap for finding in board.findings)


def test_the_board_downloads_as_a_table(sign_in, floor, programme):
    session_in(0, programme, title="=1+1")
    response = sign_in(floor.supervisor).get(url_of("training_board") + "?export=csv")
    assert "'=1+1" in b"".join(response).decode("utf-8-sig") if response.streaming else response.content.decode("utf-8-sig")


def test_the_board_costs_the_same_for_few_and_many_sessions(sign_in, floor, django_assert_max_num_queries):
    client = sign_in(floor.supervisor)
    counts = []
    for kind, weekday in (("service", 3), ("technical", 1)):
        programme = make_programme(floor, kind=kind, weekday=weekday)
        plan_quarter(programme=programme, year=2027, quarter=2, by=floor.manager.user, at=datetime(2027, 3, 1, tzinfo=SHANGHAI))
        with django_assert_max_num_queries(15) as captured:
            client.get(url_of("training_board") + "?quarter=2027-2")
        counts.append(len(captured))
    assert counts[0] == counts[1]


# -- the session


def test_the_presenter_hands_in_a_file_and_colleagues_download_it(sign_in, floor, programme):
    session = session_in(5, programme, presenter=floor.advisors[0])
    upload = SimpleUploadedFile("../../evil.html", b"%PDF-1.7 hello", content_type="text/html")
    data = {"topic": make_topic().pk, "title": "Listening", "outline": "", "file": upload}
    response = sign_in(floor.advisors[0]).post(url_of("session_material", session.pk), data)
    assert response["Location"] == url_of("session", session.pk)
    session.refresh_from_db()
    assert session.material.name.startswith("training/")
    assert session.material.name.endswith(".pdf")
    download = sign_in(floor.advisors[1]).get(url_of("session_file", session.pk))
    assert b"".join(download) == b"%PDF-1.7 hello"
    download.close()
    assert download["Content-Type"] == "application/pdf"
    assert download["Content-Disposition"] == 'attachment; filename="Listening.pdf"'
    assert download["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"PK\x03\x04 not a zip", b"GIF89a"])
def test_a_file_of_another_kind_is_refused_whatever_its_name(sign_in, floor, programme, content):
    session = session_in(5, programme, presenter=floor.advisors[0])
    data = {"topic": make_topic().pk, "title": "Listening", "file": SimpleUploadedFile("a.pdf", content)}
    response = sign_in(floor.advisors[0]).post(url_of("session_material", session.pk), data)
    assert "none of those that can be taken" in response.context["form"].errors["file"][0]
    assert response.context["form"]["title"].value() == "Listening"
    session.refresh_from_db()
    assert not session.material_at


@pytest.mark.parametrize("wrong", [{"topic": ""}, {"title": ""}, {"course": "999"}, {"title": "x" * 121}])
def test_a_material_form_with_nonsense_comes_back(sign_in, floor, programme, wrong):
    session = session_in(5, programme, presenter=floor.advisors[0])
    data = {"topic": make_topic().pk, "title": "Listening", "outline": "x", **wrong}
    response = sign_in(floor.advisors[0]).post(url_of("session_material", session.pk), data)
    assert response.context["form"].errors


def test_a_colleague_does_not_open_the_presenters_form(sign_in, floor, programme):
    session = session_in(5, programme, presenter=floor.advisors[0])
    assert sign_in(floor.advisors[1]).get(url_of("session_material", session.pk)).status_code == 403


def test_the_organiser_names_the_guest_with_the_material(sign_in, floor, programme):
    session = session_in(5, programme, is_guest=True)
    data = {"guest_name": "周教授", "topic": make_topic().pk, "title": "Listening", "outline": "x"}
    sign_in(floor.supervisor).post(url_of("session_material", session.pk), data)
    session.refresh_from_db()
    assert session.guest_name == "周教授"


def test_a_session_without_a_file_has_none_to_download(sign_in, floor, programme):
    assert sign_in(floor.supervisor).get(url_of("session_file", session_in(5, programme).pk)).status_code == 404


@pytest.mark.time_machine("2027-05-10T09:00+08:00")
def test_an_organiser_confirms_moves_swaps_and_cancels_by_screen(sign_in, floor, programme):
    client = sign_in(floor.supervisor)
    day = date(2027, 5, 13)
    session = make_session(programme, on=day, presenter=floor.advisors[0])
    other = make_session(programme, on=day + timedelta(days=7), presenter=floor.advisors[1])
    swapped = client.post(url_of("session_swap", session.pk), {"other": other.pk})
    moved = client.post(url_of("session_move", session.pk), {"on": "2027-05-14", "starts_at": "09:00", "sure": "2027-05-14|09:00"})
    for answer in each([swapped, moved]):
        assert answer.url == url_of("session", session.pk) + "#messages", "the focus goes to what is said of it"
    assert 'id="messages" role="status" tabindex="-1"' in client.get(moved.url).text
    client.post(url_of("session_confirm", session.pk))
    session.refresh_from_db()
    assert (session.presenter, session.on, session.half, session.status) == (floor.advisors[1], date(2027, 5, 14), "am", "confirmed")
    client.post(url_of("session_cancel", session.pk), {"reason": "Stocktaking"})
    session.refresh_from_db()
    assert session.status == "cancelled"
    assert "Stocktaking" in client.get(url_of("session", session.pk)).content.decode()


@pytest.mark.parametrize(
    ("verb", "data", "place"),
    [
        ("move", {"on": "never", "starts_at": "09:00"}, "move_form"),
        ("move", {}, "move_form"),
        ("swap", {"other": "0"}, "swap_form"),
        ("cancel", {"reason": ""}, "cancel_form"),
        ("roll", {"state-x": "present"}, "messages"),
        ("roll", {"state-²": "present"}, "messages"),
        ("roll", {"state-" + "9" * 40: "present"}, "messages"),
        ("roll", {"state-1": "asleep"}, "messages"),
        ("correct", {"attendance": "0"}, "messages"),  # not closed yet: the form has no place on the page
    ],
)
def test_nonsense_posted_to_a_session_changes_nothing_and_says_why(sign_in, floor, programme, verb, data, place):
    session = session_in(5, programme, presenter=floor.advisors[0])
    before = Session.objects.values().get(pk=session.pk)
    response = sign_in(floor.supervisor).post(url_of(f"session_{verb}", session.pk), data)
    assert response.status_code == 200
    assert messages_of(response) if place == "messages" else response.context[place].errors
    assert Session.objects.values().get(pk=session.pk) == before


def test_the_roll_by_screen_does_not_undo_a_check_in_that_came_meanwhile(sign_in, floor, programme):
    session = running(programme)
    one, two, three = floor.advisors
    Attendance.objects.filter(session=session, employee=one).update(state="present")
    data = {f"was-{two.pk}": "expected", f"state-{two.pk}": "absent", f"was-{one.pk}": "expected"}
    sign_in(floor.supervisor).post(url_of("session_roll", session.pk), data)
    assert dict(Attendance.objects.filter(session=session).values_list("employee", "state")) == {
        one.pk: "present",
        two.pk: "absent",
        three.pk: "expected",
        floor.supervisor.pk: "expected",
    }


def test_what_is_marked_on_the_roll_and_not_saved_yet_is_kept_when_the_session_is_closed(sign_in, floor, programme):
    session = running(programme, minutes=61)
    here, late, _open = floor.advisors
    client = sign_in(floor.supervisor)
    page = client.get(url_of("session", session.pk)).content.decode()
    assert f'formaction="{url_of("session_close", session.pk)}"' in page
    marked = {f"state-{here.pk}": "present", f"state-{late.pk}": "late"}
    client.post(url_of("session_close", session.pk), marked | {f"was-{one.pk}": "expected" for one in floor.advisors})
    states = dict(Attendance.objects.filter(session=session).values_list("employee", "state"))
    assert [states[one.pk] for one in floor.advisors] == ["present", "late", "absent"]


def test_a_session_that_still_runs_asks_why_it_ends_early_and_keeps_the_roll_and_the_reason(sign_in, floor, programme):
    session = running(programme, minutes=20)
    client, url = sign_in(floor.supervisor), url_of("session_close", session.pk)
    assert 'name="early"' in client.get(url_of("session", session.pk)).content.decode()
    advisor = floor.advisors[0]
    marked = {f"state-{advisor.pk}": "late", f"was-{advisor.pk}": "expected"}
    response = client.post(url, marked | {"early": " "})
    assert "say why it ends early" in response.context["early"].errors[0]
    assert {row.employee_id: row.chosen for row in response.context["attendances"]}[advisor.pk] == "late"
    client.post(url, marked | {"early": "The projector broke"})
    session.refresh_from_db()
    assert (session.status, session.closed_early_reason) == ("closed", "The projector broke")
    assert "The projector broke" in client.get(url_of("session", session.pk)).content.decode()


def test_a_session_that_is_over_asks_for_no_reason(sign_in, floor, programme):
    session = running(programme, minutes=61)
    assert 'name="early"' not in sign_in(floor.supervisor).get(url_of("session", session.pk)).content.decode()


def test_before_the_room_opens_the_page_says_from_when_on_and_offers_no_button(sign_in, floor, programme):
    session = session_in(1, programme)
    page = sign_in(floor.supervisor).get(url_of("session", session.pk)).content.decode()
    assert "Check-in can be opened from" in page
    assert url_of("session_start", session.pk) not in page
    assert "30 minutes before the start" in messages_of(sign_in(floor.supervisor).post(url_of("session_start", session.pk), follow=True))[0]


def test_closing_names_how_many_of_the_roll_are_still_open_and_that_the_closer_is_not_noted(sign_in, floor, programme):
    session = running(programme, presenter=floor.advisors[0])
    were_there(session, floor.advisors[1])
    client = sign_in(floor.supervisor)
    page = client.get(url_of("session", session.pk)).content.decode()
    assert "1 of 4 people are still open on it" in page, "the presenter counts as there, the closer as not noted"
    assert "You are not noted yet" in page
    were_there(session, floor.supervisor)
    assert "You are not noted yet" not in client.get(url_of("session", session.pk)).content.decode()


def test_a_roll_that_cannot_be_read_closes_nothing(sign_in, floor, programme):
    session = running(programme)
    answer = sign_in(floor.supervisor).post(url_of("session_close", session.pk), {f"state-{floor.advisors[0].pk}": "asleep"})
    assert messages_of(answer)
    session.refresh_from_db()
    assert session.status == Session.Status.HELD


def test_closing_and_correcting_by_screen(sign_in, floor, programme):
    session = running(programme, minutes=61)
    client = sign_in(floor.supervisor)
    client.post(url_of("session_close", session.pk))
    row = Attendance.objects.get(session=session, employee=floor.advisors[0])
    client.post(url_of("session_correct", session.pk), {"attendance": row.pk, "state": "present", "reason": "Was on a test drive"})
    assert AttendanceCorrection.objects.get().reason == "Was on a test drive"
    assert "Was on a test drive" in client.get(url_of("session", session.pk)).content.decode()


def test_staff_do_not_see_each_others_attendance(sign_in, floor, programme):
    session = running(programme)
    page = sign_in(floor.advisors[0]).get(url_of("session", session.pk)).content.decode()
    assert floor.advisors[1].name not in page
    assert floor.advisors[1].name in sign_in(floor.supervisor).get(url_of("session", session.pk)).content.decode()


# -- the room and check-in


def test_the_room_shows_a_code_and_who_is_in(sign_in, floor, programme):
    session = running(programme)
    call_roll(session=session, states={floor.advisors[0].pk: "present"}, by=floor.supervisor.user, at=timezone.now())
    response = sign_in(floor.supervisor).get(url_of("session_room", session.pk))
    page = response.content.decode()
    assert "<svg" in page
    assert floor.advisors[0].name in page
    assert "no-store" in response["Cache-Control"] or "no-cache" in response["Cache-Control"]
    assert [row.employee for row in response.context["here"]] == [floor.advisors[0]]


def test_the_room_is_for_organisers_while_the_session_is_held(sign_in, floor, programme):
    session = session_in(0, programme)
    client = sign_in(floor.supervisor)
    assert client.get(url_of("session_room", session.pk))["Location"] == url_of("session", session.pk)
    assert client.get(url_of("session_room_live", session.pk)).status_code == 286
    assert sign_in(floor.advisors[0]).get(url_of("session_room", session.pk)).status_code == 403
    assert sign_in(make_floor("YT02").supervisor).get(url_of("session_room", session.pk)).status_code == 404


@pytest.mark.parametrize("name", ["session_room", "session_room_live", "session"])
def test_the_room_costs_the_same_for_few_and_many_people(sign_in, floor, programme, name, django_assert_max_num_queries):
    session = running(programme)
    client = sign_in(floor.supervisor)
    counts = []
    for more in (0, 30):
        for _number in range(more):
            person = make_employee("advisor", dealer=floor.dealer, sign_in=False)
            Attendance.objects.create(session=session, employee=person)
        with django_assert_max_num_queries(15) as captured:
            assert client.get(url_of(name, session.pk)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.time_machine("2026-11-25T16:25+08:00", tick=False)
def test_scanning_shows_one_button_that_checks_in(sign_in, floor, programme):
    session = running(programme)
    token = tokens.make_token(session.secret, session.pk, timezone.now())
    client = sign_in(floor.advisors[0])
    assert client.get(url_of("check_in", token)).context["valid"]
    assert Attendance.objects.filter(session=session, state="expected").count() == 4
    response = client.post(url_of("check_in", token), follow=True)
    assert "You are checked in" in messages_of(response)[0]
    row = Attendance.objects.get(session=session, employee=floor.advisors[0])
    assert (row.state, row.method) == ("present", "qr")


def test_signed_out_the_code_leads_over_sign_in_and_back(client, programme):
    session = running(programme)
    url = url_of("check_in", tokens.make_token(session.secret, session.pk, timezone.now()))
    assert client.get(url)["Location"] == f"{reverse('account_login')}?next={url}"


@pytest.mark.parametrize("token", ["a.b.c", "nonsense", "1.1.1"])
def test_a_code_that_is_none_explains_itself(sign_in, floor, programme, token):
    running(programme)
    client = sign_in(floor.advisors[0])
    assert "Scan the code again" in client.get(url_of("check_in", token)).content.decode()
    response = client.post(url_of("check_in", token), follow=True)
    assert "no check-in code of ours" in messages_of(response)[0]


def test_an_old_code_explains_that_it_has_expired(sign_in, floor, programme, still_clock):
    session = running(programme)
    token = tokens.make_token(session.secret, session.pk, timezone.now() - timedelta(minutes=1))
    response = sign_in(floor.advisors[0]).post(url_of("check_in", token), follow=True)
    assert "expired" in messages_of(response)[0]
    assert not response.context["valid"]


# -- mine


@pytest.fixture
def reflection(floor, programme):
    session = running(programme, minutes=61, is_guest=True, guest_name="周教授", title="Listening")
    were_there(session, floor.advisors[0])
    close_session(session=session, by=floor.supervisor.user, at=timezone.now())
    return Reflection.objects.get(employee=floor.advisors[0])


def test_the_training_page_shows_what_comes_my_turn_my_rate_and_what_i_owe(sign_in, floor, programme, reflection):
    session_in(6, programme, presenter=floor.advisors[0])
    response = sign_in(floor.advisors[0]).get(url_of("training"))
    assert [session.presenter for session in response.context["turns"]] == [floor.advisors[0]]
    assert response.context["rate"] == 100
    assert list(response.context["owed"]) == [reflection]


def test_the_training_page_is_for_people_at_work_and_empty_without_a_track(sign_in, floor, programme):
    session_in(6, programme)
    response = sign_in(make_employee("hr_officer", dealer=floor.dealer)).get(url_of("training"))
    assert response.context["coming"] == []


def test_the_training_page_costs_the_same_for_few_and_many_sessions(sign_in, floor, programme, django_assert_max_num_queries):
    client = sign_in(floor.advisors[0])
    counts = []
    for days in (range(1, 2), range(2, 9)):
        for day in days:
            session_in(day, programme, presenter=floor.advisors[0])
        with django_assert_max_num_queries(15) as captured:
            client.get(url_of("training"))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_draft_saves_itself_and_a_short_reflection_keeps_its_text(sign_in, floor, reflection):
    client = sign_in(floor.advisors[0])
    assert client.post(url_of("reflection_draft", reflection.pk), {"text": "First"}).status_code == 200
    response = client.post(url_of("reflection", reflection.pk), {"text": "First and second", "submit": "yes"}, follow=True)
    assert response.status_code == 200
    assert "at least 200" in response.context["form"].errors["text"][0]
    assert "First and second</textarea>" in response.content.decode()
    reflection.refresh_from_db()
    assert (reflection.text, reflection.submitted_at) == ("First and second", None)


def test_a_reflection_is_handed_in_once_then_read_and_scored(sign_in, floor, reflection):
    url = url_of("reflection", reflection.pk)
    client = sign_in(floor.advisors[0])
    client.post(url, {"text": ENOUGH, "submit": "yes"})
    response = client.post(url, {"text": "Second thoughts. " + ENOUGH, "submit": "yes"})
    assert "already handed in" in messages_of(response)[-1]
    assert "Second thoughts." in response.content.decode(), "to be copied: it was not saved"
    assert client.post(url_of("reflection_draft", reflection.pk), {"text": "late"}).status_code == 409
    client = sign_in(floor.supervisor)
    assert client.get(url).context["score_form"]
    client.post(url_of("reflection_score", reflection.pk), {"score": "5"})
    response = client.post(url_of("reflection_score", reflection.pk), {"score": "9"})
    assert (response.status_code, bool(response.context["score_form"].errors["score"])) == (200, True)
    assert client.get(url_of("reflection_score", reflection.pk)).context["reflection"] == reflection
    reflection.refresh_from_db()
    assert (reflection.text, reflection.score) == (ENOUGH, 5)


def test_nobody_overwrites_someone_elses_handed_in_reflection(sign_in, floor, reflection):
    sign_in(floor.advisors[0]).post(url_of("reflection", reflection.pk), {"text": ENOUGH, "submit": "yes"})
    sign_in(floor.supervisor).post(url_of("reflection", reflection.pk), {"text": "mine now", "submit": "yes"})
    reflection.refresh_from_db()
    assert reflection.text == ENOUGH


# -- Today


def test_today_tells_the_presenter_the_organiser_and_who_is_expected(floor, programme, django_assert_max_num_queries):
    held = running(programme, presenter=floor.advisors[1])
    session_in(1, programme, presenter=floor.advisors[0])
    with django_assert_max_num_queries(3):
        items = due_for(floor.advisors[0], timezone.now())
    assert [(item["title"], item["now"]) for item in items] == [("Service training", True), ("Your turn to present", True)]
    with django_assert_max_num_queries(10):
        items = due_for(floor.supervisor, timezone.now())
    titles = [item["title"] for item in items]
    assert any(title.startswith("Close") for title in titles)
    assert any(
        title.startswith("Needs attention") and "the material is missing" in item["text"] for title, item in zip(titles, items, strict=True)
    )
    Attendance.objects.filter(session=held).update(state="present")
    assert [item["title"] for item in due_for(floor.advisors[2], timezone.now())] == []


def test_today_tells_of_a_reflection_until_it_is_handed_in(floor, reflection):
    save_reflection_draft(reflection=reflection, text="x", by=floor.advisors[0].user, at=timezone.now())
    (item,) = due_for(floor.advisors[0], timezone.now())
    assert (item["title"], item["now"]) == ("Write your reflection", False)
    assert due_for(floor.advisors[0], reflection.due_at)[0]["now"]


def lines_of(employee, at=None):
    """{address: line} of what Today asks of someone in this room; no address twice."""
    items = due_for(employee, at or timezone.now())
    assert len({item["url"] for item in items}) == len(items)
    return {item["url"].removesuffix("?presenter=1"): item for item in items}


@pytest.mark.parametrize("how", ["left", "elsewhere", "on_leave", "leave_that_day"])
def test_today_tells_the_organiser_of_a_presenter_who_left_or_is_on_leave_weeks_before(floor, programme, how):
    session, presenter = session_in(24, programme, presenter=floor.advisors[0]), floor.advisors[0]
    session_in(25, programme, presenter=floor.advisors[1])
    if how == "leave_that_day":
        Leave.objects.create(employee=presenter, starts_on=session.on, ends_on=session.on)
    else:
        elsewhere = {"dealer": make_dealer("YT02")}
        changes = {"left": {"status": "left", "left_on": today()}, "elsewhere": elsewhere}.get(how, {"status": how})
        Employee.objects.filter(pk=presenter.pk).update(**changes)
    line = lines_of(floor.supervisor)[url_of("session", session.pk)]
    assert presenter.name in line["text"]
    assert url_of("session", session.pk + 1) not in lines_of(floor.supervisor)
    assert url_of("session", session.pk) not in lines_of(floor.manager), "it is the organiser's"


def test_today_names_each_session_once_whatever_there_is_to_do_about_it(floor, programme):
    session = session_in(1, programme, presenter=floor.supervisor)
    assert list(lines_of(floor.supervisor)) == [url_of("session", session.pk)]
    today_s = session_in(0, programme, presenter=floor.advisors[0])
    lines = lines_of(floor.advisors[0])
    assert list(lines) == [url_of("session_material", today_s.pk)]


def test_whatever_wants_attention_on_the_board_stands_on_today_of_the_organiser(sign_in, floor, programme):
    for days in (-9, -1, 1, 2, 6, 13, 20):
        session_in(days, programme)
    board = sign_in(floor.supervisor).get(url_of("training_board")).context["board"]
    wanting = {url_of("session", finding["session"].pk) for finding in board.findings if "session" in finding}
    assert wanting
    assert wanting <= set(lines_of(floor.supervisor))


def test_a_cancelled_session_asks_for_nothing_anywhere(sign_in, floor, programme):
    session = session_in(1, programme, presenter=floor.advisors[0], is_guest=True, status="cancelled", cancelled_reason="Flood")
    make_session(
        programme, on=today() + timedelta(days=8), presenter=floor.advisors[1], material_at=timezone.now(), material_by=floor.manager.user
    )
    start, end = timezone.now() - timedelta(days=9), timezone.now() + timedelta(days=9)
    for person in (floor.advisors[0], floor.supervisor):
        assert not [url for url in lines_of(person) if str(session.pk) in url.split("/")]
        assert not [
            one for feed in (sessions, material, reflections) for one in feed(person, start, end) if one.key.endswith(f"-{session.pk}")
        ]
    assert not [one for one in send_reminders_for(timezone.now())]
    board = sign_in(floor.supervisor).get(url_of("training_board"))
    assert session.pk not in [finding["session"].pk for finding in board.context["board"].findings if "session" in finding]
    assert session not in sign_in(floor.supervisor).get(url_of("sessions_to_come")).context["list"].queryset
    for person in (floor.advisors[0], floor.supervisor):
        page = sign_in(person).get(url_of("session", session.pk)).content.decode()
        assert "Hand in material" not in page
        assert "It is due on" not in page
        assert "The material is not in yet" not in page
        assert sign_in(person).get(url_of("session_material", session.pk))["Location"] == url_of("session", session.pk)
    assert not sign_in(floor.advisors[0]).get(url_of("training")).context["turns"]


def send_reminders_for(at):
    send_reminders(at=at)
    return Notice.objects.all()


def test_today_asks_for_the_plan_of_a_quarter_that_has_none(floor, programme):
    plan = f"{url_of('plan_quarter')}?programme={programme.pk}&quarter="
    november = datetime(2026, 11, 10, 9, tzinfo=SHANGHAI)
    assert plan + "2026-4" in lines_of(floor.supervisor, november)
    make_session(programme, on=date(2026, 11, 19), status="cancelled")
    assert plan + "2026-4" in lines_of(floor.supervisor, november), "what is cancelled is no plan"
    make_session(programme, on=date(2026, 11, 26))
    lines = lines_of(floor.supervisor, november)
    assert plan + "2026-4" not in lines
    assert plan + "2027-1" not in lines, "there is time"
    december = datetime(2026, 12, 15, 9, tzinfo=SHANGHAI)
    assert plan + "2027-1" in lines_of(floor.supervisor, december)
    assert not [url for url in lines_of(floor.advisors[0], december) if plan in url]


def test_today_tells_of_reflections_to_score_until_they_are_scored_and_opens_them(sign_in, floor, reflection):
    url = f"{url_of('reflections')}?state=unscored"
    assert url not in lines_of(floor.supervisor)
    Reflection.objects.update(submitted_at=timezone.now(), text=ENOUGH)
    assert lines_of(floor.supervisor)[url]["text"].startswith("1 reflection waits")
    assert list(sign_in(floor.supervisor).get(url).context["list"].queryset) == [reflection]
    score_reflection(reflection=reflection, score=4, by=floor.supervisor.user, at=timezone.now())
    assert url not in lines_of(floor.supervisor)
    assert list(sign_in(floor.supervisor).get(url).context["list"].queryset) == []


def test_the_board_counts_the_sessions_of_its_own_quarter_and_a_session_leads_back_to_it(sign_in, floor, programme):
    last, first = make_session(programme, on=date(2026, 9, 30)), make_session(programme, on=date(2026, 10, 1))
    client = sign_in(floor.supervisor)
    board = client.get(url_of("training_board") + "?quarter=2026-4")
    assert [session.pk for session in board.context["board"].sessions] == [last.pk, first.pk], "the week is shown whole"
    assert "1 session ·" in board.context["lead"]
    assert url_of("training_board") + "?quarter=2026-3&amp;dealer=YT01" in client.get(url_of("session", last.pk)).content.decode()


def test_the_guest_is_named_on_the_session_s_page(sign_in, floor, programme):
    session = session_in(9, programme, is_guest=True)
    client = sign_in(floor.supervisor)
    assert "Guest lecturer to be named" in client.get(url_of("session", session.pk)).content.decode()
    client.post(url_of("session_guest", session.pk), {"guest_name": "周教授"})
    session.refresh_from_db()
    assert (session.guest_name, session.material_at) == ("周教授", None)
    assert "周教授" in client.get(url_of("session", session.pk)).content.decode()
    with pytest.raises(Refused, match="no guest lecture"):
        name_guest(session=session_in(10, programme), guest_name="x", by=floor.supervisor.user, at=timezone.now())


def test_cancelling_and_planning_name_the_numbers_they_hit(sign_in, floor, programme):
    client = sign_in(floor.supervisor)
    page = client.get(url_of("session", session_in(9, programme).pk)).content.decode()
    assert "4 people are expected and are told that it is cancelled" in page
    year, quarter = following(*quarter_of(today()))
    response = client.get(url_of("plan_quarter") + f"?programme={programme.pk}&quarter={year}-{quarter}")
    assert f"{response.context['plan'].count('new')} sessions are new, 0 are changed" in response.content.decode()


def test_today_asks_the_organiser_to_start_what_has_come(floor, programme):
    session = session_in(0, programme, hour=9, minute=0)
    titles = [item["title"] for item in due_for(floor.supervisor, session.starts_at)]
    assert any(title.startswith("Start") for title in titles)


def test_a_move_that_changes_nothing_tells_nobody(sign_in, floor, programme):
    session = session_in(6, programme)
    begin = timezone.localtime(session.starts_at)
    sent = {"on": session.on.isoformat(), "starts_at": f"{begin:%H:%M}"}
    page = sign_in(floor.supervisor).post(url_of("session_move", session.pk), sent)
    assert "as they were" in page.text
    assert not Notice.objects.filter(kind="training_moved").exists()
