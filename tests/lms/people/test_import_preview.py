"""The preview of an import: every column that is written, in words; and a refusal in the language of who reads it."""

import json
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from lms.common.spreadsheets import read_rows
from lms.jobs.actions import run_job, start_job
from lms.people.importers import import_employees, must_stand
from lms.people.importers.apply import Writer
from lms.people.importers.columns import HEADERS, REQUIRED, TEMPLATE
from lms.people.models import Employee
from lms.people.views.importing import FIELDS
from tests.each import each
from tests.factories import make_employee, make_position
from tests.lms.people.test_importers import table

pytestmark = pytest.mark.django_db
SHOWN_APART = {"number", "name"}  # columns of the preview by themselves
ROW = {
    "number": "N1", "name": "李四", "dealer": "YT01", "position": "advisor", "manager": "M1", "hired_on": "2024-03-01",
    "email": "n1@example.org", "phone": "13800000001", "probation_until": "2024-08-01", "contract_from": "2024-03-02",
    "contract_until": "2027-03-02", "status": "probation",
}  # fmt: skip
OTHER = ROW | {
    "name": "李思", "position": "technician", "manager": "M2", "hired_on": "2024-02-01", "email": "n2@example.org", "phone": "13800000002",
    "probation_until": "2024-07-01", "contract_from": "2024-02-02", "contract_until": "2027-02-02", "status": "active",
}  # fmt: skip


@pytest.fixture
def hr():
    for number in ("M1", "M2"):
        make_employee("service_manager", number=number, name=f"经理{number}")
    for post in ("advisor", "technician"):
        make_position(post)
    return make_employee("hr_officer")


def speaking(employee, language):
    employee.user.language = language
    employee.user.save()


def job_of(hr, content, *, apply=False):
    job = start_job(
        kind="people.import_employees", by=hr.user, input_file=ContentFile(content, "p.csv"), params={"name": "p.csv", "apply": apply}
    )
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.error
    return job


def file_of(*rows):
    header = TEMPLATE["en"]
    return table(*([row.get(name, "") for name in HEADERS] for row in rows), header=header)


def previewed(hr, row):
    with job_of(hr, file_of(row)).result_file.open("rb") as file:
        first, _refusals = file.read().splitlines()
    return json.loads(first)


def test_the_columns_of_template_and_preview_are_those_that_are_read():
    assert len(TEMPLATE["en"]) == len(TEMPLATE["zh"]) == len(HEADERS)
    assert FIELDS.keys() | {"number"} == set(HEADERS)
    assert set(ROW) == set(HEADERS)


def test_the_preview_of_a_new_person_shows_every_column_that_is_written(hr, client):
    _row, number, name, kind, changes = previewed(hr, ROW)
    assert (number, name, kind) == ("N1", "李四", "created")
    assert changes.keys() | SHOWN_APART == set(HEADERS)
    assert {name: now for name, (_was, now) in changes.items()} == {name: ROW[name] for name in changes}
    speaking(hr, "en")
    client.force_login(hr.user)
    shown = client.get(reverse("people_import_result", args=[job_of(hr, file_of(ROW)).pk])).text
    for name in each(set(HEADERS) - {"number", "position", "status"}):
        assert ROW[name] in shown, name


def test_what_the_writer_writes_of_a_new_person_is_what_the_preview_shows(hr, monkeypatch):
    """Taken from the record itself: a column that is written and not shown fails here."""
    *_line, changes = previewed(hr, ROW)
    made = []
    monkeypatch.setattr(Writer, "_employee", recording(Writer._employee, made))
    import_employees(file_of(ROW), "p.csv", by=hr.user, at=hr.user.date_joined, apply=True)
    blank = Employee()
    written = {field.name for field in Employee._meta.concrete_fields if getattr(made[0], field.attname) != getattr(blank, field.attname)}
    follows = {"id", "group", "kind", "user"}  # from the dealer, the post and the number
    assert written - follows - SHOWN_APART <= changes.keys()
    assert {"dealer", "position", "hired_on", "email", "phone", "status"} <= written


def recording(function, made):
    def recorded(self, row):
        made.append(function(self, row))
        return made[-1]

    return recorded


def test_the_preview_of_a_change_shows_every_column_that_changes(hr):
    job_of(hr, file_of(ROW), apply=True)
    *_line, kind, changes = previewed(hr, OTHER)
    assert kind == "changed"
    assert changes.keys() == set(HEADERS) - {"number", "dealer"}
    assert {name: now for name, (_was, now) in changes.items()} == {name: OTHER[name] for name in changes}
    assert {name: was for name, (was, _now) in changes.items()} == {name: ROW[name] for name in changes}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_of_the_template_is_in_the_readers_language_and_would_be_imported(hr, client, language, kind):
    speaking(hr, language)
    client.force_login(hr.user)
    content = b"".join(client.get(reverse("people_import_template", args=[kind])).streaming_content)
    outcome = import_employees(content, f"t.{kind}", by=hr.user, at=hr.user.date_joined)
    assert (outcome.created, outcome.refused, outcome.unread) == (1, [], [])
    example = list(read_rows(content, f"t.{kind}"))[1]
    assert ("张三" in example, "Li Wei" in example) == (language == "zh-hans", language == "en")


def test_a_refused_import_is_read_in_the_language_of_the_reader(hr, client):
    speaking(hr, "en")
    job = job_of(hr, file_of(ROW | {"position": "nobody", "hired_on": "", "status": "x"}))
    said = {}
    for language in ("zh-hans", "en"):
        speaking(hr, language)
        client.force_login(hr.user)
        said[language] = client.get(reverse("people_import_result", args=[job.pk])).text
    for words in ("此单元格为空，必须填写。", "服务顾问", "离职"):
        assert (words in said["zh-hans"], words in said["en"]) == (True, False), words
    for words in ("This cell is empty; it must be filled in.", "Service advisor", "On leave"):
        assert (words in said["zh-hans"], words in said["en"]) == (False, True), words


def test_a_file_that_cannot_be_read_is_refused_in_the_language_of_the_reader(hr, client):
    speaking(hr, "en")
    job = start_job(kind="people.import_employees", by=hr.user, input_file=ContentFile(b"PK\x03\x04x", "p.xlsx"), params={"name": "p.xlsx", "apply": False})  # fmt: skip
    run_job(job_id=job.pk)
    speaking(hr, "zh-hans")
    client.force_login(hr.user)
    shown = client.get(reverse("job", args=[job.pk])).text
    assert "已损坏" in shown
    assert "damaged" not in shown


def test_a_mere_check_is_not_called_done(hr, client):
    speaking(hr, "en")
    client.force_login(hr.user)
    checked = client.get(reverse("job", args=[job_of(hr, file_of(ROW)).pk])).text
    assert "Checked: nothing written yet" in checked
    assert ">Done<" not in checked
    imported = client.get(reverse("job", args=[job_of(hr, file_of(ROW), apply=True).pk])).text
    assert "Imported" in imported
    assert ">Done<" not in imported


@pytest.mark.parametrize("name", list(HEADERS))
def test_the_help_says_which_cells_may_be_empty(hr, client, name):
    speaking(hr, "en")
    outcome = import_employees(
        file_of(ROW | {name: ""} | ({"contract_until": ""} if name == "contract_from" else {})), "p.csv", by=hr.user, at=hr.user.date_joined
    )
    assert bool(outcome.refused) == (name in REQUIRED)
    client.force_login(hr.user)
    assert "In each row must stand: number · name · dealer · position · hired_on." in client.get(reverse("people_import")).text
    assert len(must_stand()) == len(REQUIRED)


def test_the_day_of_hiring_stays_on_record_where_it_is_given_again(hr):
    job_of(hr, file_of(ROW), apply=True)
    assert Employee.objects.get(number="N1").hired_on == date(2024, 3, 1)
