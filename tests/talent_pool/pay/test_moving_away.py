"""Someone is to move to another dealer or to the other track before a pay change takes effect (§1): it is held until the day shows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.common.states import Refused
from lms.home.sweep import EVERY_MINUTE, sweep
from lms.people.actions import transfer_employee
from lms.people.actions.coming import withdraw_change
from lms.people.models import ComingChange, EmploymentEvent
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.proposing import reverse_pay_change
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.actions.withdrawing import withdraw_unfit_changes
from talent_pool.pay.models import PayChange
from tests.each import each
from tests.factories import make_bands, make_dealer, make_employee, make_pay_changes, make_position

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-26T10:00+08:00")]


@pytest.fixture
def change():
    """An advisor's step, proposed for 1 December."""
    (change,) = make_pay_changes(1)
    person = change.employee
    EmploymentEvent.objects.create(
        employee=person, kind="hired", on=person.hired_on, dealer=person.dealer, position=person.position, status=person.status
    )
    return change


@pytest.fixture
def boss():
    return make_employee("general_manager").user


def approve(change, hr):
    approve_pay_changes(changes=[change], by=hr, at=timezone.now())


def countersign(change, boss):
    countersign_pay_changes(changes=[change], by=boss, at=timezone.now())


def export(change, hr):
    return export_payroll(dealer=change.dealer, key="job:1", by=hr, at=timezone.now())


def will_move(change, on=None, **to):
    by = make_employee("group_hr").user
    return transfer_employee(employee=change.employee, on=on or change.effective_on, by=by, at=timezone.now(), **to)


ELSEWHERE = [lambda: {"dealer": make_dealer("YT02")}, lambda: {"position": make_position("technician")}]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_pay_of_whoever_moves_away_by_its_day_is_neither_approved_nor_countersigned(change, hr, boss, elsewhere):
    will_move(change, **elsewhere())
    with pytest.raises(Refused, match="moves to another post or dealer before"):
        approve(change, hr)
    PayChange.objects.filter(pk=change.pk).update(status="approved", approved_at=timezone.now(), approved_by=hr)
    with pytest.raises(Refused, match="moves to another post or dealer before"):
        countersign(change, boss)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nor_is_it_exported_or_withdrawn_until_the_move(change, hr, boss, elsewhere):
    approve(change, hr)
    countersign(change, boss)
    move = will_move(change, **elsewhere())
    with pytest.raises(Refused):
        export(change, hr)
    assert withdraw_unfit_changes(at=timezone.now()) == 0
    withdraw_change(change=move, by=make_employee("group_hr").user, at=timezone.now())
    assert list(export(change, hr).changes.all()) == [change]


def test_on_its_day_the_new_dealer_gets_it_anew(change, time_machine):
    there = make_dealer("YT02")
    make_bands(there)
    will_move(change, dealer=there)
    time_machine.move_to("2026-12-01T10:00+08:00")
    sweep(at=timezone.now(), steps=EVERY_MINUTE)
    withdraw_unfit_changes(at=timezone.now())
    assert list(PayChange.objects.order_by("pk").values_list("dealer", "status", "withdrawn_why")) == [
        (change.dealer_id, "withdrawn", "moved"),
        (there.pk, "proposed", ""),
    ]


def test_a_move_after_its_day_or_to_where_it_fits_holds_nothing_up(change, hr, boss):
    move = will_move(change, on=change.effective_on + timedelta(days=1), dealer=make_dealer("YT02"))
    approve(change, hr)
    withdraw_change(change=move, by=make_employee("group_hr").user, at=timezone.now())
    will_move(change, position=make_position("service_supervisor"))
    countersign(change, boss)
    assert list(export(change, hr).changes.all()) == [change]


def test_a_reversal_waits_for_a_move_to_another_dealer_alone(change, hr, boss):
    approve(change, hr)
    countersign(change, boss)
    change.refresh_from_db()
    back = reverse_pay_change(change=change, reason="录入有误", by=hr, at=timezone.now())
    will_move(change, position=make_position("technician"))
    approve(back, hr)
    ComingChange.objects.update(status="withdrawn", withdrawn_at=timezone.now(), withdrawn_by=hr)
    will_move(change, dealer=make_dealer("YT02"))
    for act, by in each([(countersign, boss), (export, hr)]):
        with pytest.raises(Refused):
            act(back, by)
