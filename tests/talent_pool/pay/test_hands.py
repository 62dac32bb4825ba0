"""Two signatures from two people, never about oneself, never elsewhere, never by a machine's account; whoever calls the action."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from lms.accounts.models import User
from lms.audit.models import Event
from lms.common.integrity import findings
from lms.common.states import Refused, WrongHands
from lms.jobs.actions import run_job
from lms.jobs.models import Job
from lms.notifications.models import Notice
from lms.people.choices import Role
from talent_pool.pay.actions.exporting import export_payroll, request_export
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes, reject_pay_change
from talent_pool.pay.actions.tables import make_band_table
from talent_pool.pay.due import due_for
from talent_pool.pay.integrity import nobody_decided_on_their_own
from talent_pool.pay.models import BandTable, PayChange, PayrollExport
from talent_pool.pay.permissions import may_approve, may_countersign, may_export, may_make_bands, may_reject
from talent_pool.pay.queries import pay_of
from tests.factories import (
    PUBLISHED_AT,
    bands_of,
    make_award,
    make_bands,
    make_dealer,
    make_employee,
    make_group,
    make_pay_changes,
    make_published_cycle,
)

pytestmark = pytest.mark.django_db
AT = PUBLISHED_AT + timedelta(days=1)
SIGN = "pay_changes_sign"


@pytest.fixture
def group_hr():
    return make_employee("group_hr", dealer=make_dealer("HQ01")).user


def also(user, *roles):
    """The same person with further roles, without what was cached."""
    user.groups.add(*Group.objects.filter(name__in=roles))
    return User.objects.get(pk=user.pk)


def technical(user):
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return User.objects.get(pk=user.pk)


def state(change):
    return PayChange.objects.get(pk=change.pk).status


def countersigned(number, hr, manager, cycle=None):
    changes = make_pay_changes(number, cycle=cycle)
    approve_pay_changes(changes=changes, by=hr, at=AT)
    countersign_pay_changes(changes=changes, by=manager, at=AT)
    return changes


# --- Whose dealer ---------------------------------------------------------------------------


def test_hr_of_one_dealer_does_nothing_to_the_pay_of_another(hr, manager):
    cycle = make_published_cycle(make_dealer("YT02"))
    (change,) = make_pay_changes(1, cycle=cycle)
    for act in (approve_pay_changes, countersign_pay_changes):
        for by in (hr, manager, also(hr, Role.GENERAL_MANAGER, Role.EXAMINER)):
            with pytest.raises(WrongHands):
                act(changes=[change], by=by, at=AT)
    with pytest.raises(WrongHands):
        reject_pay_change(change=change, reason="x", by=hr, at=AT)
    assert not may_export(hr, change.dealer)
    with pytest.raises(WrongHands, match="HR of the dealer or of the group"):
        export_payroll(dealer=change.dealer, key="x", by=hr, at=AT)
    with pytest.raises(WrongHands, match="HR of the dealer or of the group"):
        request_export(dealer=change.dealer, kind="csv", by=hr, at=AT)
    with pytest.raises(WrongHands, match="made by HR"):
        make_band_table(dealer=change.dealer, effective_on=date(2099, 1, 1), bands=bands_of(), by=hr, at=AT)
    assert (state(change), Job.objects.count(), BandTable.objects.count()) == ("proposed", 0, 1)


def test_one_foreign_change_among_the_own_stops_the_whole_signature(hr):
    own = make_pay_changes(1)
    foreign = make_pay_changes(1, cycle=make_published_cycle(make_dealer("YT02")))
    with pytest.raises(WrongHands):
        approve_pay_changes(changes=[*own, *foreign], by=hr, at=AT)
    assert state(own[0]) == "proposed"


def test_group_hr_signs_in_its_own_group_only(group_hr):
    other = make_dealer("ZZ01", make_group("zz"))
    (change,) = make_pay_changes(1, cycle=make_published_cycle(other))
    assert not may_approve(group_hr, change)
    assert not may_export(group_hr, other)
    assert may_approve(group_hr, make_pay_changes(1)[0])


@pytest.mark.parametrize("position", ["advisor", "service_manager", "service_supervisor", "information_assistant", "course_author"])
def test_whoever_has_no_part_in_pay_signs_exports_and_sets_nothing(position):
    (change,) = make_pay_changes(1)
    by = make_employee(position).user
    assert not any((may_approve(by, change), may_countersign(by, change), may_reject(by, change)))
    assert not any((may_export(by, change.dealer), may_make_bands(by, change.dealer)))


# --- Two people -----------------------------------------------------------------------------


def test_group_hr_gives_either_signature_but_never_both_of_one_change(hr, manager, group_hr):
    first, second = make_pay_changes(2)
    approve_pay_changes(changes=[first], by=group_hr, at=AT)
    with pytest.raises(WrongHands, match="a change that you approved"):
        countersign_pay_changes(changes=[first], by=group_hr, at=AT)
    countersign_pay_changes(changes=[first], by=manager, at=AT)
    approve_pay_changes(changes=[second], by=hr, at=AT)
    countersign_pay_changes(changes=[second], by=group_hr, at=AT)
    assert (state(first), state(second)) == ("countersigned", "countersigned")


def test_who_is_hr_and_general_manager_at_once_still_signs_once(hr):
    both = also(hr, Role.GENERAL_MANAGER)
    (change,) = make_pay_changes(1)
    approve_pay_changes(changes=[change], by=both, at=AT)
    with pytest.raises(WrongHands):
        countersign_pay_changes(changes=[change], by=both, at=AT)
    assert state(change) == "approved"


def test_a_change_read_before_it_was_approved_does_not_hide_who_approved_it(hr):
    """`stale` was fetched while nobody had approved: what counts is the record as it is now."""
    both = also(hr, Role.GENERAL_MANAGER)
    (change,) = make_pay_changes(1)
    stale = PayChange.objects.get(pk=change.pk)
    approve_pay_changes(changes=[change], by=both, at=AT)
    assert stale.approved_by_id is None
    with pytest.raises(WrongHands):
        countersign_pay_changes(changes=[stale], by=both, at=AT)


def test_the_general_manager_approves_nothing_and_hr_countersigns_nothing(hr, manager):
    (change,) = make_pay_changes(1)
    with pytest.raises(WrongHands, match="approved by HR"):
        approve_pay_changes(changes=[change], by=manager, at=AT)
    approve_pay_changes(changes=[change], by=hr, at=AT)
    second = make_employee("hr_officer").user
    with pytest.raises(WrongHands, match="second signature"):
        countersign_pay_changes(changes=[change], by=second, at=AT)


# --- Nobody about themselves ----------------------------------------------------------------


@pytest.fixture
def own():
    """A proposed change of an advisor who holds every office there is."""
    cycle = make_published_cycle()
    make_bands(cycle.dealer)
    advisor = make_employee("advisor")
    make_award(cycle, advisor)
    (change,) = make_pay_changes(0, cycle=cycle)
    return change, also(advisor.user, Role.HR, Role.GENERAL_MANAGER, Role.GROUP_HR)


def test_nobody_decides_on_their_own_pay_whatever_offices_they_hold(own, hr):
    change, by = own
    assert not any((may_approve(by, change), may_reject(by, change)))
    for act in (approve_pay_changes, countersign_pay_changes):
        with pytest.raises(WrongHands, match="your own"):
            act(changes=[change], by=by, at=AT)
    with pytest.raises(WrongHands, match="You can't reject your own"):
        reject_pay_change(change=change, reason="x", by=by, at=AT)
    approve_pay_changes(changes=[change], by=hr, at=AT)
    with pytest.raises(WrongHands):
        countersign_pay_changes(changes=[change], by=by, at=AT)
    assert state(change) == "approved"


@pytest.mark.parametrize("word", ["approved", "countersigned", "rejected"])
def test_the_database_refuses_a_signature_under_ones_own_pay(own, word):
    change, by = own
    with pytest.raises(IntegrityError), transaction.atomic():
        PayChange.objects.filter(pk=change.pk).update(**{f"{word}_by": by, f"{word}_at": AT})
    assert not nobody_decided_on_their_own().exists()


def test_the_own_change_is_neither_offered_nor_opened(client, own):
    change, by = own
    client.force_login(by)
    assert client.get(reverse("pay_changes")).context["queues"] == []
    assert client.get(reverse("pay_change_reject", args=[change.pk])).status_code == 403
    response = client.post(reverse(SIGN), {"signs": "approve", "change": [change.pk]})
    assert (response.status_code, state(change)) == (403, "proposed")


def test_today_asks_nobody_for_a_signature_that_is_not_theirs_to_give(own, hr, group_hr):
    change, by = own
    assert not [item for item in due_for(by.employee, AT) if "to approve" in item["title"]]
    approve_pay_changes(changes=[change], by=group_hr, at=AT)
    for user in (by, group_hr):
        assert not [item for item in due_for(user.employee, AT) if "to countersign" in item["title"]]


def test_who_stands_in_for_the_general_manager_is_not_asked_to_countersign_what_they_approved(group_hr):
    first, second = make_pay_changes(2)
    approve_pay_changes(changes=[first, second], by=group_hr, at=AT)
    assert not [item for item in due_for(group_hr.employee, AT) if "to countersign" in item["title"]]
    other = make_employee("group_hr")
    assert "2 pay changes to countersign" in [item["title"] for item in due_for(other, AT)]


def test_nobody_sets_the_table_that_pays_them(own):
    change, by = own
    assert may_export(by, change.dealer)
    assert not may_make_bands(by, change.dealer)
    assert may_make_bands(by, make_dealer("YT02")), "group HR for another dealer's table"
    with pytest.raises(WrongHands, match="sets your own pay"):
        make_band_table(dealer=change.dealer, effective_on=date(2099, 1, 1), bands=bands_of(), by=by, at=AT)


def test_the_bands_page_offers_a_new_table_only_to_who_may_make_one(client, own, hr):
    _change, by = own
    client.force_login(by)
    assert client.get(reverse("bands")).context["new_url"] == ""
    client.force_login(hr)
    page = client.get(reverse("bands"))
    assert page.context["new_url"]
    assert f"made by {BandTable.objects.get().made_by.employee.name}" in page.text


# --- Neither the system nor a technical account -----------------------------------------------


@pytest.fixture
def admin():
    """A technical account with an office's record: every permission, no signature."""
    return technical(make_employee("group_hr").user)


@pytest.mark.parametrize("who", ["system", "admin", "console"])
def test_a_signature_is_a_persons(who, hr, admin):
    by = {"system": None, "admin": admin, "console": User.objects.create_superuser("root")}[who]
    first, second = make_pay_changes(2)
    approve_pay_changes(changes=[second], by=hr, at=AT)
    for act, change in ((approve_pay_changes, first), (countersign_pay_changes, second)):
        with pytest.raises(WrongHands):
            act(changes=[change], by=by, at=AT)
    with pytest.raises(WrongHands):
        reject_pay_change(change=first, reason="x", by=by, at=AT)
    with pytest.raises(WrongHands):
        export_payroll(dealer=first.dealer, key="x", by=by, at=AT)
    with pytest.raises(WrongHands):
        make_band_table(dealer=first.dealer, effective_on=date(2099, 1, 1), bands=bands_of(), by=by, at=AT)


@pytest.mark.parametrize("who", ["admin", "console"])
def test_a_technical_account_sees_sums_and_nobodys_pay(client, who, hr, manager, admin):
    (change,) = countersigned(1, hr, manager)
    export = export_payroll(dealer=change.dealer, key="x", by=hr, at=AT)
    client.force_login(admin if who == "admin" else User.objects.create_superuser("root"))
    page = client.get(reverse("pay_changes"))
    assert "Totals only" in page.text
    assert page.context["totals"]["exported"] == {"count": 1, "monthly": 800}
    assert change.employee.name not in page.text
    file = b"".join(client.get(reverse("pay_changes"), {"export": "csv"}).streaming_content)
    assert change.employee.number not in file.decode("utf-8-sig")
    for name, args in (
        ("person_pay", [change.employee_id]),
        ("person_pay_looks", [change.employee_id]),
        ("payroll_export", [export.pk, "csv"]),
        ("pay_change_reject", [change.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404
    assert not Event.objects.filter(verb="pay.viewed").exists()


def test_someone_whose_account_was_closed_signs_nothing(hr):
    (change,) = make_pay_changes(1)
    User.objects.filter(pk=hr.pk).update(is_active=False)
    assert not may_approve(User.objects.get(pk=hr.pk), change)


# --- Rejecting ------------------------------------------------------------------------------


def test_the_general_manager_rejects_what_waits_for_them_and_nothing_before(hr, manager):
    first, second = make_pay_changes(2)
    assert not may_reject(manager, first)
    with pytest.raises(WrongHands, match="the person who may sign it next"):
        reject_pay_change(change=first, reason="x", by=manager, at=AT)
    approve_pay_changes(changes=[second], by=hr, at=AT)
    reject_pay_change(change=second, reason="not this year", by=manager, at=AT)
    assert (state(first), state(second)) == ("proposed", "rejected")


def test_what_bears_both_signatures_is_rejected_by_nobody(hr, manager):
    (change,) = countersigned(1, hr, manager)
    for by in (hr, manager):
        with pytest.raises(Refused):
            reject_pay_change(change=change, reason="x", by=by, at=AT)
    assert state(change) == "countersigned"


def test_the_page_of_a_rejection_is_a_look_at_pay_each_time_it_is_shown(sign_in, hr):
    (change,) = make_pay_changes(1)
    client, url = sign_in(hr.employee), reverse("pay_change_reject", args=[change.pk])
    looks = Event.objects.filter(verb="pay.viewed", actor=hr, target_id=str(change.employee_id), after={"where": "pay change"})
    assert "¥4,800" in client.get(url).text
    assert looks.count() == 1
    response = client.post(url, {"reason": "   "})
    assert (response.status_code, looks.count()) == (200, 2)
    response = client.post(url, {"reason": "x" * 201})
    assert response.context["form"]["reason"].value() == "x" * 201
    assert looks.count() == 3


# --- Export ---------------------------------------------------------------------------------


def test_an_export_takes_the_named_dealers_changes_and_leaves_the_others(hr, manager):
    (own,) = countersigned(1, hr, manager)
    elsewhere = make_dealer("YT02")
    (foreign,) = countersigned(
        1,
        make_employee("hr_officer", dealer=elsewhere).user,
        make_employee("general_manager", dealer=elsewhere).user,
        make_published_cycle(elsewhere),
    )
    export = export_payroll(dealer=own.dealer, key="job:1", by=hr, at=AT)
    assert list(export.changes.all()) == [own]
    assert (state(own), state(foreign)) == ("exported", "countersigned")


def test_another_dealers_key_gives_nobody_that_dealers_export(hr, manager):
    (change,) = countersigned(1, hr, manager)
    other = make_dealer("YT02")
    changes = make_pay_changes(cycle=make_published_cycle(other))
    theirs = [make_employee(post, dealer=other).user for post in ("hr_officer", "general_manager")]
    approve_pay_changes(changes=changes, by=theirs[0], at=AT)
    countersign_pay_changes(changes=changes, by=theirs[1], at=AT)
    export_payroll(dealer=change.dealer, key="job:1", by=hr, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        export_payroll(dealer=other, key="job:1", by=theirs[0], at=AT)


def test_who_lost_the_right_before_the_job_ran_exports_nothing(hr, manager):
    (change,) = countersigned(1, hr, manager)
    job = request_export(dealer=change.dealer, kind="csv", by=hr, at=AT)
    hr.groups.clear()
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, state(change)) == ("failed", "countersigned")
    assert "HR of the dealer" in job.error


def test_the_export_job_keeps_no_file_and_leads_to_where_looks_are_logged(sign_in, hr, manager):
    (change,) = countersigned(1, hr, manager)
    job = request_export(dealer=change.dealer, kind="csv", by=hr, at=AT)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    export = PayrollExport.objects.get()
    assert (job.status, job.result_file.name) == ("done", "")
    client = sign_in(hr.employee)
    url = reverse("payroll_export", args=[export.pk, "csv"])
    assert f'href="{url}"' in client.get(reverse("job", args=[job.pk])).text
    looks = Event.objects.filter(verb="pay.viewed", actor=hr, target_id=str(change.employee_id))
    assert not looks.exists()
    assert change.employee.number in b"".join(client.get(url).streaming_content).decode("utf-8-sig")
    assert looks.get().after == {"where": f"payroll export {export.pk}"}


# --- The page: what each change needs and who this is -------------------------------------------


def test_group_hr_is_offered_both_signatures_each_where_it_is_wanted(client, hr, group_hr):
    first, second, third = make_pay_changes(3)
    approve_pay_changes(changes=[second], by=hr, at=AT)
    approve_pay_changes(changes=[third], by=group_hr, at=AT)
    client.force_login(group_hr)
    page = client.get(reverse("pay_changes"))
    assert [(signs, [change.pk for change in changes]) for signs, changes, _monthly in page.context["queues"]] == [
        ("approve", [first.pk]),
        ("countersign", [second.pk]),
    ]
    assert "Waiting for your approval" in page.text
    assert "Waiting for your countersignature" in page.text
    assert client.post(reverse(SIGN), {"signs": "countersign", "change": [second.pk]}).status_code == 302
    assert client.post(reverse(SIGN), {"signs": "countersign", "change": [third.pk]}).status_code == 403
    assert (state(second), state(third)) == ("countersigned", "approved")


def test_pressing_approve_never_becomes_a_countersignature(client, hr, group_hr):
    """Someone else approved in the meantime: group HR pressed “approve” and must not have countersigned by it."""
    (change,) = make_pay_changes(1)
    approve_pay_changes(changes=[change], by=hr, at=AT)
    client.force_login(group_hr)
    response = client.post(reverse(SIGN), {"signs": "approve", "change": [change.pk]})
    assert "nothing was changed" in response.text
    assert state(change) == "approved"


@pytest.mark.parametrize("signs", ["", "export", "__class__"])
def test_a_form_that_names_no_signature_signs_nothing(sign_in, hr, signs):
    (change,) = make_pay_changes(1)
    response = sign_in(hr.employee).post(reverse(SIGN), {"signs": signs, "change": [change.pk]})
    assert response.status_code == 200
    assert state(change) == "proposed"


def test_a_refused_signature_keeps_the_ticks(sign_in, hr):
    first, second, third = make_pay_changes(3)
    approve_pay_changes(changes=[third], by=make_employee("hr_officer").user, at=AT)
    response = sign_in(hr.employee).post(reverse(SIGN), {"signs": "approve", "change": [first.pk, third.pk]})
    assert "already" in str(next(iter(response.context["messages"])))
    ((_signs, queue, _monthly),) = response.context["queues"]
    assert {change.pk: change.ticked for change in queue} == {first.pk: True, second.pk: False}
    assert f'value="{second.pk}">' in response.text
    assert sign_in(hr.employee).get(reverse(SIGN), {"status": "proposed"}).context["list"].is_filtered


def test_the_signer_reads_which_table_the_pay_comes_from_and_who_made_it(sign_in, hr):
    make_pay_changes(1)
    maker = BandTable.objects.get().made_by.employee
    assert f"made by {maker.name}" in sign_in(hr.employee).get(reverse("pay_changes")).text


def test_where_a_dealer_has_no_general_manager_group_hr_hears_and_is_asked(hr, group_hr):
    (change,) = make_pay_changes(1)
    approve_pay_changes(changes=[change], by=hr, at=AT)
    assert Notice.objects.get(kind="pay_to_countersign").recipient == group_hr
    assert "1 pay change to countersign" in [item["title"] for item in due_for(group_hr.employee, AT)]


def test_group_hr_hears_too_where_the_only_general_manager_is_another_dealers_or_can_no_longer_sign_in(hr, group_hr):
    elsewhere = make_employee("general_manager", dealer=make_dealer("YT02"))
    shut = make_employee("general_manager")
    User.objects.filter(pk=shut.user_id).update(is_active=False)
    make_employee("group_hr", dealer=make_dealer("ZZ01", make_group("zz")))
    (change,) = make_pay_changes(1)
    approve_pay_changes(changes=[change], by=hr, at=AT)
    assert Notice.objects.get(kind="pay_to_countersign").recipient == group_hr
    assert "1 pay change to countersign" in [item["title"] for item in due_for(group_hr.employee, AT)]
    assert due_for(elsewhere, AT) == []


def test_where_there_is_a_general_manager_group_hr_is_not_troubled(hr, manager, group_hr):
    (change,) = make_pay_changes(1)
    approve_pay_changes(changes=[change], by=hr, at=AT)
    assert Notice.objects.get(kind="pay_to_countersign").recipient == manager
    assert not [item for item in due_for(group_hr.employee, AT) if "countersign" in item["title"]]


def test_the_general_manager_goes_on_seeing_what_they_signed_and_nothing_that_was_never_theirs(client, hr, manager, group_hr):
    """Neither what HR is still to approve, nor what group HR signed in their place, nor another dealer's; not in the sums either."""
    _proposed, own, others = make_pay_changes(3)
    approve_pay_changes(changes=[own, others], by=hr, at=AT)
    countersign_pay_changes(changes=[own], by=manager, at=AT)
    countersign_pay_changes(changes=[others], by=group_hr, at=AT)
    elsewhere = make_dealer("YT02")
    foreign = make_pay_changes(1, cycle=make_published_cycle(elsewhere))
    approve_pay_changes(changes=foreign, by=make_employee("hr_officer", dealer=elsewhere).user, at=AT)
    client.force_login(manager)
    page = client.get(reverse("pay_changes"))
    assert list(page.context["list"].page.rows) == [own]
    assert {status: sums["count"] for status, sums in page.context["totals"].items() if sums["count"]} == {"countersigned": 1}


# --- Who looked -----------------------------------------------------------------------------


def test_pay_is_read_by_the_person_and_by_hr_whoever_asks_for_it(hr, manager):
    advisor = make_employee("advisor", manager=manager.employee)
    for by in (hr, advisor.user):
        assert pay_of(advisor, by=by)["employee"] == advisor
    for by in (manager, make_employee("advisor").user, make_employee("hr_officer", dealer=make_dealer("YT02")).user):
        with pytest.raises(WrongHands):
            pay_of(advisor, by=by)
    assert set(Event.objects.filter(verb="pay.viewed").values_list("actor", flat=True)) == {hr.pk, advisor.user_id}


def looked_at(by):
    return Counter(Event.objects.filter(verb="pay.viewed", actor=by).values_list("target_id", flat=True))


def test_what_stands_only_in_the_queue_to_sign_is_looked_at_as_well(sign_in, hr):
    (change,) = make_pay_changes(1)
    page = sign_in(hr.employee).get(reverse("pay_changes"), {"status": "exported"})
    assert not page.context["list"].page.rows
    assert change.employee.name in page.text
    assert looked_at(hr) == {str(change.employee_id): 1}


def test_a_list_taken_along_is_a_look_at_everyone_in_it_and_not_at_its_first_page(sign_in, hr):
    changes = make_pay_changes(31)
    client = sign_in(hr.employee)
    b"".join(client.get(reverse("pay_changes"), {"export": "csv"}).streaming_content)
    assert looked_at(hr) == {str(change.employee_id): 1 for change in changes}


def test_a_person_reads_who_looked_at_their_pay_when_and_where(sign_in, hr):
    change, other = make_pay_changes(2)
    sign_in(hr.employee).get(reverse("person_pay", args=[change.employee_id]))
    sign_in(hr.employee).get(reverse("pay_change_reject", args=[change.pk]))
    client = sign_in(change.employee)
    client.get(reverse("my_pay"))
    page = client.get(reverse("my_pay_looks"))
    assert [look.after["where"] for look in page.context["list"].page.rows] == ["pay change", "pay"]
    assert hr.employee.name in page.text
    assert "rejecting a pay change" in page.text
    assert f'href="{reverse("my_pay_looks")}"' in client.get(reverse("my_pay")).text
    assert f'href="{reverse("my_pay_looks")}"' in client.get(reverse("growth")).text
    assert list(sign_in(other.employee).get(reverse("my_pay_looks")).context["list"].page.rows) == []


def test_hr_reads_who_looked_at_someones_pay_and_strangers_do_not(sign_in, hr, manager, group_hr):
    (change,) = make_pay_changes(1)
    url = reverse("person_pay_looks", args=[change.employee_id])
    sign_in(group_hr.employee).get(reverse("person_pay", args=[change.employee_id]))
    assert group_hr.employee.name in sign_in(hr.employee).get(url).text
    assert sign_in(make_employee("hr_officer", dealer=make_dealer("YT02"))).get(url).status_code == 404
    assert sign_in(manager.employee).get(url).status_code == 403
    assert sign_in(make_employee("advisor")).get(url).status_code == 403
    assert f'href="{reverse("person_pay", args=[change.employee_id])}"' in sign_in(hr.employee).get(reverse("pay_changes")).text


def test_a_look_by_a_payroll_file_and_by_an_account_without_a_record_is_put_into_words(sign_in):
    employee = make_employee("advisor")
    root = User.objects.create_user("old-root")
    for actor, where in ((root, "payroll export 7"), (None, "growth")):
        Event.objects.create(
            actor=actor, verb="pay.viewed", target_type="people.employee", target_id=str(employee.pk), after={"where": where}
        )
    text = sign_in(employee).get(reverse("my_pay_looks")).text
    assert "a payroll file" in text
    assert "old-root" in text


def test_the_looks_cost_the_same_for_few_and_many(sign_in, hr, django_assert_max_num_queries):
    employee = make_employee("advisor")
    client, counts = sign_in(employee), []
    for many in (1, 20):
        for _number in range(many):
            Event.objects.create(actor=hr, verb="pay.viewed", target_type="people.employee", target_id=str(employee.pk), after={})
        with django_assert_max_num_queries(15) as captured:
            client.get(reverse("my_pay_looks"))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_what_the_two_signed_is_in_order(hr, manager, group_hr):
    first, second = make_pay_changes(2)
    approve_pay_changes(changes=[first, second], by=group_hr, at=AT)
    countersign_pay_changes(changes=[first], by=manager, at=AT)
    export_payroll(dealer=first.dealer, key="x", by=hr, at=AT)
    assert [culprit for rule, culprit in findings() if rule.name.startswith("pay.")] == []
