from datetime import timedelta

import pytest

from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.due import due_for
from tests.factories import PUBLISHED_AT, make_bands, make_dealer, make_employee, make_pay_changes, make_published_cycle

pytestmark = pytest.mark.django_db
AT = PUBLISHED_AT + timedelta(days=1)


def titles(employee):
    employee = type(employee).objects.select_related("user", "dealer").get(pk=employee.pk)
    return [item["title"] for item in due_for(employee, AT)]


def test_work_on_pay_walks_from_hr_to_the_general_manager_and_back():
    hr, manager = make_employee("hr_officer"), make_employee("general_manager")
    changes = make_pay_changes(2)
    assert (titles(hr), titles(manager)) == (["2 pay changes to approve"], [])
    approve_pay_changes(changes=changes, by=hr.user, at=AT)
    assert (titles(hr), titles(manager)) == ([], ["2 pay changes to countersign"])
    countersign_pay_changes(changes=changes, by=manager.user, at=AT)
    assert (titles(hr), titles(manager)) == (["2 pay changes to export"], [])


def test_hr_without_a_band_table_is_told_to_make_one():
    assert titles(make_employee("hr_officer")) == ["There is no band table"]


def test_staff_have_nothing_to_do_about_pay():
    make_bands()
    assert titles(make_employee("advisor")) == []


def test_hr_hears_nothing_of_other_dealers():
    hr = make_employee("hr_officer")
    make_bands(hr.dealer)
    make_pay_changes(1, cycle=make_published_cycle(make_dealer("YT02")))
    assert titles(hr) == []


def test_it_costs_few_queries(django_assert_max_num_queries):
    hr = make_employee("hr_officer")
    make_pay_changes(3)
    hr.user.get_all_permissions()
    with django_assert_max_num_queries(3):
        due_for(hr, AT)
