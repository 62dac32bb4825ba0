"""G4, G10: what was found is kept with rule, version and records; the newest computation counts, the older ones stay."""

from datetime import time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.actions.cycles import lock_cycle
from assessments.grading.eligibility import judge
from assessments.grading.integrity import admissions_agree_with_findings
from assessments.grading.models import Candidacy, Finding, Waiver
from assessments.grading.queries.findings import computations_of
from courses.training.models import Attendance, Programme, Session
from lms.audiences.actions import make_audiences
from lms.audiences.rule import Rule
from lms.audit.models import Event
from lms.people.models import Employee, Leave
from tests.each import each
from tests.factories import NINE, make_cycle, make_dealer, make_employee, make_panel, make_session
from tests.factories.grading import make_means

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


@pytest.fixture
def cycle(hr):
    return make_cycle(people=2, by=hr)


@pytest.fixture
def candidacy(cycle):
    return cycle.candidacies.order_by("pk").first()


def attended(person, state, *, kind="technical"):
    """A closed session of the quarter, of a programme of this kind, at which the person was so."""
    organiser = make_employee("service_manager", dealer=person.dealer)
    programme = Programme.objects.filter(dealer=person.dealer, kind=kind).first()
    if programme is None:
        (audience,) = make_audiences([Rule({"track": [kind]})])
        values = {"organiser": organiser, "weekday": 3, "starts_at": time(16, 30), "audience": audience}
        programme = Programme.objects.create(dealer=person.dealer, kind=kind, **values)
    session = make_session(programme, on=NINE.date() - timedelta(days=3 if kind == "service" else 7))
    Session.objects.filter(pk=session.pk).update(status="closed", closed_at=NINE, closed_by=organiser.user)
    return Attendance.objects.create(session=session, employee=person, state=state)


def compute(cycle, at=NINE):
    return compute_eligibility(cycle=cycle, by=cycle.opened_by, at=at)


def newest(candidacy, rule):
    candidacy.refresh_from_db()
    return Finding.objects.get(candidacy=candidacy, number=candidacy.computations, rule=rule)


def test_only_the_own_track_s_programme_counts_for_attendance(cycle, candidacy):
    attended(candidacy.employee, "present", kind="service")
    missed = attended(candidacy.employee, "absent", kind="technical")
    compute(cycle)
    finding = newest(candidacy, "attendance")
    assert (finding.met, finding.have, finding.version) == (False, 0, 3)
    assert finding.records == {"attended": [], "missed": [missed.pk], "not_noted": []}


def test_the_records_that_were_used_stand_beside_each_finding(cycle, candidacy, hr):
    person = candidacy.employee
    was_there = attended(person, "present")
    leave = Leave.objects.create(employee=person, starts_on=NINE.date(), ends_on=NINE.date())
    compute(cycle)
    kept = {finding.rule: finding for finding in Finding.objects.filter(candidacy=candidacy)}
    assert kept.keys() == {"post", "leave", "level", "attendance", "reflections", "courses"}
    assert kept["attendance"].records == {"attended": [was_there.pk], "missed": [], "not_noted": []}
    assert kept["attendance"].figures == {"attended": 1, "expected": 1, "not_noted": 0}
    assert kept["leave"].records == {"leaves": [leave.pk], "status": "active"}
    assert kept["post"].records == {"position": person.position_id, "dealer": person.dealer_id, "status": "active"}
    assert kept["level"].records == {"decision": None, "risen": [], "elsewhere": []}
    assert {(finding.found_at, finding.found_by) for finding in kept.values()} == {(NINE, hr)}


def test_the_decision_that_a_level_rests_on_is_named(hr):
    cycle = make_cycle("published", people=2, by=hr)
    award = cycle.decisions.get()
    coming = make_cycle(people=[], by=hr, quarter=2)
    compute(coming)
    assert newest(coming.candidacies.get(employee=award.employee), "level").records == {"decision": award.pk, "risen": [], "elsewhere": []}


def test_computing_again_adds_to_what_was_found_and_the_newest_counts(cycle, candidacy):
    compute(cycle)
    first = list(Finding.objects.filter(candidacy=candidacy).order_by("pk").values())
    attended(candidacy.employee, "absent")
    compute(cycle, at=NINE + timedelta(days=1))
    assert list(Finding.objects.filter(candidacy=candidacy, number=1).order_by("pk").values()) == first
    candidacy.refresh_from_db()
    assert (candidacy.computations, candidacy.is_eligible) == (2, False)
    assert [computation["number"] for computation in computations_of(candidacy)] == [2, 1]
    call_command("check_integrity")


def test_an_old_computation_is_read_in_its_words_and_judged_as_it_was(cycle, candidacy):
    attended(candidacy.employee, "absent")
    compute(cycle)
    words = [finding["text"] for finding in computations_of(candidacy)[0]["findings"]]
    Attendance.objects.update(state="present")
    compute(cycle, at=NINE + timedelta(days=1))
    assert [finding["text"] for finding in computations_of(candidacy)[1]["findings"]] == words
    for finding in each(Finding.objects.all()):
        assert judge(finding.rule, finding.version, finding.figures, finding.need) == (finding.met, finding.have)


def test_a_waiver_names_the_finding_that_it_waives(cycle, candidacy, hr):
    attended(candidacy.employee, "absent")
    compute(cycle, at=NINE - timedelta(days=1))
    compute(cycle)
    waive(candidacy=candidacy, reason="外派支援", by=hr, at=NINE)
    waiver = Waiver.objects.get()
    assert (waiver.finding, waiver.reason, waiver.waived_by) == (newest(candidacy, "attendance"), "外派支援", hr)
    (found,) = [finding for finding in computations_of(candidacy)[0]["findings"] if finding["waived"]]
    assert found["waived"] == waiver


def test_a_waiver_stands_over_a_new_computation_that_finds_the_same_open(cycle, candidacy, hr):
    attended(candidacy.employee, "absent")
    compute(cycle)
    waive(candidacy=candidacy, reason="外派支援", by=hr, at=NINE)
    compute(cycle)
    candidacy.refresh_from_db()
    assert candidacy.may_sit
    call_command("check_integrity")


@pytest.mark.parametrize("change", [{"status": "on_leave"}, {"status": "left", "left_on": NINE.date()}])
def test_what_is_found_open_later_is_not_waived_by_an_earlier_waiver(cycle, candidacy, hr, change):
    attended(candidacy.employee, "absent")
    compute(cycle)
    waive(candidacy=candidacy, reason="外派支援", by=hr, at=NINE)
    Employee.objects.filter(pk=candidacy.employee_id).update(**change)
    compute(cycle)
    candidacy.refresh_from_db()
    assert not candidacy.may_sit
    assert Waiver.objects.count() == 1
    assert Event.objects.get(verb="candidacy.waiver_fell").about == candidacy.employee_id


def test_a_waiver_that_fell_covers_nothing_later(cycle, candidacy, hr):
    """Waived for attendance, fallen by leave, waived anew for leave alone: attendance that is open once more is open."""
    absence = attended(candidacy.employee, "absent")
    compute(cycle)
    waive(candidacy=candidacy, reason="外派支援", by=hr, at=NINE)
    person = Employee.objects.filter(pk=candidacy.employee_id)
    person.update(status="on_leave")
    compute(cycle)
    candidacy.refresh_from_db()
    assert not candidacy.may_sit
    Attendance.objects.filter(pk=absence.pk).update(state="present")
    compute(cycle)
    waive(candidacy=candidacy, reason="提前返岗", by=hr, at=NINE)
    compute(cycle)
    candidacy.refresh_from_db()
    assert candidacy.may_sit
    Attendance.objects.filter(pk=absence.pk).update(state="absent")
    compute(cycle)
    candidacy.refresh_from_db()
    assert not candidacy.may_sit
    Candidacy.objects.filter(pk=candidacy.pk).update(waived_at=NINE, waived_by=hr, waived_reason="提前返岗")
    assert list(admissions_agree_with_findings()) == [candidacy]


def test_the_database_waives_only_what_was_open_and_never_level_or_position(cycle, candidacy, hr):
    Employee.objects.filter(pk=candidacy.employee_id).update(dealer=make_dealer("YT09"))
    compute(cycle)
    for rule in each(["attendance", "post"]):
        with pytest.raises(DatabaseError), transaction.atomic():
            Waiver.objects.create(finding=newest(candidacy, rule), reason="x", waived_at=NINE, waived_by=hr)


def test_the_database_takes_no_finding_and_no_waiver_once_the_cycle_is_locked(cycle, candidacy, hr):
    attended(candidacy.employee, "absent")
    make_panel(cycle)
    make_means("technical", 1)
    compute(cycle)
    finding = newest(candidacy, "attendance")
    lock_cycle(cycle=cycle, by=hr, at=NINE)
    with pytest.raises(DatabaseError), transaction.atomic():
        Waiver.objects.create(finding=finding, reason="x", waived_at=NINE, waived_by=hr)
    finding.pk, finding.number = None, 9
    with pytest.raises(DatabaseError), transaction.atomic():
        finding.save(force_insert=True)


def test_the_waiver_page_shows_what_was_found_before(cycle, candidacy, hr, sign_in):
    attended(candidacy.employee, "absent")
    compute(cycle)
    compute(cycle, at=NINE + timedelta(days=1))
    page = sign_in(hr.employee).get(reverse("candidacy_waive", args=[candidacy.pk]))
    assert [computation["number"] for computation in page.context["computations"]] == [2, 1]


def test_eligibility_of_a_candidacy_is_what_its_newest_findings_say(cycle, candidacy):
    compute(cycle)
    Candidacy.objects.filter(pk=candidacy.pk).update(is_eligible=False)
    with pytest.raises(CommandError):
        call_command("check_integrity")
