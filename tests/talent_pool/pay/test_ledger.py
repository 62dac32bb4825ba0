"""P2: each pay change has one cause, once; what was wrong is reversed by a counter-entry; a lower level lowers no pay (G7)."""

from datetime import date, timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from assessments.grading.actions.decisions import correct_decision, correct_result, lower_level
from lms.common.integrity import findings
from lms.common.states import Refused, WrongHands
from lms.people.actions import record_departure
from lms.people.models import Employee, EmploymentEvent
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.proposing import propose_after_appeal, propose_by_hand, propose_pay_changes, reverse_pay_change
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes, reject_pay_change
from talent_pool.pay.models import Band, PayChange
from talent_pool.pay.proposals import level_paid
from talent_pool.pay.queries import pay_of
from tests.each import each
from tests.factories import (
    PUBLISHED_AT,
    make_award,
    make_bands,
    make_candidacy,
    make_dealer,
    make_employee,
    make_pay_changes,
    make_position,
    make_published_cycle,
)
from tests.talent_pool.pay.test_actions import at_once

pytestmark = pytest.mark.django_db
AT = PUBLISHED_AT + timedelta(days=1)
DAY = date(2026, 12, 1)


@pytest.fixture
def group():
    return [make_employee("group_hr").user for _one in range(2)]


@pytest.fixture
def change():
    (change,) = make_pay_changes()
    return change


def sign(change, hr, manager):
    approve_pay_changes(changes=[change], by=hr, at=AT)
    countersign_pay_changes(changes=[change], by=manager, at=AT)
    change.refresh_from_db()
    return change


@pytest.fixture
def signed(change, hr, manager):
    return sign(change, hr, manager)


def band(level, track="service"):
    return Band.objects.get(table__dealer__code="YT01", track=track, level=level)


def paid(person, hr, on=DAY):
    at = AT.replace(year=on.year, month=on.month, day=on.day)
    return pay_of(person, by=hr, at=at)["band"].level


def by_hand(person, hr, **values):
    given = {"cause": "move", "from_band": band(0), "to_band": band(1), "effective_on": DAY, "reason": "调岗"} | values
    return propose_by_hand(employee=person, **given, by=hr, at=AT)


def a_move(person):
    return EmploymentEvent.objects.create(
        employee=person, kind="transferred", on=PUBLISHED_AT.date(), dealer=person.dealer, position=person.position, reason="调岗"
    )


# --- promotions --------------------------------------------------------------------------------


def test_a_promotion_is_the_cause_with_its_decision(change):
    assert (change.cause, change.decision.kind, change.event, change.of, change.proposed_by) == ("promotion", "award", None, None, None)


def test_a_promotion_s_pay_is_paid_from_its_day_and_not_a_day_before(signed, hr):
    assert [paid(signed.employee, hr, on) for on in (date(2026, 11, 30), DAY)] == [0, 1]


def test_what_is_not_signed_twice_is_not_paid(change, hr):
    approve_pay_changes(changes=[change], by=hr, at=AT)
    assert paid(change.employee, hr) == 0


# --- down ----------------------------------------------------------------------------------------


def test_a_lowered_level_lowers_no_pay(signed, hr):
    before = list(PayChange.objects.values())
    lower_level(employee=signed.employee, track="service", from_level=1, reason="违反安全规程", by=hr, at=AT)
    propose_pay_changes(cycle_id=signed.decision.cycle_id, at=AT)
    assert list(PayChange.objects.values()) == before
    signed.employee.refresh_from_db()
    assert (signed.employee.service_level, paid(signed.employee, hr)) == (0, 1)


def test_a_correction_downwards_is_no_cause(signed, hr, group):
    by, second = group
    decision = correct_decision(decision=signed.decision, reason="试卷有误", confirmed_by=second, by=by, at=AT)
    with pytest.raises(Refused, match="reverse it"):
        propose_after_appeal(decision=decision, by=hr, at=AT)


# --- reversals -----------------------------------------------------------------------------------


def test_a_reversal_is_a_counter_entry_that_names_what_it_reverses(signed, hr, manager):
    entry = reverse_pay_change(change=signed, reason="定级有误", by=hr, at=AT)
    assert (entry.cause, entry.of, entry.from_band, entry.to_band) == ("reversal", signed, signed.to_band, signed.from_band)
    assert entry.monthly_difference == -signed.monthly_difference
    assert (entry.effective_on, entry.status, entry.proposed_by) == (DAY, "proposed", hr)
    assert paid(signed.employee, hr) == 1
    sign(entry, hr, manager)
    export_payroll(dealer=entry.dealer, key="job:1", by=hr, at=AT)
    assert paid(signed.employee, hr) == 0
    assert PayChange.objects.get(pk=signed.pk).to_band == signed.to_band
    assert [found for rule, found in findings() if rule.name.startswith("pay.")] == []


def test_what_is_not_signed_is_rejected_and_not_reversed(change, hr):
    with pytest.raises(Refused, match="Reject it"):
        reverse_pay_change(change=change, reason="定级有误", by=hr, at=AT)


def test_a_change_is_reversed_once_unless_the_reversal_was_rejected(signed, hr):
    entry = reverse_pay_change(change=signed, reason="定级有误", by=hr, at=AT)
    with pytest.raises(Refused, match="already"):
        reverse_pay_change(change=signed, reason="定级有误", by=hr, at=AT)
    reject_pay_change(change=entry, reason="无误", by=hr, at=AT)
    assert reverse_pay_change(change=signed, reason="确有误", by=hr, at=AT).of == signed


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="real threads need PostgreSQL")
def test_of_two_reversing_at_once_one_wins_and_the_other_gets_a_sentence(signed, hr):
    second = make_employee("hr_officer").user
    results = at_once(*(lambda by=by: reverse_pay_change(change=signed, reason="定级有误", by=by, at=AT) for by in (hr, second)))
    assert sorted(type(result).__name__ for result in results) == ["PayChange", "str"]
    assert signed.followed_by.count() == 1


def test_the_newest_change_is_reversed_first(signed, hr, manager):
    sign(by_hand(signed.employee, hr, event=a_move(signed.employee), from_band=band(1), to_band=band(2)), hr, manager)
    with pytest.raises(Refused, match="newest"):
        reverse_pay_change(change=signed, reason="定级有误", by=hr, at=AT)


def test_an_old_change_is_not_reversed_behind_a_newer_one_though_both_led_to_the_same_level(signed, hr, manager, group):
    """Raised, lowered, raised again: what is paid rests on the second change."""
    person = signed.employee
    lower_level(employee=person, track="service", from_level=1, reason="违规", by=hr, at=AT)
    person.refresh_from_db()
    again = make_award(make_published_cycle(year=2027, quarter=1, by=hr), person)
    (newer,) = propose_pay_changes(cycle_id=again.cycle_id, at=AT)
    sign(newer, hr, manager)
    with pytest.raises(Refused, match="newest"):
        reverse_pay_change(change=signed, reason="定级有误", by=hr, at=AT)
    assert reverse_pay_change(change=newer, reason="定级有误", by=hr, at=AT).of == newer


def test_a_move_between_the_tracks_is_reversed_on_both(hr, manager):
    make_bands(hr.employee.dealer)
    person = make_employee("technician")
    entry = sign(by_hand(person, hr, event=a_move(person), to_band=band(2, "technical")), hr, manager)
    assert paid(person, hr) == 2
    back = reverse_pay_change(change=entry, reason="录入有误", by=hr, at=AT)
    assert (back.from_band, back.to_band) == (band(2, "technical"), band(0))
    sign(back, hr, manager)
    assert paid(person, hr) == 0
    with pytest.raises(Refused, match="newest"):
        reverse_pay_change(change=entry, reason="录入有误", by=hr, at=AT)


def test_a_change_is_not_reversed_behind_one_that_led_away_to_the_other_track(signed, hr, manager):
    Employee.objects.filter(pk=signed.employee_id).update(position=make_position("technician"))
    person = Employee.objects.get(pk=signed.employee_id)
    sign(by_hand(person, hr, event=a_move(person), from_band=band(1), to_band=band(2, "technical")), hr, manager)
    with pytest.raises(Refused, match="newest"):
        reverse_pay_change(change=signed, reason="定级有误", by=hr, at=AT)


def test_a_reversal_is_signed_only_while_nothing_newer_rests_on_what_it_reverses(signed, hr, manager):
    back = reverse_pay_change(change=signed, reason="定级有误", by=hr, at=AT)
    sign(by_hand(signed.employee, hr, event=a_move(signed.employee), from_band=band(1), to_band=band(2)), hr, manager)
    with pytest.raises(Refused, match="newest"):
        approve_pay_changes(changes=[back], by=hr, at=AT)


@pytest.mark.parametrize("wrong", [{"to_band": 2}, {"from_band": 0}, {"of": None}, {"effective_on": date(2026, 11, 1)}, {"reason": ""}])
def test_the_database_takes_no_reversal_that_is_not_the_counter_entry(signed, hr, wrong):
    values = {"from_band": 1, "to_band": 0, "of": signed, "effective_on": DAY, "reason": "定级有误"} | wrong
    values |= {name: band(values[name]) for name in ("from_band", "to_band")}
    facts = {"employee": signed.employee, "dealer": signed.dealer, "proposed_at": AT, "proposed_by": hr, "cause": "reversal"}
    with pytest.raises(IntegrityError), transaction.atomic():
        PayChange.objects.create(**facts, **values)


# --- other causes --------------------------------------------------------------------------------


def test_an_appeal_brings_the_step_s_pay_by_its_correction_once(change, hr, group):
    by, second = group
    failed = make_candidacy(change.decision.cycle, outcome="failed")
    decision = correct_result(candidacy=failed, reason="漏计一题", confirmed_by=second, by=by, at=AT)
    entry = propose_after_appeal(decision=decision, by=hr, at=AT)
    assert (entry.cause, entry.decision, entry.reason, entry.to_band.level) == ("appeal", decision, "漏计一题", 1)
    with pytest.raises(Refused, match="already"):
        propose_after_appeal(decision=decision, by=hr, at=AT)
    assert [found for rule, found in findings() if rule.name.startswith("pay.")] == []


def test_a_move_is_a_cause_once_and_only_the_own_one(change, hr):
    person, other = change.employee, make_employee("advisor")
    entry = by_hand(person, hr, event=a_move(person))
    assert (entry.cause, entry.reason, entry.status) == ("move", "调岗", "proposed")
    for event in each([entry.event, a_move(other), None]):
        with pytest.raises(Refused, match="already, or it does not fit"):
            by_hand(person, hr, event=event)


def test_the_end_of_probation_is_a_cause_once(change, hr):
    by_hand(change.employee, hr, cause="probation", reason="转正")
    with pytest.raises(Refused, match="already"):
        by_hand(change.employee, hr, cause="probation", reason="转正", to_band=band(2))


def test_a_wrong_entry_is_corrected_by_one_that_names_it(signed, hr):
    entry = by_hand(signed.employee, hr, cause="correction", of=signed, from_band=band(1), to_band=band(2), reason="录入有误")
    assert (entry.cause, entry.of) == ("correction", signed)
    with pytest.raises(Refused, match="does not fit"):
        by_hand(make_employee("advisor"), hr, cause="correction", of=signed, reason="录入有误")


def test_by_hand_there_is_no_promotion_no_stranger_s_band_and_no_change_without_reason(change, hr):
    person = change.employee
    elsewhere = make_bands(make_dealer("YT02")).bands.get(track="service", level=2)
    for wrong in each([{"cause": "promotion"}, {"cause": "reversal"}, {"to_band": elsewhere}, {"to_band": band(0)}, {"reason": " "}]):
        with pytest.raises(Refused):
            by_hand(person, hr, event=a_move(person), **wrong)
    assert PayChange.objects.count() == 1


def test_by_hand_pay_begins_at_what_is_paid(signed, hr):
    """The end of probation is no way from a band that nobody paid to the highest."""
    for level in each([0, 2]):
        with pytest.raises(Refused, match=r"Level 1.*, not “"):
            by_hand(signed.employee, hr, cause="probation", from_band=band(level), to_band=band(3), reason="转正")


def test_two_proposals_from_the_same_pay_are_not_both_signed(change, hr, manager):
    first = by_hand(change.employee, hr, event=a_move(change.employee))
    second = by_hand(change.employee, hr, cause="probation", to_band=band(2), reason="转正")
    sign(first, hr, manager)
    with pytest.raises(Refused, match=r"Level 1.*, not “"):
        approve_pay_changes(changes=[second], by=hr, at=AT)


def test_by_hand_pay_is_of_the_person_s_track(change, hr):
    with pytest.raises(Refused, match="on the track that"):
        by_hand(change.employee, hr, event=a_move(change.employee), to_band=band(1, "technical"))


def test_by_hand_the_bands_are_of_the_table_that_holds_on_the_day(change, hr):
    newer = make_bands(change.dealer, effective_on=date(2027, 1, 1))
    old = change.to_band.table
    for table, day in each([(old, date(2027, 1, 1)), (newer, DAY)]):
        low, high = (table.bands.get(track="service", level=level) for level in (0, 1))
        with pytest.raises(Refused, match="band table in force"):
            propose_by_hand(
                employee=change.employee, cause="probation", from_band=low, to_band=high, effective_on=day, reason="转正", by=hr, at=AT
            )


def test_by_hand_the_day_has_its_cause_before_it_and_lies_within_a_year(signed, hr):
    person = signed.employee
    late = {"event": a_move(person), "from_band": band(1), "to_band": band(2)}
    wrong = {"cause": "correction", "of": signed, "from_band": band(1), "to_band": band(2), "reason": "录入有误"}
    probation = {"cause": "probation", "from_band": band(1), "to_band": band(2), "reason": "转正"}
    far = AT.date() + timedelta(days=367)
    days = [
        (late, late["event"].on - timedelta(days=1)), (late, far), (wrong, signed.effective_on - timedelta(days=1)),
        (probation, person.hired_on - timedelta(days=1)), (probation, date(2000, 1, 1)), (probation, far),
    ]  # fmt: skip
    for values, day in each(days):
        with pytest.raises(Refused, match="be the effective date"):
            by_hand(person, hr, **values, effective_on=day)


def test_by_hand_nothing_is_put_behind_a_newer_change(signed, hr):
    with pytest.raises(Refused, match="already takes effect on 1 Dec 2026"):
        by_hand(signed.employee, hr, cause="probation", effective_on=date(2026, 11, 1), reason="转正")


@pytest.mark.time_machine("2026-11-26T10:00+08:00")
def test_by_hand_nobody_gone_by_then_gets_pay(change, hr):
    record_departure(employee=change.employee, left_on=date(2026, 11, 25), by=hr, at=AT)
    for cause in each([{"event": a_move(change.employee)}, {"cause": "probation"}]):
        with pytest.raises(Refused, match="leaves before"):
            by_hand(Employee.objects.get(pk=change.employee_id), hr, **cause)


def test_a_level_that_is_paid_already_brings_no_second_raise(signed, hr, group):
    """A lowered level lowers no pay, so taking the lowering back raises none."""
    down = lower_level(employee=signed.employee, track="service", from_level=1, reason="违规", by=hr, at=AT)
    back = correct_decision(decision=down, reason="查无此事", confirmed_by=group[1], by=group[0], at=AT)
    with pytest.raises(Refused, match="already paid for this level"):
        propose_after_appeal(decision=back, by=hr, at=PUBLISHED_AT + timedelta(days=40))


# --- hands ---------------------------------------------------------------------------------------


def test_pay_changes_are_proposed_by_hr_of_the_dealer_or_group_and_never_one_s_own(signed, manager, group):
    person = signed.employee
    for by in each([None, manager, person.user, make_employee("hr_officer", dealer=make_dealer("YT02")).user]):
        with pytest.raises(WrongHands):
            by_hand(person, by, event=a_move(person))
        with pytest.raises(WrongHands):
            reverse_pay_change(change=signed, reason="定级有误", by=by, at=AT)
    with pytest.raises(WrongHands):
        by_hand(group[0].employee, group[0], event=a_move(group[0].employee))
    entry = by_hand(person, group[0], event=a_move(person), from_band=band(1), to_band=band(2))
    assert entry.proposed_by == group[0]


# --- the database --------------------------------------------------------------------------------


@pytest.mark.parametrize("cause", [*PayChange.Cause.values, "bonus"])
def test_the_database_takes_no_entry_without_its_cause(change, hr, cause):
    facts = {"employee": change.employee, "dealer": change.dealer, "proposed_at": AT, "proposed_by": hr, "reason": "无据"}
    for more in each([{}, {"decision": change.decision}, {"of": change}] if cause != "probation" else [{"of": change}]):
        with pytest.raises(IntegrityError), transaction.atomic():
            PayChange.objects.create(**facts, **more, cause=cause, from_band=band(0), to_band=band(1), effective_on=DAY)


@pytest.mark.parametrize("field", ["cause", "reason", "decision", "event", "of", "proposed_by"])
def test_what_an_entry_names_is_never_edited(change, hr, field):
    others = {"cause": "appeal", "reason": "x", "decision": None, "event": a_move(change.employee), "of": change, "proposed_by": hr}
    with pytest.raises(IntegrityError), transaction.atomic():
        PayChange.objects.filter(pk=change.pk).update(**{field: others[field]})


@pytest.mark.parametrize("status", ["approved", "countersigned", "exported", "rejected", "withdrawn"])
def test_the_database_takes_no_change_that_begins_signed_or_done(change, hr, manager, status):
    """Not even one that is approved by the very person whom it pays."""
    facts = {"employee": hr.employee, "dealer": change.dealer, "cause": "probation", "reason": "转正", "proposed_at": AT, "proposed_by": hr}
    signatures = {"approved_at": AT, "approved_by": hr, "countersigned_at": AT, "countersigned_by": manager}
    for more in each([signatures, {}]):
        with pytest.raises(IntegrityError), transaction.atomic():
            PayChange.objects.create(**facts, **more, from_band=band(0), to_band=band(3), effective_on=DAY, status=status)


@pytest.mark.parametrize("word", ["approved", "countersigned"])
def test_in_the_database_a_signature_stands(signed, word):
    other = make_employee("hr_officer").user
    for edit in each([{f"{word}_by": other}, {f"{word}_at": AT + timedelta(days=1)}, {f"{word}_by": None, f"{word}_at": None}]):
        with pytest.raises(IntegrityError, match="stands as it was given"), transaction.atomic():
            PayChange.objects.filter(pk=signed.pk).update(**edit)


@pytest.mark.parametrize("status", ["proposed", "approved", "rejected"])
def test_in_the_database_no_step_goes_back(signed, hr, status):
    more = {"rejected_at": AT, "rejected_by": hr, "rejected_reason": "x"} if status == "rejected" else {}
    with pytest.raises(IntegrityError, match="never back"), transaction.atomic():
        PayChange.objects.filter(pk=signed.pk).update(status=status, **more)


def test_in_the_database_what_was_rejected_stays_so(change, hr):
    reject_pay_change(change=change, reason="无据", by=hr, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayChange.objects.filter(pk=change.pk).update(rejected_reason="x")


def test_the_database_takes_no_band_of_another_dealer(change, hr):
    foreign = make_bands(make_dealer("YT02")).bands.get(track="service", level=1)
    facts = {"employee": change.employee, "dealer": change.dealer, "proposed_at": AT, "proposed_by": hr, "reason": "x"}
    with pytest.raises(IntegrityError, match="its dealer"), transaction.atomic():
        PayChange.objects.create(**facts, cause="probation", from_band=band(0), to_band=foreign, effective_on=DAY)


# --- pure ----------------------------------------------------------------------------------------


class Entry:
    """From level to level of a track: "service 1" or, between tracks, "service 1" to "technical 0"."""

    numbers = count(1)

    def __init__(self, on, start, end, of=None):
        self.pk, self.effective_on, self.of_id = next(self.numbers), on, of and of.pk
        self.cause = "reversal" if of else "move"
        self.from_band, self.to_band = (SimpleNamespace(track=track, level=level) for track, level in (start, end))


def step(on, start, end, of=None):
    return Entry(on, ("service", start), ("service", end), of)


def test_the_newest_entry_that_has_begun_says_what_is_paid():
    entries = [step(date(2026, 1, 1), 0, 1), step(date(2026, 4, 1), 1, 2), step(date(2026, 4, 1), 2, 1)]
    days = {date(2025, 12, 31): 0, date(2026, 1, 1): 1, date(2026, 3, 31): 1, date(2026, 4, 1): 1}
    assert {day: level_paid(entries, "service", day) for day in days} == days
    assert level_paid(entries[:2], "service", date(2026, 4, 1)) == 2
    assert level_paid(entries, "technical", date(2026, 4, 1)) == 0


def test_an_entry_between_the_tracks_counts_on_both_when_it_is_reversed():
    first = Entry(date(2026, 1, 1), ("technical", 0), ("technical", 1))
    away = Entry(date(2026, 2, 1), ("technical", 1), ("service", 2))
    again = Entry(date(2026, 3, 1), ("service", 2), ("technical", 3))
    back = Entry(date(2026, 4, 1), ("technical", 3), ("service", 2), again)
    levels = {track: level_paid([first, away, again, back], track, date(2026, 4, 1)) for track in ("service", "technical")}
    assert levels == {"service": 2, "technical": 1}
