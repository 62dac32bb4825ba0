"""Publication, moves, departures, signatures and exports in any order (§1, P2): nobody gone before it takes effect is paid, a level has one
living change, and what was decided last stays in force until two people have signed something else."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.common.integrity import findings
from lms.common.states import Refused
from lms.people.actions import record_departure, return_employee, transfer_employee
from lms.people.actions.coming import carry_out_changes, withdraw_change
from lms.people.models import ComingChange, Employee, EmploymentEvent
from talent_pool.pay.actions.deciding import keep_pay, propose_after_move
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.proposing import propose_pay_changes
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.actions.withdrawing import withdraw_unfit_changes
from talent_pool.pay.models import PayChange
from talent_pool.pay.moves import standing_of
from tests.factories import make_award, make_bands, make_dealer, make_employee, make_position, make_published_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-26T10:00+08:00")]
ACTS = [
    "propose", "approve", "countersign", "export", "sweep", "elsewhere", "back", "track", "leave", "to_leave", "stay", "return", "decide",
    "keep",
]  # fmt: skip


class House:
    """Two dealers with tables of their own and one person who was just given a level."""

    def __init__(self):
        self.here, self.there = make_dealer("YT01"), make_dealer("YT02")
        self.hr, self.second = make_employee("group_hr").user, make_employee("group_hr").user
        self.award = make_award(make_published_cycle(by=self.hr))
        self.person = self.award.employee
        place = {"dealer": self.person.dealer, "position": self.person.position, "status": "active"}
        EmploymentEvent.objects.create(employee=self.person, kind="hired", on=self.person.hired_on, **place)
        for dealer in (self.here, self.there):
            make_bands(dealer, by=self.hr)

    def do(self, act):
        person = Employee.objects.select_related("dealer", "position").get(pk=self.person.pk)
        now = {"by": self.hr, "at": timezone.now()}
        today, live = timezone.localdate(), PayChange.objects.filter(employee=person)
        coming = ComingChange.objects.filter(employee=person, status="coming").first()
        return {
            "propose": lambda: propose_pay_changes(cycle_id=self.award.cycle_id, at=now["at"]),
            "approve": lambda: approve_pay_changes(changes=list(live.filter(status="proposed")), **now),
            "countersign": lambda: countersign_pay_changes(changes=list(live.filter(status="approved")), by=self.second, at=now["at"]),
            "export": lambda: export_payroll(dealer=person.dealer, key=f"job:{PayChange.objects.count()}:{act}", **now),
            "sweep": lambda: (carry_out_changes(at=now["at"]), withdraw_unfit_changes(at=now["at"])),
            "elsewhere": lambda: transfer_employee(employee=person, dealer=self.there, **now),
            "back": lambda: transfer_employee(employee=person, dealer=self.here, position=make_position("advisor"), **now),
            "track": lambda: transfer_employee(employee=person, position=make_position("technician"), **now),
            "leave": lambda: record_departure(employee=person, left_on=today, **now),
            "to_leave": lambda: record_departure(employee=person, left_on=today + timedelta(days=3), **now),
            "stay": lambda: coming and withdraw_change(change=coming, **now),
            "return": lambda: return_employee(employee=person, dealer=self.here, position=make_position("advisor"), on=today, **now),
            "decide": lambda: propose_after_move(employee=person, level=1, effective_on=today, reason="调岗", **now),
            "keep": lambda: keep_pay(employee=person, reason="保留", **now),
        }[act]()

    def check(self):
        person = Employee.objects.select_related("dealer", "position").get(pk=self.person.pk)
        ours = PayChange.objects.filter(employee=person)
        assert ours.filter(decision=self.award).exclude(status="withdrawn").count() <= 1
        assert ours.filter(cause="move", status__in=["proposed", "approved"]).count() <= 1
        assert not [str(found) for rule, found in findings() if rule.name.startswith(("pay.", "people."))]
        paid = [change for change in ours.filter(status__in=["countersigned", "exported"]) if change.effective_on <= timezone.localdate()]
        band = standing_of(person, timezone.localdate()).band
        assert (band.track, band.level) == (("service", 0) if not paid else (paid[-1].to_band.track, paid[-1].to_band.level))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(ACTS), min_size=4, max_size=14))
def test_in_any_order(acts):
    with transaction.atomic():
        house = House()
        for act in acts:
            before = set(PayChange.objects.filter(status="exported").values_list("pk", flat=True))
            with suppress(Refused), transaction.atomic():
                house.do(act)
            for change in PayChange.objects.filter(status="exported").exclude(pk__in=before).select_related("employee"):
                assert change.employee.left_on is None or change.employee.left_on > change.effective_on
                assert not change.employee.coming_changes.filter(status="coming", kind="departure", on__lte=change.effective_on).exists()
            house.check()
        transaction.set_rollback(True)
