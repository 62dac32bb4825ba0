"""A move decides nothing about pay (§1, P2): what was last decided stays in force until HR decides, and each change says what it was for."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from lms.common.integrity import findings
from lms.common.states import Refused, WrongHands
from lms.people.actions import transfer_employee
from lms.people.models import Employee, EmploymentEvent
from talent_pool.pay.actions.deciding import keep_pay, propose_after_move
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.proposing import propose_pay_changes, reverse_pay_change
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes, reject_pay_change
from talent_pool.pay.exporters import payroll_table
from talent_pool.pay.in_force import Paid, Post, paid_on, posts_of
from talent_pool.pay.models import KeptPay, PayChange
from talent_pool.pay.moves import moves_to_decide
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

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-12-10T10:00+08:00")]
AT = PUBLISHED_AT + timedelta(days=1)
NEXT = date(2027, 1, 1)
THERE = {"service": (5000, 5900, 6900, 8000), "technical": (5100, 6000, 7000, 8100)}


@pytest.fixture
def group():
    return make_employee("group_hr").user


@pytest.fixture
def advisor(hr):
    """An advisor of level 1, paid ¥4,800 by what was decided."""
    award = make_award(make_published_cycle(by=hr))
    make_bands(award.cycle.dealer, by=hr)
    person = award.employee
    hired(person)
    (change,) = propose_pay_changes(cycle_id=award.cycle_id, at=AT)
    sign([change], hr, make_employee("general_manager").user)
    return person


def hired(person):
    EmploymentEvent.objects.create(
        employee=person, kind="hired", on=person.hired_on, dealer=person.dealer, position=person.position, status=person.status
    )


def sign(changes, hr, manager):
    approve_pay_changes(changes=changes, by=hr, at=AT)
    countersign_pay_changes(changes=changes, by=manager, at=AT)


def move(person, by, **to):
    transfer_employee(employee=person, by=by, at=timezone.now(), **to)
    return Employee.objects.select_related("dealer", "position").get(pk=person.pk)


def now(person, by, on=None):
    at = timezone.now() if on is None else timezone.now().replace(year=on.year, month=on.month, day=on.day)
    return pay_of(Employee.objects.select_related("dealer", "position").get(pk=person.pk), by=by, at=at)


def decide(person, by, **values):
    return propose_after_move(
        employee=person, **{"level": 0, "effective_on": NEXT, "reason": "调岗", "by": by, "at": timezone.now(), **values}
    )


def wrong():
    return [str(found) for rule, found in findings() if rule.name.startswith("pay.")]


# --- what is in force -------------------------------------------------------------------------------


def test_a_move_to_the_other_track_leaves_the_pay_last_decided_in_force(advisor, hr):
    move(advisor, hr, position=make_position("technician"))
    pay = now(advisor, hr)
    assert (pay["band"].code, pay["band"].base_pay, pay["standing"].decision, pay["next_band"]) == ("S1", 4800, "needed", None)


def test_so_does_one_of_whoever_had_no_change_yet(hr):
    make_bands(hr.employee.dealer, by=hr)
    person = make_employee("advisor")
    hired(person)
    move(person, hr, position=make_position("technician"))
    assert (now(person, hr)["band"].code, now(person, hr)["standing"].decision) == ("S0", "needed")


def test_a_move_to_another_dealer_leaves_it_too_whatever_table_either_makes_later(advisor, group):
    there = make_dealer("YT02")
    make_bands(there, pay=THERE)
    move(advisor, group, dealer=there)
    make_bands(make_dealer("YT01"), effective_on=NEXT, pay=THERE)
    assert [now(advisor, group, on)["band"].base_pay for on in (None, NEXT)] == [4800, 4800]


def test_whoever_comes_back_to_the_place_that_is_paid_needs_no_decision(advisor, hr):
    for post in ("technician", "advisor"):
        person = move(advisor, hr, position=make_position(post))
    assert (now(person, hr)["standing"].decision, now(person, hr)["next_band"].code) == ("", "S2")


def test_whoever_is_new_to_the_ladder_begins_at_its_foot(hr):
    make_bands(hr.employee.dealer, by=hr)
    person = make_employee("information_assistant")
    hired(person)
    assert now(person, hr)["band"] is None
    move(person, hr, position=make_position("advisor"))
    assert (now(person, hr)["band"].code, now(person, hr)["standing"].decision) == ("S0", "")


def test_a_post_without_a_ladder_keeps_the_pay_and_asks(advisor, hr, group):
    person = move(advisor, group, position=make_position("information_assistant"))
    assert (now(person, hr)["band"].code, now(person, hr)["standing"].decision) == ("S1", "needed")
    with pytest.raises(Refused, match="has no ladder"):
        decide(person, hr)


# --- the decision -----------------------------------------------------------------------------------


def test_what_hr_proposes_holds_once_two_people_signed_it(advisor, hr, manager):
    person = move(advisor, hr, position=make_position("technician"))
    change = decide(person, hr)
    assert (change.cause, change.from_band.code, change.to_band.code, change.position.code) == ("move", "S1", "T0", "technician")
    assert (now(person, hr)["band"].code, now(person, hr)["standing"].decision) == ("S1", "under_way")
    sign([change], hr, manager)
    assert [now(person, hr, on)["band"].code for on in (date(2026, 12, 31), NEXT)] == ["S1", "T0"]
    assert (now(person, hr, NEXT)["standing"].decision, wrong()) == ("", [])


def test_after_a_move_to_another_dealer_its_hr_decides_by_its_own_table(advisor, hr, group):
    there = make_dealer("YT02")
    make_bands(there, pay=THERE)
    theirs, boss = make_employee("hr_officer", dealer=there).user, make_employee("general_manager", dealer=there).user
    person = move(advisor, group, dealer=there)
    with pytest.raises(WrongHands):
        decide(person, hr)
    change = decide(person, theirs, level=1)
    assert (change.dealer, change.from_band.base_pay, change.to_band.base_pay) == (there, 4800, 5900)
    sign([change], theirs, boss)
    export_payroll(dealer=there, key="job:1", by=theirs, at=AT)
    assert (now(person, theirs, NEXT)["band"].base_pay, wrong()) == (5900, [])


def test_a_reversal_of_it_leads_back_and_the_move_asks_again(advisor, group):
    there = make_dealer("YT02")
    make_bands(there, pay=THERE)
    theirs, boss = make_employee("hr_officer", dealer=there).user, make_employee("general_manager", dealer=there).user
    person = move(advisor, group, dealer=there)
    change = decide(person, theirs, level=1)
    sign([change], theirs, boss)
    change.refresh_from_db()
    back = reverse_pay_change(change=change, reason="录入有误", by=theirs, at=timezone.now())
    sign([back], theirs, boss)
    assert (now(person, theirs, NEXT)["band"].base_pay, now(person, theirs, NEXT)["standing"].decision, wrong()) == (4800, "needed", [])
    again = decide(person, theirs, level=1)
    assert (again.cause, again.of, again.from_band.base_pay, wrong()) == ("correction", back, 4800, [])


def test_hr_may_keep_the_pay_with_a_reason_and_is_asked_of_that_move_no_more(advisor, hr):
    person = move(advisor, hr, position=make_position("technician"))
    with pytest.raises(Refused, match="Say why"):
        keep_pay(employee=person, reason=" ", by=hr, at=timezone.now())
    keep_pay(employee=person, reason="保留待遇", by=hr, at=timezone.now())
    assert (now(person, hr)["band"].code, now(person, hr)["standing"].decision, moves_to_decide(hr, at=timezone.now())) == (
        "S1",
        "kept",
        [],
    )
    with pytest.raises(Refused, match="No move"):
        keep_pay(employee=person, reason="再次", by=hr, at=timezone.now())
    for post in ("advisor", "technician"):
        move(person, hr, position=make_position(post))
    assert [one.employee for one in moves_to_decide(hr, at=timezone.now())] == [person], "another move is another question"


def test_a_rejected_proposal_leaves_the_question_open(advisor, hr, manager):
    person = move(advisor, hr, position=make_position("technician"))
    change = decide(person, hr)
    with pytest.raises(Refused, match="No move"):
        decide(person, hr)
    reject_pay_change(change=change, reason="太低", by=hr, at=AT)
    assert now(person, hr)["standing"].decision == "needed"
    assert decide(person, hr, level=1).to_band.code == "T1"


def test_nobody_decides_about_their_own_pay_and_no_other_hands_do(advisor, hr, manager):
    person = move(advisor, hr, position=make_position("technician"))
    for by in each([None, manager, person.user, make_employee("hr_officer", dealer=make_dealer("YT02")).user]):
        for act in (decide, lambda one, user: keep_pay(employee=one, reason="x", by=user, at=AT)):
            with pytest.raises(WrongHands):
                act(person, by)


def test_the_database_keeps_what_was_kept_and_takes_no_strange_beginning_but_of_a_move(advisor, hr):
    person = move(advisor, hr, position=make_position("technician"))
    kept = keep_pay(employee=person, reason="保留待遇", by=hr, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptPay.objects.filter(pk=kept.pk).update(reason="")
    foreign = make_bands(make_dealer("YT02"), pay=THERE).bands.get(track="service", level=0)
    own = PayChange.objects.get().to_band
    facts = {"employee": person, "dealer": person.dealer, "proposed_at": AT, "proposed_by": hr, "reason": "x", "effective_on": NEXT}
    with pytest.raises(IntegrityError, match="its dealer"), transaction.atomic():
        PayChange.objects.create(**facts, cause="probation", from_band=foreign, to_band=own)


# --- on the screen ------------------------------------------------------------------------------------


def test_hr_is_shown_the_move_on_today_on_the_pay_pages_and_decides_there(advisor, hr, sign_in):
    person, client = move(advisor, hr, position=make_position("technician")), sign_in(hr.employee)
    page = reverse("pay_after_move", args=[person.pk])
    assert "Moved: pay to decide" in client.get(reverse("today")).text
    for address in each([reverse("pay_changes"), reverse("person_pay", args=[person.pk])]):
        assert page in client.get(address).text
    text = client.get(page).text
    assert "¥4,800" in text
    assert "T1 · Level 1, junior" in text
    answer = client.post(page, {"level": "1", "effective_on": "", "reason": "转岗"})
    assert "Say from which day" in answer.text
    client.post(page, {"level": "1", "effective_on": "2027-01-01", "reason": "转岗"})
    assert PayChange.objects.get(cause="move").to_band.code == "T1"
    assert client.get(page).status_code == 302
    assert "Moved: pay to decide" not in client.get(reverse("today")).text


def test_hr_keeps_the_pay_there(advisor, hr, sign_in):
    person, client = move(advisor, hr, position=make_position("technician")), sign_in(hr.employee)
    client.post(reverse("pay_after_move", args=[person.pk]), {"level": "keep", "reason": "保留待遇"})
    assert KeptPay.objects.get().reason == "保留待遇"
    assert "HR kept the pay in force" in client.get(reverse("person_pay", args=[person.pk])).text


def test_the_person_reads_that_the_pay_stays_until_hr_decides(advisor, hr, sign_in):
    person = move(advisor, hr, position=make_position("technician"))
    client = sign_in(person)
    for address in each([reverse("my_pay"), reverse("growth")]):
        text = client.get(address).text
        assert "until HR decides" in text
        assert "¥4,800" in text
        assert "¥4,200" not in text
        assert reverse("pay_after_move", args=[person.pk]) not in text


@pytest.mark.parametrize("status", ["proposed", "approved"])
def test_pay_that_two_have_not_signed_is_nowhere_the_person_s_pay(hr, sign_in, status):
    (change,) = make_pay_changes(1)
    if status == "approved":
        approve_pay_changes(changes=[change], by=hr, at=AT)
    reader, leader = sign_in(change.employee), hr.employee
    for address in each([reverse("my_pay"), reverse("growth")]):
        text = reader.get(address).text
        assert "Proposed from 1 Dec 2026, not approved yet" in text
        assert "→ ¥4,800" not in text
        assert "S0 → S1" not in text
    text = sign_in(leader).get(reverse("person_pay", args=[change.employee_id])).text
    assert "Proposed from 1 Dec 2026, not approved yet" in text
    assert "→ ¥4,800" not in text


def test_what_is_signed_for_a_day_to_come_says_so(hr, manager, sign_in, time_machine):
    time_machine.move_to("2026-11-26T10:00+08:00")
    (change,) = make_pay_changes(1)
    sign([change], hr, manager)
    for address in each([reverse("my_pay"), reverse("growth")]):
        assert "signed, still to come" in sign_in(change.employee).get(address).text
    time_machine.move_to("2026-12-01T10:00+08:00")
    assert "signed, still to come" not in sign_in(change.employee).get(reverse("my_pay")).text


def signed_change(hr, manager):
    """To take effect on 1 December, signed twice now."""
    (change,) = make_pay_changes(1)
    approve_pay_changes(changes=[change], by=hr, at=timezone.now())
    countersign_pay_changes(changes=[change], by=manager, at=timezone.now())
    change.refresh_from_db()
    return change


def test_pay_signed_in_time_but_handed_to_payroll_in_a_later_month_is_back_pay(hr, manager, sign_in, time_machine):
    time_machine.move_to("2026-12-01T10:00+08:00")
    change = signed_change(hr, manager)
    time_machine.move_to("2027-01-01T00:30+08:00")
    pages = [(hr.employee, reverse("pay_changes")), (change.employee, reverse("my_pay"))]
    for reader, address in each(pages):
        assert "late: back pay from 1 Dec 2026" in sign_in(reader).get(address).text
    export = export_payroll(dealer=change.dealer, key="job:1", by=hr, at=timezone.now())
    header, (row,) = payroll_table(export)
    assert (header[-1], row[-1]) == ("Back pay from", date(2026, 12, 1))
    for reader, address in each(pages):
        assert "late: back pay from 1 Dec 2026" in sign_in(reader).get(address).text


def test_pay_handed_to_payroll_in_the_month_it_begins_in_is_no_back_pay_ever_after(hr, manager, sign_in, time_machine):
    """Signed on the 10th for the first, and paid with the month."""
    change = signed_change(hr, manager)
    time_machine.move_to("2026-12-31T23:30+08:00")
    assert change.back_pay_since is None
    export = export_payroll(dealer=change.dealer, key="job:1", by=hr, at=timezone.now())
    assert payroll_table(export)[1][0][-1] == ""
    time_machine.move_to("2027-02-01T10:00+08:00")
    for reader, address in each([(hr.employee, reverse("pay_changes")), (change.employee, reverse("my_pay"))]):
        assert "late: back pay" not in sign_in(reader).get(address).text


def test_a_change_that_is_not_signed_when_its_month_is_over_is_late_until_it_is_given_up(hr, time_machine):
    (change,) = make_pay_changes(1)
    assert change.back_pay_since is None
    time_machine.move_to("2027-01-04T10:00+08:00")
    assert change.back_pay_since == date(2026, 12, 1)
    reject_pay_change(change=change, reason="wrong", by=hr, at=timezone.now())
    change.refresh_from_db()
    assert change.back_pay_since is None


def test_a_change_is_listed_under_the_post_it_was_made_for(advisor, hr, sign_in):
    move(advisor, hr, position=make_position("service_supervisor"))
    client = sign_in(hr.employee)
    sheet = client.get(reverse("pay_changes"), {"export": "csv"}).getvalue().decode("utf-8-sig")
    head, row = (line.split(",") for line in sheet.splitlines()[:2])
    told = dict(zip(head, row, strict=True))
    assert (told["Position"], told["Track"]) == ("Service advisor", "Service-advisor track")
    assert "Service advisor · Yitong" in client.get(reverse("person_pay", args=[advisor.pk])).text
    export = export_payroll(dealer=advisor.dealer, key="job:1", by=hr, at=timezone.now())
    assert payroll_table(export)[1][0][3] == "Service advisor"


def test_old_changes_are_given_the_post_of_their_day():
    from importlib import import_module

    from django.apps import apps

    from lms.common import triggers

    (change,) = make_pay_changes(1)
    hired(change.employee)
    EmploymentEvent.objects.create(
        employee=change.employee, kind="transferred", on=date(2026, 12, 5), dealer=change.dealer, position=make_position("technician")
    )
    with triggers.lifted("pay_paychange"):
        PayChange.objects.update(position=None)
    fill = import_module("talent_pool.pay.migrations.0007_posts_of_old_changes").name_the_posts
    fill(apps, SimpleNamespace(connection=connection))
    assert PayChange.objects.get().position.code == "advisor"


# --- pure ---------------------------------------------------------------------------------------------


def line(on, number, dealer, position, kind="transferred", says=("dealer", "position")):
    return SimpleNamespace(on=on, number=number, dealer=dealer, position=position, kind=kind, says=frozenset(says))


TRACKS = {1: "service", 2: "technical", 3: ""}
FIRST, SECOND, THIRD = (date(2026, month, 1) for month in (1, 2, 3))


def test_posts_are_told_apart_by_dealer_and_track_and_begin_anew_with_a_return():
    lines = [line(FIRST, 1, 7, 1, "hired"), line(SECOND, 2, 7, 2), line(THIRD, 3, 8, 2, says=("dealer",))]
    assert posts_of(lines, TRACKS, SECOND) == [Post(FIRST, 7, "service", 1), Post(SECOND, 7, "technical", 2)]
    assert posts_of(lines, TRACKS, THIRD)[-1] == Post(THIRD, 8, "technical", 3)
    back = [*lines, line(date(2026, 4, 1), 4, 8, 2, "left", says=()), line(date(2026, 5, 1), 5, 7, 3, "returned")]
    assert posts_of(back, TRACKS, date(2026, 6, 1)) == [Post(date(2026, 5, 1), 7, "", 5)]


def test_without_an_entry_the_first_ladder_is_paid_at_its_foot_until_the_last_day_there():
    posts = [Post(FIRST, 7, ""), Post(SECOND, 7, "service"), Post(THIRD, 8, "technical")]
    assert paid_on([], posts, THIRD) == Paid(7, "service", 0, date(2026, 2, 28))
    assert paid_on([], posts[:1], THIRD) is None
