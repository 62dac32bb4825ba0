"""Whom a number or a name means. Numbers are compared without their capitals, by the index `people_employee_spelled`."""

from django.db.models import Q
from django.db.models.functions import Upper

from lms.common.search import holding
from lms.common.typed import folded
from lms.people.models import Employee

MOST_CALLED = 200  # of those without a number


def spelled(people, numbers):
    """Those of the people who have one of the numbers, however it is spelled."""
    return people.alias(upper_number=Upper("number")).filter(upper_number__in={number.upper() for number in numbers} - {""})


def numbered(people, number):
    """Who of the people has this number, or None; of two who differ in nothing but its spelling, the one that is spelled so."""
    return max(spelled(people, [number]), key=lambda person: person.number == number, default=None)


def people_called(employees, words):
    """Those whose name or number holds the words; whoever has no number, by the name they sign in by."""
    plain = folded(words)
    without = Employee.objects.filter(number="", user__username__icontains=plain).order_by().values_list("pk", flat=True)
    return employees.filter(holding(words, "name") | Q(number__holds=plain) | Q(pk__in=list(without[:MOST_CALLED])))
