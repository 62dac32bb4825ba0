import csv
import io
from collections import Counter
from contextlib import suppress
from datetime import date, datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from openpyxl import Workbook

from lms.audit.models import Event
from lms.common.spreadsheets import UnreadableFile
from lms.jobs.actions import run_job, start_job
from lms.jobs.progress import Cancelled, Quiet
from lms.people.actions import confirm_proposal
from lms.people.importers import import_employees
from lms.people.models import Employee, Proposal
from lms.people.queries import standings_on
from tests.factories import make_dealer, make_employee, make_position
from tests.lms.common.hostile_files import WORKBOOKS

pytestmark = pytest.mark.django_db

HEADER = ["工号", "姓名", "门店", "岗位", "直属上级", "入职日期"]


@pytest.fixture(autouse=True)
def a_dealer():
    for code in (
        "advisor",
        "technician",
        "service_supervisor",
        "workshop_supervisor",
        "service_manager",
        "general_manager",
        "hr_officer",
        "group_hr",
    ):
        make_position(code)
    return make_dealer("YT01")


def table(*rows, header=HEADER, encoding="utf-8-sig"):
    file = io.StringIO()
    csv.writer(file).writerows([header, *rows])
    return file.getvalue().encode(encoding)


def excel(*rows, header=HEADER):
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bring_in(content, *, by=None, apply=True, name="people.csv"):
    return import_employees(content, name, by=by, at=timezone.now(), apply=apply)


def reasons(outcome):
    return [(refusal["row"], refusal["column"]) for refusal in outcome.refused]


STAFF = [
    ["A2", "李梅", "YT01", "服务主管", "A1", "2022-05-01"],  # reports to someone further down
    ["A1", "王总", "YT01", "车间主管", "", "2020-01-01"],
    ["A3", "赵磊", "YT01", "technician", "李梅", "2023/7/1"],
]


def test_a_dry_run_says_what_would_happen_and_writes_nothing():
    outcome = bring_in(table(*STAFF), apply=False)
    assert outcome.as_dict() == {"created": 3, "changed": 0, "unchanged": 0, "waiting": 0, "refused": []}
    assert not Employee.objects.exists()


def test_people_come_in_with_their_manager_history_sign_in_role_and_audit_event():
    assert bring_in(table(*STAFF)).created == 3
    lei = Employee.objects.get(number="A3")
    assert (lei.name, lei.position.code, lei.manager.number, lei.hired_on) == ("赵磊", "technician", "A2", date(2023, 7, 1))
    assert lei.manager.manager.number == "A1"
    assert [(line.kind, line.on, line.manager.number) for line in lei.history.all()] == [("hired", date(2023, 7, 1), "A2")]
    assert lei.user.username == "A3"
    assert not lei.user.has_usable_password()
    assert [group.name for group in lei.user.groups.all()] == ["staff"]
    assert Event.objects.get(verb="person.hired", target_id=lei.pk).after["manager"] == "A2"


def test_importing_a_second_time_changes_nothing():
    bring_in(table(*STAFF))
    outcome = bring_in(table(*STAFF))
    assert outcome.as_dict() == {"created": 0, "changed": 0, "unchanged": 3, "waiting": 0, "refused": []}
    assert Counter(Event.objects.filter(verb__startswith="person.").values_list("verb", flat=True)) == {
        "person.hired": 3,
        "person.sign_in_granted": 3,
    }


def test_changes_go_into_history_audit_and_role_and_a_leading_post_is_a_promotion():
    bring_in(table(*STAFF))
    outcome = bring_in(table(["A3", "赵磊", "YT01", "服务主管", "A1", "2023-07-01"]))
    assert outcome.changed == 1
    lei = Employee.objects.get(number="A3")
    assert [line.kind for line in lei.history.all()] == ["hired", "promoted"]
    assert [group.name for group in lei.user.groups.all()] == ["supervisor"]
    event = Event.objects.get(verb="person.moved")
    assert event.before == {"position": "technician", "manager": "A2"}
    assert event.after == {"position": "service_supervisor", "manager": "A1"}


def test_one_bad_row_keeps_everything_out_and_is_named_with_row_and_column():
    outcome = bring_in(table(*STAFF, ["A4", "钱多", "YT09", "洗车工", "ZZ", "2024-02-31"]))
    assert reasons(outcome) == [(5, "入职日期"), (5, "门店"), (5, "岗位")]
    assert outcome.created == 0
    assert not Employee.objects.exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["", "李四", "YT01", "服务顾问", "", "2024-03-01"], "工号"),
        (["B 1", "李四", "YT01", "服务顾问", "", "2024-03-01"], "工号"),
        (["B1@x.com", "李四", "YT01", "服务顾问", "", "2024-03-01"], "工号"),
        (["B" * 21, "李四", "YT01", "服务顾问", "", "2024-03-01"], "工号"),
        (["B1", "", "YT01", "服务顾问", "", "2024-03-01"], "姓名"),
        (["B1", "李" * 61, "YT01", "服务顾问", "", "2024-03-01"], "姓名"),
        (["B1", "李四", "", "服务顾问", "", "2024-03-01"], "门店"),
        (["B1", "李四", "益通店", "服务顾问", "", "2024-03-01"], "门店"),
        (["B1", "李四", "YT01", "总裁", "", "2024-03-01"], "岗位"),
        (["B1", "李四", "YT01", "服务顾问", "B1", "2024-03-01"], "直属上级"),
        (["B1", "李四", "YT01", "服务顾问", "没有这个人", "2024-03-01"], "直属上级"),
        (["B1", "李四", "YT01", "服务顾问", "", ""], "入职日期"),
        (["B1", "李四", "YT01", "服务顾问", "", "明天"], "入职日期"),
        (["B1", "李四", "YT01", "服务顾问", "", "03/04/2024"], "入职日期"),
        (["B1", "李四", "YT01", "服务顾问", "", "2204-03-01"], "入职日期"),
        (["B1"], "姓名"),
    ],
)
def test_each_cell_that_cannot_be_right_is_refused(row, column):
    outcome = bring_in(table(*STAFF, row), apply=False)
    assert (5, column) in reasons(outcome)
    assert outcome.created == 3


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-01",
        "2024/3/1",
        "2024.3.1",
        "2024年3月1日",
        "20240301",
        "２０２４－０３－０１",
        "2024-03-01 00:00:00",
        "45352",
        " 2024-3-1 ",
    ],
)
def test_dates_are_read_as_people_and_excel_write_them(text):
    bring_in(table(["B1", "李四", "YT01", "服务顾问", "", text]))
    assert Employee.objects.get().hired_on == date(2024, 3, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gbk", "gb18030"])
def test_a_chinese_table_is_read_in_every_usual_encoding(encoding):
    outcome = bring_in(table(*STAFF, encoding=encoding))
    assert outcome.created == 3
    assert Employee.objects.get(number="A2").name == "李梅"


def test_an_english_table_in_windows_1252_is_read_too():
    header = ["number", "name", "dealer", "position", "manager", "hired_on"]
    assert bring_in(table(["B1", "Zoë Müller", "YT01", "Service advisor", "", "2024-03-01"], header=header, encoding="cp1252")).created == 1
    assert Employee.objects.get().name == "Zoë Müller"


def test_excel_tables_with_real_dates_numbers_and_empty_rows_are_read():
    content = excel(
        (1001.0, "李四", "YT01", "服务顾问", None, datetime(2024, 3, 1)), (None,) * 6, (1002, "王五", "YT01", "维修技师", 1001, "2024-3-1")
    )
    assert bring_in(content, name="people.xlsx").created == 2
    assert Employee.objects.get(number="1002").manager.number == "1001"


def test_rows_are_counted_as_the_spreadsheet_shows_them():
    content = excel((None,) * 6, ("B1", "李四", "YT01", "服务顾问", None, "gestern"))
    assert reasons(bring_in(content, name="people.xlsx")) == [(3, "入职日期")]


def test_columns_may_stand_in_any_order_under_other_names_and_with_unknown_ones_between():
    header = ["*姓 名", "入职日期（必填）", "血型", "工号", "岗位", "门店编码"]
    outcome = bring_in(table(["李四", "2024-03-01", "A", "B1", "服务顾问", "YT01"], header=header))
    assert (outcome.created, outcome.unread) == (1, ["血型"])


def test_a_missing_column_is_named_and_nothing_else_is_said():
    outcome = bring_in(table(["B1", "李四"], header=["工号", "姓名"]))
    assert reasons(outcome) == [(1, "门店"), (1, "岗位"), (1, "入职日期")]


def test_spaces_full_width_digits_and_small_letters_are_no_difference():
    bring_in(table(*STAFF))
    outcome = bring_in(table([" ａ３ ", "　赵磊 ", "yt01", "Technician ", "a2", "2023-07-01"]))
    assert outcome.as_dict() == {"created": 0, "changed": 0, "unchanged": 1, "waiting": 0, "refused": []}


def test_of_a_number_that_stands_in_the_file_twice_both_rows_are_refused_and_name_each_other():
    outcome = bring_in(table(*STAFF, ["a1", "又一个", "YT01", "服务顾问", "", "2024-03-01"]))
    assert reasons(outcome) == [(3, "工号"), (5, "工号")]
    assert ["5" in outcome.refused[0]["reason"], "3" in outcome.refused[1]["reason"]] == [True, True]


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    header = [*HEADER, "邮箱", "电话"]
    outcome = bring_in(table(["B 1", "\u200b", "YT01", "洗车工", "ZZ", "2024-02-31", "x", "无"], header=header))
    assert {column for _row, column in reasons(outcome)} == {"工号", "姓名", "岗位", "直属上级", "入职日期", "邮箱", "电话"}


@pytest.mark.parametrize(("on_record", "given"), [("0012", "12"), ("12", "0012"), ("000345", "345")])
def test_a_number_that_lost_its_zeros_in_a_spreadsheet_makes_no_second_person(on_record, given):
    make_employee(number=on_record, name="张三")
    outcome = bring_in(table([given, "张三", "YT01", "服务顾问", "", "2024-03-01"]))
    assert reasons(outcome) == [(2, "工号")]
    assert on_record in outcome.refused[0]["reason"]
    assert Employee.objects.count() == 1


def test_a_number_that_differs_in_more_than_zeros_is_a_new_one():
    make_employee(number="0012")
    assert bring_in(table(["120", "李四", "YT01", "服务顾问", "", "2024-03-01"])).created == 1


def test_a_title_above_the_head_is_named_and_nothing_is_guessed():
    with pytest.raises(UnreadableFile, match=r"3.*2026年人员名单|2026年人员名单.*3"):
        bring_in(table([], HEADER, *STAFF, header=["2026年人员名单"]))


def sheets(**sheets):
    """A workbook with these sheets: {title: rows}."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def file_of(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_of_several_sheets_with_something_in_them_none_is_guessed():
    people = [HEADER, ["B1", "甲", "YT01", "服务顾问", "", "2024-03-01"]]
    assert bring_in(file_of(sheets(一月=people, 空=[])), apply=False).created == 1
    book = sheets(一月=people, 空=[], 二月=people)
    with pytest.raises(UnreadableFile, match=r"一月.*二月"):
        bring_in(file_of(book))
    book["二月"].sheet_state = "veryHidden"
    assert bring_in(file_of(book), apply=False).created == 1


def test_the_same_address_twice_or_someone_elses_is_refused():
    make_employee(email="taken@example.com")
    header = [*HEADER, "邮箱"]
    rows = [
        [f"B{n}", f"人{n}", "YT01", "服务顾问", "", "2024-03-01", email]
        for n, email in enumerate(["a@b.cn", "A@b.cn", "Taken@example.com", "x"])
    ]
    assert reasons(bring_in(table(*rows, header=header))) == [(3, "邮箱"), (4, "邮箱"), (5, "邮箱")]


def test_a_manager_by_name_must_be_the_only_one_of_that_name():
    make_employee(name="李伟", number="X1")
    make_employee(name="李伟", number="X2")
    make_employee(name="何静", number="X3")
    rows = [["B1", "甲", "YT01", "服务顾问", "李伟", "2024-03-01"], ["B2", "乙", "YT01", "服务顾问", "何静", "2024-03-01"]]
    assert reasons(bring_in(table(*rows))) == [(2, "直属上级")]
    bring_in(table(rows[1]))
    assert Employee.objects.get(number="B2").manager.number == "X3"


def test_a_circle_of_managers_is_refused_within_the_file():
    rows = [
        ["B1", "甲", "YT01", "服务顾问", "B3", "2024-03-01"],
        ["B2", "乙", "YT01", "服务顾问", "B1", "2024-03-01"],
        ["B3", "丙", "YT01", "服务顾问", "B2", "2024-03-01"],
    ]
    outcome = bring_in(table(*rows, ["B4", "丁", "YT01", "服务顾问", "B1", "2024-03-01"]), apply=False)
    assert reasons(outcome) == [(2, "直属上级"), (3, "直属上级"), (4, "直属上级")]
    assert outcome.created == 1


def test_a_circle_through_people_who_are_not_in_the_file_is_refused():
    top = make_employee("service_manager", number="M1")
    middle = make_employee("service_supervisor", number="M2", manager=top)
    make_employee("service_supervisor", number="M3", manager=middle)
    row = ["M1", top.name, "YT01", "service_manager", "M3", "2024-03-01"]
    outcome = bring_in(table(row))
    assert reasons(outcome) == [(2, "直属上级")]
    assert "M1 → M3 → M2 → M1" in outcome.refused[0]["reason"]


def test_a_circle_is_judged_by_how_things_stand_after_the_import():
    top = make_employee("service_manager", number="M1")
    low = make_employee("service_supervisor", number="M2", manager=top)
    swapped = [
        ["M1", top.name, "YT01", "service_manager", "M2", "2024-03-01"],
        ["M2", low.name, "YT01", "service_supervisor", "X9", "2024-03-01"],
    ]
    make_employee("general_manager", number="X9")
    assert bring_in(table(*swapped)).changed == 2


def test_an_empty_cell_says_nothing_about_manager_and_contact():
    header = [*HEADER, "邮箱", "电话", "状态"]
    bring_in(
        table(
            ["B0", "头", "YT01", "服务主管", "", "2024-03-01", "", "", ""],
            ["B1", "李四", "YT01", "服务顾问", "B0", "2024-03-01", "l@x.cn", "13800000000", "试用期"],
            header=header,
        )
    )
    outcome = bring_in(table(["B1", "李四", "YT01", "服务顾问", "", "2024-03-01", "", "", ""], header=header))
    assert outcome.unchanged == 1
    person = Employee.objects.get(number="B1")
    assert (person.manager.number, person.email, person.phone, person.status, person.user.email) == (
        "B0",
        "l@x.cn",
        "13800000000",
        "probation",
        "l@x.cn",
    )


def test_a_new_address_becomes_the_sign_in_address():
    person = make_employee(number="B1", name="李四", email="old@x.cn")
    bring_in(table(["B1", "李四", "YT01", "服务顾问", "", "2024-03-01", "new@x.cn"], header=[*HEADER, "邮箱"]))
    person.user.refresh_from_db()
    assert person.user.email == "new@x.cn"


def test_departures_and_returns_are_not_made_by_the_import():
    make_employee(number="B1", name="在", status="active")
    make_employee(number="B2", name="走", status="left", left_on=date(2025, 1, 1))
    header = [*HEADER, "状态"]
    here, gone = ["B1", "在", "YT01", "服务顾问", "", "2024-03-01", "离职"], ["B2", "走", "YT01", "服务顾问", "", "2024-03-01", "在职"]
    assert reasons(bring_in(table(here, gone, header=header))) == [(2, "状态"), (3, "状态")]
    assert bring_in(table([*gone[:-1], "离职"], header=header)).unchanged == 1


def test_hr_imports_only_into_dealers_that_they_see():
    hr = make_employee("hr_officer")
    other = make_dealer("YT02")
    make_employee(dealer=other, number="O1", name="别店的人")
    rows = [["B1", "甲", "YT02", "服务顾问", "", "2024-03-01"], ["O1", "别店的人", "YT01", "服务顾问", "", "2024-03-01"]]
    assert reasons(bring_in(table(*rows), by=hr.user)) == [(2, "门店"), (3, "工号")]
    group_hr = make_employee("group_hr")
    assert bring_in(table(*rows), by=group_hr.user).as_dict() == {"created": 1, "changed": 1, "unchanged": 0, "waiting": 0, "refused": []}
    assert Employee.objects.get(number="O1").history.get().kind == "transferred"


def test_hr_gives_nobody_the_sight_of_all_dealers_nor_themselves_another_post():
    hr = make_employee("hr_officer", number="HR1", name="何静")
    rows = [["B1", "甲", "YT01", "group_hr", "", "2024-03-01"], ["HR1", "何静", "YT01", "general_manager", "", "2024-03-01"]]
    assert reasons(bring_in(table(*rows), by=hr.user)) == [(2, "岗位"), (3, "工号")]


def test_the_address_of_someone_who_signs_waits_for_a_second_person_while_the_rest_of_the_row_is_written():
    hr = make_employee("hr_officer")
    boss = make_employee("general_manager", number="GM", name="王总", phone="1")
    row = ["GM", "王总裁", "YT01", "总经理", "", "2024-03-01", "mine@x.cn"]
    outcome = bring_in(table(row, header=[*HEADER, "邮箱"]), by=hr.user)
    boss.refresh_from_db()
    assert (outcome.waiting, outcome.changed, boss.name, boss.email, boss.user.email) == (1, 0, "王总裁", "", "")
    assert Proposal.objects.get().particulars == {"email": "mine@x.cn", "was": ""}


def test_rows_about_signers_wait_and_a_repeat_finds_them_waiting():
    """§1: an import applies its other rows at once."""
    hr = make_employee("hr_officer", number="HR1")
    rows = [
        ["A2", "李梅", "YT01", "服务主管", "A1", "2022-05-01"],
        ["A1", "王总", "YT01", "服务经理", "A0", "2020-01-01"],
        ["A0", "沈总", "YT01", "总经理", "", "2019-01-01"],
        ["A3", "赵磊", "YT01", "technician", "李梅", "2023/7/1"],
    ]
    first = bring_in(table(*rows), by=hr.user)
    assert (first.created, first.waiting, first.refused) == (2, 2, [])
    assert set(Employee.objects.exclude(pk=hr.pk).values_list("number", flat=True)) == {"A2", "A3"}
    asked = list(Proposal.objects.order_by("pk").values_list("pk", "number", "status", "team"))
    assert [row[1:] for row in asked] == [("A1", "waiting", ["A2"]), ("A0", "waiting", ["A1"])]

    again = bring_in(table(*rows), by=hr.user)
    assert (again.created, again.changed, again.unchanged, again.waiting, again.refused) == (0, 0, 2, 2, [])
    assert list(Proposal.objects.order_by("pk").values_list("pk", "number", "status", "team")) == asked

    second = make_employee("group_hr").user
    for proposal in Proposal.objects.order_by("pk"):
        confirm_proposal(proposal=proposal, by=second, at=timezone.now())
    managers = dict(Employee.objects.filter(number__startswith="A").values_list("number", "manager__number"))
    assert managers == {"A2": "A1", "A1": "A0", "A0": None, "A3": "A2"}
    assert bring_in(table(*rows), by=hr.user).unchanged == 4


@pytest.mark.parametrize(("now", "then"), [("general_manager", "服务顾问"), ("advisor", "服务经理"), ("service_manager", "总经理")])
def test_a_row_that_moves_a_signer_or_makes_one_waits_for_a_second_person(now, then):
    hr, person = make_employee("hr_officer").user, make_employee(now, number="A1", name="王总", hired_on=date(2020, 1, 1))
    outcome = bring_in(table(["A1", "王总", "YT01", then, "", "2020-01-01"]), by=hr)
    person.refresh_from_db()
    assert (outcome.waiting, outcome.changed, person.position.code) == (1, 0, now)
    confirm_proposal(proposal=Proposal.objects.get(), by=make_employee("group_hr").user, at=timezone.now())
    person.refresh_from_db()
    assert person.position.name_zh == then


def test_a_row_whose_manager_waits_from_an_earlier_import_comes_in_without_one():
    hr = make_employee("hr_officer")
    bring_in(table(["A1", "王总", "YT01", "服务经理", "", "2020-01-01"]), by=hr.user)
    assert bring_in(table(["A2", "李梅", "YT01", "服务主管", "A1", "2022-05-01"]), by=hr.user).created == 1
    assert Employee.objects.get(number="A2").manager is None
    assert Proposal.objects.get().team == ["A2"]


def test_a_colleagues_other_proposal_is_decided_first():
    hr, colleague = make_employee("hr_officer").user, make_employee("hr_officer", name="周静").user
    bring_in(table(["A1", "王总", "YT01", "服务经理", "", "2020-01-01"]), by=colleague)
    outcome = bring_in(table(["A1", "王总", "YT01", "总经理", "", "2020-01-01"]), by=hr)
    assert reasons(outcome) == [(2, "岗位")]
    assert "周静" in outcome.refused[0]["reason"]
    assert bring_in(table(["A1", "王总", "YT01", "总经理", "", "2020-01-01"]), by=colleague).waiting == 1
    assert [p.status for p in Proposal.objects.order_by("pk")] == ["declined", "waiting"]


def test_the_console_brings_in_everyone_but_whoever_signs():
    """A technical account is no signature either way: its rows wait with nobody under them."""
    outcome = bring_in(table(["A1", "王总", "YT01", "总经理", "", "2020-01-01"], ["A2", "李梅", "YT01", "服务顾问", "", "2022-05-01"]))
    assert (outcome.created, outcome.waiting) == (1, 1)
    assert Proposal.objects.get().proposed_by is None


def test_a_dealers_hr_moves_nobody_of_the_group_by_a_file():
    hr = make_employee("hr_officer")
    make_employee("group_hr", number="G1", name="严芳", hired_on=date(2024, 3, 1))
    outcome = bring_in(table(["G1", "严芳", "YT01", "服务顾问", "", "2024-03-01"]), by=hr.user)
    assert reasons(outcome) == [(2, "工号")]


def test_the_same_number_in_two_groups_signs_in_with_the_groups_code():
    from tests.factories import make_group

    make_dealer("ZZ01", group=make_group("zz"))
    bring_in(table(["1", "甲", "YT01", "服务顾问", "", "2024-03-01"], ["1", "乙", "ZZ01", "服务顾问", "", "2024-03-01"]))
    assert {e.group.code: e.user.username for e in Employee.objects.select_related("group", "user")} == {"yt": "1", "zz": "zz-1"}


@pytest.mark.parametrize("rows", [30, 900])
def test_the_number_of_queries_does_not_grow_with_the_rows(rows, django_assert_max_num_queries):
    lines = [[f"N{n}", f"人{n}", "YT01", "服务顾问", "N0" if n else "", "2024-03-01"] for n in range(rows)]
    with django_assert_max_num_queries(12):
        assert bring_in(table(*lines), apply=False).created == rows


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0 old excel"])
def test_what_is_no_table_is_refused_with_a_sentence(content):
    with pytest.raises(UnreadableFile):
        bring_in(content)


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03" * 50, b"just some prose, with commas", b"a;b\n1;2"])
def test_what_is_another_table_lacks_the_columns(content):
    with suppress(UnreadableFile):
        assert len(bring_in(content).refused) == 5


# -- while it runs -----------------------------------------------------------------------------------------------------


class Told(Quiet):
    """Writes down what it hears; with `stop_at`, calls off at that many rows of the writing."""

    def __init__(self, stop_at=None):
        self.totals, self.steps, self.beats, self.stop_at = [], [], 0, stop_at

    def total(self, total):
        self.totals.append(total)

    def advance(self, steps=1):
        self.steps.append(steps)
        if self.stop_at == len(self.steps):
            raise Cancelled

    def beat(self):
        self.beats += 1


def test_an_import_says_how_far_it_is_while_it_reads_checks_and_writes(monkeypatch):
    monkeypatch.setattr("lms.people.importers.BATCH", 1)
    told = Told()
    import_employees(table(*STAFF), "people.csv", by=None, at=timezone.now(), apply=True, progress=told)
    assert told.totals == [3, 3]
    assert told.steps == [1] * 6
    assert told.beats


@pytest.mark.parametrize("step", [1, 4, 5])
def test_an_import_that_is_called_off_while_it_checks_or_writes_leaves_nothing(monkeypatch, step):
    monkeypatch.setattr("lms.people.importers.BATCH", 1)
    with pytest.raises(Cancelled):
        import_employees(table(*STAFF), "people.csv", by=None, at=timezone.now(), apply=True, progress=Told(stop_at=step))
    assert not Employee.objects.exists()
    assert not Event.objects.exists()


def test_a_hostile_workbook_fails_its_job_in_words_and_the_groups_next_import_goes():
    hr = make_employee("hr_officer").user
    hr.language = "en"
    hr.save()

    def asked(content, name):
        job = start_job(
            kind="people.import_employees",
            by=hr,
            key="group-1",
            input_file=ContentFile(content, name),
            params={"name": name, "apply": False},
        )
        run_job(job_id=job.pk)
        job.refresh_from_db()
        return job

    hostile = asked(WORKBOOKS["row two thousand million"][0](), "people.xlsx")
    assert hostile.status == "failed"
    assert "2000000000" in hostile.error
    assert asked(table(*STAFF), "people.csv").status == "done"


# -- contract and probation ---------------------------------------------------------------------------------------------


DATED = [*HEADER, "试用期至", "合同起始日", "合同截止日"]


def dated(*dates, number="B1", name="李四", **how):
    return bring_in(table([number, name, "YT01", "服务顾问", "", "2024-03-01", *dates], header=DATED), **how)


def now(number="B1"):
    person = Employee.objects.get(number=number)
    standing = standings_on([person.pk], date.max)[person.pk]
    return standing.probation_until, standing.contract_from, standing.contract_until


def test_dates_of_contract_and_probation_come_with_a_new_person_and_change_by_a_line_of_their_own():
    dated("2024-06-01", "2024-03-01", "2027-02-28")
    assert now() == (date(2024, 6, 1), date(2024, 3, 1), date(2027, 2, 28))
    assert dated("2024-06-01", "2024-03-01", "2027-02-28").unchanged == 1
    assert dated("", "2024-03-01", "").unchanged == 1
    assert dated("", "", "2028-02-28").changed == 1
    assert now() == (date(2024, 6, 1), date(2024, 3, 1), date(2028, 2, 28))
    assert dated("", "2028-03-01", "").changed == 1
    assert now() == (date(2024, 6, 1), date(2028, 3, 1), None)
    lines = Employee.objects.get(number="B1").history.all()
    assert [line.kind for line in lines] == ["hired", "contract", "contract"]
    said = [event.after for event in Event.objects.filter(verb="person.contract_recorded").order_by("pk")]
    assert said == [{"contract_from": "2024-03-01", "contract_until": "2028-02-28"}, {"contract_from": "2028-03-01"}]


@pytest.mark.parametrize(
    ("dates", "column"),
    [
        (("2024-02-01", "", ""), "试用期至"),
        (("03/04/2024", "", ""), "试用期至"),
        (("9999-01-01", "", ""), "试用期至"),
        (("", "2024-03-01", "2024-02-01"), "合同截止日"),
        (("", "", "2027-02-28"), "合同截止日"),
    ],
)
def test_dates_that_cannot_be_are_refused_in_their_column(dates, column):
    assert reasons(dated(*dates)) == [(2, column)]
    assert not Employee.objects.exists()


def row_of(**cells):
    return list(
        ({"工号": "C1", "姓名": "新来", "门店": "YT01", "岗位": "服务顾问", "直属上级": "", "入职日期": "2024-03-01"} | cells).values()
    )


EVERY_FAULT = [
    ([*row_of(岗位="船长", 直属上级="Z9"), "2024-02-01", "2024-03-01", "2024-02-01"], {"岗位", "直属上级", "试用期至", "合同截止日"}),
    ([*row_of(岗位="", 直属上级="Z9"), "", "2024-03-01", "2024-02-01"], {"岗位", "直属上级", "合同截止日"}),
    # Without the dealer nobody can tell who the person and the manager are.
    ([*row_of(门店="XX", 岗位="船长", 直属上级="Z9"), "", "", "2024-02-01"], {"门店", "岗位"}),
    # Nothing is concluded from a cell that is refused itself.
    ([*row_of(入职日期="soon"), "2024-02-01", "2024-03-01", "2024-02-01"], {"入职日期", "合同截止日"}),
    ([*row_of(入职日期="2999-01-01"), "2024-02-01", "later", "2024-02-01"], {"入职日期", "合同起始日"}),
]


@pytest.mark.parametrize(("row", "columns"), EVERY_FAULT)
def test_every_fault_of_a_row_that_can_be_known_is_named_at_once(row, columns):
    refused = reasons(bring_in(table(row, header=DATED)))
    assert sorted(refused) == sorted((2, column) for column in columns)


def test_every_fault_of_a_row_of_someone_on_record_is_named_at_once():
    bring_in(table(*STAFF))
    again = ["A3", "赵磊", "YT01", "船长", "Z9", "2999-01-01", "离职", "2024-01-01"]
    found = reasons(bring_in(table(again, header=[*HEADER, "状态", "合同截止日"])))
    assert sorted(found) == sorted((2, name) for name in ("岗位", "直属上级", "入职日期", "状态", "合同截止日"))


def test_nothing_is_told_of_someone_at_a_dealer_that_the_reader_does_not_see():
    far = make_employee("advisor", dealer=make_dealer("YT02"), number="F1", status="left", left_on=date(2025, 1, 31))
    hr = make_employee("hr_officer", dealer=make_dealer("YT01"))
    row = [*row_of(工号="F1", 岗位="船长"), "", "2024-03-01", "2024-02-01"]
    outcome = bring_in(table(row, header=DATED), by=hr.user)
    assert reasons(outcome) == [(2, "工号"), (2, "岗位")]
    assert far.name not in str(outcome.refused)


def test_whoever_has_left_gets_no_new_contract():
    make_employee("advisor", number="B1", name="李四", status="left", left_on=date(2025, 1, 1))
    header = [*DATED, "状态"]
    row = ["B1", "李四", "YT01", "服务顾问", "", "2024-03-01", "", "2024-03-01", "", "离职"]
    assert reasons(bring_in(table(row, header=header))) == [(2, "合同起始日")]


def test_the_dates_of_a_signer_to_be_wait_with_the_proposal():
    make_position("service_manager")
    bring_in(table(["B1", "李四", "YT01", "服务经理", "", "2024-03-01", "2024-06-01", "", ""], header=DATED))
    assert Proposal.objects.get().particulars["probation_until"] == "2024-06-01"


def test_the_dry_run_shows_the_dates_that_would_change(client):
    hr = make_employee("hr_officer")
    dated("2024-06-01", "", "")
    content = table(["B1", "李四", "YT01", "服务顾问", "", "2024-03-01", "2024-07-01", "", ""], header=DATED)
    job = start_job(
        kind="people.import_employees", by=hr.user, input_file=ContentFile(content, "p.csv"), params={"name": "p.csv", "apply": False}
    )
    run_job(job_id=job.pk)
    client.force_login(hr.user)
    page = client.get(f"/people/import/{job.pk}/").content.decode()
    assert "试用期至: 2024-06-01 → 2024-07-01" in page
