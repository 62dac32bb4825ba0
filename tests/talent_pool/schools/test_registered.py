"""What this room puts on pages that span rooms: Today, the coming weeks, a person's page, notices, the log."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from lms.audit.verbs import verbs
from lms.home.sweep import EVERY_NIGHT, sweep
from lms.notifications.models import Notice
from lms.notifications.wording import words_of
from talent_pool.schools import integrity
from talent_pool.schools.actions.reminders import remind_of_agreements
from talent_pool.schools.due import due_for
from talent_pool.schools.feed import agreements as feed_of
from talent_pool.schools.models import Agreement, Contact, Duty, Student
from talent_pool.schools.panels import school_record, sees_students
from tests.each import each
from tests.factories.people import make_dealer, make_employee, make_group
from tests.factories.pipeline import make_agreement, make_coordinator, make_grade, make_school, make_student, make_targeted_class

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 26)


@pytest.fixture
def hr():
    return make_employee("hr_officer")


def ends_in(days, **values):
    return make_agreement(starts_on=date(2024, 9, 1), ends_on=TODAY + timedelta(days=days), **values)


def owed(agreement, days, **values):
    return Duty.objects.create(agreement=agreement, side="dealer", words=f"事项{days}", due_on=TODAY + timedelta(days=days), **values)


# --- Today and the coming weeks -----------------------------------------------------------------------------------------------


def test_hr_is_told_of_agreements_within_90_days_and_what_is_urgent_comes_now(hr):
    ends_in(91)
    far, near = ends_in(90), ends_in(7)
    lines = due_for(hr, AT)
    assert [line["url"] for line in lines] == [reverse("agreement", args=[one.pk]) for one in (near, far)]
    assert [line["now"] for line in lines] == [True, False]


def test_what_was_renewed_or_ended_early_needs_nobody(hr):
    old = ends_in(20)
    make_agreement(old.school, renews=old, starts_on=old.ends_on + timedelta(days=1), ends_on=old.ends_on + timedelta(days=900))
    ends_in(20, ended_on=TODAY - timedelta(days=1), ended_reason="停招")
    assert due_for(hr, AT) == []


def test_obligations_of_a_month_and_overdue_ones_are_due_and_done_ones_are_not(hr):
    agreement = ends_in(500)
    owed(agreement, 31)
    owed(agreement, 5, done_on=TODAY, done_at=AT, done_by=hr.user)
    late, soon = owed(agreement, -3), owed(agreement, 30)
    lines = due_for(hr, AT)
    assert [(line["title"], line["now"]) for line in lines] == [(late.words, True), (soon.words, False)]


@pytest.mark.parametrize("position", ["service_manager", "general_manager", "advisor", "school_coordinator", "student"])
def test_nobody_but_hr_has_them_on_today(position):
    owed(ends_in(5), 2)
    assert due_for(make_employee(position), AT) == []


def test_hr_of_another_dealer_has_none_of_ours():
    owed(ends_in(5), 2)
    assert due_for(make_employee("hr_officer", dealer=make_dealer("YT02")), AT) == []


def test_last_days_and_obligations_stand_in_the_coming_weeks(hr, django_assert_max_num_queries):
    agreement = ends_in(10)
    for days in range(1, 6):
        owed(agreement, days)
    with django_assert_max_num_queries(4):
        entries = list(feed_of(hr, AT, AT + timedelta(days=20)))
    assert {entry.url for entry in each(entries)} == {reverse("agreement", args=[agreement.pk])}
    assert len(entries) == 6
    assert list(feed_of(make_employee("advisor"), AT, AT + timedelta(days=20))) == []


# --- A person's page ----------------------------------------------------------------------------------------------------------


def test_the_panel_says_what_the_school_says_and_that_a_grade_is_missing(hr):
    student = make_student(make_targeted_class())
    make_grade(student, "coursework", "81")
    panel = school_record(student.person, hr.user, AT)
    assert panel["student"] == student
    assert [grade and grade.score for _label, grade in panel["grades"]] == [81, None]
    assert school_record(make_employee("advisor"), hr.user, AT) is None


def test_only_who_sees_students_sees_the_panel_and_nobody_about_themselves(hr):
    student = make_student(make_targeted_class())
    assert sees_students(hr.user, student.person)
    assert not sees_students(student.person.user, student.person)
    assert not sees_students(make_employee("service_supervisor").user, student.person)


# --- Notices ------------------------------------------------------------------------------------------------------------------


def test_hr_is_told_once_at_each_of_the_three_stages(hr):
    agreement = ends_in(90)
    told = [remind_of_agreements(at=AT + timedelta(days=days)) for days in (0, 1, 60, 61, 83, 84, 90, 91)]
    assert told == [1, 0, 1, 0, 1, 0, 0, 0]
    notices = Notice.objects.filter(kind="agreement_ending")
    assert {notice.recipient for notice in each(notices)} == {hr.user}
    assert all(agreement.number in words_of(notice)[0] for notice in each(notices))


def test_hr_is_told_a_week_before_an_obligation_is_due_and_when_it_is_overdue(hr):
    duty = owed(ends_in(500), 8)
    told = [remind_of_agreements(at=AT + timedelta(days=days)) for days in (0, 1, 8, 9, 10)]
    assert told == [0, 1, 0, 1, 0]
    Duty.objects.filter(pk=duty.pk).update(done_on=TODAY, done_at=AT, done_by=hr.user)
    assert remind_of_agreements(at=AT + timedelta(days=30)) == 0
    assert all(duty.words in words_of(notice)[0] for notice in each(Notice.objects.all()))


def test_a_notice_about_what_was_seen_to_is_not_sent_any_more(hr):
    from lms.notifications.kinds import kind_of

    agreement = ends_in(20)
    remind_of_agreements(at=AT)
    notices = list(Notice.objects.all())
    done_when = kind_of("agreement_ending").done_when
    assert done_when(notices) == set()
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=TODAY, ended_reason="停招")
    assert done_when(notices) == {notice.pk for notice in notices}


# --- The sweep, the log, integrity --------------------------------------------------------------------------------------------


def test_the_nightly_sweep_takes_the_three_steps_of_this_room(hr):
    ends_in(20)
    steps = {name: path for name, path in EVERY_NIGHT.items() if path.startswith("talent_pool.schools.")}
    assert sweep(at=AT, steps=steps) == {"courses of targeted classes": 0, "agreements with schools": 1, "dates of birth": 0}


def test_each_verb_of_this_room_says_no_date_of_birth():
    ours = [verb for name, verb in verbs().items() if name.startswith("schools.")]
    assert len(each(ours)) == 19
    assert not [verb.name for verb in ours if "born_on" in verb.fields]


def test_a_world_made_by_the_factories_breaks_no_rule():
    student = make_student(make_targeted_class())
    make_grade(student)
    make_coordinator(student.school)
    rules = [rule for name, rule in vars(integrity).items() if callable(rule) and getattr(rule, "__module__", "") == integrity.__name__]
    assert [list(rule()) for rule in each(rules)] == [[]] * len(rules)


def test_each_rule_finds_what_breaks_it(hr):
    student = make_student(make_targeted_class())
    elsewhere = make_school("HH")
    stranger = make_agreement(make_school("ZZ", dealer=make_dealer("ZZ01", group=make_group("zz"))))
    renewal = make_agreement(renews=student.targeted_class.agreement)
    contact = Contact.objects.create(school=elsewhere, person=make_employee("advisor"), name="员工")
    grade = make_grade(student, recorded_by=student.person.user)
    Student.objects.filter(pk=student.pk).update(school=elsewhere)
    assert list(integrity.students_are_of_their_class_s_school()) == [student]
    assert list(integrity.agreements_stay_in_their_group()) == [stranger]
    assert list(integrity.renewals_follow_what_they_renew()) == [renewal]
    assert list(integrity.coordinators_are_coordinators()) == [contact]
    assert list(integrity.nobody_graded_themselves()) == [grade]
    Student.objects.filter(pk=student.pk).update(school=stranger.school)
    assert list(integrity.students_are_of_their_school_s_group()) == [student]
