import pytest

from assessments.certification.models import Certificate
from assessments.grading.models import Award, Candidacy
from lms.people.models import Employee
from tests.factories import make_cycle

pytestmark = pytest.mark.django_db


def test_publication_raises_who_passed_by_one_level_with_a_certificate_and_nobody_else():
    cycle = make_cycle("published", people=3)
    first, second, last = cycle.candidacies.order_by("pk")
    assert [c.outcome for c in (first, second, last)] == [Candidacy.Outcome.PASSED, Candidacy.Outcome.PASSED, Candidacy.Outcome.FAILED]
    assert list(Award.objects.values_list("employee", "from_level", "to_level")) == [(first.employee_id, 0, 1), (second.employee_id, 0, 1)]
    assert set(Employee.objects.filter(technical_level=1)) == {first.employee, second.employee}
    assert Certificate.objects.count() == 2
