import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.jobs.models import Job
from lms.people import actions
from lms.people.models import Employee, EmploymentEvent
from tests.each import each
from tests.factories import make_dealer, make_employee, make_position

pytestmark = pytest.mark.django_db

ACTS = ["move", "leave", "status", "contract", "details", "departure"]


@pytest.fixture
def hr(sign_in):
    person = make_employee("hr_officer", name="何静", number="HR1")
    sign_in(person)
    return person


def page(name, *args):
    return reverse(name, args=args)


def errors(response):
    form = response.context["form"]
    return [*form.non_field_errors(), *(error for field in form for error in field.errors)]


# -- who may come in ------------------------------------------------------------------------------


def urls(pk):
    return [
        page("people"), page("person_new"), page("people_import"), page("people_import_template", "csv"),
        page("people_import_result", 1), page("person", pk), *(page("person_act", pk, name) for name in ACTS),
    ]  # fmt: skip


def test_visitors_are_sent_to_sign_in(client):
    for url in each(urls(make_employee().pk)):
        assert client.get(url).url.startswith(reverse("account_login")), url


def test_staff_see_their_own_page_and_no_other(client, sign_in):
    me, colleague = make_employee(), make_employee()
    sign_in(me)
    assert client.get(page("person", me.pk)).status_code == 200
    for url in each(urls(colleague.pk)):
        assert client.get(url).status_code in (403, 404), url


@pytest.mark.parametrize("position", ["service_supervisor", "general_manager", "information_assistant"])
def test_leaders_see_the_dealers_people_and_change_nobody(client, sign_in, position):
    colleague = make_employee()
    sign_in(make_employee(position))
    assert client.get(page("people")).status_code == 200
    answer = client.get(page("person", colleague.pk))
    assert answer.status_code == 200
    assert b"/departure/" not in answer.content
    for name in ACTS:
        assert client.post(page("person_act", colleague.pk, name)).status_code == 403
    assert client.post(page("person_first_password", colleague.pk)).status_code == 403


def test_people_of_another_dealer_do_not_exist_for_hr(client, hr):
    stranger = make_employee(dealer=make_dealer("YT02"))
    assert client.get(page("person", stranger.pk)).status_code == 404
    for name in ACTS:
        assert client.get(page("person_act", stranger.pk, name)).status_code == 404
    assert client.post(page("person_first_password", stranger.pk)).status_code == 404
    assert stranger.name.encode() not in client.get(page("people")).content


def test_why_someone_is_away_is_seen_by_hr_and_themselves_only(client, sign_in, hr):
    person = make_employee()
    actions.record_leave(employee=person, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 3), reason="手术", by=None, at=timezone.now())
    for viewer, sees in ((hr, True), (person, True), (make_employee("service_supervisor"), False)):
        sign_in(viewer)
        assert ("手术" in client.get(page("person", person.pk)).content.decode()) is sees


# -- the directory --------------------------------------------------------------------------------


def names(response):
    return {row["row"].name for row in response.context["list"].rows}


def test_the_directory_shows_who_is_here_and_on_demand_who_left(client, hr):
    make_employee(name="甲")
    make_employee(name="乙", status="left", left_on=date(2025, 1, 1))
    assert names(client.get(page("people"))) == {"甲", "何静"}
    assert names(client.get(page("people"), {"status": "left"})) == {"乙"}
    assert names(client.get(page("people"), {"status": "all"})) == {"甲", "乙", "何静"}


def test_the_directory_filters_by_name_number_position_and_level(client, hr):
    make_employee("technician", name="王建国", number="T77")
    make_employee("advisor", name="李梅")
    technician = make_position("technician").pk
    for query in ({"q": "建国"}, {"q": "t77"}, {"position": technician}, {"position": technician, "level": "0"}):
        assert names(client.get(page("people"), query)) == {"王建国"}, query
    assert names(client.get(page("people"), {"level": "2"})) == set()


def test_only_who_sees_several_dealers_is_asked_for_one(client, hr, sign_in):
    other = make_employee(name="别店", dealer=make_dealer("YT02"))
    assert "dealer" not in client.get(page("people")).context["list"].filter.filters
    sign_in(make_employee("group_hr", name="方敏"))
    assert names(client.get(page("people"), {"dealer": other.dealer_id})) == {"别店"}


def test_the_exported_directory_imported_again_changes_nothing(client, hr):
    make_employee("technician", manager=make_employee("technical_supervisor"), phone="+86 13800138000")
    file = b"".join(client.get(page("people"), {"export": "csv"}).streaming_content)
    from lms.people.importers import import_employees

    outcome = import_employees(file, "people.csv", by=hr.user, at=timezone.now(), apply=True)
    assert outcome.as_dict() == {"created": 0, "changed": 0, "unchanged": 3, "waiting": 0, "refused": []}


def test_a_persons_page_costs_the_same_for_a_small_and_a_large_team(client, hr):
    boss = make_employee("service_supervisor")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(page("person", boss.pk))
        return len(queries)

    make_employee(manager=boss)
    few = cost()
    for serial in range(20):
        make_employee("technician" if serial % 2 else "advisor", manager=boss)
        EmploymentEvent.objects.create(employee=boss, kind="transferred", on=date(2024, 1, 1), dealer=boss.dealer, position=boss.position)
    assert cost() == few <= 15


# -- one person's forms ---------------------------------------------------------------------------

NEW = {"name": "李四", "number": "N1", "hired_on": "2026-03-01", "status": "probation"}


def test_hr_adds_a_person(client, hr):
    boss = make_employee("service_supervisor", number="B1")
    given = {**NEW, "dealer": hr.dealer_id, "position": make_position("advisor").pk, "manager": "b1"}
    answer = client.post(page("person_new"), given)
    person = Employee.objects.get(number="N1")
    assert answer.url == page("person", person.pk)
    assert (person.manager, person.status) == (boss, "probation")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"number": ""}, {"number": "HR1"}, {"number": "a b"}, {"hired_on": "31.2."}, {"dealer": "999"}, {"dealer": ""},
        {"position": "x"}, {"manager": "nobody"}, {"email": "x"}, {"status": "left"}, {"name": "x" * 61},
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_right_comes_back_with_what_to_mend(client, hr, wrong):
    given = {**NEW, "dealer": hr.dealer_id, "position": make_position("advisor").pk}
    answer = client.post(page("person_new"), {**given, **wrong})
    assert answer.status_code == 200
    assert errors(answer)
    assert not Employee.objects.filter(number="N1").exists()


def test_hr_does_not_place_anyone_at_a_dealer_they_do_not_see(client, hr):
    other = make_dealer("YT02")
    answer = client.post(page("person_new"), {**NEW, "dealer": other.pk, "position": make_position("advisor").pk})
    assert errors(answer)


def test_hr_moves_sends_on_leave_corrects_and_sees_off_by_forms(client, hr):
    person = make_employee("advisor")
    today = timezone.localdate().isoformat()
    place = {"dealer": person.dealer_id, "position": make_position("service_supervisor").pk, "manager": "HR1"}
    given = {
        "move": {**place, "on": today, "reason": "做得好"},
        "leave": {"kind": "annual", "starts_on": "2026-12-01", "ends_on": "2026-12-02"},
        "status": {"status": "on_leave", "on": today},
        "contract": {"contract_from": "2026-01-01", "contract_until": "2028-12-31", "on": today},
        "details": {"name": "新名字", "hired_on": "2024-03-01", "email": "", "phone": "123"},
        "departure": {"left_on": today, "leaving": "resigned"},
    }
    for name, values in given.items():
        assert client.get(page("person_act", person.pk, name)).status_code == 200
        assert client.post(page("person_act", person.pk, name), values).status_code == 302, name
    person.refresh_from_db()
    assert (person.position.code, person.manager, person.name, person.phone) == ("service_supervisor", hr, "新名字", "123")
    assert person.status == "left"
    assert client.get(page("person_act", person.pk, "move")).status_code == 404
    assert client.post(page("person_act", person.pk, "return"), {**place, "on": today}).status_code == 302


def test_a_refusal_stands_in_the_form(client, hr):
    boss = make_employee("general_manager", name="王总")
    make_employee(manager=boss)
    seen = client.get(page("person_act", boss.pk, "departure")).context["seen"]
    given = {"left_on": timezone.localdate().isoformat(), "leaving": "retired", "seen": seen}
    answer = client.post(page("person_act", boss.pk, "departure"), given)
    assert "王总" in errors(answer)[0]


def test_leave_is_withdrawn_by_a_button(client, hr):
    person = make_employee()
    day = timezone.localdate() + timedelta(days=6)
    leave = actions.record_leave(employee=person, starts_on=day, ends_on=day, by=hr.user, at=timezone.now())
    assert client.get(page("leave_withdraw", person.pk, leave.pk)).status_code == 405
    assert client.post(page("leave_withdraw", hr.pk, leave.pk)).status_code == 404
    client.post(page("leave_withdraw", person.pk, leave.pk))
    assert not person.leaves.exists()


def test_a_first_password_is_shown_once_and_not_kept_by_the_browser(client, hr):
    person = make_employee()
    answer = client.post(page("person_first_password", person.pk))
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    person.user.refresh_from_db()
    assert person.user.check_password(password)
    assert password not in client.get(page("person", person.pk)).content.decode()
    assert client.post(page("person_first_password", hr.pk)).status_code == 403


# -- the import on screen -------------------------------------------------------------------------

HEADER = ["工号", "姓名", "门店", "岗位", "直属上级", "入职日期"]


def upload(*rows, name="people.csv"):
    file = io.StringIO()
    csv.writer(file).writerows([HEADER, *rows])
    return {"file": SimpleUploadedFile(name, file.getvalue().encode("gbk"))}


@pytest.fixture
def check(client, hr, django_capture_on_commit_callbacks):
    """Upload rows and let the job run; gives the page of what would happen."""
    make_position("advisor")

    def check(*rows):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(page("people_import"), upload(*rows))
        job = Job.objects.latest("pk")
        assert answer.url == page("job", job.pk)
        assert job.status == "done", job.error
        assert page("people_import_result", job.pk).encode() in client.get(answer.url).content
        return job

    return check


def test_a_file_is_checked_first_and_imported_by_a_second_step(client, check, django_capture_on_commit_callbacks):
    make_employee("advisor", number="T7", name="陈陈")
    job = check(["N1", "李四", "YT01", "服务顾问", "", "2024-03-01"], ["T7", "陈晨", "YT01", "服务顾问", "", "2024-03-01"])
    result = client.get(page("people_import_result", job.pk))
    assert [row["kind"] for row in (r["row"] for r in result.context["list"].rows)] == ["created", "changed"]
    assert "陈陈 → 陈晨" in result.content.decode()
    assert not Employee.objects.filter(number="N1").exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("people_import_apply", job.pk))
    assert Employee.objects.get(number="N1").user
    applied = Job.objects.latest("pk")
    assert applied.result["applied"]
    assert client.get(page("people_import_result", applied.pk)).status_code == 200


def test_refused_rows_are_named_and_nothing_can_be_imported(client, check):
    job = check(["N1", "李四", "YT01", "洗车工", "", "2024-03-01"], ["N2", "王五", "YT01", "服务顾问", "", "2024-03-01"])
    answer = client.get(page("people_import_result", job.pk), {"outcome": "refused"})
    (row,) = answer.context["list"].rows
    assert (row["row"]["row"], row["row"]["kind"]) == (2, "refused")
    assert "洗车工" in row["row"]["detail"]
    assert client.post(page("people_import_apply", job.pk)).url == page("people_import_result", job.pk)
    assert Job.objects.count() == 1
    exported = b"".join(client.get(page("people_import_result", job.pk), {"export": "csv"}).streaming_content)
    assert len(exported.decode("utf-8-sig").splitlines()) == 3


def test_a_missing_column_is_said_on_the_page(client, hr, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("people_import"), {"file": SimpleUploadedFile("a.csv", "工号,姓名\n1,李四\n".encode())})
    job = Job.objects.get()
    assert "门店" in client.get(page("people_import_result", job.pk)).content.decode()


def test_a_file_that_is_no_table_fails_with_a_sentence(client, hr, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("people_import"), {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken")})
    job = Job.objects.get()
    assert job.status == "failed"
    assert job.error in client.get(page("job", job.pk)).content.decode()
    assert client.get(page("people_import_result", job.pk)).status_code == 404


@pytest.mark.parametrize("files", [{}, {"file": SimpleUploadedFile("a.pdf", b"x")}, {"file": SimpleUploadedFile("a.csv", b"")}])
def test_what_is_no_file_of_a_kind_we_read_is_refused_at_once(client, hr, files):
    assert errors(client.post(page("people_import"), files))
    assert not Job.objects.exists()


def test_an_import_is_seen_by_whoever_made_it_only(client, check, sign_in):
    job = check(["N1", "李四", "YT01", "服务顾问", "", "2024-03-01"])
    sign_in(make_employee("group_hr"))
    assert client.get(page("people_import_result", job.pk)).status_code == 404
    assert client.post(page("people_import_apply", job.pk)).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_has_columns_that_the_import_knows(client, hr, kind):
    from lms.people.importers import import_employees

    make_position("advisor")
    content = b"".join(client.get(page("people_import_template", kind)).streaming_content)
    outcome = import_employees(content, f"a.{kind}", by=hr.user, at=timezone.now())
    assert (outcome.created, outcome.refused, outcome.unread) == (1, [], [])
    assert client.get("/people/import/template.exe").status_code == 404


# -- on the command line --------------------------------------------------------------------------


def run(*arguments):
    from django.core.management import call_command

    out = io.StringIO()
    call_command("import_employees", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_prints_just_the_json_and_writes_only_when_told_to(tmp_path):
    make_dealer()
    make_position("advisor")
    file = tmp_path / "people.csv"
    file.write_bytes(upload(["N1", "李四", "YT01", "服务顾问", "", "2024-03-01"])["file"].read())
    expected = {"created": 1, "changed": 0, "unchanged": 0, "waiting": 0, "refused": []}
    assert json.loads(run(file, "--json")) == expected
    assert not Employee.objects.exists()
    assert json.loads(run(file, "--apply", "--json")) == expected
    assert json.loads(run(file, "--apply", "--json")) == {"created": 0, "changed": 0, "unchanged": 1, "waiting": 0, "refused": []}
    assert "1 unchanged" in run(file)


def test_the_command_ends_with_an_error_when_told_to_import_what_is_refused(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("工号,姓名,门店,岗位,入职日期\nN1,李四,YT01,服务顾问,2024-03-01\n")
    refused = json.loads(run(file, "--json"))["refused"]
    assert [(refusal["row"], refusal["column"]) for refusal in refused] == [(2, "门店")]
    with pytest.raises(SystemExit):
        run(file, "--apply", "--json")


def test_the_command_says_when_there_is_no_such_file(tmp_path):
    from django.core.management import CommandError

    with pytest.raises(CommandError):
        run(tmp_path / "none.csv")
