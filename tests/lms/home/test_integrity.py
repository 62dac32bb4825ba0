"""Each rule is broken by hand, past every guard, and must be named."""

from contextlib import contextmanager, nullcontext
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F

from assessments.certification.models import Certificate
from assessments.exams.models import Attempt
from assessments.grading.models import Candidacy, Cycle, LevelDecision, PanelMember
from courses.training.models import Attendance, AttendanceCorrection
from lms.audit.actions import record_event
from lms.common import trigger_store, triggers
from lms.common.integrity import findings, invariant, invariants, reports
from lms.people.integrity import in_loops
from lms.people.models import Employee, EmploymentEvent
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.models import Band, KeptPay, PayChange
from talent_pool.progression import follow_up_publication
from tests.factories import PUBLISHED_AT, make_award, make_bands, make_employee, make_published_cycle

pytestmark = pytest.mark.django_db


@contextmanager
def past_the_triggers():
    """What a person with the database's password could do."""
    triggers.drop_all()
    yield
    triggers.create_all()


@contextmanager
def past_the_checks():
    """SQLite lets one switch CHECK constraints off; there the broken state can be made."""
    if connection.vendor != "sqlite":
        pytest.skip("CHECK constraints cannot be switched off on PostgreSQL")
    with connection.cursor() as cursor, past_the_triggers():
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        yield
        cursor.execute("PRAGMA ignore_check_constraints = OFF")


def broken():
    return {rule.name for rule, _culprit in findings()}


@pytest.fixture
def award():
    """A whole, sound promotion: signed, published, followed up, exported."""
    cycle = make_published_cycle()
    make_bands(cycle.dealer)
    for seat in PanelMember.SEATS[cycle.track]:
        examiner = make_employee(seat)
        PanelMember.objects.create(cycle=cycle, seat=seat, examiner=examiner, signed_at=PUBLISHED_AT, signed_by=examiner.user)
    award = make_award(cycle)
    follow_up_publication(cycle_id=cycle.pk, at=PUBLISHED_AT)
    at = PUBLISHED_AT + timedelta(days=1)
    approve_pay_changes(changes=PayChange.objects.all(), by=cycle.published_by, at=at)
    countersign_pay_changes(changes=PayChange.objects.all(), by=make_employee("general_manager").user, at=at)
    export_payroll(dealer=cycle.dealer, key="job:1", by=cycle.published_by, at=at)
    return award


def test_a_sound_database_breaks_no_rule(award, capsys):
    call_command("check_integrity", files=True)
    assert f"All {len(invariants())} rules hold" in capsys.readouterr().out


def test_the_command_names_rule_and_record_and_fails(award, capsys):
    with past_the_triggers():
        Employee.objects.filter(pk=award.employee_id).update(service_level=3)
    with pytest.raises(CommandError, match="1 of"):
        call_command("check_integrity")
    said = capsys.readouterr().out
    assert "BROKEN grading.levels_equal_decisions" in said
    assert f"people.employee {award.employee_id}" in said


def test_a_missing_trigger_is_named(award):
    trigger = next(trigger for trigger in triggers.registered() if trigger.name == "grading_leveldecision_no_update")
    with connection.cursor() as cursor:
        trigger_store.of(connection).drop(cursor, trigger.table, trigger.stored_name)
    assert broken() == {"common.triggers_are_present"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL switches triggers off")
def test_a_trigger_switched_off_is_named(award):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE grading_leveldecision DISABLE TRIGGER pitlane_grading_leveldecision_no_update")
    assert "common.triggers_are_present" in broken()


def lowered(award, **values):
    """A step down on record, with the certificate of the level still valid."""
    later = award.decided_at + timedelta(days=1)
    values = {"kind": "lowering", "from_level": 1, "to_level": 0, **values}
    second = award.employee.user if values["kind"] == "correction" else None
    LevelDecision.objects.create(
        employee=award.employee, track=award.track, number=2, reason="x", effective_on=later.date(), decided_at=later,
        decided_by=award.decided_by, confirmed_by=second, **values,
    )  # fmt: skip


BREAKS = {
    "grading.levels_equal_decisions": lambda award: Employee.objects.filter(pk=award.employee_id).update(service_level=0),
    "grading.decisions_continue": lambda award: LevelDecision.objects.update(from_level=1, to_level=2),
    "grading.decisions_agree_with_candidacies": lambda award: Candidacy.objects.update(outcome="failed"),
    "grading.passed_candidates_have_awards": lambda award: (PayChange.objects.all().delete(), LevelDecision.objects.all().delete()),
    "grading.published_results_are_settled": lambda award: Candidacy.objects.update(outcome="pending"),
    "grading.unpublished_cycles_award_nothing": lambda award: Cycle.objects.update(status="marking"),
    "grading.decisions_agree_with_certificates": lambda award: Certificate.objects.update(level=2),
    "grading.certificates_have_decisions": lambda award: (PayChange.objects.all().delete(), LevelDecision.objects.all().delete()),
    "grading.published_cycles_are_signed": lambda award: PanelMember.objects.filter(pk=award.cycle.panel.first().pk).update(
        signed_at=None, signed_by=None
    ),
    "pay.changes_agree_with_decisions": lambda award: PayChange.objects.update(to_band=Band.objects.get(code="S3")),
    "grading.admissions_agree_with_findings": lambda award: Candidacy.objects.update(computed_at=PUBLISHED_AT),
    "grading.lowered_levels_have_no_valid_certificate": lambda award: lowered(award),
    "grading.corrections_take_one_back": lambda award: lowered(award, kind="correction", corrects=award, from_level=2, to_level=1),
    "pay.reversals_are_counter_entries": lambda award: PayChange.objects.update(
        cause="reversal", decision=None, of=F("pk"), reason="x", proposed_by=award.decided_by
    ),
    "pay.awards_have_their_change": lambda award: PayChange.objects.all().delete(),
    "pay.kept_pay_is_of_whoever_moved": lambda award: KeptPay.objects.create(
        employee=award.employee,
        event=a_line_of_someone_else(),
        dealer=award.cycle.dealer,
        band=Band.objects.get(code="S1"),
        reason="x",
        kept_at=PUBLISHED_AT,
        kept_by=award.decided_by,
    ),
    "pay.exports_hold_changes": lambda award: PayChange.objects.all().delete(),
    "pay.exports_agree_with_changes": lambda award: PayChange.objects.get().export.__class__.objects.update(dealer=other_dealer()),
    "pay.tables_are_complete": lambda award: Band.objects.filter(code="T3").delete(),
    "people.leavers_are_locked_out": lambda award: Employee.objects.filter(pk=award.employee_id).update(
        status="left", left_on=PUBLISHED_AT.date()
    ),
}


def a_line_of_someone_else():
    person = make_employee("advisor")
    place = {"dealer": person.dealer, "position": person.position}
    return EmploymentEvent.objects.create(employee=person, kind="transferred", on=PUBLISHED_AT.date(), **place)


def other_dealer():
    from tests.factories import make_dealer

    return make_dealer("YT02")


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_by_hand_is_named(award, name):
    with past_the_triggers():
        BREAKS[name](award)
    assert name in broken()


CHECKED = {
    "pay.signatures_agree_with_states": lambda award: PayChange.objects.update(approved_at=None, approved_by=None),
    "people.managers_form_no_loop": lambda award: Employee.objects.filter(pk=award.employee_id).update(manager=award.employee_id),
}


@pytest.mark.parametrize("name", CHECKED)
def test_what_a_check_constraint_would_refuse_is_named_too(award, name):
    with past_the_checks():
        CHECKED[name](award)
    assert name in broken()


def test_a_change_handed_to_payroll_twice_is_named(award):
    change = PayChange.objects.get()
    record_event("pay.exported", target=change.export, by=None, after={"changes": [change.pk]})
    assert broken() == {"pay.changes_are_exported_once"}


def test_loops_of_managers_are_found_at_any_length():
    first, second, third = make_employee(), make_employee(), make_employee()
    second.manager, third.manager = first, second
    second.save(), third.save()
    assert "people.managers_form_no_loop" not in broken()
    Employee.objects.filter(pk=first.pk).update(manager=third)
    assert "people.managers_form_no_loop" in broken()


def test_only_those_inside_a_loop_are_named():
    assert in_loops({1: 2, 2: 3, 3: 2, 4: 1, 5: 6}) == {2, 3}
    assert in_loops({1: 1}) == {1}
    assert in_loops({}) == set()


def test_a_file_that_is_gone_is_named(award, capsys):
    from lms.jobs.models import Job

    Job.objects.create(kind="x", result_file="jobs/out/gone.csv")
    call_command("check_integrity")
    with pytest.raises(CommandError):
        call_command("check_integrity", files=True)
    assert "jobs/out/gone.csv" in capsys.readouterr().out


def test_attendance_that_a_closed_session_leaves_open_is_named():
    from tests.factories import make_session

    session = make_session()
    attendance = Attendance.objects.filter(session=session).first() or Attendance.objects.create(session=session, employee=make_employee())
    by = make_employee().user
    type(session).objects.filter(pk=session.pk).update(status="closed", closed_at=PUBLISHED_AT, closed_by=by)
    assert "training.closed_sessions_expect_nobody" in broken()
    Attendance.objects.filter(session=session).update(state="present")
    with past_the_triggers():
        AttendanceCorrection.objects.create(
            attendance=attendance, before="present", after="excused", reason="x", corrected_at=PUBLISHED_AT, corrected_by=by
        )
    assert "training.corrections_are_followed" in broken()


def test_a_score_that_is_not_what_the_marks_make_is_named():
    from assessments.exams.actions.marks import mark_unmarked
    from assessments.exams.actions.saving import save_answers
    from tests.factories.assessments import make_attempt, make_papers, responses

    (paper, *_rest) = make_papers()
    attempt = make_attempt(paper)
    answers = [(item, 1, response) for item, response in responses(paper).items()]
    save_answers(attempt_id=attempt.pk, answers=answers, by=paper.candidate.user, at=attempt.started_at)
    marked = Attempt.objects.filter(pk=attempt.pk)
    marked.update(status="marked", submitted_at=attempt.ends_at, marked_at=attempt.ends_at, score=100)
    assert {"exams.answers_are_marked", "exams.scores_are_what_the_marks_make"} <= set(broken())
    marked.update(status="submitted", score=None)
    mark_unmarked(at=attempt.ends_at)
    assert not {name for name in broken() if name.startswith(("exams", "answers"))}
    marked.update(score=60)
    assert "exams.scores_are_what_the_marks_make" in broken()


@pytest.fixture
def named_like():
    """A rule of the test's own, gone again afterwards."""
    from lms.common import integrity

    def register(**options):
        @integrity.invariant("Nobody is called Old Li", **options)
        def nobody_is_called_old_li():
            return Employee.objects.filter(name="Old Li")

    yield register
    integrity._registry.pop("test_integrity.nobody_is_called_old_li")


NAME = "test_integrity.nobody_is_called_old_li"


@pytest.mark.parametrize(("hired_on", "is_broken"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True), (date(2026, 3, 2), True)])
def test_what_is_older_than_a_rule_is_reported_and_what_is_not_fails(named_like, capsys, hired_on, is_broken):
    named_like(since=date(2026, 3, 1), at=lambda employee: employee.hired_on)
    make_employee(name="Old Li", hired_on=hired_on)
    assert (NAME in broken()) is is_broken
    assert (NAME in {rule.name for rule, _culprit in reports()}) is not is_broken
    with pytest.raises(CommandError) if is_broken else nullcontext():
        call_command("check_integrity")
    word = "BROKEN" if is_broken else "REPORTED, from before the rule,"
    assert f"{word} {NAME}: Nobody is called Old Li\n  people.employee" in capsys.readouterr().out


@pytest.mark.parametrize(("hours", "is_broken"), [(-1, False), (0, True), (1, True)])
def test_a_rule_may_hold_since_its_migration_came_to_this_database(named_like, hours, is_broken):
    applied = MigrationRecorder.Migration.objects.get(app="people", name="0001_first_models").applied
    named_like(since="people.0001_first_models", at=lambda employee: applied + timedelta(hours=hours))
    make_employee(name="Old Li")
    assert (NAME in broken()) is is_broken


def test_a_rule_of_a_migration_that_never_came_is_an_error(named_like):
    named_like(since="people.0999_never", at=lambda employee: employee.hired_on)
    with pytest.raises(LookupError, match=r"people\.0999_never"):
        broken()


def test_a_rule_with_a_beginning_must_tell_how_old_a_record_is():
    with pytest.raises(ValueError, match="come together"):
        invariant("Never", since=date(2026, 1, 1))
