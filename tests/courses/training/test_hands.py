"""Whose hands a session is in: nobody notes or scores themselves, nobody organises elsewhere, and a refusal keeps what was typed."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from courses.training import tokens
from courses.training.actions.attendance import call_roll, check_in, correct_attendance
from courses.training.actions.material import submit_material
from courses.training.actions.programmes import open_programme
from courses.training.actions.reflections import save_reflection_draft, score_reflection, submit_reflection
from courses.training.actions.sessions import close_session
from courses.training.forms import roll_of
from courses.training.models import Attendance, AttendanceCorrection, Programme, Reflection, Session
from courses.training.permissions import kinds_opened_by, may_note_attendance, may_organise, may_score
from courses.training.queries.sessions import reflections_visible_to
from lms.accounts.models import User
from lms.common.states import WrongHands
from lms.people.choices import Role
from lms.people.models import Employee
from tests.factories import (
    ENOUGH,
    PLANNED_AT,
    make_floor,
    make_held_session,
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


@pytest.fixture
def held(programme):
    return make_held_session(programme)


@pytest.fixture
def closed(held, floor):
    return close_session(session=held, by=floor.supervisor.user, at=held.ends_at)


def of(session, employee):
    return Attendance.objects.select_related("session", "employee").get(session=session, employee=employee)


def technical(employee):
    """A technical account behind the person's record: every permission there is."""
    User.objects.filter(pk=employee.user_id).update(is_superuser=True)
    employee.refresh_from_db()
    return User.objects.get(pk=employee.user_id)


def also(employee, role):
    """The person with a second role."""
    employee.user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=employee.user_id)


# --- Nobody about themselves ----------------------------------------------------------------


def test_a_supervisor_does_not_call_the_roll_for_themselves(held, floor):
    own, other = floor.supervisor.pk, floor.advisors[0].pk
    with pytest.raises(WrongHands, match=floor.manager.name):
        call_roll(session=held, states={own: "present", other: "present"}, by=floor.supervisor.user, at=held.starts_at)
    assert set(Attendance.objects.values_list("state", flat=True)) == {"expected"}, "not the others' rows either"
    assert call_roll(session=held, states={own: "present"}, by=floor.manager.user, at=held.starts_at) == 1


def test_a_supervisor_checks_in_by_the_code_like_everyone(held, floor):
    token = tokens.make_token(held.secret, held.pk, held.starts_at)
    assert check_in(token=token, by=floor.supervisor.user, at=held.starts_at).state == "present"


def test_a_supervisor_does_not_correct_their_own_attendance_but_a_colleague_does(closed, floor):
    values = {"attendance": of(closed, floor.supervisor), "state": "present", "reason": "I was there", "at": closed.ends_at}
    with pytest.raises(WrongHands, match="by another organiser"):
        correct_attendance(by=floor.supervisor.user, **values)
    assert not AttendanceCorrection.objects.exists()
    correct_attendance(by=floor.technical_supervisor.user, **values)
    assert of(closed, floor.supervisor).state == "present"


def test_where_nobody_else_organises_the_sentence_says_whom_to_ask(closed, floor):
    Employee.objects.filter(pk__in=[floor.manager.pk, floor.technical_supervisor.pk]).update(status="left", left_on=date(2026, 1, 1))
    with pytest.raises(WrongHands, match="Ask HR to appoint a second one"):
        correct_attendance(
            attendance=of(closed, floor.supervisor), state="present", reason="x", by=floor.supervisor.user, at=closed.ends_at
        )


def test_closing_does_not_say_of_the_closer_that_they_were_there(programme, floor):
    session = make_held_session(programme, presenter=floor.supervisor)
    close_session(session=session, by=floor.supervisor.user, at=session.ends_at)
    assert of(session, floor.supervisor).state == "not_noted"
    other = make_held_session(programme, presenter=floor.supervisor, on=date(2026, 12, 3))
    close_session(session=other, by=floor.manager.user, at=other.ends_at)
    assert of(other, floor.supervisor).state == "present"


@pytest.fixture
def supervisors_own(programme, floor):
    """Everyone of the house is an advisor of the track here, the supervisor too: they owe a reflection as well."""
    lecture = make_held_session(programme, is_guest=True, guest_name="周教授")
    were_there(lecture, floor.supervisor)
    close_session(session=lecture, by=floor.manager.user, at=lecture.ends_at)
    one, _new = Reflection.objects.get_or_create(
        session=lecture, employee=floor.supervisor, defaults={"due_at": lecture.ends_at + timedelta(days=3)}
    )
    return submit_reflection(reflection=one, text=ENOUGH, by=floor.supervisor.user, at=one.due_at)


def test_nobody_scores_their_own_reflection(supervisors_own, floor):
    values = {"reflection": supervisors_own, "score": 5, "at": supervisors_own.due_at}
    with pytest.raises(WrongHands, match="never by its author"):
        score_reflection(by=floor.supervisor.user, **values)
    assert score_reflection(by=floor.manager.user, **values).score == 5


def test_the_page_offers_nobody_a_score_for_their_own_reflection(sign_in, supervisors_own, floor):
    url = reverse("reflection", args=[supervisors_own.pk])
    assert "score_form" not in sign_in(floor.supervisor).get(url).content.decode()
    assert sign_in(floor.supervisor).get(url).context["score_form"] is None
    assert sign_in(floor.manager).get(url).context["score_form"]
    response = sign_in(floor.supervisor).post(reverse("reflection_score", args=[supervisors_own.pk]), {"score": "5"})
    assert response.status_code == 403
    assert "never by its author" in response.content.decode()


def test_a_reflection_is_read_by_no_organiser_of_another_dealer(supervisors_own, floor):
    assert supervisors_own in reflections_visible_to(floor.manager.user)
    assert not reflections_visible_to(make_floor("YT02").manager.user).exists()


def test_nobody_writes_a_reflection_for_someone_else_not_even_the_manager(supervisors_own, floor):
    for act in (save_reflection_draft, submit_reflection):
        with pytest.raises(WrongHands, match="the person who owes it"):
            act(reflection=supervisors_own, text=ENOUGH, by=floor.manager.user, at=supervisors_own.due_at)


def test_a_presenter_hands_in_their_own_material(programme, floor):
    session = make_session(programme, presenter=floor.supervisor)
    assert submit_material(
        session=session, title="Listening", topic=make_topic(), outline="x", by=floor.supervisor.user, at=PLANNED_AT
    ).material_at


# --- Not elsewhere, not the system, not a technical account ----------------------------------


def test_an_organiser_organises_at_the_own_dealer_only_whatever_else_they_are(held, floor):
    elsewhere = make_floor("YT02")
    assert may_organise(floor.supervisor.user, held.programme)
    assert not may_organise(elsewhere.supervisor.user, held.programme)
    both = also(elsewhere.supervisor, Role.GROUP_HR)
    assert not may_organise(both, held.programme), "who sees the group does not organise all of it"
    assert not kinds_opened_by(both, floor.dealer.pk)
    with pytest.raises(WrongHands):
        call_roll(session=held, states={floor.advisors[0].pk: "present"}, by=both, at=held.starts_at)


def test_two_roles_see_a_foreign_session_and_get_a_sentence_where_they_would_act(client, floor, programme):
    session = make_session(programme)
    client.force_login(also(make_floor("YT02").supervisor, Role.GROUP_HR))
    page = client.get(reverse("session", args=[session.pk]))
    assert (page.status_code, page.context["organises"]) == (200, False)
    for verb, data in (("cancel", {"reason": "x"}), ("move", {}), ("roll", {}), ("confirm", {}), ("close", {})):
        response = client.post(reverse(f"session_{verb}", args=[session.pk]), data)
        assert response.status_code == 403
        assert "dealer" in response.content.decode()
    assert client.get(reverse("session_room", args=[session.pk])).status_code == 403
    assert Session.objects.get().status == "planned"


@pytest.mark.parametrize("who", [None, "technical"])
def test_neither_the_system_nor_a_technical_account_signs_attendance(closed, floor, who):
    by = technical(floor.technical_supervisor) if who else None
    row = of(closed, floor.advisors[0])
    assert not may_organise(by, closed.programme)
    assert not may_note_attendance(by, row)
    with pytest.raises(WrongHands):
        correct_attendance(attendance=row, state="present", reason="x", by=by, at=closed.ends_at)
    with pytest.raises(WrongHands):
        open_programme(dealer=floor.dealer, kind="technical", organiser=floor.supervisor, weekday=1, starts_at=None, by=by, at=PLANNED_AT)
    assert Programme.objects.count() == 1


def test_someone_whose_account_was_closed_organises_nothing(floor, supervisors_own):
    user = floor.manager.user
    assert may_score(user, supervisors_own)
    user.is_active = False
    user.save()
    assert not may_score(User.objects.get(pk=user.pk), supervisors_own)


# --- The roll, as the page showed it ---------------------------------------------------------


def test_only_what_was_changed_on_the_roll_is_sent_on():
    data = {"was-1": "absent", "state-1": "absent", "was-2": "expected", "state-2": "present", "was-3": "late", "csrf": "x"}
    assert roll_of(data) == {2: "present"}


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "१", "9" * 19])
def test_a_roll_with_a_number_that_is_none_is_not_ours(number):
    assert roll_of({f"state-{number}": "present"}) is None


@pytest.mark.time_machine("2026-11-26T16:35+08:00")
def test_a_row_left_as_it_was_shown_does_not_undo_a_later_check_in(sign_in, floor, held):
    """The page showed “absent”; meanwhile the person scanned; the supervisor saves the others."""
    late, other = floor.advisors[:2]
    call_roll(session=held, states={late.pk: "absent"}, by=floor.supervisor.user, at=held.starts_at)
    shown = {f"was-{late.pk}": "absent", f"state-{late.pk}": "absent", f"was-{other.pk}": "expected", f"state-{other.pk}": "present"}
    check_in(token=tokens.make_token(held.secret, held.pk, held.starts_at), by=late.user, at=held.starts_at)
    sign_in(floor.supervisor).post(reverse("session_roll", args=[held.pk]), shown)
    assert (of(held, late).state, of(held, other).state) == ("present", "present")


@pytest.mark.time_machine("2026-11-26T16:35+08:00")
def test_the_roll_has_no_buttons_for_the_own_row_and_says_who_notes_it(sign_in, floor, held):
    page = sign_in(floor.supervisor).get(reverse("session", args=[held.pk])).content.decode()
    assert f'name="state-{floor.advisors[0].pk}"' in page
    assert f'name="state-{floor.supervisor.pk}"' not in page
    assert "noted by the check-in or by another organiser" in page
    response = sign_in(floor.supervisor).post(reverse("session_roll", args=[held.pk]), {f"state-{floor.supervisor.pk}": "present"})
    assert response.status_code == 403
    assert of(held, floor.supervisor).state == "expected"


def test_the_correction_form_leaves_out_who_corrects(sign_in, floor, closed):
    url = reverse("session_correct", args=[closed.pk])
    form = sign_in(floor.supervisor).get(reverse("session", args=[closed.pk])).context["correction_form"]
    assert floor.supervisor.pk not in form.fields["attendance"].queryset.values_list("employee", flat=True)
    data = {"attendance": of(closed, floor.supervisor).pk, "state": "present", "reason": "I was there"}
    response = sign_in(floor.supervisor).post(url, data)
    assert response.context["correction_form"].errors["attendance"]
    assert of(closed, floor.supervisor).state == "not_noted"


# --- A refusal keeps what was typed ----------------------------------------------------------


def refused(client, session, verb, data):
    response = client.post(reverse(f"session_{verb}", args=[session.pk]), data)
    assert response.status_code == 200
    return response


def stands_open(page, summary):
    """Whether the page's part with these words over it is unfolded."""
    return re.search(rf'<details class="disclosure"( open)?>\s*<summary>{summary}', page.content.decode())[1] is not None


def test_a_refused_move_stands_open_with_its_day_and_the_reason_at_its_field(sign_in, floor, programme):
    yesterday = timezone.localdate() - timedelta(days=1)
    session = make_session(programme)
    response = refused(sign_in(floor.supervisor), session, "move", {"on": yesterday.isoformat(), "starts_at": "09:15"})
    form = response.context["move_form"]
    assert "has passed" in form.errors["on"][0]
    assert form["starts_at"].value() == "09:15"
    assert stands_open(response, "Move to another day")
    assert not stands_open(response, "Cancel the session")


def test_a_refused_cancellation_and_swap_stand_open(sign_in, floor, programme):
    session = make_session(programme, presenter=floor.advisors[0])
    client = sign_in(floor.supervisor)
    page = refused(client, session, "cancel", {"reason": "x" * 201})
    assert page.context["cancel_form"]["reason"].value() == "x" * 201
    assert stands_open(page, "Cancel the session")
    page = refused(client, session, "swap", {"other": "999"})
    assert page.context["swap_form"].errors["other"]
    assert stands_open(page, "Swap presenters")


def test_a_refused_correction_keeps_its_reason(sign_in, floor, closed):
    row = of(closed, floor.advisors[0])
    page = refused(sign_in(floor.supervisor), closed, "correct", {"attendance": row.pk, "state": "absent", "reason": "Test drive"})
    form = page.context["correction_form"]
    assert "different" in form.errors["state"][0]
    assert form["reason"].value() == "Test drive"


@pytest.mark.time_machine("2026-11-26T16:35+08:00")
def test_a_refused_roll_keeps_the_ticks(sign_in, floor, held):
    stranger, advisor = floor.technicians[0], floor.advisors[0]
    data = {f"was-{advisor.pk}": "expected", f"state-{advisor.pk}": "late", f"state-{stranger.pk}": "present"}
    page = refused(sign_in(floor.supervisor), held, "roll", data)
    chosen = {row.employee_id: row.chosen for row in page.context["attendances"]}
    assert chosen[advisor.pk] == "late"
    assert "not in the session" in str(next(iter(page.context["messages"])))
    assert of(held, advisor).state == "expected"


def test_what_is_refused_because_the_session_went_on_is_said_at_the_head(sign_in, floor, held):
    page = refused(sign_in(floor.supervisor), held, "move", {"on": "2027-05-14", "starts_at": "09:00"})
    assert "already" in str(next(iter(page.context["messages"])))
    assert "move_form" not in page.context


def test_a_plan_that_changed_is_shown_as_it_would_be_now(sign_in, floor, programme):
    response = sign_in(floor.supervisor).post(reverse("plan_quarter"), {"programme": programme.pk, "quarter": "2027-2", "seen": "old"})
    assert response.status_code == 200
    assert response.context["quarter"] == "2027-2"
    assert response.context["plan"].rows


def test_an_expired_code_is_explained_where_it_was_pressed(sign_in, floor, programme):
    session = make_running_session(programme)
    token = tokens.make_token(session.secret, session.pk, timezone.now() - timedelta(minutes=2))
    response = sign_in(floor.advisors[0]).post(reverse("check_in", args=[token]))
    assert response.status_code == 200
    assert "expired" in str(next(iter(response.context["messages"])))
