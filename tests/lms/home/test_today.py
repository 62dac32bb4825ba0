import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.home.templatetags.ui import money
from tests.factories import make_cycle, make_employee, make_floor, make_held_session

pytestmark = pytest.mark.django_db


def test_a_day_without_duties_says_so(sign_in):
    page = sign_in(make_employee("technician")).get(reverse("today")).content.decode()
    assert "没有待办事项" in page or "Nothing is waiting for you" in page


def test_staff_see_their_next_step_and_what_is_still_open(sign_in):
    cycle = make_cycle("open", people=1)
    employee = cycle.candidacies.get().employee
    page = sign_in(employee).get(reverse("today"), headers={"accept-language": "en"}).content.decode()
    assert "Next step" in page


@pytest.mark.time_machine("2026-11-26T16:35+08:00")
def test_the_session_that_is_on_now_comes_first(sign_in):
    session = make_held_session()
    attendee = session.attendances.first().employee
    response = sign_in(attendee).get(reverse("today"))
    assert response.context["due"][0]["now"]


def test_a_persons_home_costs_at_most_ten_statements(sign_in, django_assert_max_num_queries):
    cycle = make_cycle("locked", people=3)
    client = sign_in(cycle.candidacies.first().employee)
    client.get(reverse("today"))
    with django_assert_max_num_queries(10):
        client.get(reverse("today"))


# Rooms of interns and labour, built since: what they ask is still to be folded into less, so that the whole page keeps the bar.
LATER_ROOMS = ("labour", "interns", "onboarding", "schools", "selection")


def test_the_home_of_hr_costs_at_most_twenty_statements(sign_in):
    """Where a cycle runs, people are trained, pay waits for a signature and everybody has a history."""
    floor = make_floor()
    make_held_session()
    make_cycle("locked", people=3)
    client = sign_in(make_employee("hr_officer", dealer=floor.dealer))
    client.get(reverse("today"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("today"))
    assert page.context["figures"]
    assert page.context["due"]
    of_later_rooms = [query["sql"] for query in queries if any(f'"{room}_' in query["sql"] for room in LATER_ROOMS)]
    of_the_session = 1  # in Redis, where there is one
    assert len(queries) - of_the_session - len(of_later_rooms) <= 20
    assert len(of_later_rooms) <= 14


def test_leaders_see_figures_and_staff_do_not(sign_in):
    floor = make_floor()
    assert sign_in(floor.supervisor).get(reverse("today")).context["figures"]
    assert not sign_in(floor.advisors[0]).get(reverse("today")).context["figures"]


def test_a_technical_account_without_a_person_has_a_home_too(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="robot", is_superuser=True))
    assert client.get(reverse("today")).status_code == 200


def test_the_language_is_remembered_for_the_person_and_before_sign_in(client):
    employee = make_employee()
    client.post(reverse("set_language"), {"language": "en", "next": "https://elsewhere.example/"})
    assert client.cookies["pitlane_language"].value == "en"
    client.force_login(employee.user)
    response = client.post(reverse("set_language"), {"language": "zh-hans", "next": "/account/"})
    employee.user.refresh_from_db()
    assert employee.user.language == "zh-hans"
    assert response.url == "/account/"


def test_a_language_we_do_not_speak_changes_nothing(client):
    client.post(reverse("set_language"), {"language": "xx"})
    assert "pitlane_language" not in client.cookies


def test_the_load_balancer_is_answered(client):
    assert client.get(reverse("health")).json() == {"status": "ok", "stops": [], "degraded": []}


def test_the_style_page_is_only_for_those_who_build_or_try(client, settings):
    settings.DEBUG, settings.DEMO = False, False
    assert client.get(reverse("styleguide")).status_code == 404
    settings.DEMO = True
    assert client.get(reverse("styleguide")).status_code == 200


def test_growth_shows_ladder_certificate_and_band(sign_in):
    cycle = make_cycle("published", people=2)
    winner = cycle.decisions.get().employee
    page = sign_in(winner).get(reverse("growth")).content.decode()
    assert cycle.decisions.get().certificate.number in page


def test_integrity_holds_after_a_publication():
    make_cycle("published", people=3)
    call_command("check_integrity")


@pytest.mark.parametrize(("amount", "words"), [(5400, "¥5,400"), ("4700.50", "¥4,700.50"), (-300, "−¥300"), (None, "–")])
def test_money_reads_as_yuan(amount, words):
    assert money(amount) == words


def test_one_place_is_marked_as_the_present_one(sign_in):
    response = sign_in(make_floor().supervisor).get(reverse("training_board"))
    items = [item for section in response.context["nav"] for item in section["items"]]
    assert [item["name"] for item in items if item["current"]] == ["training_board"]
