"""Two people have the same page of a training open; the second is told what the first did, and overwrites nothing."""

from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from courses.training.actions.attendance import call_roll, check_in, correct_attendance
from courses.training.actions.programmes import change_programme_audience
from courses.training.actions.reflections import save_reflection_draft, score_reflection, submit_reflection
from courses.training.actions.sessions import close_session, move_session, start_session, swap_presenters
from courses.training.models import Attendance, Reflection, Session
from courses.training.queries.shown import states_shown, turn_shown
from courses.training.tokens import make_token
from lms.audiences.queries import rule_of
from lms.audiences.rule import Rule
from lms.audit.models import Event
from lms.common.shown import ChangedMeanwhile, Shown
from lms.notifications.models import Notice
from lms.people.models import Holiday
from tests.assessments.grading.racing import at_once
from tests.factories import ENOUGH, SHANGHAI, make_floor, make_programme, make_running_session, make_session, make_topic, were_there
from tests.pages import filled, form_at

pytestmark = pytest.mark.django_db
SAID = "This was changed meanwhile, so nothing was saved."


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def floor():
    return make_floor()


@pytest.fixture
def programme(floor):
    return make_programme(floor)


@pytest.fixture
def held(programme):
    return make_running_session(programme, minutes=61)


@pytest.fixture
def coming(programme, floor):
    Holiday.objects.create(on=date(2027, 5, 1), name="劳动节")  # that year's have been entered: a move into it asks nothing
    return make_session(programme, on=date(2027, 5, 13), presenter=floor.advisors[0])


def at(name, *args):
    return reverse(name, args=args)


def of(session, employee):
    return Attendance.objects.select_related("session", "employee").get(session=session, employee=employee)


def carried(facts):
    """As a page that showed these facts hands them back."""
    return Shown({name: [one.value, one.words] for name, one in facts.items()})


def words_of(response):
    return unescape(response.content.decode())


def on(day):
    """Half past four on a day of that May, as pages say it."""
    return date_format(datetime(2027, 5, day, 16, 30, tzinfo=SHANGHAI), "DATETIME_FORMAT")


def checked_in(session, person, moment):
    token = make_token(session.secret, session.pk, moment)
    return check_in(token=token, by=person.user, at=moment)


def test_a_roll_behind_a_check_in_overwrites_nothing_and_keeps_what_was_marked(sign_in, floor, held):
    client, page = sign_in(floor.supervisor), at("session", held.pk)
    one, other = floor.advisors[:2]
    sent = filled(client.get(page), at("session_roll", held.pk), **{f"state-{one.pk}": "absent", f"state-{other.pk}": "present"})
    checked_in(held, one, held.starts_at + timedelta(minutes=20))
    response = client.post(at("session_roll", held.pk), sent)
    assert f"{SAID} {one.name}: Expected → Late ({one.name}, " in words_of(response)
    assert (of(held, one).state, of(held, other).state) == ("late", "expected")
    again = form_at(response, at("session_roll", held.pk)).data
    assert (again[f"state-{one.pk}"], again[f"state-{other.pk}"]) == (["absent"], ["present"])
    client.post(at("session_roll", held.pk), again)
    assert (of(held, one).state, of(held, other).state) == ("absent", "present")


def test_a_row_left_as_it_was_shown_is_no_change_and_asks_nothing(sign_in, floor, held):
    client, page = sign_in(floor.supervisor), at("session", held.pk)
    one, other = floor.advisors[:2]
    sent = filled(client.get(page), at("session_roll", held.pk), **{f"state-{other.pk}": "present"})
    checked_in(held, one, held.starts_at)
    assert client.post(at("session_roll", held.pk), sent).status_code == 302
    assert (of(held, one).state, of(held, other).state) == ("present", "present")


def test_closing_with_a_roll_behind_the_times_closes_nothing(sign_in, floor, held):
    client, one = sign_in(floor.supervisor), floor.advisors[0]
    sent = filled(client.get(at("session", held.pk)), at("session_roll", held.pk), **{f"state-{one.pk}": "absent"})
    call_roll(session=held, states={one.pk: "late"}, by=floor.manager.user, at=held.ends_at)
    assert SAID in words_of(client.post(at("session_close", held.pk), sent))
    held.refresh_from_db()
    assert (held.status, of(held, one).state) == ("held", "late")


def test_a_move_from_a_page_behind_the_times_leaves_the_date_and_tells_nobody(sign_in, floor, coming):
    client = sign_in(floor.supervisor)
    sent = filled(client.get(at("session", coming.pk)), at("session_move", coming.pk), starts_at="15:00")
    move_session(session=coming, on=date(2027, 5, 20), by=floor.manager.user, at=timezone.now())
    before = Notice.objects.count(), Event.objects.count()
    response = client.post(at("session_move", coming.pk), sent)
    words = words_of(response)
    assert f"{SAID} Starts: {on(13)} → {on(20)} ({floor.manager.name}, " in words
    assert Session.objects.get(pk=coming.pk).on == date(2027, 5, 20)
    assert (Notice.objects.count(), Event.objects.count()) == before
    again = form_at(response, at("session_move", coming.pk))
    assert again.is_open
    assert (again.data["on"], again.data["starts_at"]) == (["2027-05-13"], ["15:00"])
    client.post(at("session_move", coming.pk), again.data)
    assert Session.objects.get(pk=coming.pk).on == date(2027, 5, 13)


def test_told_once_of_one_change_and_again_of_the_next(sign_in, floor, coming):
    client, url = sign_in(floor.supervisor), at("session_move", coming.pk)
    sent = filled(client.get(at("session", coming.pk)), url, on="2027-06-03")
    for day in (20, 27):
        move_session(session=coming, on=date(2027, 5, day), by=floor.manager.user, at=timezone.now())
        response = client.post(url, sent)
        assert f"→ {on(day)}" in words_of(response)
        sent = form_at(response, url).data
    assert client.post(url, sent).status_code == 302


def test_a_field_that_was_mistyped_does_not_hide_what_changed_meanwhile(sign_in, floor, coming):
    client, url = sign_in(floor.supervisor), at("session_move", coming.pk)
    sent = filled(client.get(at("session", coming.pk)), url, on="")
    move_session(session=coming, on=date(2027, 5, 20), by=floor.manager.user, at=timezone.now())
    again = form_at(client.post(url, sent), url).data | {"on": "2027-05-13"}
    assert SAID in words_of(client.post(url, again))


def test_a_swap_and_a_cancellation_are_of_what_was_looked_at(sign_in, floor, programme, coming):
    client = sign_in(floor.supervisor)
    other = make_session(programme, on=date(2027, 5, 20), presenter=floor.advisors[1])
    third = make_session(programme, on=date(2027, 5, 27), presenter=floor.advisors[2])
    page = client.get(at("session", coming.pk))
    swap = filled(page, at("session_swap", coming.pk), other=other.pk)
    cancel = filled(page, at("session_cancel", coming.pk), reason="Stocktaking in the parts store")
    swap_presenters(session=other, other=third, by=floor.manager.user, at=timezone.now())
    assert f"2027-05-20: {floor.advisors[1]} → {floor.advisors[2]}" in words_of(client.post(at("session_swap", coming.pk), swap))
    swap_presenters(session=coming, other=third, by=floor.manager.user, at=timezone.now())
    response = client.post(at("session_cancel", coming.pk), cancel)
    assert "Presenter: " in words_of(response)
    assert form_at(response, at("session_cancel", coming.pk)).data["reason"] == ["Stocktaking in the parts store"]
    assert Session.objects.get(pk=coming.pk).status == "planned"


def test_a_correction_is_of_the_state_that_was_shown(sign_in, floor, held):
    client, one, url = sign_in(floor.supervisor), floor.advisors[0], at("session_correct", held.pk)
    close_session(session=held, by=floor.supervisor.user, at=held.ends_at)
    row = of(held, one)
    sent = filled(client.get(at("session", held.pk)), url, attendance=row.pk, state="late", reason="Seen at the door")
    correct_attendance(attendance=row, state="excused", reason="On leave", by=floor.manager.user, at=timezone.now())
    response = client.post(url, sent)
    assert f"{one.name}: Absent → Excused ({floor.manager.name}, " in words_of(response)
    assert form_at(response, url).data["reason"] == ["Seen at the door"]
    assert of(held, one).state == "excused"


def test_material_handed_in_twice_at_once_keeps_the_first(sign_in, floor, coming):
    first, second, url = sign_in(floor.advisors[0]), Client(), at("session_material", coming.pk)
    second.force_login(floor.manager.user)
    page, topic = second.get(url), make_topic()
    first.post(url, {"topic": topic.pk, "title": "Complaints", "outline": "Listen first."})
    response = second.post(url, filled(page, url, topic=topic.pk, title="Something else", outline="A whole page of my own."))
    assert "Title: – → Complaints" in words_of(response)
    assert form_at(response, url).data["outline"] == ["A whole page of my own."]
    assert Session.objects.get(pk=coming.pk).title == "Complaints"


@pytest.fixture
def reflection(programme, floor):
    guest = make_session(programme, is_guest=True, guest_name="Dr Wang", status="confirmed")
    guest = start_session(session=guest, by=floor.supervisor.user, at=guest.starts_at)
    were_there(guest, floor.advisors[0])
    close_session(session=guest, by=floor.supervisor.user, at=guest.ends_at)
    return Reflection.objects.get(session=guest, employee=floor.advisors[0])


def test_a_reflection_open_on_two_devices_loses_neither_text(sign_in, floor, reflection):
    client, url = sign_in(floor.advisors[0]), at("reflection", reflection.pk)
    sent = filled(client.get(url), url, text="Written at the desk, " + ENOUGH)
    save_reflection_draft(reflection=reflection, text="Written on the phone.", by=floor.advisors[0].user, at=timezone.now())
    response = client.post(url, sent | {"submit": "yes"})
    words = words_of(response)
    assert SAID in words
    assert "Written on the phone." in words
    assert "Written at the desk, " in form_at(response, url).data["text"][0]
    reflection.refresh_from_db()
    assert (reflection.text, reflection.submitted_at) == ("Written on the phone.", None)
    client.post(url, form_at(response, url).data)
    reflection.refresh_from_db()
    assert reflection.text.startswith("Written at the desk, ")


def test_saving_while_one_writes_goes_on_from_what_was_saved(sign_in, floor, reflection):
    client, url, draft = sign_in(floor.advisors[0]), at("reflection", reflection.pk), at("reflection_draft", reflection.pk)
    form = form_at(client.get(url), url).data
    saved = client.post(draft, form | {"text": "First words"})
    line = type(saved)(b"<form method=post action='/'>" + saved.content + b"</form>")
    line.wsgi_request = saved.wsgi_request
    form |= form_at(line, "/").data
    assert client.post(draft, form | {"text": "Other words"}).status_code == 200
    refused = client.post(draft, form | {"text": "Something from long ago"})
    assert refused.status_code == 409
    assert 'name="shown"' in refused.content.decode()
    reflection.refresh_from_db()
    assert reflection.text == "Other words"


def test_a_draft_whose_answer_was_not_seen_yet_is_no_change_by_somebody_else(sign_in, floor, reflection):
    client, url = sign_in(floor.advisors[0]), at("reflection", reflection.pk)
    form = form_at(client.get(url), url).data
    client.post(at("reflection_draft", reflection.pk), form | {"text": "One line\nand a second"})
    assert client.post(url, form | {"text": "One line\r\nand a second, with more"}).status_code == 302


def test_a_score_is_not_given_over_another(sign_in, floor, reflection):
    submit_reflection(reflection=reflection, text=ENOUGH, by=floor.advisors[0].user, at=timezone.now())
    client, page, url = sign_in(floor.supervisor), at("reflection", reflection.pk), at("reflection_score", reflection.pk)
    sent = filled(client.get(page), url, score="2")
    score_reflection(reflection=reflection, score=5, by=floor.manager.user, at=timezone.now())
    response = client.post(url, sent)
    assert f"Score 1-5: – → 5 ({floor.manager.name}, " in words_of(response)
    assert form_at(response, url).data["score"] == ["2"]
    reflection.refresh_from_db()
    assert reflection.score == 5


def test_an_audience_is_not_changed_over_another(sign_in, floor, programme):
    client, url = sign_in(floor.manager), at("programme_audience", programme.pk)
    sent = filled(client.get(url), url, least="3")
    rule = Rule(people=frozenset([floor.advisors[0].pk]))
    change_programme_audience(programme=programme, rule=rule, by=floor.manager.user, at=timezone.now())
    response = client.post(url, sent)
    assert SAID in words_of(response)
    assert form_at(response, url).data["least"] == ["3"]
    assert rule_of(programme.audience).people == {floor.advisors[0].pk}


# -- at the same moment, with threads on PostgreSQL


@pytest.fixture
def on_postgresql(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_at_the_same_moment_one_is_told(on_postgresql):
    floor = make_floor()
    Holiday.objects.create(on=date(2027, 5, 1), name="劳动节")
    session = make_session(make_programme(floor), on=date(2027, 5, 13), presenter=floor.advisors[0])
    shown = carried(turn_shown(session))
    moves = [
        lambda day=day: move_session(session=session, on=day, by=floor.manager.user, at=timezone.now(), shown=shown)
        for day in (date(2027, 5, 20), date(2027, 5, 27))
    ]
    assert sum(isinstance(one, ChangedMeanwhile) for one in at_once(*moves)) == 1
    assert Event.objects.filter(verb="training.session_moved").count() == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_a_roll_and_another_at_the_same_moment_one_is_told(on_postgresql):
    floor = make_floor()
    session = make_running_session(make_programme(floor), minutes=61)
    one = floor.advisors[0]
    shown = carried(states_shown(Attendance.objects.filter(session=session).select_related("employee")))
    calls = [
        lambda state=state, by=by: call_roll(session=session, states={one.pk: state}, by=by.user, at=timezone.now(), shown=shown)
        for state, by in (("present", floor.supervisor), ("late", floor.manager))
    ]
    assert sum(isinstance(one, ChangedMeanwhile) for one in at_once(*calls)) == 1
    assert Event.objects.filter(verb="training.roll_called").count() == 1
