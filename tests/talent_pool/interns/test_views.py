"""What HR, supervisors and interns do and read on the pages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lms.common.registries import Change, due_for, effects_of, entries_for, panels_for, tiles_for
from lms.people.queries import person_for_page
from talent_pool.interns import due, figures
from talent_pool.interns.models import Batch, Placement
from talent_pool.interns.queries.placements import TERMS
from talent_pool.labour.actions.findings import record_findings
from tests.each import each
from tests.factories import (
    hr_of,
    make_agreement,
    make_batch,
    make_employee,
    make_paper,
    make_placement,
    make_rotation,
    make_station,
    make_student,
    make_targeted_class,
    with_papers,
)

pytestmark = pytest.mark.django_db
MOST = 15
DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def batch(today):
    return make_batch(starts_on=today, ends_on=date(2027, 4, 30))


@pytest.fixture
def hr(batch, client):
    user = hr_of(batch.dealer)
    client.force_login(user)
    return user


def ready(batch, **values):
    return with_papers(make_placement(batch, **{"stage": "placed", "monthly_pay": Decimal(4500), **values}))


def page(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def terms_of(placement, **changes):
    return {name: value for name in TERMS if (value := getattr(placement, name)) is not None and value is not False} | changes


def test_hr_makes_a_batch_and_goes_on_to_its_students(client, today):
    agreement = make_agreement()
    klass = make_targeted_class(agreement)
    student = make_student(klass)
    client.force_login(hr_of(agreement.dealer))
    sent = {
        "dealer": agreement.dealer.code, "school": agreement.school_id, "agreement": agreement.pk, "targeted_class": klass.pk,
        "name": "2026冬季", "starts_on": today, "ends_on": today + 90 * DAY,
    }  # fmt: skip
    answer = client.post(reverse("intern_batch_new"), sent)
    made = Batch.objects.get(name="2026冬季")
    assert answer.url == reverse("intern_batch_students", args=[made.pk])
    assert student.person.name in page(client, "intern_batch_students", made.pk)
    client.post(answer.url, {"students": [student.pk]})
    assert made.placements.get().person == student.person
    assert "没有可添加的学生" in page(client, "intern_batch_students", made.pk)


def test_a_batch_that_does_not_fit_the_agreement_is_refused_at_its_field(client, today):
    agreement = make_agreement()
    client.force_login(hr_of(agreement.dealer))
    sent = {"dealer": agreement.dealer.code, "school": agreement.school_id, "agreement": agreement.pk, "name": "太长"}
    answer = client.post(reverse("intern_batch_new"), sent | {"starts_on": today, "ends_on": date(2029, 1, 1)})
    assert answer.context["form"].errors["agreement"]
    assert not Batch.objects.exists()


def test_the_batch_says_what_keeps_whom_from_starting_and_starts_the_others(client, batch, hr):
    fit, unfit = ready(batch), ready(batch)
    unfit.papers.filter(kind="insurance").delete()
    words = page(client, "intern_batch", batch.pk)
    assert "1 名学生还不能开始" in words
    assert "实习责任险" in words
    assert "开始 1 项实习" in words
    client.post(reverse("intern_batch_start", args=[batch.pk]))
    assert {one.stage for one in (Placement.objects.get(pk=fit.pk),)} == {"under_way"}
    assert Placement.objects.get(pk=unfit.pk).stage == "placed"


def test_everyone_without_terms_gets_the_same_ones(client, batch, hr):
    bare, settled = make_placement(batch, monthly_pay=None), ready(batch)
    sent = {name: value for name, value in terms_of(bare, monthly_pay=3500).items() if name not in ("starts_on", "ends_on")}
    client.post(reverse("intern_batch_terms", args=[batch.pk]), sent)
    bare.refresh_from_db()
    settled.refresh_from_db()
    assert (bare.stage, bare.monthly_pay) == ("placed", 3500)
    assert settled.monthly_pay == 4500


def test_one_policy_insures_several_with_one_file(client, batch, hr):
    rows = [make_placement(batch) for _each in range(2)]
    file = SimpleUploadedFile("policy.pdf", b"%PDF-1.4 policy")
    sent = {"kind": "insurance", "number": "BX-1", "starts_on": batch.starts_on, "ends_on": batch.ends_on, "file": file}
    client.post(reverse("intern_batch_papers", args=[batch.pk]), sent | {"placements": [row.pk for row in rows]})
    papers = [row.papers.get() for row in each(rows)]
    assert {paper.number for paper in papers} == {"BX-1"}
    assert len({paper.file.name for paper in papers}) == 1


def test_the_terms_of_one_are_changed_and_a_page_behind_the_times_is_told(client, batch, hr):
    placement = ready(batch)
    url = reverse("placement_terms", args=[placement.pk])
    shown = client.get(url).context["form"]["shown"].value()
    client.post(url, terms_of(placement, monthly_pay=5000, shown=shown))
    placement.refresh_from_db()
    assert placement.monthly_pay == 5000
    answer = client.post(url, terms_of(placement, monthly_pay=5200, shown=shown))
    assert answer.context["form"].non_field_errors()
    placement.refresh_from_db()
    assert placement.monthly_pay == 5000


def test_a_paper_is_recorded_opened_and_withdrawn_with_a_reason(client, batch, hr):
    placement = make_placement(batch)
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4 three parties")
    sent = {"kind": "agreement", "starts_on": batch.starts_on - DAY, "file": file}
    client.post(reverse("placement_paper_new", args=[placement.pk]), sent)
    paper = placement.papers.get()
    opened = client.get(reverse("placement_paper_file", args=[placement.pk, paper.pk]))
    assert opened.headers["Content-Type"] == "application/pdf"
    assert b"".join(opened.streaming_content) == b"%PDF-1.4 three parties"
    client.post(reverse("placement_paper_withdraw", args=[placement.pk, paper.pk]), {"reason": "签错了"})
    paper.refresh_from_db()
    assert paper.withdrawn_reason == "签错了"
    assert "签错了" in page(client, "placement", placement.pk)


def test_a_file_of_another_kind_and_an_insurance_without_an_end_are_refused(client, batch, hr):
    placement = make_placement(batch)
    url = reverse("placement_paper_new", args=[placement.pk])
    answer = client.post(url, {"kind": "insurance", "starts_on": batch.starts_on})
    assert answer.context["form"].errors["ends_on"]
    file = SimpleUploadedFile("a.exe", b"MZ")
    answer = client.post(url, {"kind": "agreement", "starts_on": batch.starts_on, "file": file})
    assert answer.context["form"].errors["file"]
    assert not placement.papers.exists()


def test_the_page_of_a_placement_names_findings_with_clause_and_cure_and_starts_once_they_are_cured(client, batch, hr):
    placement = ready(batch)
    placement.papers.filter(kind="safety").delete()
    words = page(client, "placement", placement.pk)
    assert "不能开始的原因" in words
    assert "职业教育法" in words
    make_paper(placement, "safety")
    assert "没有规则阻止开始" in page(client, "placement", placement.pk)
    client.post(reverse("placement_start", args=[placement.pk]))
    assert Placement.objects.get(pk=placement.pk).stage == "under_way"
    assert "开始实习" in page(client, "placement", placement.pk)


@pytest.mark.parametrize("name", ["break", "move", "end", "take-out"])
def test_each_way_that_a_placement_may_go_has_its_form(client, batch, hr, name):
    placement = ready(batch, stage="placed" if name == "take-out" else "under_way")
    assert client.get(reverse("placement_act", args=[placement.pk, name])).status_code == 200
    assert client.get(reverse("placement_act", args=[placement.pk, "nowhere"])).status_code == 404


def test_a_break_and_an_early_end_are_recorded_from_the_page(client, batch, hr):
    placement = ready(batch)
    client.post(reverse("placement_start", args=[placement.pk]))
    days = {"starts_on": batch.starts_on + DAY, "ends_on": batch.starts_on + 2 * DAY}
    client.post(reverse("placement_act", args=[placement.pk, "break"]), days | {"reason": "考试"})
    assert placement.pauses.get().reason == "考试"
    client.post(reverse("placement_act", args=[placement.pk, "end"]), {"ended_on": batch.starts_on, "reason": "转学"})
    assert Placement.objects.get(pk=placement.pk).stage == "ended"


def test_the_board_counts_each_stage_and_opens_the_rest_as_a_list(client, batch, hr):
    for _each in range(14):
        make_placement(batch)
    ready(batch)
    stages = client.get(reverse("intern_board")).context["stages"]
    assert {stage.value: (number, len(rows)) for stage, number, rows in stages if number} == {"applied": (14, 12), "placed": (1, 1)}
    assert len(client.get(f"{reverse('placements')}?stage=applied").context["list"].page.rows) == 14


def test_the_list_narrows_to_those_whom_a_rule_blocks(client, batch, hr):
    ready(batch)
    bare = make_placement(batch)
    record_findings(at=timezone.now())
    rows = client.get(f"{reverse('placements')}?blocked=1").context["list"].page.rows
    assert [row.pk for row in rows] == [bare.pk]
    assert rows[0].blocks > 0


def test_the_intern_reads_station_mentor_papers_and_dates_on_the_own_page(client, batch):
    placement = ready(batch, stage="under_way")
    mentor = make_employee("technician", dealer=batch.dealer, name="王师傅")
    make_rotation(placement, mentor=mentor)
    make_rotation(placement, make_station("paint", dealer=batch.dealer, name_zh="喷漆"), starts_on=batch.starts_on + 28 * DAY,
                  ends_on=batch.starts_on + 55 * DAY)  # fmt: skip
    client.force_login(placement.person.user)
    words = page(client, "my_internship")
    for expected in each(["机修", "王师傅", "喷漆", "三方协议", "4,500"]):
        assert expected in words


def test_whoever_never_had_an_internship_has_no_such_page(client, batch):
    client.force_login(make_employee(dealer=batch.dealer).user)
    assert client.get(reverse("my_internship")).status_code == 404


def test_a_page_costs_as_many_statements_for_many_as_for_one(client, batch, hr, django_assert_max_num_queries):
    stations = [make_station(f"s{number}", dealer=batch.dealer) for number in range(3)]
    placements = [ready(batch) for _each in range(6)]
    for number, placement in enumerate(placements):
        make_rotation(placement, stations[number % 3], mentor=make_employee("technician", dealer=batch.dealer))
    client.get(reverse("today"))  # what is fetched once a process
    for name, *args in each(
        [
            ("intern_batches",), ("intern_batch", batch.pk), ("intern_board",), ("placements",), ("placement", placements[0].pk),
            ("placement_terms", placements[0].pk), ("intern_batch_students", batch.pk), ("intern_batch_papers", batch.pk),
        ]
    ):  # fmt: skip
        with django_assert_max_num_queries(MOST):
            assert client.get(reverse(name, args=args)).status_code == 200
    client.force_login(placements[0].person.user)
    with django_assert_max_num_queries(MOST):
        assert client.get(reverse("my_internship")).status_code == 200


# --- What other pages show ----------------------------------------------------------------------------------------


def test_today_tells_hr_whom_to_start_and_whose_internship_is_over(batch, hr):
    ready(batch)
    ready(batch, stage="under_way", starts_on=batch.starts_on - 60 * DAY, ends_on=batch.starts_on - DAY)
    titles = [item["title"] for item in due_for(hr.employee, timezone.now())]
    assert "1 项实习待开始" in titles
    assert "1 项实习已到期" in titles


def test_today_tells_a_student_of_the_first_day_and_an_intern_of_the_next_station(batch, today):
    coming = make_placement(batch, starts_on=today + 3 * DAY)
    assert "您的实习 3 天后开始" in [item["title"] for item in due_for(coming.person, timezone.now())]
    here = ready(batch, stage="under_way")
    make_rotation(here, starts_on=today + DAY, ends_on=today + 28 * DAY)
    type(here.person).objects.filter(pk=here.person_id).update(kind="intern")
    here.person.refresh_from_db()
    assert "明天换到新工位：机修" in [item["title"] for item in due_for(here.person, timezone.now())]


def test_the_figure_counts_the_interns_who_are_here(batch, hr):
    ready(batch, stage="under_way")
    ready(batch)
    values = {tile["label"]: tile["value"] for tile in tiles_for(hr, hr.employee, timezone.now())}
    assert values["实习中"] == 1


def test_what_today_says_of_interns_costs_one_statement(batch, hr, django_assert_num_queries):
    ready(batch)
    now, employee = timezone.now(), hr.employee
    assert hr.has_perm("interns.manage_interns")
    with django_assert_num_queries(1):
        assert not list(figures.interns(hr, employee, now))
        assert due.for_hr(employee, now)


def test_the_coming_weeks_of_intern_and_mentor_have_the_change_of_station(batch, today):
    placement = ready(batch, stage="under_way")
    mentor = make_employee("technician", dealer=batch.dealer)
    make_rotation(placement, mentor=mentor, starts_on=today + 2 * DAY, ends_on=today + 9 * DAY)
    now = timezone.now()
    assert "新工位：机修" in [entry.title for entry in entries_for(placement.person, now, now + 30 * DAY)]
    assert f"{placement.person.name} 到 机修" in [entry.title for entry in entries_for(mentor, now, now + 30 * DAY)]


def test_a_person_s_page_lists_the_internships(batch, hr):
    placement = ready(batch)
    person = person_for_page(hr, timezone.now()).get(pk=placement.person_id)
    found = panels_for(person, hr, timezone.now())
    panel = next(one for one in found["narrow"] if one["template"] == "talent_pool/interns/_person.html")
    assert panel["panel"]["rows"] == [placement]


def test_a_mentor_who_leaves_leaves_interns_behind(batch, hr, today):
    placement = ready(batch, stage="under_way")
    mentor = make_employee("technician", dealer=batch.dealer)
    make_rotation(placement, mentor=mentor)
    titles = [str(one.title) for one in effects_of(Change("departure", mentor, today), hr)]
    assert any(placement.person.name in title for title in titles)
    titles = [str(one.title) for one in effects_of(Change("departure", placement.person, today), hr)]
    assert any(batch.name in title for title in titles)
