"""Who sees whom, as a table: §1 of the domain notes."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission

from lms.common.states import WrongHands
from lms.people.backends import EmployeeBackend
from lms.people.choices import Role
from lms.people.models import Dealer, Employee
from lms.people.permissions import dealer_scope, may_propose, may_sign, people_scope
from lms.people.queries import dealers_visible_to, employees_visible_to
from lms.people.roles import permissions_of, roles_that_sign, sync_roles
from tests.each import each
from tests.factories import make_bands, make_dealer, make_employee, make_group

pytestmark = pytest.mark.django_db

# what each sees: themselves, a colleague of the dealer, their report at another dealer, a stranger there, someone of another group
SEES = {
    "advisor": "self",
    "technician": "self",
    "oem_service_coach": "self",
    "course_author": "self",
    "service_supervisor": "self dealer team",
    "workshop_supervisor": "self dealer team",
    "service_manager": "self dealer team",
    "general_manager": "self dealer team",
    "information_assistant": "self dealer team",
    "hr_officer": "self dealer team",
    "group_hr": "self dealer team group",
}


@pytest.fixture
def world():
    here, there, elsewhere = make_dealer("YT01"), make_dealer("YT02"), make_dealer("ZZ01", group=make_group("zz"))
    return {"dealer": make_employee(dealer=here), "group": make_employee(dealer=there), "nobody": make_employee(dealer=elsewhere)}


@pytest.mark.parametrize(("position", "sees"), SEES.items())
def test_who_sees_whom(world, position, sees):
    viewer = make_employee(position, dealer=make_dealer("YT01"))
    people = {**world, "self": viewer, "team": make_employee(dealer=make_dealer("YT02"), manager=viewer)}
    visible = set(employees_visible_to(viewer.user))
    assert {name for name, person in people.items() if person in visible} == set(sees.split())


@pytest.mark.parametrize("position", SEES)
def test_who_has_left_sees_nobody_and_no_dealer(world, position):
    viewer = make_employee(position)
    viewer.user.is_active = False
    assert not employees_visible_to(viewer.user).exists()
    assert not dealers_visible_to(viewer.user).exists()


def test_visitors_see_nobody(world):
    assert not Employee.objects.filter(people_scope(AnonymousUser())).exists()
    assert not dealers_visible_to(AnonymousUser()).exists()


def test_dealers_are_the_own_one_or_all_of_the_group(world):
    assert [dealer.code for dealer in dealers_visible_to(make_employee("hr_officer").user)] == ["YT01"]
    assert [dealer.code for dealer in dealers_visible_to(make_employee("group_hr").user)] == ["YT01", "YT02"]


def test_records_of_a_dealer_follow_the_same_rule(world):
    scope = dealer_scope(make_employee("group_hr").user, "dealer")
    assert set(Employee.objects.filter(scope).values_list("dealer__code", flat=True)) == {"YT01", "YT02"}
    assert Dealer.objects.count() == 3


# -- the backend ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_a_group_with_just_the_permissions_of_the_table(role):
    group = Group.objects.get(name=role)
    held = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}
    assert held == set(permissions_of([role]))


def test_every_permission_of_the_table_exists():
    known = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")}
    assert permissions_of(Role) - known == set()


def test_who_examines_signs_pay_manages_people_or_authors_is_a_signer_by_role():
    """§1: signers are appointed, moved and let in by two people."""
    assert roles_that_sign() == {"service_manager", "general_manager", "hr", "group_hr", "examiner", "author"}


def test_making_the_roles_again_changes_nothing(django_assert_max_num_queries):
    before = set(Group.permissions.through.objects.values_list("group_id", "permission_id"))
    sync_roles()
    assert set(Group.permissions.through.objects.values_list("group_id", "permission_id")) == before


def test_people_get_what_their_roles_give_and_nothing_of_their_own():
    person = make_employee("advisor")
    person.user.user_permissions.add(Permission.objects.get(codename="manage_people"))
    assert not person.user.has_perm("people.manage_people")
    assert person.user.has_perm("learning.take_courses")


def test_a_second_role_counts_and_a_group_gives_no_more_than_its_role():
    supervisor = make_employee("service_supervisor").user
    supervisor.groups.add(Group.objects.get(name="examiner"), Group.objects.create(name="more"))
    Group.objects.get(name="more").permissions.add(Permission.objects.get(codename="manage_people"))
    Group.objects.get(name="supervisor").permissions.add(Permission.objects.get(codename="manage_people"))
    for user in each([supervisor, EmployeeBackend().get_user(supervisor.pk)]):
        assert user.get_all_permissions() == permissions_of(["supervisor", "examiner"])


def test_whoever_is_no_longer_active_may_do_nothing():
    user = make_employee("hr_officer").user
    user.is_active = False
    assert user.get_all_permissions() == set()


def test_what_a_signed_in_person_may_do_costs_no_statement_of_its_own(django_assert_num_queries):
    pk = make_employee("hr_officer").user_id
    with django_assert_num_queries(1):
        assert EmployeeBackend().get_user(pk).has_perms(["people.manage_people", "pay.approve_pay_changes"])


def test_a_signed_in_person_comes_with_dealer_position_and_group_in_one_query(client, django_assert_num_queries):
    pk = make_employee("advisor").user_id
    with django_assert_num_queries(1):
        user = EmployeeBackend().get_user(pk)
        assert user.employee.dealer.code
        assert user.employee.position.code
        assert user.employee.group.code
        assert str(user) == user.get_full_name() == user.employee.name


@pytest.mark.time_machine("2026-11-26T10:00+08:00")
def test_whoever_is_hired_ahead_signs_nothing_before_their_first_day(time_machine):
    hr, advisor = make_employee("hr_officer", hired_on=date(2026, 12, 1)), make_employee("advisor")
    assert not may_sign(hr.user)
    assert not may_propose(hr.user, advisor, advisor.dealer)
    with pytest.raises(WrongHands):
        make_bands(advisor.dealer, by=hr.user)
    time_machine.move_to("2026-12-01T00:30+08:00")
    assert may_sign(hr.user)
    assert make_bands(advisor.dealer, by=hr.user)
