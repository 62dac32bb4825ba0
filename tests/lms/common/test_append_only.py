"""Each table whose rows stay as they were written, with a row of it: no edit, no deletion, but the blanking that an erasure needs."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from assessments.answers.actions import fill_sheet
from assessments.answers.models import Mark
from assessments.exams.models import AttemptEvent
from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.models import Finding, MissingSheet, Waiver
from assessments.practicals.actions import record_sheet
from assessments.questions.actions import freeze_versions
from courses.observations.actions import answer_observation
from courses.training.models import Attendance, AttendanceCorrection
from lms.audit.actions import record_event
from lms.common import triggers
from lms.people.models import EmploymentEvent, Leave
from talent_pool.interns.models import Note
from talent_pool.labour.models import MinimumWage, Threshold
from talent_pool.onboarding.actions.books import hand_on
from talent_pool.pay.models import KeptPay, PayrollExport
from talent_pool.selection.models import RankedIntern, Ranking, TieDecision
from tests.each import each
from tests.factories import (
    NINE,
    hr_of,
    make_attempt,
    make_award,
    make_bands,
    make_batch,
    make_cycle,
    make_dealer,
    make_employee,
    make_grade,
    make_mentor,
    make_newcomer,
    make_papers,
    make_placement,
    make_practical,
    make_question,
    make_session,
    make_student,
    make_task_book,
    points_of,
    sign,
)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
TEXT = (models.CharField, models.TextField)
# Another value of each kind of column, as SQL; `{}` is the column.
OTHERS = {
    models.ForeignKey: "999999",
    models.OneToOneField: "999999",
    models.DateTimeField: "'2001-01-01 00:00:00+00:00'",
    models.DateField: "'2001-01-01'",
    models.DecimalField: "0.1",
    models.PositiveSmallIntegerField: "3",
    models.PositiveIntegerField: "7",
    models.PositiveBigIntegerField: "7",
    models.BigIntegerField: "3",
    models.IntegerField: "3",
    models.BooleanField: 'NOT "{}"',
}


def a_sheet():
    coach = make_employee("oem_technical_coach")
    practical = make_practical(markers=[coach])
    points = points_of(practical.rubric)
    return record_sheet(practical=practical, marker=coach, points=points, comment="Tidy", by=coach.user, at=NINE)


def a_correction():
    by = make_employee("service_manager")
    attendance = Attendance.objects.create(session=make_session(), employee=by)
    said = {"before": "present", "after": "excused", "reason": "Was ill", "corrected_at": NINE, "corrected_by": by.user}
    return AttendanceCorrection.objects.create(attendance=attendance, **said)


def a_missing_sheet():
    candidacy = make_cycle("locked").candidacies.select_related("cycle").first()
    examiner, by = candidacy.cycle.panel.select_related("examiner").first().examiner, candidacy.cycle.opened_by
    return MissingSheet.objects.create(candidacy=candidacy, examiner=examiner, reason="Abroad", recorded_at=NINE, recorded_by=by)


def a_finding():
    cycle = make_cycle(people=1)
    person = cycle.candidacies.get().employee
    Leave.objects.create(employee=person, starts_on=NINE.date(), ends_on=NINE.date())
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    return Finding.objects.get(rule="leave")


def a_waiver():
    finding = a_finding()
    by = finding.candidacy.cycle.opened_by
    waive(candidacy=finding.candidacy, reason="Agreed", by=by, at=NINE)
    return Waiver.objects.get()


def a_line_of_history():
    person = make_employee()
    post = {"dealer": person.dealer, "position": person.position}
    return EmploymentEvent.objects.create(employee=person, kind="hired", on=NINE.date(), reason="Knew the owner", **post)


def a_version():
    (version,) = freeze_versions([make_question()], by=None).values()
    return version


def a_response():
    person = make_employee()
    _sheet, (row,) = fill_sheet(person=person, responses={a_version().pk: ["2"]}, at=NINE)
    return row


def a_mark():
    row = a_response()
    said = {"earned": 1, "possible": 2, "reason": "Half of it", "marked_at": NINE}
    return Mark.objects.create(response=row, key=row.version, marker=make_employee("oem_technical_coach"), **said)


def kept_pay():
    person = make_employee("technician")
    table = make_bands(person.dealer)
    moved = EmploymentEvent.objects.create(
        employee=person, kind="transferred", on=NINE.date(), dealer=person.dealer, position=person.position, says_position=True
    )
    by = make_employee("hr_officer").user
    return KeptPay.objects.create(
        employee=person, event=moved, dealer=person.dealer, band=table.bands.first(), reason="同薪", kept_at=NINE, kept_by=by
    )


def an_acceptance():
    row = sign(make_task_book())
    return answer_observation(observation=row, is_accepted=False, words="Twice", by=row.subject.user, at=NINE)


def a_handing_on():
    book = make_task_book(at=NINE, starts_on=NINE.date(), newcomer=make_newcomer(hired_on=NINE.date()))
    hand_on(book=book, mentor=make_mentor(book.dealer), reason="Abroad", by=hr_of(book.dealer), at=NINE)
    return book.hand_overs.get()


def a_limit():
    return {"from_on": NINE.date(), "set_at": NINE, "set_by": make_employee("group_hr").user}


ROWS = {
    "answers_mark": a_mark,
    "answers_response": a_response,
    "audit_event": lambda: record_event("person.corrected", target=make_employee(), by=None, before={"name": "Li"}, after={"name": "Lu"}),
    "exams_paperitem": lambda: make_papers()[0].items.first(),
    "grading_component": lambda: make_cycle("locked").components.first(),
    "grading_missingsheet": a_missing_sheet,
    "exams_attemptevent": lambda: AttemptEvent.objects.create(attempt=make_attempt(), kind="voided", at=NINE, data={"reason": "Phone"}),
    "grading_finding": a_finding,
    "grading_leveldecision": make_award,
    "grading_waiver": a_waiver,
    "observations_acceptance": an_acceptance,
    "observations_observation": lambda: sign(make_task_book(), note="Tidy"),
    "observations_observeditem": lambda: sign(make_task_book()).items.get(),
    "onboarding_handover": a_handing_on,
    "labour_minimumwage": lambda: MinimumWage.objects.create(dealer=make_dealer(), source="省政府公告", **a_limit(), amount=2000),
    "labour_threshold": lambda: Threshold.objects.create(group=make_dealer().group, rule="age_16", reason="查证", **a_limit(), value=17),
    "pay_keptpay": kept_pay,
    "pay_payrollexport": lambda: PayrollExport.objects.create(
        dealer=make_dealer(), exported_at=NINE, exported_by=make_employee().user, key="job:1"
    ),
    "people_employmentevent": a_line_of_history,
    "practicals_scoresheet": a_sheet,
    "practicals_sheetmark": lambda: a_sheet().marks.first(),
    "questions_questionversion": a_version,
    "schools_grade": lambda: make_grade(make_student()),
    "interns_note": lambda: Note.objects.create(placement=make_placement(), kind="visit", on=NINE, words="A visit", recorded_at=NINE),
    "selection_ranking": lambda: a_ranking(),
    "selection_rankedintern": lambda: RankedIntern.objects.create(ranking=a_ranking(), placement=make_placement()),
    "selection_tiedecision": lambda: TieDecision.objects.create(
        ranking=a_ranking(), place=1, order=[2, 1], reason="Longer here", decided_at=NINE, decided_by=make_employee().user
    ),
    "training_attendancecorrection": a_correction,
}


def a_ranking():
    weights = {"weight_internship": 50, "weight_coursework": 30, "weight_graduation": 20}
    return Ranking.objects.create(batch=make_batch(), made_at=NINE, **weights)


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def columns_of(row):
    return [field for field in row._meta.local_concrete_fields if not field.primary_key]


def test_every_table_that_is_only_added_to_is_tried_here():
    assert set(ROWS) == {one.table for one in triggers.append_only_tables()}


def test_it_is_enforced_where_it_is_said():
    """The docstrings of the models and the registry say the same."""
    said = {model._meta.db_table for model in apps.get_models() if "nly ever added to" in (model.__doc__ or "")}
    assert said == set(ROWS)


def test_the_operators_read_what_an_erasure_may_blank():
    text = (ROOT / "docs/operations.md").read_text()
    for one in each(triggers.append_only_tables()):
        fields = ", ".join(f"`{column}`" for column in one.blankable) or "nothing"
        assert f"| `{one.table}` | {fields} |" in text


@pytest.mark.parametrize("table", ROWS)
def test_no_row_is_deleted(table):
    row = ROWS[table]()
    with pytest.raises(IntegrityError, match="only ever added to"):
        run(f"DELETE FROM {table} WHERE id = %s", row.pk)
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("table", ROWS)
def test_no_column_is_edited(table):
    row = ROWS[table]()
    for field in each(columns_of(row)):
        other = (
            "'{\"x\": 1}'"
            if isinstance(field, models.JSONField)
            else "'x'"
            if isinstance(field, TEXT)
            else OTHERS[type(field)].format(field.column)
        )
        with pytest.raises(IntegrityError, match="only ever added to"):
            run(f'UPDATE {table} SET "{field.column}" = {other} WHERE id = %s', row.pk)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no REPLACE")
@pytest.mark.parametrize("table", ROWS)
def test_no_row_is_written_over_by_another_of_its_number(table):
    """REPLACE deletes what is in its way, and SQLite asks no trigger about that unless told to."""
    row = ROWS[table]()
    columns = ", ".join(f'"{field.column}"' for field in row._meta.local_concrete_fields)
    with pytest.raises(IntegrityError):
        run(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = %s", row.pk)


@pytest.mark.parametrize("one", [one for one in triggers.append_only_tables() if one.blankable], ids=lambda one: one.table)
def test_an_erasure_blanks_what_is_stated_and_nothing_with_it(one):
    row = ROWS[one.table]()
    for column in each(one.blankable):
        blank = triggers.blank_of(row._meta.get_field(column))
        with pytest.raises(IntegrityError, match="only ever added to"):
            run(f'UPDATE {one.table} SET "{column}" = {blank}, id = id + 1 WHERE id = %s', row.pk)
        run(f'UPDATE {one.table} SET "{column}" = {blank} WHERE id = %s', row.pk)
        row.refresh_from_db()
        assert not getattr(row, column)


def test_only_a_column_that_is_there_may_be_blanked():
    with pytest.raises(ValueError, match="no column salary"):
        tuple(triggers.AppendOnly("audit_event", "Audit events", ("salary",)).triggers())
