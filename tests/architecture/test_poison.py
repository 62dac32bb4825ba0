"""What stands in the database already, past every door: no page, file, mail or check stops at it, and what cannot be shown is named.

A control character is put into every text of every record by SQL, as an earlier release or a foreign program may have.
"""

import io
import logging

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.urls import reverse
from openpyxl import load_workbook

from assessments.certification.exporters import certificate_pdf
from lms.common.lists import Column, List
from lms.common.spreadsheets import read_rows, xlsx_bytes
from lms.common.triggers import create_all, drop_all
from lms.jobs.actions import run_job, start_job
from lms.notifications.actions import Telling, notify_all
from lms.notifications.models import Delivery, Notice
from lms.notifications.sending import MOST_TRIES, deliver_pending
from lms.people.models import Employee
from lms.people.views.directory import PeopleList
from tests.architecture.test_access import TABLE, houses  # noqa: F401
from tests.architecture.test_hostile_values import fault, url_of
from tests.each import each
from tests.factories import NINE, make_employee

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ROOMS = ("lms.", "courses.", "assessments.", "talent_pool.")
POISON = "\x07\n"


def texts():
    """(table, column) of every text that people write in a record of ours, but for what is chosen from a list or looked up by."""
    for model in apps.get_models():
        if model.__module__.startswith(ROOMS) and model._meta.managed:
            for field in model._meta.local_concrete_fields:
                wide = isinstance(field, models.TextField) or (field.max_length or 0) >= 40
                plain = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField)
                if plain and wide and not field.choices and not field.unique and field.name not in LOOKED_UP:
                    yield model._meta.db_table, field.column


LOOKED_UP = {
    "kind",
    "value",
    "time_zone",
    "transport",
    "verb",
    "key",
    "digest",
    "checksum",
    "password",
    "code",
    "seed",
    "url",
    "username",
    "room_code",
}


def poison():
    """Poison all that can be; what a constraint refuses is no poison. Returns how many columns hold it."""
    done = 0
    for table, column in texts():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'UPDATE "{table}" SET "{column}" = "{column}" || %s WHERE "{column}" <> %s', [POISON, ""])
                done += cursor.rowcount > 0
        except DatabaseError:
            continue
    return done


@pytest.fixture
def poisoned(houses):  # noqa: F811
    with transaction.atomic():
        drop_all()
        assert poison() > 15
        yield houses[0]
        transaction.set_rollback(True)
    create_all()


def test_no_page_and_no_file_stops_at_a_value_that_stands_there_already(poisoned, client):
    faults = []
    for name, (_record, ours, _theirs) in TABLE.items():
        for persona in sorted(ours)[-1:]:
            client.force_login(getattr(poisoned, persona).user)
            url = url_of(name, poisoned)
            for query in ("", "?export=csv", "?export=xlsx"):
                if wrong := fault(lambda url=url + query: whole(client.get(url))):
                    faults.append(f"{name}{query} as {persona}: {wrong}")
    assert not faults, "\n".join(faults)


def whole(response):
    """The answer with all that it streams, where an error would come too late to be one of the page."""
    read = b"".join(response.streaming_content) if response.streaming else response.content
    assert isinstance(read, bytes)
    return response


def test_a_certificate_is_printed_with_what_stands_in_it(poisoned):
    assert certificate_pdf(poisoned.certificate).startswith(b"%PDF")


def test_the_integrity_check_names_each_text_that_holds_a_control_character(capsys):
    person = make_employee(name="李雷")
    Employee.objects.filter(pk=person.pk).update(name="李\x07雷", phone="1\x1b")
    with pytest.raises(CommandError):
        call_command("check_integrity")
    said = capsys.readouterr().out
    assert f"people.employee {person.pk}: name U+0007, phone U+001B" in said


def test_a_sheet_names_the_value_that_it_cannot_hold_where_it_stands():
    content = xlsx_bytes(["name", "phone"], [["王芳", "1"], ["李\x07雷", "2"]])
    sheet = load_workbook(io.BytesIO(content)).active
    assert (sheet["A3"].value, "U+0007" in sheet["A3"].comment.text, sheet["A2"].comment) == ("李␇雷", True, None)
    assert list(read_rows(content, "x.xlsx"))[2] == ["李␇雷", "2"]


class Named(List):
    name = "named"
    columns = [Column("number", "No"), Column("name", "Name", value=lambda row: row.name)]

    @staticmethod
    def records(user):
        return Employee.objects.filter(number__in=["A1", "A2"]).order_by("number")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_made_by_a_job_is_made_and_the_job_names_row_and_column(kind):
    hr = make_employee("group_hr")
    make_employee(number="A1", name="王芳")
    Employee.objects.filter(pk=make_employee(number="A2").pk).update(name="李\x07雷")
    params = {"list": f"{__name__}.Named", "query": "", "kind": kind, "time_zone": "Asia/Shanghai"}
    job = start_job(kind="lists.export", by=hr.user, params=params)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.error
    (failure,) = job.failures.all()
    assert failure.label == "named · 3"
    assert "Name" in failure.reason
    assert "U+0007" in failure.reason
    assert failure.words["zh"] != failure.words["en"]


def test_the_people_list_is_filtered_sorted_and_exported_past_a_poisoned_name(client):
    hr = make_employee("hr_officer")
    Employee.objects.filter(pk=make_employee(dealer=hr.dealer).pk).update(name="李\x07雷")
    client.force_login(hr.user)
    for query in ({"q": "李"}, {"sort": "name"}, {"export": "csv"}, {"export": "xlsx"}):
        answer = whole(client.get(reverse("people"), query))
        assert answer.status_code == 200
    assert "李␇雷" in "".join(map(str, [row for row in rows_of(client, "xlsx")]))
    assert PeopleList.name == "people"


def rows_of(client, kind):
    return list(read_rows(b"".join(client.get(reverse("people"), {"export": kind}).streaming_content), f"p.{kind}"))


# -- mail


def tell(context, people):
    notify_all([Telling("pay_to_approve", people, "k", context)])


def reader(**values):
    person = make_employee(**values)
    person.user.email = f"{person.number}@example.org".lower()
    person.user.save()
    return person


BREAKS = {"a line end": "李\r\n雷", "a control character": "李\x07雷", "half a character": "\ud800"}


@pytest.mark.parametrize("words", BREAKS)
def test_a_poisoned_notice_goes_out_and_so_do_the_others(words, mailoutbox, monkeypatch):
    monkeypatch.setattr("lms.notifications.sending.words_of", lambda notice: (BREAKS[words], f"{BREAKS[words]} body"))
    tell({"count": 1}, [reader(), reader()])
    assert deliver_pending(at=NINE) == 2
    for message in each(mailoutbox):
        assert message.message().as_bytes()


def test_a_notice_that_breaks_its_template_says_why_and_the_others_go_out(mailoutbox, monkeypatch, caplog):
    from lms.notifications import sending

    broken, sound = reader(), reader()
    words = sending.words_of

    def breaks(notice):
        if notice.recipient_id == broken.user_id:
            raise TypeError("a day that is none\x07")
        return words(notice)

    monkeypatch.setattr(sending, "words_of", breaks)
    tell({"count": 1}, [broken, sound])
    with caplog.at_level(logging.CRITICAL):
        assert deliver_pending(at=NINE) == 1
    assert [message.to for message in mailoutbox] == [[sound.user.email]]
    left = Delivery.objects.get(notice__recipient=broken.user)
    assert "a day that is none" in left.error
    assert 0 < left.tries < MOST_TRIES


def test_an_address_with_a_line_end_is_given_up_with_the_reason(mailoutbox):
    broken, sound = reader(), reader()
    type(broken.user).objects.filter(pk=broken.user.pk).update(email="a\nb@example.org")
    tell({"count": 1}, [broken, sound])
    assert deliver_pending(at=NINE) == 1
    left = Delivery.objects.get(notice__recipient=broken.user)
    assert (left.tries, left.sent_at) == (MOST_TRIES, None)
    assert "newlines" in left.error


def test_the_page_of_notices_is_shown_whatever_was_told(client):
    person = reader()
    for place, value in enumerate(["李\x07雷", {"zh": "\x07", "en": None}, None, [1], {"deep": {"er": 1}}]):
        Notice.objects.create(recipient=person.user, kind="pay_to_approve", key=str(place), context={"count": value, "dealer": value})
    client.force_login(person.user)
    assert client.get(reverse("notices")).status_code == 200


# -- bytes that are no text


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no bytes that are no text")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_bytes_that_are_no_text_stop_no_list(client, kind):
    hr = make_employee("hr_officer")
    person = make_employee(dealer=hr.dealer, number="B7")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_employee SET name = CAST(X'E69D8EEDA080' AS TEXT) WHERE id = %s", [person.pk])
    client.force_login(hr.user)
    assert "李\ufffd" in client.get(reverse("people")).text
    assert any("B7" in row and any(cell.startswith("李\ufffd") for cell in row) for row in rows_of(client, kind))
