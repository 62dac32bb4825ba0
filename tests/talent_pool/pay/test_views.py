import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from lms.audit.models import Event
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.models import BandTable, PayChange, PayrollExport
from tests.factories import PUBLISHED_AT, make_bands, make_dealer, make_employee, make_pay_changes, make_published_cycle

pytestmark = pytest.mark.django_db
AT = PUBLISHED_AT + timedelta(days=1)
PAGES = ["pay_changes", "bands", "band_table_new"]


@pytest.fixture
def hr():
    return make_employee("hr_officer")


@pytest.fixture
def manager():
    return make_employee("general_manager")


def table_data(**changes):
    data = {"dealer": make_dealer().pk, "effective_on": "2099-01-01"}
    for track in ("service", "technical"):
        data |= {f"{track}_{level}": str(4000 + 1000 * level) for level in range(4)}
    return data | changes


# --- Who sees pay ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("position", ["advisor", "service_supervisor", "service_manager", "information_assistant", "oem_service_coach"])
def test_nobody_but_hr_and_the_countersigner_opens_the_pay_pages(sign_in, name, position):
    assert sign_in(make_employee(position)).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", [*PAGES, "my_pay"])
def test_a_signed_out_visitor_is_asked_to_sign_in(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_the_general_manager_sees_only_what_is_to_be_countersigned(sign_in, hr, manager):
    proposed, approved = make_pay_changes(2)
    approve_pay_changes(changes=[approved], by=hr.user, at=AT)
    page = sign_in(manager).get(reverse("pay_changes")).text
    assert approved.employee.name in page
    assert proposed.employee.name not in page


def test_the_general_manager_does_not_open_the_bands(sign_in, manager):
    assert sign_in(manager).get(reverse("bands")).status_code == 403


def test_hr_sees_nothing_of_another_dealer(sign_in, hr):
    (change,) = make_pay_changes(1, cycle=make_published_cycle(make_dealer("YT02")))
    client = sign_in(hr)
    assert change.employee.name not in client.get(reverse("pay_changes")).text
    assert client.get(reverse("pay_change_reject", args=[change.pk])).status_code == 404
    assert client.get(reverse("person_pay", args=[change.employee_id])).status_code == 404
    client.post(reverse("pay_changes_sign"), {"signs": "approve", "change": [change.pk]})
    assert PayChange.objects.get().status == "proposed"


def test_a_person_sees_the_own_band_and_the_next_step(sign_in):
    make_bands()
    page = sign_in(make_employee("advisor")).get(reverse("my_pay")).text
    assert "¥4,000" in page
    assert "¥4,800" in page


def test_my_pay_comes_as_a_part_for_my_growth(sign_in):
    make_bands()
    part = sign_in(make_employee("advisor")).get(reverse("my_pay"), headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "¥4,000" in part


def test_somebody_without_a_track_or_a_table_is_told_so(sign_in):
    assert "No band applies" in sign_in(make_employee("workshop_supervisor")).get(reverse("my_pay")).text


def test_a_change_is_promised_to_nobody_before_it_is_countersigned(sign_in, hr, manager):
    (change,) = make_pay_changes(1)
    assert "Changes so far" not in sign_in(change.employee).get(reverse("my_pay")).text
    approve_pay_changes(changes=[change], by=hr.user, at=AT)
    assert "Changes so far" not in sign_in(change.employee).get(reverse("my_pay")).text
    countersign_pay_changes(changes=[change], by=manager.user, at=AT)
    assert "Changes so far" in sign_in(change.employee).get(reverse("my_pay")).text


def test_every_look_at_pay_is_logged_who_and_whose(sign_in, hr):
    (change,) = make_pay_changes(1)
    sign_in(change.employee).get(reverse("my_pay"))
    sign_in(hr).get(reverse("person_pay", args=[change.employee_id]))
    sign_in(hr).get(reverse("pay_changes"))
    looks = Event.objects.filter(verb="pay.viewed", target_id=str(change.employee_id)).order_by("pk")
    assert [look.actor for look in looks] == [change.employee.user, hr.user, hr.user]


# --- The list -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_as_many_queries_for_thirty_rows_as_for_one(sign_in, hr, number, django_assert_max_num_queries):
    make_pay_changes(number)
    client = sign_in(hr)
    with django_assert_max_num_queries(15):
        assert client.get(reverse("pay_changes")).status_code == 200


def test_the_list_is_filtered_and_exported(sign_in, hr):
    first, second = make_pay_changes(2)
    approve_pay_changes(changes=[first], by=hr.user, at=AT)
    content = b"".join(sign_in(hr).get(reverse("pay_changes"), {"status": "approved", "export": "csv"}).streaming_content).decode(
        "utf-8-sig"
    )
    assert first.employee.number in content
    assert second.employee.number not in content


def test_an_empty_list_says_what_belongs_there(sign_in, hr):
    assert "No pay changes yet" in sign_in(hr).get(reverse("pay_changes")).text


# --- Signing --------------------------------------------------------------------------------


def test_ticked_changes_are_approved_then_countersigned(sign_in, hr, manager):
    first, second = make_pay_changes(2)
    sign_in(hr).post(reverse("pay_changes_sign"), {"signs": "approve", "change": [first.pk, second.pk]})
    assert set(PayChange.objects.values_list("status", flat=True)) == {"approved"}
    response = sign_in(manager).post(reverse("pay_changes_sign"), {"signs": "countersign", "change": [first.pk]}, follow=True)
    assert "1 change signed" in response.text
    assert PayChange.objects.get(pk=first.pk).status == "countersigned"


@pytest.mark.parametrize("asked", [[], ["abc"], ["-1"], ["99999999999999999999"], ["999999"]])
def test_bad_ticks_sign_nothing_and_say_so(sign_in, hr, asked):
    make_pay_changes(1)
    response = sign_in(hr).post(reverse("pay_changes_sign"), {"signs": "approve", "change": asked}, follow=True)
    assert response.status_code == 200
    assert PayChange.objects.get().status == "proposed"


def test_where_one_of_the_ticked_changes_is_not_there_for_the_reader_none_is_signed(sign_in, hr):
    (own,) = make_pay_changes(1)
    (foreign,) = make_pay_changes(1, cycle=make_published_cycle(make_dealer("YT02")))
    response = sign_in(hr).post(reverse("pay_changes_sign"), {"signs": "approve", "change": [own.pk, foreign.pk]})
    assert "nothing was signed" in response.text
    assert set(PayChange.objects.values_list("status", flat=True)) == {"proposed"}


def test_pressing_twice_says_that_it_was_done(sign_in, hr):
    (change,) = make_pay_changes(1)
    client = sign_in(hr)
    client.post(reverse("pay_changes_sign"), {"signs": "approve", "change": [change.pk]})
    assert "nothing was changed" in client.post(reverse("pay_changes_sign"), {"signs": "approve", "change": [change.pk]}, follow=True).text


def test_a_rejection_asks_for_the_reason(sign_in, hr):
    (change,) = make_pay_changes(1)
    client, url = sign_in(hr), reverse("pay_change_reject", args=[change.pk])
    assert client.get(url).status_code == 200
    for reason in ("", "   ", "x" * 201):
        assert client.post(url, {"reason": reason}).status_code == 200
    assert PayChange.objects.get().status == "proposed"
    assert client.post(url, {"reason": "left the dealer"}).status_code == 302
    assert PayChange.objects.get().status == "rejected"


# --- Bands ----------------------------------------------------------------------------------


def test_a_new_table_is_filled_in_from_the_latest(sign_in, hr):
    make_bands()
    assert 'value="4000.00"' in sign_in(hr).get(reverse("band_table_new")).text


def test_a_table_with_visible_steps_is_made_at_once(sign_in, hr):
    response = sign_in(hr).post(reverse("band_table_new"), table_data())
    assert response.status_code == 302
    assert BandTable.objects.get().bands.count() == 8
    assert "2099" in sign_in(hr).get(reverse("bands")).text


def test_a_small_step_is_warned_of_and_saved_only_when_confirmed_p1(sign_in, hr):
    client, url, data = sign_in(hr), reverse("band_table_new"), table_data(service_1="4100")
    assert "2.5" in client.post(url, data).text
    assert not BandTable.objects.exists()
    assert client.post(url, data | {"confirmed": "on"}).status_code == 302


@pytest.mark.parametrize(
    "changes",
    [
        {"effective_on": ""},
        {"effective_on": "31.02.2027"},
        {"service_0": "-5"},
        {"service_0": "abc"},
        {"technical_3": ""},
        {"service_2": "123456789012"},
        {"dealer": "0"},
        {"dealer": "x"},
        {"effective_on": "2020-01-01"},
    ],
)
def test_bad_input_makes_no_table(sign_in, hr, changes):
    make_bands()
    response = sign_in(hr).post(reverse("band_table_new"), table_data(**changes))
    assert response.status_code == 200
    assert BandTable.objects.count() == 1


# --- Export ---------------------------------------------------------------------------------


def countersigned(number, hr, manager):
    changes = make_pay_changes(number)
    approve_pay_changes(changes=changes, by=hr.user, at=AT)
    countersign_pay_changes(changes=changes, by=manager.user, at=AT)
    return changes


def test_hr_exports_once_and_gets_the_file_again(sign_in, hr, manager, django_capture_on_commit_callbacks):
    (change,) = countersigned(1, hr, manager)
    type(change.employee).objects.filter(pk=change.employee_id).update(name="=HYPERLINK(1)")
    client = sign_in(hr)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("payroll_export_new"), {"dealer": change.dealer_id, "kind": "csv"})
    assert response.url.startswith("/jobs/")
    export = PayrollExport.objects.get()
    file = client.get(reverse("payroll_export", args=[export.pk, "csv"]))
    assert file.headers["Content-Disposition"].startswith("attachment"), "a file, not a page to look at"
    assert file.headers["Content-Type"].startswith("text/csv")
    content = b"".join(file.streaming_content).decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(content)))[1:]
    assert row[0] == change.employee.number
    assert row[1] == "'=HYPERLINK(1)"
    assert client.get(reverse("payroll_export", args=[export.pk, "xlsx"])).status_code == 200
    assert client.get(reverse("payroll_export", args=[export.pk, "exe"])).status_code == 404


def test_a_job_killed_after_the_export_goes_on_with_the_same_one(hr, manager, django_capture_on_commit_callbacks):
    from lms.jobs.actions import run_job, start_job
    from lms.jobs.models import Job

    (change,) = countersigned(1, hr, manager)
    job = start_job(kind="pay.export_payroll", key="dealer:1", params={"dealer": change.dealer_id}, by=hr.user)
    made = export_payroll(dealer=change.dealer, key=f"job:{job.pk}", by=hr.user, at=AT)  # … and then the worker was killed
    run_job(job_id=job.pk)
    job = Job.objects.get(pk=job.pk)
    assert (job.status, job.result["export"]) == ("done", made.pk)
    assert PayrollExport.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"dealer": "x"}, {"dealer": "999999"}, {"dealer": "{dealer}", "kind": "exe"}])
def test_bad_input_exports_nothing(sign_in, hr, manager, data):
    (change,) = countersigned(1, hr, manager)
    data = {name: value.format(dealer=change.dealer_id) for name, value in data.items()}
    response = sign_in(hr).post(reverse("payroll_export_new"), data)
    assert response.status_code == 200
    assert "Choose the dealer" in str(next(iter(response.context["messages"])))
    assert PayChange.objects.get().status == "countersigned"


def test_another_dealers_export_is_not_found(sign_in, hr):
    other = make_dealer("YT02")
    export = PayrollExport.objects.create(dealer=other, exported_at=AT, exported_by=hr.user, key="x")
    assert sign_in(hr).get(reverse("payroll_export", args=[export.pk, "csv"])).status_code == 404
