"""A log a week: kept while typing, handed in once, answered by whoever was the mentor that week; incidents and visits noted (C4)."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from lms.audit.models import Event
from lms.common.shown import ChangedMeanwhile, Shown, written
from lms.common.states import WrongHands
from lms.notifications.models import Notice
from lms.people.models import Employee
from talent_pool.interns.actions.log_reminders import remind_logs
from talent_pool.interns.actions.logs import CannotLog, answer_log, record_note, save_log_draft, submit_log
from talent_pool.interns.due import logs_to_answer, own_log
from talent_pool.interns.models import Note, Pause, WeeklyLog
from talent_pool.interns.queries.logs import log_shown, weeks_of, with_weeks
from tests.each import each
from tests.factories import (
    hr_of,
    make_batch,
    make_coordinator,
    make_dealer,
    make_employee,
    make_placement,
    make_rotation,
    make_school,
    make_station,
    make_student,
    with_mentor_role,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TEXT = "本周在机修工位拆装前制动钳三次，师傅讲了扭矩和摩擦片厚度的要求，第三次独立完成，用时四十分钟。"


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def placement():
    """An intern since 2 November, with a mentor for four weeks."""
    batch = make_batch()
    student = make_student(batch.targeted_class, position="intern", name="小林")
    found = make_placement(batch, student, stage="under_way", started_at=AT, started_by=hr_of(batch.dealer))
    make_rotation(found, mentor=with_mentor_role(make_employee("technician", name="老周")))
    return found


@pytest.fixture
def intern(placement):
    return placement.person.user


@pytest.fixture
def mentor(placement):
    return placement.rotations.get().mentor.user


def write(placement, text=TEXT, *, action=submit_log, week_on=MONDAY, by=None, at=AT, **values):
    return action(placement=placement, week_on=week_on, text=text, by=by or placement.person.user, at=at, **values)


# --- Writing ---------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_and_stays_one_a_week(placement):
    write(placement, "开头", action=save_log_draft)
    write(placement, "开头和后续", action=save_log_draft)
    log = WeeklyLog.objects.get()
    assert (log.text, log.submitted_at) == ("开头和后续", None)


def test_a_log_is_handed_in_once_and_the_mentor_of_the_week_is_told(placement, mentor):
    log = write(placement)
    assert (log.text, log.submitted_at) == (TEXT, AT)
    assert Notice.objects.get(kind="log_to_answer").recipient == mentor
    assert Event.objects.get(verb="interns.log_submitted").after == {"week_on": "2026-11-16"}
    for action in each([save_log_draft, submit_log]):
        with pytest.raises(CannotLog, match="already submitted"):
            write(placement, "再写", action=action)


def test_the_database_keeps_the_words_of_a_log_that_was_handed_in(placement):
    write(placement, "开头", action=save_log_draft)
    write(placement)
    with pytest.raises(DatabaseError, match="handed in"), transaction.atomic():
        WeeklyLog.objects.update(text="别的话")
    assert WeeklyLog.objects.update(text="") == 1  # as an erasure does


def test_a_log_says_something(placement):
    with pytest.raises(CannotLog, match="at least 30 characters") as refused:
        write(placement, "一" * 29 + "   ")
    assert refused.value.field == "text"
    assert write(placement, "一" * 30).submitted_at


@pytest.mark.parametrize("week_on", [date(2026, 11, 30), date(2026, 10, 26), date(2026, 11, 17)])
def test_no_log_is_written_for_another_week(placement, week_on):
    with pytest.raises(CannotLog, match="no log to write"):
        write(placement, week_on=week_on)


def test_no_log_is_owed_for_a_week_of_a_break(placement):
    Pause.objects.create(placement=placement, starts_on=MONDAY, ends_on=MONDAY + timedelta(days=6), reason="期末考试", recorded_at=AT)
    with pytest.raises(CannotLog, match="no log to write"):
        write(placement)
    assert MONDAY not in {week.monday for week in each(weeks_of(with_weeks(type(placement).objects.all()).get(), AT.date()))}


@pytest.mark.parametrize("stage", ["placed", "ended", "not_passed"])
def test_none_is_written_where_no_internship_goes_on(placement, stage):
    placement.stage = stage
    placement.save()
    with pytest.raises(CannotLog, match="no log to write"):
        write(placement)


def test_nobody_writes_another_s_log(placement, mentor):
    for by in each([mentor, hr_of(placement.batch.dealer), make_employee("intern").user]):
        with pytest.raises(WrongHands):
            write(placement, by=by)


def test_a_page_behind_the_times_takes_nothing_away(placement):
    shown = Shown(json.loads(written(log_shown(WeeklyLog(placement=placement, week_on=MONDAY)))))
    write(placement, "手机上写的", action=save_log_draft)
    with pytest.raises(ChangedMeanwhile, match="手机上写的"):
        write(placement, "电脑上写的", action=save_log_draft, shown=shown)
    assert write(placement, "手机上写的，又写了一些", action=save_log_draft, shown=shown).text.endswith("一些")


# --- Answering -------------------------------------------------------------------------------------------------------


def test_the_mentor_answers_once_and_the_intern_hears_of_it(placement, intern, mentor):
    log = write(placement)
    answer_log(log=log, answer="扭矩记得很准，下周试试后轮。", by=mentor, at=AT)
    log.refresh_from_db()
    assert (log.answered_by, log.answer) == (mentor, "扭矩记得很准，下周试试后轮。")
    assert Notice.objects.get(kind="log_answered").recipient == intern
    with pytest.raises(CannotLog, match="already answered"):
        answer_log(log=log, answer="又一句", by=mentor, at=AT)


def test_a_draft_is_not_answered(placement, mentor):
    log = write(placement, "开头", action=save_log_draft)
    with pytest.raises(CannotLog, match="not submitted yet"):
        answer_log(log=log, answer="好", by=mentor, at=AT)


def test_an_answer_says_something(placement, mentor):
    with pytest.raises(CannotLog, match="Write an answer"):
        answer_log(log=write(placement), answer="  ", by=mentor, at=AT)


def test_only_the_mentor_of_that_week_answers(placement, intern, mentor):
    log = write(placement)
    later = with_mentor_role(make_employee("technician"))
    make_rotation(placement, make_station("electrical"), mentor=later, starts_on=date(2026, 11, 30), ends_on=date(2026, 12, 20))
    for by in each([later.user, intern, hr_of(placement.batch.dealer), make_employee("service_supervisor").user]):
        with pytest.raises(WrongHands):
            answer_log(log=log, answer="好", by=by, at=AT)


def test_where_the_mentor_has_left_a_supervisor_of_the_dealer_answers(placement, mentor):
    log = write(placement)
    Employee.objects.filter(user=mentor).update(status="left", left_on=MONDAY)
    with pytest.raises(WrongHands):
        answer_log(log=log, answer="好", by=make_employee("workshop_supervisor", dealer=make_dealer("YT02")).user, at=AT)
    supervisor = make_employee("workshop_supervisor").user
    assert answer_log(log=log, answer="周师傅已离职，由我来看。", by=supervisor, at=AT).answered_by == supervisor


# --- Reminders and Today ---------------------------------------------------------------------------------------------


def on(day):
    return datetime(2026, 11, day, 3, 0, tzinfo=UTC)


def hand_in(placement, *mondays):
    for monday in mondays:
        WeeklyLog.objects.create(placement=placement, week_on=monday, text=TEXT, submitted_at=AT)


def told(kind):
    return list(Notice.objects.filter(kind=kind).values_list("recipient__employee__name", "key"))


def test_on_friday_the_intern_hears_of_the_log_of_the_week_and_not_before(placement):
    hand_in(placement, date(2026, 11, 2), date(2026, 11, 9))
    assert remind_logs(at=on(19)) == 0
    assert remind_logs(at=on(20)) == 1
    assert remind_logs(at=on(21)) == 0
    assert told("log_due") == [("小林", f"{placement.pk}:2026-11-16")]


def test_from_monday_on_the_mentor_hears_of_a_log_that_did_not_come(placement):
    hand_in(placement, date(2026, 11, 2), date(2026, 11, 9))
    assert remind_logs(at=on(22)) == 1  # the intern, once more not told on Monday
    assert remind_logs(at=on(23)) == 1
    assert remind_logs(at=on(24)) == 0
    assert told("log_overdue") == [("老周", f"{placement.pk}:2026-11-16")]


def test_whoever_has_handed_in_is_left_alone(placement):
    hand_in(placement, date(2026, 11, 2), date(2026, 11, 9), MONDAY)
    assert remind_logs(at=on(20)) == 0


def test_reminding_takes_as_many_statements_for_ten_interns_as_for_one(django_assert_max_num_queries):
    batch = make_batch()
    for _one in range(10):
        make_placement(batch, make_student(batch.targeted_class, position="intern"), stage="under_way")
    with django_assert_max_num_queries(12):
        remind_logs(at=on(20))


def test_the_intern_s_today_asks_for_the_weeks_that_wait(placement):
    hand_in(placement, date(2026, 11, 2), date(2026, 11, 9))
    lines = own_log(placement.person, AT)
    assert [(line["title"], line["now"]) for line in lines] == [("Weekly log, week 3", True), ("Weekly log, week 4", False)]
    assert own_log(make_employee("technician"), AT) == []


def test_no_week_waits_once_the_internship_is_decided(placement, mentor):
    placement.stage, placement.internship_score = "passed", 80
    placement.decided_at, placement.decided_by = AT, mentor
    placement.save()
    assert own_log(placement.person, AT) == []


def test_the_mentor_s_today_asks_for_answers(placement, mentor):
    assert logs_to_answer(mentor.employee, AT) == []
    log = write(placement)
    (line,) = logs_to_answer(mentor.employee, AT)
    assert line["title"] == "1 weekly log to answer"
    answer_log(log=log, answer="好", by=mentor, at=AT)
    assert logs_to_answer(mentor.employee, AT) == []


# --- Notes -----------------------------------------------------------------------------------------------------------


def jot(placement, by, **values):
    given = {"kind": "incident", "on": date(2026, 11, 18), "words": "举升机未锁止，当场停工讲解。"} | values
    return record_note(placement=placement, by=by, at=AT, **given)


def test_hr_the_supervisor_and_the_mentor_note_incidents_and_visits(placement, mentor):
    hands = [mentor, hr_of(placement.batch.dealer), make_employee("workshop_supervisor").user]
    for by in each(hands):
        jot(placement, by)
    assert [note.recorded_by for note in Note.objects.order_by("pk")] == hands
    assert Event.objects.filter(verb="interns.noted").count() == 3


def test_nobody_else_does(placement, intern):
    strangers = [
        intern, make_employee("technician").user, make_coordinator(placement.batch.school).user,
        make_employee("hr_officer", dealer=make_dealer("YT02")).user,
    ]  # fmt: skip
    for by in each(strangers):
        with pytest.raises(WrongHands):
            jot(placement, by)


@pytest.mark.parametrize(
    ("values", "field"), [({"words": " "}, "words"), ({"on": date(2026, 11, 26)}, "on"), ({"on": date(2026, 11, 1)}, "on")]
)
def test_a_note_says_what_happened_and_when(placement, mentor, values, field):
    with pytest.raises(CannotLog) as refused:
        jot(placement, mentor, **values)
    assert refused.value.field == field


# --- Pages -----------------------------------------------------------------------------------------------------------


def week_url(placement, number=3, name="weekly_log"):
    return reverse(name, args=[placement.pk, number])


def test_the_intern_writes_on_the_phone_and_the_draft_is_kept_while_typing(sign_in, placement):
    client = sign_in(placement.person)
    assert "Week 3" in client.get(reverse("my_logs")).text
    answer = client.post(week_url(placement, name="weekly_log_draft"), {"text": "开头"})
    assert "draft saved" in answer.text
    assert "开头" in client.get(week_url(placement)).text


def test_a_refusal_keeps_what_was_written(sign_in, placement):
    text = sign_in(placement.person).post(week_url(placement), {"text": "太短", "submit": "yes"}).text
    assert "at least 30 characters" in text
    assert WeeklyLog.objects.get().text == "太短"


def test_the_intern_hands_in_and_the_mentor_answers_on_the_page(sign_in, placement, mentor):
    client = sign_in(placement.person)
    assert client.post(week_url(placement), {"text": TEXT, "submit": "yes"}).url == reverse("my_logs")
    client = sign_in(mentor.employee)
    assert "小林" in client.get(reverse("weekly_logs"), {"state": "waiting"}).text
    assert "Send the answer" in client.get(week_url(placement)).text
    assert client.post(week_url(placement, name="weekly_log_answer"), {"answer": "很好"}).url == reverse("weekly_logs")
    assert "很好" in sign_in(placement.person).get(week_url(placement)).text


def test_a_week_to_come_has_no_page(sign_in, placement):
    assert sign_in(placement.person).get(week_url(placement, 9)).status_code == 404


def test_the_coordinator_reads_visits_and_incidents_of_own_students_and_no_log(sign_in, placement, mentor):
    write(placement)
    jot(placement, mentor)
    coordinator = make_coordinator(placement.batch.school)
    page = sign_in(coordinator).get(reverse("internship_record", args=[placement.pk]))
    assert "举升机未锁止" in page.text
    assert "Weekly logs" not in page.text
    assert sign_in(coordinator).get(week_url(placement)).status_code in (403, 404)


def test_a_coordinator_of_another_school_finds_nothing(sign_in, placement):
    other = make_coordinator(make_school("QT"))
    assert sign_in(other).get(reverse("internship_record", args=[placement.pk])).status_code == 404


def test_an_intern_does_not_find_another_s_week(sign_in, placement):
    batch = placement.batch
    other = make_placement(batch, make_student(batch.targeted_class, position="intern"), stage="under_way")
    for name in each(["weekly_log", "weekly_log_draft"]):
        assert sign_in(other.person).post(week_url(placement, name=name), {"text": "x"}).status_code == 404
    assert not WeeklyLog.objects.exists()


def test_a_supervisor_notes_a_visit_on_the_page(sign_in, placement):
    client = sign_in(make_employee("workshop_supervisor"))
    url = reverse("internship_note", args=[placement.pk])
    client.post(url, {"kind": "visit", "on": "2026-11-18", "words": "班主任来访。"})
    assert Note.objects.get().kind == "visit"
    assert "Write what happened" not in client.get(reverse("internship_record", args=[placement.pk])).text


@pytest.mark.parametrize("number", [1, 8])
def test_the_pages_take_few_statements(sign_in, number, placement, django_assert_max_num_queries):
    batch = placement.batch
    for _one in range(number):
        other = make_placement(batch, make_student(batch.targeted_class, position="intern"), stage="under_way")
        hand_in(other, MONDAY)
    client = sign_in(make_employee("workshop_supervisor"))
    client.get(reverse("weekly_logs"))
    for url in each([reverse("weekly_logs"), week_url(other), reverse("internship_record", args=[other.pk])]):
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


def test_the_own_page_leads_to_the_weekly_log_and_the_record_and_the_record_leads_back(sign_in, placement):
    client, record = sign_in(placement.person), reverse("internship_record", args=[placement.pk])
    own = client.get(reverse("my_internship")).text
    for address in each([reverse("my_logs"), record]):
        assert f'href="{address}"' in own
    assert f'href="{reverse("placement", args=[placement.pk])}"' in client.get(record).text


def test_whoever_was_hired_and_keeps_no_log_any_more_is_not_led_to_it(client, placement):
    placement.person.user.groups.clear()
    client.force_login(placement.person.user)
    assert f'href="{reverse("my_logs")}"' not in client.get(reverse("my_internship")).text
