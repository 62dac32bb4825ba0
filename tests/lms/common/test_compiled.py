"""Statements compiled once give what their querysets would, whatever the values."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lms.common.compiled import compiled
from lms.people.models import Employee, Leave
from tests.factories import make_dealer, make_employee

pytestmark = pytest.mark.django_db


def counting(build):
    """The compiled function, and the list of the shapes it was built for."""
    built = []

    def noted(*shape, **values):
        built.append(shape)
        return build(*shape, **values)

    return compiled(noted), built


def hired(*, dealer, since, name):
    return Employee.objects.filter(Q(name=name) | Q(hired_on__gte=since), dealer=dealer).select_related("position").order_by("number")


def test_the_queryset_is_built_once_and_its_values_are_those_of_each_call():
    here, there = make_dealer("YT01"), make_dealer("YT02")
    old = make_employee(dealer=here, number="A1", name="老员工", hired_on=date(2020, 1, 1))
    new = make_employee(dealer=here, number="A2", name="新员工", hired_on=date(2024, 1, 1))
    other = make_employee(dealer=there, number="A3", name="别处", hired_on=date(2024, 1, 1))
    rows, built = counting(hired)
    assert rows(dealer=here.pk, since=date(2023, 1, 1), name="") == [new]
    assert rows(dealer=here.pk, since=date(2023, 1, 1), name="老员工") == [old, new]
    assert rows(dealer=there.pk, since=date(2024, 1, 1), name="老员工") == [other]
    assert rows(dealer=there.pk, since=date(2024, 1, 2), name="老员工") == []
    assert built == [()]


def test_what_is_given_by_position_makes_a_statement_of_its_own():
    one = make_employee(name="甲", hired_on=date(2020, 1, 1))
    two = make_employee(name="乙", hired_on=date(2021, 1, 1))
    rows, built = counting(lambda order, *, dealer: Employee.objects.filter(dealer=dealer).order_by(order))
    assert rows("hired_on", dealer=one.dealer_id) == [one, two]
    assert rows("-hired_on", dealer=one.dealer_id) == [two, one]
    assert rows("hired_on", dealer=one.dealer_id) == [one, two]
    assert built == [("hired_on",), ("-hired_on",)]


def test_what_came_along_costs_no_statement_more(django_assert_num_queries):
    person = make_employee()
    Leave.objects.create(employee=person, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2))
    rows, _built = counting(lambda *, pk: Employee.objects.filter(pk=pk).select_related("position").prefetch_related("leaves"))
    for _time in range(2):
        with django_assert_num_queries(2):
            [found] = rows(pk=person.pk)
            assert (found.position.code, len(found.leaves.all())) == ("advisor", 1)


def test_values_lists_and_subqueries_take_values_too():
    away, here = make_employee(), make_employee()
    Leave.objects.create(employee=away, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 9))
    leave = Leave.objects.filter(employee=OuterRef("pk"))
    rows, _built = counting(
        lambda *, on: Employee.objects.filter(Exists(leave.filter(starts_on__lte=on, ends_on__gte=on))).values_list("pk", flat=True)
    )
    assert rows(on=date(2026, 1, 9)) == [away.pk]
    assert rows(on=date(2026, 1, 10)) == []
    assert here.pk not in rows(on=date(2026, 1, 1))


def test_a_row_changed_meanwhile_is_read_anew():
    person = make_employee(name="先")
    rows, _built = counting(lambda *, pk: Employee.objects.filter(pk=pk))
    assert rows(pk=person.pk)[0].name == "先"
    Employee.objects.filter(pk=person.pk).update(name="后")
    assert rows(pk=person.pk)[0].name == "后"


def test_a_condition_gives_its_values_to_the_call_and_its_lookups_to_the_shape():
    one, two = make_employee(dealer=make_dealer("YT01"), number="C1"), make_employee(dealer=make_dealer("YT02"), number="C2")
    rows, built = counting(lambda *, scope, name: Employee.objects.filter(scope).exclude(name=name).order_by("number"))
    assert rows(scope=Q(dealer__code="YT01"), name="") == [one]
    assert rows(scope=Q(dealer__code="YT02"), name="") == [two]
    assert rows(scope=~Q(dealer__code="YT02"), name="") == [one]
    assert rows(scope=Q(dealer__code="YT01") | Q(number="C2") & ~Q(number="C1"), name="") == [one, two]
    assert rows(scope=Q(dealer__code="YT03") | Q(number="C1") & ~Q(number="C2"), name=two.name) == [one]
    assert rows(scope=Q(), name=one.name) == [two]
    assert len(built) == 4


@pytest.mark.parametrize("empty", [[], (), set()])
def test_a_condition_that_holds_nothing_gives_no_rows_and_asks_nothing(django_assert_num_queries, empty):
    one = make_employee(dealer=make_dealer("YT01"))
    rows, built = counting(lambda *, scope, name: Employee.objects.filter(scope).exclude(name=name))
    for _time in range(2):
        with django_assert_num_queries(0):
            assert rows(scope=Q(pk__in=empty), name="") == []
    assert rows(scope=Q(pk__in=empty) | Q(dealer__code="YT01"), name="") == [one]
    assert rows(scope=~Q(pk__in=empty), name="") == [one]
    assert rows(scope=Q(pk__in=empty) | Q(dealer__code="YT02"), name="") == []
    assert len(built) == 3
    counts, _built = counting(lambda *, scope: Employee.objects.filter(scope).order_by().values_list("dealer").annotate(Count("pk")))
    assert counts(scope=Q(pk__in=empty)) == []


def test_whoever_has_nothing_in_a_field_is_left_out_of_nothing():
    visitor, user = make_employee(sign_in=False), make_employee().user
    rows, _built = counting(lambda *, user: Employee.objects.exclude(user=user))
    assert rows(user=user.pk) == [visitor]


def test_nothing_is_no_value():
    rows, _built = counting(lambda *, pk: Employee.objects.filter(pk=pk))
    with pytest.raises(TypeError, match="NULL"):
        rows(pk=None)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
compiled_hired, compiled_seen = compiled(hired), compiled(lambda *, at: Employee.objects.filter(user__date_joined__lte=at))


@given(name=TEXTS, since=st.dates(date(2023, 12, 30), date(2024, 1, 3)), hours=st.integers(-2, 2))
def test_it_finds_what_the_queryset_finds(name, since, hours):
    person = make_employee(name=name, hired_on=date(2024, 1, 1))
    values = {"dealer": person.dealer_id, "since": since, "name": name}
    assert compiled_hired(**values) == list(hired(**values))
    at = timezone.now() + timedelta(hours=hours)
    assert set(compiled_seen(at=at)) == set(Employee.objects.filter(user__date_joined__lte=at))


def statements_prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.mark.services
@pytest.mark.parametrize("wanted", [True, False])
def test_postgresql_prepares_what_is_compiled_and_nothing_else(settings, wanted):
    settings.PREPARED_STATEMENTS = wanted
    person = make_employee()
    rows, _built = counting(lambda *, number: Employee.objects.filter(number=number).values_list("pk", flat=True))
    for _time in range(4):
        assert rows(number=person.number) == [person.pk]
        assert Employee.objects.filter(number=person.number).exists()
    ours = [one for one in statements_prepared() if '"people_employee"."number" =' in one]
    assert len(ours) == wanted
    assert not [one for one in ours if "LIMIT 1" in one]


@pytest.mark.services
def test_a_prepared_statement_outlives_a_refusal_of_the_database():
    person = make_employee()
    rows, _built = counting(lambda *, pk: Employee.objects.filter(pk=pk))
    for _time in range(3):
        assert rows(pk=person.pk) == [person]
    with pytest.raises(IntegrityError), transaction.atomic():
        Employee.objects.filter(pk=person.pk).update(dealer=None)
    assert rows(pk=person.pk) == [person]
