"""What comes of the rows of a table that is imported as a job: kept with it, and read again in either language."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from lms.common.bilingual import gettext as _
from lms.common.tables import Outcome
from lms.jobs.imports import came_of, change_words, import_table, rows_of
from lms.jobs.models import Job
from lms.jobs.progress import Progress
from lms.jobs.queries import last_jobs
from tests.factories import make_employee

pytestmark = pytest.mark.django_db


def ran(outcome, rows, *, apply=False):
    """A job whose table had these rows."""
    job = Job.objects.create(
        kind="people.import_employees", params={"name": "a.csv", "apply": apply}, input_file=ContentFile(b"x", "a.csv")
    )

    def carry_out(content, name, *, by, at, apply, progress, report):
        assert (content, name) == (b"x", "a.csv")
        for row in rows:
            report(row)
        return outcome

    progress = Progress(job)
    import_table(progress, carry_out, lambda row: row)
    return job


def words(changes):
    return change_words(changes, {"major": "Major"}, lambda field, value: value)


def test_rows_are_read_as_they_were_kept_and_narrowed_by_outcome():
    job = ran(
        Outcome(created=1, changed=1),
        [[2, "1", "李明", "created", {"major": ["", "汽修"]}], [3, "2", "王芳", "changed", {"major": ["a", "b"]}]],
    )
    assert [(row["number"], row["detail"]) for row in rows_of(job, "", words)] == [("1", "Major: 汽修"), ("2", "Major: a → b")]
    assert [row["number"] for row in rows_of(job, "changed", words)] == ["2"]
    assert job.result["created"] == 1
    assert not job.result["applied"]


def test_a_refusal_is_read_in_the_readers_language_whoever_asked_for_the_import():
    outcome = Outcome()
    outcome.refuse(2, "学号", _("This cell is empty; it must be filled in."))
    outcome.refuse(1, "姓名", "whole table")
    with translation.override("zh-hans"):
        job = ran(outcome, [[2, "", "", "refused", {}]], apply=True)
    with translation.override("en"):
        (whole, row) = rows_of(job, "refused", words)
    assert (whole["row"], row["detail"]) == (1, "学号: This cell is empty; it must be filled in.")
    assert job.result["refused"] == 2
    assert not job.result["applied"]


def test_a_check_is_not_called_done(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        assert came_of(ran(Outcome(), [])) == "Checked: nothing written yet"
        assert came_of(ran(Outcome(), [], apply=True)) == "Imported"


@pytest.mark.django_db
def test_the_last_imports_open_what_came_of_them_or_how_far_they_are():
    asks = make_employee("hr_officer").user
    checked, waiting = (Job.objects.create(kind="people.import_employees", created_by=asks, status=status) for status in ("done", "queued"))
    found = {one["job"].pk: one["url"] for one in last_jobs(asks, "people.import_employees")}
    assert found == {checked.pk: reverse("people_import_result", args=[checked.pk]), waiting.pk: reverse("job", args=[waiting.pk])}
    assert last_jobs(make_employee("hr_officer").user, "people.import_employees") == []
