"""A person's page: made of the rooms' panels, each with its own right to be seen."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.learning.actions import enrol
from lms.people.models import EmploymentEvent
from tests.each import each
from tests.factories import NINE, make_course, make_cycle, make_employee, make_practical

pytestmark = pytest.mark.django_db
PEOPLE = {"lms/people/_at_work.html", "lms/people/_history.html", "assessments/certification/_cards.html"}


def parts(response):
    return {part["template"] for column in ("wide", "narrow") for part in response.context[column]}


@pytest.fixture
def winner():
    """Someone with a level, a certificate and a course."""
    cycle = make_cycle("published", people=2)
    person = cycle.decisions.first().employee
    enrol(employee=person, course=make_course(), by=make_employee("service_manager").user, at=NINE)
    return person


@pytest.mark.parametrize(
    ("post", "more", "less"),
    [
        ("hr_officer", {"assessments/grading/_decisions.html", "courses/learning/_courses.html", "assessments/exams/_results.html",
                        "talent_pool/pay/_way_to_pay.html", "lms/people/_sign_in.html"}, set()),
        ("service_manager", {"assessments/grading/_decisions.html", "courses/learning/_courses.html"},
         {"talent_pool/pay/_way_to_pay.html", "lms/people/_sign_in.html", "assessments/exams/_results.html"}),
        ("information_assistant", set(), {"assessments/grading/_decisions.html", "courses/learning/_courses.html", "lms/people/_leave.html"}),
    ],
)  # fmt: skip
def test_each_reader_sees_the_panels_that_are_theirs(sign_in, winner, post, more, less):
    shown = parts(sign_in(make_employee(post, dealer=winner.dealer)).get(reverse("person", args=[winner.pk])))
    assert PEOPLE | more <= shown
    assert not less & shown


def test_ones_own_page_has_what_is_ones_own_and_no_way_around_my_growth(sign_in, winner):
    shown = parts(sign_in(winner).get(reverse("person", args=[winner.pk])))
    assert {"assessments/grading/_decisions.html", "courses/learning/_courses.html"} <= shown
    assert not {"talent_pool/pay/_way_to_pay.html", "talent_pool/pay/_growth.html", "lms/people/_sign_in.html"} & shown


def test_my_growth_is_made_of_panels_too(sign_in, winner):
    response = sign_in(winner).get(reverse("growth"))
    assert [part["template"] for part in response.context["wide"]] == [
        "assessments/grading/_growth.html",
        "assessments/certification/_cards.html",
    ]
    assert "talent_pool/pay/_growth.html" in parts(response)


def test_buttons_in_a_panel_carry_the_token_of_their_form(client, sign_in):
    person = make_employee()
    page = sign_in(make_employee("hr_officer")).get(reverse("person", args=[person.pk])).content.decode()
    form = page[page.index(reverse("person_first_password", args=[person.pk])) :]
    assert "csrfmiddlewaretoken" in form[: form.index("</form>")]


def test_a_persons_page_costs_the_same_for_much_and_for_little(client, sign_in, winner):
    hr = make_employee("hr_officer", dealer=winner.dealer)
    sign_in(hr)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("person", args=[winner.pk])).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _number in range(4):
        make_employee(manager=winner)
        enrol(employee=winner, course=make_course(), by=make_employee("service_manager").user, at=NINE)
        values = {"dealer": winner.dealer, "position": winner.position}
        EmploymentEvent.objects.create(employee=winner, kind="transferred", on=date(2024, 1, 1), **values)
    assert cost() == few <= 15


def test_a_stranger_has_no_page(client, sign_in):
    sign_in(make_employee())
    others = [make_employee("technician"), make_practical().candidate]
    assert {client.get(reverse("person", args=[other.pk])).status_code for other in each(others)} == {404}
