"""A placement starts when its day has come and no rule stands in the way; a finding stops it, is cured, and it starts."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lms.audit.models import Event
from lms.common.states import Refused, WrongHands
from lms.notifications.models import Notice
from lms.people.models import Employee
from talent_pool.interns.actions.papers import record_paper
from talent_pool.interns.actions.starting import start_all, start_placement
from talent_pool.interns.actions.terms import set_terms
from talent_pool.interns.models import Placement
from talent_pool.labour.actions.findings import record_findings
from talent_pool.labour.models import Finding
from tests.each import each
from tests.factories import hr_of, make_batch, make_dealer, make_employee, make_placement, make_student, with_papers

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST = date(2026, 11, 16)
LAST = date(2027, 4, 30)
DAY = timedelta(days=1)


@pytest.fixture
def batch():
    return make_batch(starts_on=FIRST)


@pytest.fixture
def hr(batch):
    return hr_of(batch.dealer)


def ready(batch, *, born_on=date(2006, 5, 4), **values):
    student = make_student(batch.targeted_class, born_on=born_on)
    return with_papers(make_placement(batch, student, **{"stage": "placed", "monthly_pay": Decimal(4500), **values}))


def start(placement, by, at=NOW):
    return start_placement(placement=placement, by=by, at=at)


def refused(placement, by, at=NOW):
    with pytest.raises(Refused) as refusal:
        start(placement, by, at)
    placement.refresh_from_db()
    assert placement.stage != "under_way"
    assert not placement.person.history.exists()
    return str(refusal.value)


def test_the_student_becomes_an_intern_of_the_dealer_on_the_first_day(batch, hr):
    placement = start(ready(batch), hr)
    person = Employee.objects.get(pk=placement.person_id)
    assert (placement.stage, placement.started_by, person.kind, person.position.code) == ("under_way", hr, "intern", "intern")
    assert person.history.get().on == FIRST
    assert set(person.user.groups.values_list("name", flat=True)) == {"intern"}
    assert Event.objects.get(verb="interns.started").about == person.pk
    assert Notice.objects.get(kind="internship_started").recipient == person.user


def test_started_late_the_history_still_says_the_first_day(batch, hr):
    placement = start(ready(batch), hr, at=NOW + 3 * DAY)
    assert placement.person.history.get().on == FIRST


def test_a_finding_stops_it_is_cured_and_it_starts(batch, hr):
    placement = ready(batch)
    placement.papers.filter(kind="insurance").delete()
    said = refused(placement, hr)
    assert "实习责任险" in said or "责任险" in said
    assert "条款" in said
    record_paper(placements=[placement], kind="insurance", starts_on=FIRST, ends_on=LAST, by=hr, at=NOW)
    assert start(placement, hr).stage == "under_way"


def test_the_refusal_names_every_finding_that_blocks(batch, hr):
    placement = ready(batch, keeps_papers=True, deposit=Decimal(500))
    placement.papers.all().delete()
    said = refused(placement, hr)
    for words in each(["三方协议", "责任险", "500", "证件"]):
        assert words in said


def of_sixteen_on(batch, day):
    return ready(batch, born_on=day.replace(year=day.year - 16))


def test_whoever_turns_16_today_starts(batch, hr):
    assert start(of_sixteen_on(batch, FIRST), hr).stage == "under_way"


def test_whoever_turns_16_tomorrow_does_not_start_today(batch, hr):
    assert "16" in refused(of_sixteen_on(batch, FIRST + DAY), hr)


def test_a_17_year_old_needs_the_consent_of_a_guardian(batch, hr):
    placement = ready(batch, born_on=date(2009, 6, 1))
    placement.papers.filter(kind="guardian_consent").delete()
    assert "监护人" in refused(placement, hr)
    record_paper(placements=[placement], kind="guardian_consent", starts_on=FIRST - DAY, by=hr, at=NOW)
    assert start(placement, hr).stage == "under_way"


def test_an_insurance_gap_of_a_day_stops_it(batch, hr):
    placement = ready(batch)
    placement.papers.filter(kind="insurance").update(ends_on=LAST - DAY)
    assert "2027年4月30日" in refused(placement, hr)


def test_an_agreement_that_ends_in_the_middle_stops_it(batch, hr):
    placement = ready(batch)
    placement.papers.filter(kind="agreement").update(ends_on=date(2027, 1, 31))
    assert "2027年1月31日" in refused(placement, hr)


def test_one_student_does_not_start_at_two_dealers(batch, hr):
    placement = ready(batch)
    other = make_batch(dealer=make_dealer("YT02"), name="乙店批次", starts_on=FIRST)
    second = with_papers(make_placement(other, placement.person.student, stage="placed", monthly_pay=Decimal(4500)))
    assert refused(placement, hr)
    Placement.objects.filter(pk=second.pk).update(stage="under_way")
    assert "乙店批次" in refused(placement, hr)


def test_a_rehired_intern_starts_a_second_time_with_the_same_record(batch, hr):
    first = ready(batch)
    start(first, hr)
    from talent_pool.interns.actions.ending import end_early

    end_early(placement=first, ended_on=FIRST + DAY, reason="返校考试", by=hr, at=NOW + DAY)
    again = make_batch(batch.targeted_class, starts_on=FIRST + 3 * DAY)
    second = with_papers(make_placement(again, first.person.student, stage="placed", monthly_pay=Decimal(4500)))
    start(second, hr, at=NOW + 3 * DAY)
    person = Employee.objects.get(pk=first.person_id)
    assert person.kind == "intern"
    assert [line.kind for line in person.history.all()] == ["intern", "school", "intern"]


def test_it_waits_for_its_day_and_for_its_terms(batch, hr):
    assert "2026年11月17日" in refused(ready(batch, starts_on=FIRST + DAY), hr)
    assert "实习条件" in refused(ready(batch, stage="applied"), hr)
    assert "已过" in refused(ready(batch, ends_on=FIRST), hr, at=NOW + DAY)


def test_it_starts_once(batch, hr):
    placement = start(ready(batch), hr)
    with pytest.raises(Refused, match="实习中"):
        start(placement, hr)


def test_supervisors_and_hr_of_another_dealer_start_nobody(batch):
    placement = ready(batch)
    elsewhere = make_dealer("YT02")
    for person in (make_employee("workshop_supervisor", dealer=batch.dealer), make_employee("hr_officer", dealer=elsewhere)):
        with pytest.raises(WrongHands):
            start(placement, person.user)


def test_all_of_a_batch_start_whom_nothing_holds_back_and_the_others_are_named(batch, hr):
    fit, unfit, bare = ready(batch), ready(batch), ready(batch, stage="applied")
    unfit.papers.filter(kind="insurance").delete()
    started, held = start_all(batch=batch, by=hr, at=NOW)
    assert [one.pk for one in started] == [fit.pk]
    assert {one.pk for one, _refusal in held} == {unfit.pk, bare.pk}
    assert all(str(refusal) for _one, refusal in each(held))


def test_what_the_nightly_check_keeps_names_the_placement(batch, hr):
    placement = ready(batch)
    placement.papers.filter(kind="insurance").delete()
    record_findings(at=NOW)
    found = Finding.objects.get(rule="liability_insurance")
    assert (found.place, found.person, found.intern) == (str(placement.pk), placement.person, placement.person.student.code)
    record_paper(placements=[placement], kind="insurance", starts_on=FIRST, ends_on=LAST, by=hr, at=NOW)
    record_findings(at=NOW)
    found.refresh_from_db()
    assert found.gone_at == NOW


def test_nobody_is_here_longer_than_the_agreement_of_the_batch(batch, hr):
    placement, agreement = ready(batch), batch.agreement
    set_terms(placement=placement, ends_on=agreement.ends_on, by=hr, at=NOW)
    with pytest.raises(Refused, match=agreement.number):
        set_terms(placement=placement, ends_on=agreement.ends_on + DAY, by=hr, at=NOW)
    placement.refresh_from_db()
    assert placement.ends_on == agreement.ends_on
