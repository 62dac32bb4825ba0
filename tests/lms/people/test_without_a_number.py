"""People without an employee number: students, interns, guest lecturers and outside examiners stand in the one record of people."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from assessments.certification.queries import certified_share
from assessments.grading.queries.records import people_in_track
from lms.audit.models import Event
from lms.common.states import Refused
from lms.people import actions
from lms.people.actions.sign_in import hand_over_password, let_in
from lms.people.importers import import_employees
from lms.people.integrity import managers_have_a_number, records_follow_history
from lms.people.models import Employee, Proposal
from lms.people.queries import present_people, present_staff, staff_on, standings_on
from tests.each import each
from tests.factories import make_dealer, make_employee, make_position

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
Kind = Employee.Kind


@pytest.fixture(autouse=True)
def refusals_in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def hr():
    return make_employee("hr_officer", name="何静").user


def who(user):
    return {"by": user, "at": timezone.now()}


def bring_in(user, **values):
    given = {
        "dealer": make_dealer(), "position": make_position("guest_lecturer"), "name": "李学", "hired_on": date(2025, 9, 1),
        "person_kind": Kind.STUDENT, "sign_in_name": "XS2025",
    }  # fmt: skip
    return actions.hire_employee(**{**given, **values}, **who(user))


def may_enter(employee, name):
    password = hand_over_password(employee, None, timezone.now())
    return authenticate(None, username=name, password=password) == employee.user


# -- what the database holds ------------------------------------------------------------------------------------------------------


def test_staff_have_a_number_and_others_may_have_none():
    student = make_employee("advisor", kind="student")
    with pytest.raises(IntegrityError), transaction.atomic():
        Employee.objects.filter(pk=student.pk).update(kind="staff")
    assert [make_employee("advisor", kind=kind).number for kind in ("student", "intern", "guest", "examiner")] == [""] * 4


def test_a_number_is_of_one_person_of_the_group():
    person = make_employee("advisor", kind="intern", number="N1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_employee("advisor", number=person.number, sign_in=False)


# -- coming, and signing in by each name --------------------------------------------------------------------------------------------


def test_whoever_has_no_number_signs_in_by_the_name_given_for_it_or_by_their_address(hr):
    person = bring_in(hr, email="li@example.com")
    assert (person.number, person.kind, person.user.username) == ("", "student", "XS2025")
    assert may_enter(person, "xs2025")
    assert may_enter(person, "LI@example.com")
    assert not may_enter(person, "")


def test_without_a_name_of_their_own_the_address_alone_lets_them_in(hr):
    person = bring_in(hr, sign_in_name="", email="li@example.com")
    assert person.user.username == "li@example.com"
    assert may_enter(person, "li@example.com")


def test_staff_sign_in_by_number_or_address(hr):
    person = bring_in(hr, person_kind=Kind.STAFF, position=make_position("advisor"), number="N1", sign_in_name="", email="n@example.com")
    assert may_enter(person, "n1")
    assert may_enter(person, "n@example.com")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"sign_in_name": ""}, "a name of their own or by e-mail"),
        ({"sign_in_name": "a b"}, "cannot be a sign-in name"),
        ({"sign_in_name": "a@b.cn"}, "cannot be a sign-in name"),
        ({"sign_in_name": "TAKEN"}, "Someone else signs in as"),
        ({"number": "N1"}, "signs in by it"),
        ({"person_kind": Kind.STAFF}, "Staff have an employee number"),
        ({"sign_in_name": "", "email": f"{'a' * 60}@{'b' * 60}.{'c' * 40}.com"}, "too long to sign in by"),
    ],
)
def test_nobody_comes_in_without_a_way_to_sign_in_that_is_theirs_alone(hr, given, why):
    make_employee("advisor", number="taken")
    with pytest.raises(Refused, match=why):
        bring_in(hr, **given)


def test_an_address_that_is_the_only_name_changes_with_the_record_and_is_not_emptied(hr):
    person = bring_in(hr, sign_in_name="", email="old@example.com")
    actions.correct_details(employee=person, email="new@example.com", **who(hr))
    person.refresh_from_db()
    assert may_enter(person, "new@example.com")
    assert not may_enter(person, "old@example.com")
    with pytest.raises(Refused, match="by this address alone"):
        actions.correct_details(employee=person, email="", **who(hr))


def test_a_name_of_their_own_stays_when_the_address_changes(hr):
    person = bring_in(hr, email="old@example.com")
    actions.correct_details(employee=person, email="", **who(hr))
    person.refresh_from_db()
    assert (person.user.username, person.user.email) == ("XS2025", "")


def test_no_password_is_made_for_someone_whom_nothing_would_let_in(hr):
    person = make_employee("guest_lecturer", kind="guest", sign_in=False)
    with pytest.raises(Refused, match="no employee number and no e-mail"):
        let_in(person, hr, timezone.now())
    assert let_in(make_employee("guest_lecturer", kind="guest", sign_in=False, email="g@example.com"), hr, timezone.now())


def test_what_they_are_follows_from_the_post_where_nothing_else_is_said(hr):
    lecturer = bring_in(hr, person_kind=None)
    assert lecturer.kind == Kind.GUEST
    assert bring_in(hr, person_kind=None, position=make_position("advisor"), number="N1", sign_in_name="").kind == Kind.STAFF
    assert lecturer.history.get().person_kind == Kind.GUEST


# -- two people -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two():
    return make_employee("group_hr").user, make_employee("group_hr").user


def test_examiners_without_a_number_wait_side_by_side_and_are_confirmed(two):
    first, second = two
    given = {"position": make_position("oem_service_coach"), "person_kind": Kind.EXAMINER, "name": "王明"}
    one = bring_in(first, **given, sign_in_name="oem1")
    other = bring_in(first, **given, sign_in_name="", email="ming@example.com")
    assert one != other
    assert bring_in(first, **given, sign_in_name="OEM1".lower()) == one
    person = actions.confirm_proposal(proposal=one, **who(second))
    assert (person.number, person.kind, person.user.username) == ("", "examiner", "oem1")
    assert actions.confirm_proposal(proposal=other, **who(second)).user.username == "ming@example.com"


def test_what_waits_about_someone_without_a_number_is_about_them_alone(two):
    first, _second = two
    people = [make_employee("oem_service_coach", kind="examiner") for _ in range(2)]
    made = [actions.issue_first_password(employee=person, **who(first)) for person in people]
    assert [one.employee for one in made] == people
    assert actions.issue_first_password(employee=people[0], **who(first)) == made[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            kind=Proposal.Kind.PASSWORD, dealer=people[0].dealer, employee=people[0], name="x", proposed_at=timezone.now()
        )


# -- becoming staff ---------------------------------------------------------------------------------------------------------------------


def test_a_student_becomes_staff_of_the_same_record(hr):
    person, boss = bring_in(hr, email="li@example.com"), make_employee("service_supervisor")
    on = TODAY - timedelta(days=3)
    actions.become_staff(employee=person, number="N7", position=make_position("advisor"), manager=boss, on=on, **who(hr))
    person.refresh_from_db()
    assert (person.kind, person.number, person.position.code, person.manager) == ("staff", "N7", "advisor", boss)
    line = person.history.last()
    assert (line.kind, line.on, line.person_kind) == ("became_staff", on, "staff")
    assert standings_on([person.pk], on - timedelta(days=1))[person.pk].person_kind == "student"
    assert person.pk not in staff_on(person.dealer, on - timedelta(days=1))
    assert person.pk in staff_on(person.dealer, on)
    assert may_enter(person, "n7")
    assert may_enter(person, "li@example.com")
    assert not may_enter(person, "xs2025")
    event = Event.objects.get(verb="person.became_staff")
    assert (event.before["kind"], event.after["number"], event.after["username"]) == ("student", "N7", "N7")
    assert not records_follow_history().exists()


def test_an_intern_with_a_number_keeps_it_and_the_post(hr):
    person = make_employee("technician", kind="intern", number="I1")
    actions.become_staff(employee=person, number="N7", **who(hr))
    person.refresh_from_db()
    assert (person.kind, person.number, person.user.username) == ("staff", "I1", "I1")
    assert person.history.get().kind == "became_staff"


def test_becoming_staff_takes_a_free_number_and_happens_once(hr):
    person = bring_in(hr)
    make_employee("advisor", number="n7")
    for number, why in (("", "Staff have"), ("N7", "already"), ("a b", "cannot be an employee number")):
        with pytest.raises(Refused, match=why):
            actions.become_staff(employee=person, number=number, **who(hr))
    with pytest.raises(Refused, match="still to come"):
        actions.become_staff(employee=person, number="N8", on=TODAY + timedelta(days=1), **who(hr))
    actions.become_staff(employee=person, number="N8", **who(hr))
    with pytest.raises(Refused, match="already"):
        actions.become_staff(employee=person, **who(hr))


def test_a_line_behind_a_later_one_about_the_same_is_refused(hr):
    person = bring_in(hr)
    actions.become_staff(employee=person, number="N8", **who(hr))
    Employee.objects.filter(pk=person.pk).update(kind="student")
    assert list(records_follow_history()) == [person]
    with pytest.raises(Refused, match="has a line of"):
        actions.become_staff(employee=person, on=TODAY - timedelta(days=3), **who(hr))


def test_an_examiner_becomes_staff_by_two_people(two):
    first, second = two
    person = make_employee("oem_service_coach", kind="examiner")
    proposal = actions.become_staff(employee=person, number="N9", **who(first))
    assert isinstance(proposal, Proposal)
    person.refresh_from_db()
    assert (person.kind, person.number) == ("examiner", "")
    actions.confirm_proposal(proposal=proposal, **who(second))
    person.refresh_from_db()
    assert (person.kind, person.number, person.user.username) == ("staff", "N9", "N9")


def test_nobody_reports_to_somebody_without_a_number(hr):
    person, student = make_employee("advisor"), bring_in(hr)
    with pytest.raises(Refused, match="has no employee number"):
        actions.transfer_employee(employee=person, manager=student, **who(hr))
    Employee.objects.filter(pk=person.pk).update(manager=student)
    assert list(managers_have_a_number()) == [person]


# -- whom figures count -------------------------------------------------------------------------------------------------------------------


def test_figures_count_staff_and_training_and_exams_go_by_the_post():
    staff, intern = make_employee("technician"), make_employee("technician", kind="intern")
    assert set(present_staff(staff.dealer)) == {staff}
    assert set(present_people(staff.dealer)) == {staff, intern} == set(people_in_track(staff.dealer, "technical", timezone.now()))
    assert [row["total"] for row in certified_share(staff.dealer, TODAY)] == [1]
    assert set(staff_on(staff.dealer, TODAY)) == {staff.pk}


# -- screens, files, the console -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "what", "or_"), [("zh-hans", "学生", "XS2025 或 li@example.com"), ("en", "Student", "XS2025 or li@")])
def test_every_page_about_somebody_without_a_number_reads_well(client, hr, language, what, or_):
    person = bring_in(hr, email="li@example.com")
    client.force_login(hr)
    client.cookies["django_language"] = language
    hr.language = language
    hr.save()
    page = client.get(reverse("person", args=[person.pk])).content.decode()
    assert f"<p>{what} · " in page
    assert or_ in page
    assert "None" not in page
    assert "· ·" not in page
    found = client.get(reverse("people"), {"q": "xs2025"}).content.decode()
    assert "李学" in found
    assert "None" not in found
    assert "李学" not in client.get(reverse("people"), {"kind": "staff"}).content.decode()
    ordered = client.get(reverse("people"), {"sort": "number"}).content.decode()
    assert ordered.rindex("李学") < ordered.rindex("何静")
    file = client.get(reverse("people"), {"export": "csv"}).getvalue().decode("utf-8-sig")
    line = next(line for line in file.splitlines() if "李学" in line)
    assert what in line
    assert "None" not in line
    sheet = client.post(reverse("person_first_password", args=[person.pk])).content.decode()
    assert or_ in sheet


def test_hr_brings_a_student_in_and_makes_them_staff_on_screen(client, hr):
    client.force_login(hr)
    form = {
        "name": "李学", "person_kind": "student", "number": "", "sign_in_name": "XS2025", "dealer": hr.employee.dealer_id,
        "position": make_position("technician").pk, "hired_on": "2025-09-01", "status": "active",
    }  # fmt: skip
    client.post(reverse("person_new"), form)
    person = Employee.objects.get(name="李学")
    assert (person.kind, person.number) == ("student", "")
    page = client.get(reverse("person_act", args=[person.pk, "staff"])).content.decode()
    assert 'name="number"' in page
    move = {"number": "N7", "dealer": person.dealer_id, "position": person.position_id, "on": TODAY.isoformat()}
    first = client.post(reverse("person_act", args=[person.pk, "staff"]), move)
    if first.status_code == 200:
        seen = first.context["seen"]
        client.post(reverse("person_act", args=[person.pk, "staff"]), move | {"seen": seen})
    person.refresh_from_db()
    assert (person.kind, person.number) == ("staff", "N7")
    assert client.get(reverse("person_act", args=[person.pk, "staff"])).status_code == 404


def test_what_waits_for_a_second_person_says_who_without_a_number(client, two):
    first, second = two
    given = {"position": make_position("oem_service_coach"), "person_kind": Kind.EXAMINER, "name": "王明", "sign_in_name": "oem1"}
    proposal = bring_in(first, **given)
    client.force_login(second)
    page = client.get(reverse("proposal", args=[proposal.pk])).content.decode()
    assert "oem1" in page
    assert "None" not in page
    out = StringIO()
    call_command("confirm_proposal", stdout=out)
    assert "oem1" in out.getvalue()


def test_the_console_finds_somebody_by_the_name_they_sign_in_by():
    person = make_employee("oem_service_coach", kind="examiner")
    out = StringIO()
    call_command("enrolment_code", person.user.username, stdout=out)
    assert out.getvalue().strip()
    with pytest.raises(CommandError, match="0 people"):
        call_command("enrolment_code", "nobody")


def test_an_import_knows_no_one_without_a_number_and_refuses_a_row_without_one(hr):
    make_employee("guest_lecturer", kind="student", name="李学")
    make_employee("guest_lecturer", kind="student", dealer=make_dealer("YT02"))
    rows = ["工号,姓名,门店,岗位,直属上级,入职日期", ",李学,YT01,服务顾问,,2024-03-01", "N1,张三,YT01,服务顾问,李学,2024-03-01"]
    outcome = import_employees("\n".join(rows).encode(), "p.csv", by=hr, at=timezone.now(), apply=True)
    assert [(one["row"], one["column"]) for one in outcome.refused] == [(2, "工号"), (3, "直属上级")]
    good = "\n".join([rows[0], "N1,张三,YT01,服务顾问,,2024-03-01", "N2,Kim,YT01,外请讲师,,2024-03-01"])
    import_employees(good.encode(), "p.csv", by=None, at=timezone.now(), apply=True)
    said = dict(Employee.objects.filter(number__in=["N1", "N2"]).values_list("number", "kind"))
    assert said == {"N1": "staff", "N2": "guest"}
    each(said)
    assert {one.history.get().person_kind for one in Employee.objects.filter(number__in=said)} == {"staff", "guest"}
