from datetime import date, datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from lms.audit.models import Event
from lms.common.states import Refused, WrongHands, WrongState
from lms.notifications.kinds import kinds
from lms.notifications.models import Notice
from lms.notifications.wording import words_of
from lms.people.models import Employee, Position
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.proposing import propose_pay_changes
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes, reject_pay_change
from talent_pool.pay.actions.tables import make_band_table
from talent_pool.pay.exporters import payroll_table
from talent_pool.pay.models import Band, BandTable, PayChange, PayrollExport
from talent_pool.pay.queries import said_of
from tests.clock import machine_time
from tests.each import each
from tests.factories import (
    PUBLISHED_AT,
    bands_of,
    make_award,
    make_bands,
    make_employee,
    make_pay_changes,
    make_position,
    make_published_cycle,
)

pytestmark = pytest.mark.django_db
AT = PUBLISHED_AT + timedelta(days=1)


def states():
    return sorted(PayChange.objects.values_list("status", flat=True))


# --- P1: band tables ------------------------------------------------------------------------


def test_a_begun_table_never_changes_not_even_by_raw_sql(hr):
    table = make_bands()
    for sql in (
        "UPDATE pay_band SET base_pay = 1 WHERE table_id = %s",
        "DELETE FROM pay_band WHERE table_id = %s",
        "UPDATE pay_bandtable SET effective_on = '2020-01-01' WHERE id = %s",
        "DELETE FROM pay_bandtable WHERE id = %s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [table.pk])
    assert table.bands.count() == 8


def test_a_table_has_begun_for_the_database_as_soon_as_its_day_has_anywhere():
    """The database knows no dealer's zone: by its own day, London's, Shanghai's tables could be changed until eight in the morning."""
    first_on_earth = datetime.fromtimestamp(machine_time(), timezone(timedelta(hours=14))).date()
    table = make_bands(effective_on=first_on_earth)
    with pytest.raises(IntegrityError), transaction.atomic():
        Band.objects.filter(table=table).update(base_pay=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(table).objects.filter(pk=table.pk).update(effective_on=date(2020, 1, 1))


def test_a_table_that_begins_the_day_after_tomorrow_may_be_mended():
    day = datetime.fromtimestamp(machine_time(), timezone(timedelta(hours=14))).date() + timedelta(days=2)
    assert Band.objects.filter(table=make_bands(effective_on=day), level=0).update(base_pay=4100) == 2


def test_a_begun_table_takes_no_further_band():
    table = make_bands()
    with pytest.raises(IntegrityError), transaction.atomic():
        Band.objects.create(table=table, track="service", level=1, code="X", base_pay=1)


def test_a_table_to_come_may_still_be_mended(hr):
    make_bands()
    table = make_bands(effective_on=date(2099, 1, 1))
    assert Band.objects.filter(table=table, level=0).update(base_pay=4100) == 2


def test_a_second_table_cannot_begin_today_or_before(hr):
    dealer = make_bands().dealer
    today = AT.date()
    for day in (today, today - timedelta(days=30)):
        with pytest.raises(Refused, match="tomorrow"):
            make_band_table(dealer=dealer, effective_on=day, bands=bands_of(), by=hr, at=AT)
    assert make_band_table(dealer=dealer, effective_on=today + timedelta(days=1), bands=bands_of(), by=hr, at=AT)


def test_a_table_needs_all_eight_bands_and_a_day_of_its_own(hr):
    dealer = make_bands().dealer
    with pytest.raises(Refused, match="four levels"):
        make_band_table(dealer=dealer, effective_on=date(2027, 1, 1), bands=dict(list(bands_of().items())[:7]), by=hr, at=AT)
    make_band_table(dealer=dealer, effective_on=date(2027, 1, 1), bands=bands_of(), by=hr, at=AT)
    with pytest.raises(Refused, match="that day already"):
        make_band_table(dealer=dealer, effective_on=date(2027, 1, 1), bands=bands_of(), by=hr, at=AT)
    assert BandTable.objects.count() == 2


# --- P2: proposals --------------------------------------------------------------------------


def test_publication_proposes_one_change_a_promotion_from_the_first_of_next_month():
    (change,) = make_pay_changes(1)
    assert (change.from_band.level, change.to_band.level) == (0, 1)
    assert change.effective_on == date(2026, 12, 1)
    assert change.monthly_difference == 800


def test_proposing_again_changes_nothing():
    cycle = make_published_cycle()
    make_pay_changes(3, cycle=cycle)
    assert propose_pay_changes(cycle_id=cycle.pk, at=AT) == []
    assert PayChange.objects.count() == 3
    assert Event.objects.filter(verb="pay.proposed").count() == 3


def test_the_bands_are_those_of_the_day_it_takes_effect():
    cycle = make_published_cycle()
    make_bands(cycle.dealer)
    make_bands(
        cycle.dealer, effective_on=date(2026, 12, 1), pay={"service": (5000, 6000, 7000, 8000), "technical": (5000, 6000, 7000, 8000)}
    )
    make_award(cycle)
    (change,) = propose_pay_changes(cycle_id=cycle.pk, at=AT)
    assert (change.from_band.base_pay, change.to_band.base_pay) == (5000, 6000)


def test_without_a_band_table_the_refusal_says_what_to_do():
    award = make_award()
    with pytest.raises(Refused, match="1 Dec 2026"):
        propose_pay_changes(cycle_id=award.cycle_id, at=AT)
    assert not PayChange.objects.exists()


def test_what_a_change_says_is_never_edited_or_deleted():
    (change,) = make_pay_changes(1)
    other = Band.objects.get(table=change.to_band.table, track="service", level=3)
    terms = {
        "from_band": other,
        "to_band": other,
        "effective_on": date(2026, 6, 1),
        "employee": make_employee(),
        "decision": make_award(change.decision.cycle),
    }
    for name, value in each(terms.items()):
        with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
            PayChange.objects.filter(pk=change.pk).update(**{name: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        change.delete()


# --- P2: two signatures ---------------------------------------------------------------------


def test_hr_approves_the_general_manager_countersigns_and_each_is_recorded(hr, manager):
    changes = make_pay_changes(2)
    approve_pay_changes(changes=changes, by=hr, at=AT)
    countersign_pay_changes(changes=PayChange.objects.all(), by=manager, at=AT)
    assert states() == ["countersigned"] * 2
    assert Event.objects.filter(verb="pay.approved", actor=hr).count() == 2
    assert Event.objects.filter(verb="pay.countersigned", actor=manager).count() == 2


def test_the_general_manager_hears_once_that_changes_wait(hr, manager):
    changes = make_pay_changes(2)
    for change in changes:
        approve_pay_changes(changes=[change], by=hr, at=AT)
    assert Notice.objects.filter(kind="pay_to_countersign", recipient=manager).count() == 1


def test_the_same_person_never_signs_twice(hr):
    changes = make_pay_changes(1)
    approve_pay_changes(changes=changes, by=hr, at=AT)
    with pytest.raises(WrongHands):
        countersign_pay_changes(changes=changes, by=hr, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayChange.objects.update(status="countersigned", countersigned_at=AT, countersigned_by=hr)


def test_nobody_decides_on_their_own_pay():
    (change,) = make_pay_changes(1)
    for act in (approve_pay_changes, countersign_pay_changes):
        with pytest.raises(WrongHands):
            act(changes=[change], by=change.employee.user, at=AT)
    with pytest.raises(WrongHands):
        reject_pay_change(change=change, reason="no", by=change.employee.user, at=AT)


def test_a_change_is_countersigned_only_after_approval(manager):
    with pytest.raises(WrongState):
        countersign_pay_changes(changes=make_pay_changes(1), by=manager, at=AT)
    assert states() == ["proposed"]


def test_a_batch_is_signed_wholly_or_not_at_all(hr):
    first, second = make_pay_changes(2)
    approve_pay_changes(changes=[second], by=hr, at=AT)
    with pytest.raises(WrongState):
        approve_pay_changes(changes=[first, second], by=hr, at=AT)
    assert states() == ["approved", "proposed"]


def test_a_rejection_needs_a_reason_and_ends_the_change(hr, manager):
    (change,) = make_pay_changes(1)
    with pytest.raises(Refused, match="Say why"):
        reject_pay_change(change=change, reason="  ", by=hr, at=AT)
    reject_pay_change(change=change, reason="已离职", by=hr, at=AT)
    assert PayChange.objects.get().rejected_reason == "已离职"
    with pytest.raises(WrongState):
        approve_pay_changes(changes=[change], by=hr, at=AT)


def test_who_was_told_that_their_pay_is_under_way_hears_why_it_stays(hr):
    (change,) = make_pay_changes()
    reject_pay_change(change=change, reason="薪级表有误", by=hr, at=AT)
    notice = Notice.objects.get(kind="pay_rejected")
    assert (notice.recipient, notice.context) == (change.employee.user, {"reason": "薪级表有误"})
    assert change.to_band.code not in "".join(words_of(notice))


# --- P2: exported once ----------------------------------------------------------------------


def countersigned(number, hr, manager):
    changes = make_pay_changes(number)
    approve_pay_changes(changes=changes, by=hr, at=AT)
    countersign_pay_changes(changes=changes, by=manager, at=AT)
    return changes


def test_each_change_is_in_exactly_one_export(hr, manager):
    changes = countersigned(3, hr, manager)
    dealer = changes[0].dealer
    export = export_payroll(dealer=dealer, key="job:1", by=hr, at=AT)
    assert export.changes.count() == 3
    with pytest.raises(Refused, match="exported already"):
        export_payroll(dealer=dealer, key="job:2", by=hr, at=AT)
    assert PayrollExport.objects.count() == 1


def test_a_repeated_request_gives_the_export_made_before(hr, manager):
    dealer = countersigned(1, hr, manager)[0].dealer
    first = export_payroll(dealer=dealer, key="job:1", by=hr, at=AT)
    assert export_payroll(dealer=dealer, key="job:1", by=hr, at=AT + timedelta(hours=1)) == first


def test_an_exported_change_is_done(hr, manager):
    (change,) = countersigned(1, hr, manager)
    export_payroll(dealer=change.dealer, key="job:1", by=hr, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayChange.objects.update(status="countersigned", export=None)


def test_the_file_of_an_export_stays_the_same_whatever_becomes_of_the_person(hr, manager):
    (change,) = countersigned(1, hr, manager)
    export = export_payroll(dealer=change.dealer, key="job:1", by=hr, at=AT)
    before = payroll_table(export)
    Position.objects.update(name_zh="改名", name_en="Renamed")
    Employee.objects.filter(pk=change.employee_id).update(name="改名", number="Z9", position=make_position("technician"))
    again = PayrollExport.objects.get(pk=export.pk)
    assert payroll_table(again) == before
    with translation.override("zh-hans"):
        assert payroll_table(again)[1][0][3:5] == ["服务顾问", "晋级"]


def test_an_export_of_before_its_rows_were_kept_says_what_is_so_now(hr, manager):
    (change,) = countersigned(1, hr, manager)
    export = PayrollExport.objects.create(dealer=change.dealer, exported_at=AT, exported_by=hr, key="job:1")
    PayChange.objects.filter(pk=change.pk).update(status="exported", export=export)
    kept = PayrollExport(dealer=change.dealer, rows=[said_of(change, AT.date())])
    assert payroll_table(export) == payroll_table(kept)


# --- At the same moment, on PostgreSQL ------------------------------------------------------


def at_once(*functions):
    """Run the functions in threads at the same moment; what each returned or was refused with."""
    barrier, results = Barrier(len(functions)), []

    def run(function):
        barrier.wait()
        try:
            results.append(function())
        except Refused as refusal:
            results.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


services = pytest.mark.skipif(connection.vendor != "postgresql", reason="real threads need PostgreSQL")


@services
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_exporting_at_once_one_wins_and_the_other_gets_a_sentence(hr, manager):
    dealer = countersigned(4, hr, manager)[0].dealer
    results = at_once(*(lambda key=key: export_payroll(dealer=dealer, key=key, by=hr, at=AT) for key in ("job:1", "job:2")))
    assert sorted(type(result).__name__ for result in results) == ["PayrollExport", "str"]
    assert PayrollExport.objects.get().changes.count() == 4


@services
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_approving_at_once_one_wins_and_the_other_gets_a_sentence(hr):
    changes = make_pay_changes(3)
    second = make_employee("hr_officer").user
    results = at_once(
        lambda: approve_pay_changes(changes=list(PayChange.objects.all()), by=hr, at=AT),
        lambda: approve_pay_changes(changes=list(PayChange.objects.all()), by=second, at=AT),
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "str"]
    assert len(set(PayChange.objects.values_list("approved_by", flat=True))) == 1
    assert Event.objects.filter(verb="pay.approved").count() == len(changes)


@services
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_workers_proposing_at_once_propose_each_change_once():
    cycle = make_published_cycle()
    make_bands(cycle.dealer)
    for _ in range(5):
        make_award(cycle)
    results = at_once(*(lambda: propose_pay_changes(cycle_id=cycle.pk, at=AT) for _ in range(2)))
    assert sorted(len(made) for made in results) == [0, 5]
    assert PayChange.objects.count() == 5


def test_the_general_manager_is_not_asked_by_a_late_mail_for_what_is_signed(hr, manager):
    first, last = make_pay_changes(2)
    approve_pay_changes(changes=[first, last], by=hr, at=AT)
    told = Notice.objects.filter(kind="pay_to_countersign", recipient=manager)
    done = kinds()["pay_to_countersign"].done_when
    countersign_pay_changes(changes=[PayChange.objects.get(pk=first.pk)], by=manager, at=AT)
    assert done(list(told)) == set()
    countersign_pay_changes(changes=[PayChange.objects.get(pk=last.pk)], by=manager, at=AT)
    assert done(list(told)) == {told.get().pk}
