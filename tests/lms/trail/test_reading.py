"""Events in the reader's words, and no more of them than the reader may know."""

from datetime import date

import pytest
from django.utils import timezone, translation

from courses.learning.models import Enrolment
from lms.accounts.models import User
from lms.audit.actions import record_event
from lms.audit.models import Event
from lms.people.actions import correct_details, record_leave, transfer_employee
from lms.trail.reading import Reading
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from tests.each import each
from tests.factories import (
    make_certificate,
    make_course,
    make_cycle,
    make_dealer,
    make_employee,
    make_pay_changes,
    make_position,
    make_question,
)

pytestmark = pytest.mark.django_db


def read(event, user):
    reading = Reading(user)
    event = Event.objects.select_related("actor__employee").get(pk=event.pk)
    reading.prepare([event])
    return reading, event


def words(event, user, language="en"):
    with translation.override(language):
        reading, event = read(event, user)
        return reading.sentence(event), reading.changes(event)


@pytest.fixture
def hr():
    return make_employee("hr_officer", name="何静")


def test_leave_reads_in_both_languages(hr):
    record_leave(
        employee=make_employee(name="李明"), starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 3), reason="探亲", by=hr.user, at=None
    )
    event = Event.objects.get(verb="person.leave_recorded")
    sentence, changes = words(event, hr.user)
    assert sentence == "何静 recorded leave for 李明"
    assert changes == "Kind: Other leave; From: 2 Mar 2026; To: 3 Mar 2026; Reason: 探亲"
    sentence, changes = words(event, hr.user, "zh-hans")
    assert sentence == "何静为李明登记了请假"
    assert changes == "类型：其他假；开始日期：2026年3月2日；结束日期：2026年3月3日；理由：探亲"


def test_a_move_names_positions_and_people_rather_than_codes(hr):
    person, manager = make_employee(name="李明"), make_employee("service_manager", name="王芳")
    transfer_employee(employee=person, position=make_position("service_supervisor"), manager=manager, by=hr.user, at=timezone.now())
    event = Event.objects.get(verb="person.moved")
    assert event.after["manager"] == manager.number
    _sentence, changes = words(event, hr.user)
    assert "Position: Service advisor → Service supervisor" in changes
    assert "Line manager: – → 王芳" in changes


def test_a_step_of_a_cycle_says_its_states_and_is_called_by_the_language_of_whoever_reads():
    cycle = make_cycle("open", track="technical", by=make_employee("hr_officer").user)
    event = Event.objects.get(verb="cycle.open")
    reader = make_employee("hr_officer", dealer=cycle.dealer).user
    sentence, changes = words(event, reader, "zh-hans")
    assert "开启了季度评级“维修技师序列" in sentence
    assert changes == "状态：草稿 → 开放"
    sentence, changes = words(event, reader)
    assert "opened the grading cycle “Technician track" in sentence
    assert changes == "State: Draft → Open"


def test_the_bands_of_a_person_are_shown_to_them_alone():
    """HR reads them where each look is recorded; the log would be a way round that, and round the limits of a technical account."""
    change = make_pay_changes()[0]
    hr, gm = (make_employee(position, dealer=change.dealer) for position in ("hr_officer", "general_manager"))
    approve_pay_changes(changes=[change], by=hr.user, at=timezone.now())
    countersign_pay_changes(changes=[change], by=gm.user, at=timezone.now())
    event = Event.objects.get(verb="pay.countersigned")
    codes = [change.from_band.code, change.to_band.code]
    others = [hr.user, gm.user, make_employee("group_hr").user, User.objects.create_superuser("root", password="Steady-hands-42")]
    for sentence, changes in each([words(event, user) for user in others]):
        assert "countersigned the pay change of" in sentence
        assert not [code for code in codes if code in changes]
    assert [code for code in codes if code in words(event, change.employee.user)[1]] == codes


@pytest.mark.parametrize("who", ["hr_officer", "group_hr", "root"])
def test_no_file_of_the_log_tells_anyone_what_another_is_paid(client, who):
    changes = make_pay_changes(2)
    hr, gm = (make_employee(position, dealer=changes[0].dealer) for position in ("hr_officer", "general_manager"))
    approve_pay_changes(changes=changes, by=hr.user, at=timezone.now())
    countersign_pay_changes(changes=changes, by=gm.user, at=timezone.now())
    codes = {band.code for change in changes for band in (change.from_band, change.to_band)}
    client.force_login(User.objects.create_superuser("root", language="en") if who == "root" else make_employee(who).user)
    content = b"".join(client.get("/audit/", {"export": "csv", "verb": "pay"}).streaming_content).decode()
    assert content.count("pay.countersigned") == 2
    assert not [code for code in codes if f" {code}" in content]
    assert ("¥" in content) == (who != "root"), "the band table is HR's to read, and nobody's pay"


def test_a_question_is_called_by_its_key_and_its_words_are_for_authors_only(hr):
    question = make_question("single", stem_zh="什么颜色？")
    event = record_event("question.changed", target=question, by=None, before={"stem_zh": "什么颜色？"}, after={"stem_zh": "何种颜色？"})
    assert event.target_label == question.key
    for language in ("en", "zh-hans"):
        assert "颜色" not in "".join(words(event, hr.user, language))
    assert "什么颜色？ → 何种颜色？" in words(event, make_employee("course_author").user)[1]


def test_what_would_give_an_exam_away_is_shown_to_nobody():
    cycle = make_cycle("sitting", by=make_employee("hr_officer").user)
    event = Event.objects.filter(verb="sitting.papers_drawn").first()
    assert event.after["seed"]
    _sentence, changes = words(event, make_employee("hr_officer", dealer=cycle.dealer).user)
    assert event.after["seed"] not in changes
    assert "Papers:" in changes


def test_a_row_of_an_older_release_is_still_read(hr):
    person = make_employee(name="李明")
    old = Event.objects.create(verb="person.praised", target_type="people.employee", target_id=str(person.pk), target_label="李明")
    odd = Event.objects.create(
        verb="training.roll_called",
        target_type="training.session",
        target_id="77",
        target_label="消失的培训",
        after={"12": "present", "state": 9},
    )
    assert words(old, hr.user) == ("person.praised: 李明", "")
    sentence, changes = words(odd, hr.user)
    assert "消失的培训" in sentence
    assert changes == "Attendance: 9"
    older = Event.objects.create(
        verb="person.corrected", target_type="people.employee", target_id=str(person.pk), target_label="当时的名字"
    )
    assert words(older, hr.user)[0] == "The system corrected the details of 李明"


def test_the_system_and_the_console_are_named():
    person = make_employee()
    bare = record_event("person.corrected", target=person, by=None)
    assert words(bare, person.user)[0].startswith("The system corrected")
    event = Event.objects.create(verb="console.ran", run_by="li@server: manage.py shell", after={"command": "manage.py shell"})
    sentence, changes = words(event, person.user)
    assert sentence == "li@server ran a command on the server"
    assert changes == "Command: manage.py shell; Run on the server by: li@server: manage.py shell"


def test_what_someone_does_to_themselves_is_said_as_one_would(hr):
    person = make_employee(name="李明")
    looks = {by: record_event("pay.viewed", target=person, by=by.user, after={"where": "payroll export 7"}) for by in (person, hr)}
    assert words(looks[person], hr.user) == ("李明 looked at their own pay", "Where: Payroll export 7")
    assert words(looks[hr], person.user, "zh-hans")[0] == "何静查看了李明的薪酬"


def test_what_is_empty_and_was_not_there_before_is_left_out(hr):
    event = record_event("learning.enrolled", target=make_enrolment(), by=hr.user, after={"source": "manager", "due_on": None})
    assert words(event, hr.user)[1] == "How: by a manager"


def make_enrolment():
    course = make_course("brakes", lessons=1)
    return Enrolment.objects.create(employee=make_employee(), course=course, enrolled_at=timezone.now())


def test_the_link_leads_where_the_reader_may_go(hr):
    ours, moved = make_employee(), make_employee()
    events = {person: record_event("person.corrected", target=person, by=None) for person in (ours, moved)}
    moved.dealer = make_dealer("YT02")
    moved.save(update_fields=["dealer"])
    for person, link in ((ours, f"/people/{ours.pk}/"), (moved, "")):
        reading, event = read(events[person], hr.user)
        assert reading.link(event) == link


def test_a_link_needs_the_permission_of_its_page():
    cycle = make_cycle("open", by=make_employee("hr_officer").user)
    event = Event.objects.get(verb="cycle.open")
    for position, link in (("hr_officer", f"/grading/{cycle.pk}/"), ("advisor", "")):
        reading, event = read(event, make_employee(position, dealer=cycle.dealer).user)
        assert reading.link(event) == link


def test_the_person_concerned_is_led_to_their_own_record():
    certificate = make_certificate()
    event = record_event("certificate.issued", target=certificate, by=None, after={"source": certificate.source})
    reading, event = read(event, certificate.employee.user)
    assert reading.link(event) == f"/certificates/{certificate.pk}/"
    correct_details(employee=certificate.employee, phone="1", by=None, at=None)
    reading, event = read(Event.objects.get(verb="person.corrected"), certificate.employee.user)
    assert reading.link(event) == f"/people/{certificate.employee_id}/"
