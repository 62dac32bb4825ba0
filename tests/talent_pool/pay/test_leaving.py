"""Someone leaves or moves, or their level is taken back, before the pay change is with payroll (§1): it is withdrawn, and where a level
brought it, the dealer of today proposes it anew by its own table."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assessments.grading.actions.decisions import correct_decision
from lms.audit.models import Event
from lms.common.integrity import findings
from lms.common.states import Refused, WrongHands
from lms.home.sweep import EVERY_MINUTE, sweep
from lms.notifications.models import Notice
from lms.people.actions import record_departure, return_employee, transfer_employee
from lms.people.models import Employee
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.proposing import propose_after_appeal, propose_by_hand, propose_pay_changes, reverse_pay_change
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.actions.withdrawing import withdraw_unfit_changes
from talent_pool.pay.models import Band, PayChange
from talent_pool.pay.queries import pay_of
from tests.each import each
from tests.factories import (
    PUBLISHED_AT,
    make_award,
    make_bands,
    make_dealer,
    make_employee,
    make_pay_changes,
    make_position,
    make_published_cycle,
)
from tests.talent_pool.pay.test_actions import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-26T10:00+08:00")]
AT = PUBLISHED_AT + timedelta(days=1)
OTHER_PAY = {"service": (5000, 5900, 6900, 8000), "technical": (5000, 5900, 6900, 8000)}
STEPS = ["proposed", "approved", "countersigned"]


@pytest.fixture
def group():
    return [make_employee("group_hr").user for _one in range(2)]


@pytest.fixture
def award(hr):
    award = make_award(make_published_cycle(by=hr))
    make_bands(award.cycle.dealer, by=hr)
    return award


def proposed(award):
    return propose_pay_changes(cycle_id=award.cycle_id, at=AT)


def brought_to(award, status, hr, manager):
    (change,) = proposed(award)
    if status != "proposed":
        approve_pay_changes(changes=[change], by=hr, at=AT)
    if status == "countersigned":
        countersign_pay_changes(changes=[change], by=manager, at=AT)
    return change


def leave(person, by, on=date(2026, 11, 25)):
    record_departure(employee=person, left_on=on, by=by, at=timezone.now())


def move(person, by, **to):
    transfer_employee(employee=person, by=by, at=timezone.now(), **to)


def take_back(award, group):
    return correct_decision(decision=award, reason="试卷有误", confirmed_by=group[1], by=group[0], at=AT)


def elsewhere(pay=OTHER_PAY):
    dealer = make_dealer("YT02")
    if pay:
        make_bands(dealer, pay=pay)
    return dealer


def to_the_other_track():
    return {"position": make_position("technician")}


def wrong():
    return [str(found) for rule, found in findings() if rule.name.startswith("pay.")]


def paid(person, by, on):
    person = Employee.objects.select_related("dealer", "position").get(pk=person.pk)
    return pay_of(person, by=by, at=AT.replace(year=on.year, month=on.month, day=on.day))["band"].base_pay


# --- before the proposal ---------------------------------------------------------------------------


def test_nobody_gone_before_it_takes_effect_gets_a_raise(award, hr):
    leave(award.employee, hr)
    for _again in range(2):
        assert proposed(award) == []
    event = Event.objects.get(verb="pay.none_due")
    assert (event.target_id, event.after) == (str(award.pk), {"why": "left"})
    type(award.cycle).objects.update(followed_up_at=AT)
    assert (PayChange.objects.count(), wrong()) == (0, [])


def test_whoever_went_to_the_other_track_gets_none_of_the_old(award, hr):
    move(award.employee, hr, **to_the_other_track())
    assert proposed(award) == []
    assert Event.objects.get(verb="pay.none_due").after == {"why": "track"}
    move(award.employee, hr, position=make_position("advisor"))
    assert proposed(award) == [], "what was settled stays settled; HR proposes what a move brings"


def test_an_award_that_was_taken_back_brings_no_pay(award, hr, group):
    take_back(award, group)
    assert proposed(award) == []
    type(award.cycle).objects.update(followed_up_at=AT)
    assert wrong() == []


def test_pay_is_proposed_by_the_dealer_and_the_table_of_today(award, group):
    there = elsewhere()
    move(award.employee, group[0], dealer=there)
    (change,) = proposed(award)
    assert (change.dealer, change.from_band.base_pay, change.to_band.base_pay) == (there, 5000, 5900)
    type(award.cycle).objects.update(followed_up_at=AT)
    assert wrong() == []


def test_whoever_works_where_there_is_no_table_holds_up_nobody_else(award, group):
    other = make_award(award.cycle)
    there = elsewhere(pay=None)
    move(award.employee, group[0], dealer=there)
    assert [change.employee for change in proposed(award)] == [other.employee]
    with pytest.raises(Refused, match=r"no band table for 1 Dec 2026"):
        proposed(award)
    make_bands(there)
    assert [change.dealer for change in proposed(award)] == [there]


# --- while it is being signed ------------------------------------------------------------------------


@pytest.mark.parametrize("status", STEPS)
def test_a_departure_withdraws_it_whoever_signed(award, hr, manager, status):
    change = brought_to(award, status, hr, manager)
    leave(award.employee, hr)
    assert sweep(at=AT, steps=EVERY_MINUTE)["pay that no longer fits"] == 1
    change.refresh_from_db()
    assert (change.status, change.withdrawn_why, change.withdrawn_at) == ("withdrawn", "left", AT)
    assert Event.objects.get(verb="pay.withdrawn").before == {"status": status}
    assert (sweep(at=AT, steps=EVERY_MINUTE)["pay that no longer fits"], PayChange.objects.count(), wrong()) == (0, 1, [])


def test_whoever_left_after_it_took_effect_is_owed_it(award, hr, time_machine):
    (change,) = proposed(award)
    time_machine.move_to("2026-12-10T10:00+08:00")
    leave(award.employee, hr, on=date(2026, 12, 2))
    assert withdraw_unfit_changes(at=timezone.now()) == 0
    approve_pay_changes(changes=[change], by=hr, at=timezone.now())


def test_whoever_left_on_its_very_day_is_gone(award, hr, time_machine):
    proposed(award)
    time_machine.move_to("2026-12-10T10:00+08:00")
    leave(award.employee, hr, on=date(2026, 12, 1))
    assert withdraw_unfit_changes(at=timezone.now()) == 1


@pytest.mark.parametrize("status", STEPS)
def test_a_move_withdraws_it_and_proposes_it_anew_where_the_person_works_now(award, hr, manager, group, status):
    old = brought_to(award, status, hr, manager)
    there = elsewhere()
    theirs = make_employee("hr_officer", dealer=there)
    move(award.employee, group[0], dealer=there)
    assert withdraw_unfit_changes(at=AT) == 1
    old.refresh_from_db()
    fresh = PayChange.objects.get(status="proposed")
    assert (old.status, old.withdrawn_why) == ("withdrawn", "moved")
    assert (fresh.dealer, fresh.decision, fresh.to_band.base_pay, fresh.effective_on) == (there, award, 5900, old.effective_on)
    told = {notice.recipient.employee for notice in Notice.objects.filter(kind="pay_to_approve")}
    assert theirs in told
    assert {one.dealer for one in told} == {there}
    assert (withdraw_unfit_changes(at=AT), PayChange.objects.count(), wrong()) == (0, 2, [])
    assert proposed(award) == []


def test_a_move_to_the_other_track_withdraws_it_and_proposes_nothing(award, hr):
    proposed(award)
    move(award.employee, hr, **to_the_other_track())
    assert withdraw_unfit_changes(at=AT) == 1
    assert PayChange.objects.get().withdrawn_why == "track"


def test_a_move_within_the_track_and_the_dealer_changes_nothing(award, hr, group):
    proposed(award)
    move(award.employee, group[0], manager=make_employee("advisor"))
    assert withdraw_unfit_changes(at=AT) == 0


def test_a_move_to_where_there_is_no_table_waits_for_one_and_is_signed_by_nobody(award, hr, group):
    (change,) = proposed(award)
    there = elsewhere(pay=None)
    move(award.employee, group[0], dealer=there)
    assert withdraw_unfit_changes(at=AT) == 0
    with pytest.raises(Refused, match="now works at another dealer"):
        approve_pay_changes(changes=[change], by=hr, at=AT)
    make_bands(there)
    assert withdraw_unfit_changes(at=AT) == 1
    assert PayChange.objects.get(status="proposed").dealer == there


def test_what_waits_for_a_table_elsewhere_is_not_exported_either(award, hr, manager, group):
    change = brought_to(award, "countersigned", hr, manager)
    move(award.employee, group[0], dealer=elsewhere(pay=None))
    with pytest.raises(Refused, match="nothing to export"):
        export_payroll(dealer=change.dealer, key="job:1", by=hr, at=AT)


def test_an_award_taken_back_takes_its_pay_change_along(award, hr, manager, group):
    change = brought_to(award, "countersigned", hr, manager)
    take_back(award, group)
    with pytest.raises(Refused, match="nothing to export"):
        export_payroll(dealer=change.dealer, key="job:1", by=hr, at=AT)
    assert withdraw_unfit_changes(at=AT) == 1
    assert PayChange.objects.get().withdrawn_why == "taken_back"
    assert (paid(award.employee, hr, date(2026, 12, 1)), wrong()) == (4000, [])


@pytest.mark.parametrize("what", ["leave", "move", "track", "take_back"])
@pytest.mark.parametrize("status", ["proposed", "approved"])
def test_nobody_signs_what_no_longer_fits_even_before_it_is_withdrawn(award, hr, manager, group, what, status):
    change = brought_to(award, status, hr, manager)
    happens = {
        "leave": lambda: leave(award.employee, hr),
        "move": lambda: move(award.employee, group[0], dealer=elsewhere()),
        "track": lambda: move(award.employee, hr, **to_the_other_track()),
        "take_back": lambda: take_back(award, group),
    }
    happens[what]()
    act, by = {"proposed": (approve_pay_changes, hr), "approved": (countersign_pay_changes, manager)}[status]
    with pytest.raises(Refused, match="withdrawn automatically"):
        act(changes=[change], by=by, at=AT)


def test_an_export_takes_what_fits_and_withdraws_the_rest(hr, manager):
    gone, stays = make_pay_changes(2)
    approve_pay_changes(changes=[gone, stays], by=hr, at=AT)
    countersign_pay_changes(changes=[gone, stays], by=manager, at=AT)
    leave(gone.employee, hr)
    export = export_payroll(dealer=stays.dealer, key="job:1", by=hr, at=AT)
    assert (list(export.changes.all()), [row["change"] for row in export.rows]) == ([stays], [stays.pk])
    gone.refresh_from_db()
    assert (gone.status, wrong()) == ("withdrawn", [])


def test_whoever_comes_back_brings_no_withdrawn_change_along(award, hr):
    proposed(award)
    leave(award.employee, hr)
    withdraw_unfit_changes(at=AT)
    return_employee(
        employee=award.employee, dealer=award.employee.dealer, position=award.employee.position, on=date(2026, 11, 26), by=hr,
        at=timezone.now(),
    )  # fmt: skip
    assert (proposed(award), PayChange.objects.get().status) == ([], "withdrawn")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="real threads need PostgreSQL")
def test_two_sweeps_at_once_propose_anew_once(award, group):
    proposed(award)
    move(award.employee, group[0], dealer=elsewhere())
    at_once(*(lambda: withdraw_unfit_changes(at=AT) for _one in range(2)))
    assert sorted(PayChange.objects.values_list("status", flat=True)) == ["proposed", "withdrawn"]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="real threads need PostgreSQL")
def test_of_a_sweep_and_an_export_at_once_payroll_gets_nothing_of_who_left(award, hr, manager):
    change = brought_to(award, "countersigned", hr, manager)
    leave(award.employee, hr)
    at_once(lambda: withdraw_unfit_changes(at=AT), lambda: export_payroll(dealer=change.dealer, key="job:1", by=hr, at=AT))
    assert PayChange.objects.get().status in {"withdrawn", "countersigned"}
    assert not PayChange.objects.filter(status="exported").exists()


# --- by hand and reversed ------------------------------------------------------------------------------


def exported(award, hr, manager):
    change = brought_to(award, "countersigned", hr, manager)
    export_payroll(dealer=change.dealer, key="job:1", by=hr, at=AT)
    return change


def test_the_old_dealer_takes_nothing_from_whoever_moved_away(award, hr, manager, group):
    change = exported(award, hr, manager)
    there = elsewhere()
    move(award.employee, group[0], dealer=there)
    with pytest.raises(WrongHands):
        reverse_pay_change(change=change, reason="人走了", by=hr, at=AT)
    for by in each([group[0], make_employee("hr_officer", dealer=there).user]):
        with pytest.raises(Refused, match="correct the pay"):
            reverse_pay_change(change=change, reason="人走了", by=by, at=AT)


def test_what_the_old_dealer_began_to_take_back_ends_with_the_move(award, hr, manager, group):
    entry = reverse_pay_change(change=exported(award, hr, manager), reason="定级有误", by=hr, at=AT)
    move(award.employee, group[0], dealer=elsewhere())
    assert withdraw_unfit_changes(at=AT) == 1
    entry.refresh_from_db()
    assert (entry.status, PayChange.objects.filter(status="proposed").count()) == ("withdrawn", 0)


def test_the_new_dealer_sets_right_what_the_old_one_paid_by_a_correction(award, hr, manager, group):
    change = exported(award, hr, manager)
    there = elsewhere()
    move(award.employee, group[0], dealer=there)
    low, high = (Band.objects.get(table__dealer=there, track="service", level=level) for level in (0, 1))
    by = make_employee("hr_officer", dealer=there).user
    person = Employee.objects.get(pk=award.employee_id)
    entry = propose_by_hand(
        employee=person, cause="correction", of=change, from_band=high, to_band=low, effective_on=date(2027, 1, 1), reason="定级有误", by=by,
        at=AT,
    )  # fmt: skip
    assert (entry.dealer, entry.of, wrong()) == (there, change, [])


def test_nothing_is_taken_back_from_whoever_is_gone(award, hr, manager):
    change = exported(award, hr, manager)
    leave(award.employee, hr)
    with pytest.raises(Refused, match="leaves before"):
        reverse_pay_change(change=change, reason="离职", by=hr, at=AT)


def test_a_level_given_back_brings_no_pay_to_whoever_left_or_changed_track(award, hr, group):
    made = take_back(award, group)
    third, fourth = (make_employee("group_hr").user for _one in range(2))
    back = correct_decision(decision=made, reason="撤销更正", confirmed_by=fourth, by=third, at=AT)
    award.employee.refresh_from_db()
    move(back.employee, hr, **to_the_other_track())
    with pytest.raises(Refused, match="no longer on this level"):
        propose_after_appeal(decision=type(back).objects.get(pk=back.pk), by=hr, at=AT)
    leave(back.employee, hr)
    with pytest.raises(Refused, match="leaves before"):
        propose_after_appeal(decision=type(back).objects.get(pk=back.pk), by=hr, at=AT)


# --- on the screen ----------------------------------------------------------------------------------------


def test_the_list_says_why_it_was_withdrawn(award, hr, sign_in):
    proposed(award)
    leave(award.employee, hr)
    withdraw_unfit_changes(at=AT)
    page = sign_in(hr.employee).get(reverse("pay_changes"), headers={"accept-language": "zh-hans"}).text
    assert "已撤回 · 生效前已离职" in page


# --- who hears of it ----------------------------------------------------------------------------------------


def told(person):
    return [notice.kind for notice in Notice.objects.filter(recipient=person.user, kind="pay_withdrawn")]


def test_whoever_read_of_it_with_the_result_hears_that_it_is_withdrawn(award, hr):
    proposed(award)
    move(award.employee, hr, **to_the_other_track())
    for _again in range(2):
        withdraw_unfit_changes(at=AT)
    assert told(award.employee) == ["pay_withdrawn"]


def test_whoever_has_left_or_gets_it_anew_elsewhere_hears_nothing(award, hr, group):
    proposed(award)
    move(award.employee, group[0], dealer=elsewhere())
    withdraw_unfit_changes(at=AT)
    assert told(award.employee) == []
    leave(award.employee, group[0])
    withdraw_unfit_changes(at=AT)
    assert told(award.employee) == []


@pytest.mark.parametrize(("status", "hears"), [("proposed", []), ("approved", []), ("countersigned", ["pay_withdrawn"])])
def test_of_what_was_still_being_signed_they_had_not_heard(award, hr, manager, status, hears):
    """The end of probation: nobody tells of it before both have signed."""
    low, high = (Band.objects.get(table__dealer__code="YT01", track="service", level=level) for level in (0, 1))
    entry = propose_by_hand(
        employee=make_employee("advisor"), cause="probation", from_band=low, to_band=high, effective_on=date(2026, 12, 1), reason="转正",
        by=hr, at=AT,
    )  # fmt: skip
    for step, act, by in (("approved", approve_pay_changes, hr), ("countersigned", countersign_pay_changes, manager)):
        if STEPS.index(status) >= STEPS.index(step):
            act(changes=[entry], by=by, at=AT)
    move(entry.employee, hr, **to_the_other_track())
    withdraw_unfit_changes(at=AT)
    assert told(entry.employee) == hears
