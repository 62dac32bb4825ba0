"""The day of a move is what one person writes: it raises or lowers no pay that two have signed (§1, P2)."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from talent_pool.pay.actions.deciding import keep_pay
from talent_pool.pay.actions.proposing import propose_pay_changes
from talent_pool.pay.in_force import Paid, Post, band_of, paid_on
from tests.factories import PUBLISHED_AT, make_award, make_bands, make_dealer, make_employee, make_published_cycle
from tests.talent_pool.pay.test_moves import AT, THERE, hired, move, now, sign

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-12-10T10:00+08:00")]
LONG_AGO, JUNE = date(2024, 12, 30), date(2026, 6, 1)


@pytest.fixture
def group():
    return make_employee("group_hr").user


def paid_by_two_signatures(*tables):
    """An advisor of level 1 whose pay of December 2026 is signed, at a dealer with these tables."""
    hr = make_employee("hr_officer").user
    award = make_award(make_published_cycle(by=hr))
    for table in tables:
        make_bands(award.cycle.dealer, by=hr, **table)
    hired(award.employee)
    (change,) = propose_pay_changes(cycle_id=award.cycle_id, at=AT)
    sign([change], hr, make_employee("general_manager").user)
    return award.employee


def test_a_move_said_to_lie_before_the_first_table_raises_no_pay(group):
    person, there = paid_by_two_signatures({}), make_dealer("YT02")
    make_bands(there, pay=THERE)
    move(person, group, dealer=there, on=LONG_AGO)
    pay = now(person, group)
    assert (pay["band"].base_pay, pay["standing"].decision) == (4800, "needed")


def test_a_move_said_to_lie_in_an_older_table_changes_no_pay(group):
    newer = {"effective_on": JUNE, "at": PUBLISHED_AT.replace(month=5)}
    person, there = paid_by_two_signatures({"pay": THERE}, newer), make_dealer("YT02")
    make_bands(there)
    assert now(person, group)["band"].base_pay == 4800
    move(person, group, dealer=there, on=date(2026, 5, 1))
    assert now(person, group)["band"].base_pay == 4800


def test_what_is_kept_after_such_a_move_is_what_was_signed(group):
    person, there = paid_by_two_signatures({}), make_dealer("YT02")
    make_bands(there, pay=THERE)
    theirs = make_employee("hr_officer", dealer=there).user
    person = move(person, group, dealer=there, on=LONG_AGO)
    assert keep_pay(employee=person, reason="保留待遇", by=theirs, at=timezone.now()).band.base_pay == 4800


def test_whoever_never_had_a_change_and_comes_from_a_dealer_without_a_table_begins_at_the_foot(group):
    person, there = make_employee("advisor"), make_dealer("YT02")
    make_bands(there, pay=THERE)
    hired(person)
    move(person, group, dealer=there, on=JUNE)
    assert (now(person, group)["band"].base_pay, now(person, group)["standing"].decision) == (5000, "")


def test_pay_stands_still_no_earlier_than_on_the_day_it_was_signed_for():

    band = SimpleNamespace(table=SimpleNamespace(dealer_id=7), track="service", level=1)
    entry = SimpleNamespace(effective_on=JUNE, to_band=band)
    posts = [Post(date(2024, 1, 1), 7, "service"), Post(LONG_AGO, 8, "service")]
    assert paid_on([entry], posts, JUNE) == Paid(7, "service", 1, JUNE, band)
    later = [posts[0], Post(date(2026, 9, 1), 8, "service")]
    assert paid_on([entry], later, date(2026, 9, 2)).until == date(2026, 8, 31)


def test_a_move_said_to_lie_before_a_later_table_stands_still_by_the_table_of_before_it():
    def table(on, pay):
        rows = [SimpleNamespace(track="service", level=1, base_pay=pay)]
        found = SimpleNamespace(dealer_id=7, effective_on=on, bands=SimpleNamespace(all=lambda: rows))
        rows[0].table = found
        return found

    signed, second, third = tables = [table(JUNE, 5000), table(date(2026, 8, 1), 5500), table(date(2026, 10, 1), 6000)]
    entry = SimpleNamespace(effective_on=JUNE, to_band=SimpleNamespace(table=signed, track="service", level=1, base_pay=5000))

    def pay_in_force(moved_on):
        posts = [Post(LONG_AGO, 7, "service"), Post(moved_on, 8, "service")]
        return band_of(paid_on([entry], posts, date(2026, 12, 10)), tables, date(2026, 12, 10)).base_pay

    assert pay_in_force(date(2026, 11, 1)) == third.bands.all()[0].base_pay
    assert pay_in_force(date(2026, 9, 1)) == second.bands.all()[0].base_pay
    assert pay_in_force(date(2026, 7, 1)) == pay_in_force(LONG_AGO + timedelta(days=9)) == 5000, "never below what was signed"
