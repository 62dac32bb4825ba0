from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from assessments.grading.actions.candidates import compute_eligibility
from assessments.grading.due import due_for
from assessments.grading.models import ComponentResult, ComponentSitting, Cycle, LevelDecision
from assessments.grading.queries.records import candidacies_visible_to, cycles_visible_to
from assessments.grading.views.mine import refusals_for
from lms.common.quarters import previous, quarter_of
from lms.people.models import Employee
from tests.each import each
from tests.factories import NINE, make_bands, make_cycle, make_dealer, make_employee, make_panel, sign_all
from tests.factories.grading import make_means

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr():
    return make_employee("hr_officer")


def panel_member(cycle, seat):
    return Employee.objects.select_related("user", "position", "dealer").get(panel_seats__cycle=cycle, panel_seats__seat=seat)


def get(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def post(client, name, *args, **data):
    return client.post(reverse(name, args=args), data, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- who sees what -----------------------------------------------------------------------------


def test_candidates_see_their_own_candidacy_without_any_result_before_publication():
    cycle = make_cycle("ratified", people=2)
    first, _second = cycle.candidacies.order_by("pk")
    (seen,) = candidacies_visible_to(first.employee.user)
    assert seen.pk == first.pk
    assert (seen.seen_outcome, seen.seen_theory, seen.seen_practical) == ("pending", None, None)
    assert "outcome" in seen.get_deferred_fields()


def test_after_publication_they_see_their_result():
    cycle = make_cycle("published", people=2)
    first = cycle.candidacies.order_by("pk").first()
    (seen,) = candidacies_visible_to(first.employee.user)
    assert (seen.seen_outcome, seen.seen_theory, seen.seen_practical) == ("passed", 100, 100)


def test_a_supervisor_sees_the_candidates_of_the_dealer_but_results_only_once_published():
    supervisor = make_employee("technical_supervisor")
    cycle = make_cycle("ratified", people=[supervisor, make_employee("technician")])
    assert {c.seen_outcome for c in candidacies_visible_to(supervisor.user)} == {"pending"}
    sign_all(cycle)
    from assessments.grading.actions.publication import publish_cycle

    publish_cycle(cycle=cycle, by=cycle.opened_by, at=NINE)
    assert {c.seen_outcome for c in candidacies_visible_to(supervisor.user)} == {"passed", "failed"}


def test_the_panel_and_hr_see_results_before_publication(hr):
    cycle = make_cycle("ratified", people=2)
    coach = panel_member(cycle, "oem_technical_coach")
    for user in (coach.user, hr.user):
        assert {c.seen_outcome for c in candidacies_visible_to(user)} == {"passed", "failed"}


def test_an_examiner_sees_only_the_cycles_of_their_panels():
    cycle = make_cycle("locked")
    make_cycle(dealer=make_dealer("YT02"))
    coach = panel_member(cycle, "oem_technical_coach")
    assert list(cycles_visible_to(coach.user)) == [cycle]
    assert not candidacies_visible_to(make_employee("oem_technical_coach").user).exists()


def test_hr_sees_the_own_dealer_and_group_hr_the_group(hr):
    own, other = make_cycle(people=1), make_cycle(people=1, dealer=make_dealer("YT02"))
    assert set(cycles_visible_to(hr.user)) == {own}
    assert set(cycles_visible_to(make_employee("group_hr").user)) == {own, other}


# --- the console -------------------------------------------------------------------------------


def quarter_at(moment):
    year, quarter = quarter_of(timezone.localdate(moment))
    return {"year": year, "quarter": quarter, "opened_at": moment}


def test_hr_opens_the_quarters_cycle_by_a_form(sign_in, hr):
    make_employee("technician")
    year, quarter = quarter_of(timezone.localdate())
    facts = {"dealer": hr.dealer_id, "track": "technical", "year": year, "quarter": quarter, "min_attendance": 75}
    post(sign_in(hr), "cycle_new", **facts)
    cycle = Cycle.objects.get()
    assert (cycle.status, cycle.min_attendance, cycle.needs_courses) == ("open", 75, False)
    assert cycle.candidacies.count() == 1
    again = post(sign_in(hr), "cycle_new", **facts)
    assert again.context["form"].non_field_errors()
    assert Cycle.objects.count() == 1


def test_a_draft_is_kept_and_opened_later(sign_in, hr):
    make_employee("technician")
    year, quarter = quarter_of(timezone.localdate())
    client = sign_in(hr)
    post(client, "cycle_new", dealer=hr.dealer_id, track="technical", year=year, quarter=quarter, min_attendance=80, draft=1)
    cycle = Cycle.objects.get()
    assert cycle.status == "draft"
    post(client, "cycle_step", cycle.pk, step="open")
    assert Cycle.objects.get().status == "open"


@pytest.mark.parametrize(
    "change", [{"track": "cooking"}, {"year": 1999}, {"quarter": 5}, {"min_attendance": 101}, {"year": ""}, {"dealer": 99999}]
)
def test_bad_input_opens_nothing(sign_in, hr, change):
    make_employee("technician")
    year, quarter = quarter_of(timezone.localdate())
    facts = {"dealer": hr.dealer_id, "track": "technical", "year": year, "quarter": quarter, "min_attendance": 80, **change}
    response = sign_in(hr).post(reverse("cycle_new"), facts)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Cycle.objects.exists()


def test_the_console_says_in_words_what_is_missing(sign_in, hr):
    cycle = make_cycle(people=1)
    page = get(sign_in(hr), "cycle", cycle.pk)
    assert len(page.context["missing"]) == 5
    assert all(escape(sentence) in page.content.decode() for sentence in each(page.context["missing"]))


def test_the_console_walks_a_cycle_to_its_publication(sign_in, hr, django_capture_on_commit_callbacks):
    """By screens alone, but for the exam itself."""
    cycle = make_cycle(people=2, **quarter_at(timezone.now() - timedelta(days=20)))
    client = sign_in(hr)
    for seat in ("technical_director", "oem_technical_coach", "service_manager"):
        post(client, "cycle_panel", cycle.pk, seat=seat, examiner=make_employee(seat).pk)
    post(client, "cycle_eligibility", cycle.pk)
    make_means("technical", 1)
    post(client, "cycle_step", cycle.pk, step="locked")
    assert Cycle.objects.get().status == "locked"
    opens = timezone.localtime() + timedelta(days=3)
    times = {"opens_at": f"{opens:%Y-%m-%dT%H:%M}", "closes_at": f"{opens + timedelta(hours=2):%Y-%m-%dT%H:%M}", "room": "培训室"}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("cycle_sitting", args=[cycle.pk, 1]), times)
    assert "/jobs/" in response.url
    assert ComponentResult.objects.filter(component__kind="theory", paper=None).count() == 0
    post(client, "cycle_step", cycle.pk, step="sitting")
    assert Cycle.objects.get().status == "sitting"
    # The console offers the next step only when nothing is missing, and a post all the same is refused in words.
    page = get(client, "cycle", cycle.pk)
    assert page.context["missing"]
    assert said(post(client, "cycle_step", cycle.pk, step="marking"))
    assert Cycle.objects.get().status == "sitting"


@pytest.mark.parametrize("step", ["", "draft", "published", "locked", "nonsense"])
def test_a_step_out_of_turn_is_refused_in_words(sign_in, hr, step):
    cycle = make_cycle("sitting", people=1)
    assert said(post(sign_in(hr), "cycle_step", cycle.pk, step=step))
    assert Cycle.objects.get().status == "sitting"


def test_publication_shows_what_it_will_do_and_then_does_it(sign_in, hr, django_capture_on_commit_callbacks):
    cycle = make_cycle("ratified", people=3)
    client = sign_in(hr)
    page = get(client, "cycle_publish", cycle.pk)
    assert [len(page.context["preview"][name]) for name in ("promotions", "not_passed")] == [2, 1]
    assert len(page.context["missing"]) == 3
    sign_all(cycle)
    make_bands(cycle.dealer)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("cycle_publish", args=[cycle.pk]))
    assert LevelDecision.objects.count() == 2
    assert len(get(client, "cycle_publish", cycle.pk).context["awards"]) == 2


def test_an_unsigned_cycle_is_not_published_by_a_post(sign_in, hr, django_capture_on_commit_callbacks):
    cycle = make_cycle("ratified")
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(hr).post(reverse("cycle_publish", args=[cycle.pk]))
    assert Cycle.objects.get().status == "ratified"
    assert not LevelDecision.objects.exists()


def test_managers_who_do_not_run_cycles_see_no_results_before_publication(sign_in):
    cycle = make_cycle("ratified", people=2)
    page = get(sign_in(make_employee("workshop_supervisor")), "cycle_publish", cycle.pk)
    assert page.context["preview"] is None
    assert "100" not in page.content.decode().split("<main")[1]


def test_results_go_back_to_marking_with_a_reason(sign_in, hr):
    cycle = make_cycle("ratified")
    client = sign_in(hr)
    post(client, "cycle_return", cycle.pk, reason="")
    assert Cycle.objects.get().status == "ratified"
    post(client, "cycle_return", cycle.pk, reason="评分录错")
    assert Cycle.objects.get().status == "marking"


def test_hr_waives_by_a_form_with_a_reason(sign_in, hr):
    cycle = make_cycle(people=2)
    candidacy = cycle.candidacies.first()
    Employee.objects.filter(pk=candidacy.employee_id).update(status="on_leave")
    compute_eligibility(cycle=cycle, by=hr.user, at=timezone.now())
    client = sign_in(hr)
    listed = get(client, "cycle_candidates", cycle.pk, sits="no").content.decode()
    assert candidacy.employee.name in listed
    assert reverse("candidacy_waive", args=[candidacy.pk]) in listed
    assert post(client, "candidacy_waive", candidacy.pk, reason="").context["form"].errors
    post(client, "candidacy_waive", candidacy.pk, reason="提前返岗")
    candidacy.refresh_from_db()
    assert candidacy.waived_by == hr.user


@pytest.mark.parametrize(
    "times",
    [
        {"opens_at": "2020-01-01T09:00", "closes_at": "2020-01-01T11:00"},
        {"opens_at": "2999-01-01T09:00", "closes_at": "2999-01-01T08:00"},
        {"opens_at": "morgen", "closes_at": ""},
        {"room": ""},
    ],
)
def test_impossible_times_arrange_nothing(sign_in, hr, times):
    cycle = make_cycle("locked")
    facts = {"opens_at": "2999-01-01T09:00", "closes_at": "2999-01-01T12:00", "room": "A", **times}
    assert sign_in(hr).post(reverse("cycle_sitting", args=[cycle.pk, 1]), facts).status_code == 200
    assert not ComponentSitting.objects.exists()


def test_too_short_a_window_is_refused_in_words(sign_in, hr):
    cycle = make_cycle("locked")
    facts = {"opens_at": "2999-01-01T09:00", "closes_at": "2999-01-01T09:10", "room": "A"}
    page = sign_in(hr).post(reverse("cycle_sitting", args=[cycle.pk, 1]), facts)
    assert page.status_code == 200
    assert page.context["form"].errors["closes_at"]
    assert 'value="A"' in page.text
    assert not ComponentSitting.objects.exists()


# --- examiners ---------------------------------------------------------------------------------


def test_the_queue_says_who_is_left_and_who_is_done(sign_in):
    cycle = make_cycle("marking", people=3)
    coach = panel_member(cycle, "oem_technical_coach")
    (group,) = get(sign_in(coach), "marking_queue").context["groups"]
    assert len(group["practicals"]) == 3
    assert group["done"] in {0, 3}


def test_a_panel_member_compares_and_signs(sign_in):
    boss = make_employee("service_manager")
    cycle = make_cycle("ratified", people=[make_employee("technician", manager=boss), make_employee("technician")])
    client = sign_in(boss)
    rows = get(client, "cycle_sign", cycle.pk).context["rows"]
    assert [row["own_report"] for row in rows] == [True, False]
    post(client, "cycle_sign", cycle.pk)
    assert cycle.panel.get(examiner=boss).signed_by == boss.user
    assert said(post(client, "cycle_sign", cycle.pk))


def test_before_results_are_fixed_there_is_nothing_to_compare(sign_in):
    cycle = make_cycle("marking")
    coach = panel_member(cycle, "oem_technical_coach")
    page = get(sign_in(coach), "cycle_sign", cycle.pk)
    assert not page.context["is_fixed"]
    assert "rows" not in page.context


def test_examiners_of_other_panels_do_not_find_it(sign_in):
    cycle = make_cycle("ratified")
    for position in ("oem_technical_coach", "service_manager", "general_manager"):
        assert get(sign_in(make_employee(position)), "cycle_sign", cycle.pk).status_code == 404


# --- staff -------------------------------------------------------------------------------------


def test_staff_see_what_is_asked_as_a_checklist(sign_in, hr):
    person = make_employee("technician")
    cycle = make_cycle(people=[person])
    compute_eligibility(cycle=cycle, by=hr.user, at=timezone.now())
    page = get(sign_in(person), "my_exams")
    assert all(item["ok"] for item in each(page.context["checks"]))
    assert len(page.context["checks"]) == 6


def test_levels_beyond_the_next_are_refused_with_the_reason_and_the_way(sign_in):
    refusals = get(sign_in(make_employee("technician")), "my_exams").context["refusals"]
    assert len(refusals) == 2
    assert all("1" in sentence for sentence in each(refusals))


def test_the_result_is_shown_only_after_publication(sign_in):
    cycle = make_cycle("ratified", people=2)
    person = cycle.candidacies.order_by("pk").first().employee
    client = sign_in(person)
    before = get(client, "my_exams")
    assert before.context["result"] is None
    assert "100" not in before.content.decode().split("<main")[1]
    sign_all(cycle)
    from assessments.grading.actions.publication import publish_cycle

    publish_cycle(cycle=cycle, by=cycle.opened_by, at=NINE)
    after = get(client, "my_exams")
    assert after.context["result"]["certificate"].employee == person
    assert after.context["level"] == 1


def test_people_who_are_not_graded_are_told_who_is(sign_in, hr):
    assert get(sign_in(hr), "my_exams").context["track"] == ""


# --- Today -------------------------------------------------------------------------------------


def titles(person, cycle):
    return [item["title"] for item in due_for(person, timezone.now())]


def test_today_names_what_each_has_to_do_next(hr, django_assert_max_num_queries):
    person = make_employee("technician")
    cycle = make_cycle(people=[person, make_employee("technician")])
    Employee.objects.filter(pk=person.pk).update(status="on_leave")
    compute_eligibility(cycle=cycle, by=hr.user, at=timezone.now())
    assert len(titles(person, cycle)) == 1
    assert len(titles(hr, cycle)) == 1
    for state, count in (("sitting", 1), ("ratified", 1)):
        cycle = make_cycle(state, people=1, dealer=make_dealer(f"YT-{state}"))
        coach = panel_member(cycle, "oem_technical_coach")
        coach.user.has_perm("grading.examine")
        with django_assert_max_num_queries(3):
            assert len(titles(coach, cycle)) == count


# --- access and cost ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cycle", "cycle_candidates", "cycle_publish"])
def test_another_dealers_cycle_is_not_found(sign_in, hr, name):
    cycle = make_cycle(people=1, dealer=make_dealer("YT02"))
    assert get(sign_in(hr), name, cycle.pk).status_code == 404


@pytest.mark.parametrize("name", ["cycle_step", "cycle_eligibility", "cycle_panel", "cycle_return", "cycle_publish"])
def test_another_dealers_cycle_is_not_moved(sign_in, hr, name):
    cycle = make_cycle(people=1, dealer=make_dealer("YT02"))
    assert sign_in(hr).post(reverse(name, args=[cycle.pk])).status_code == 404


@pytest.mark.parametrize("position", ["technical_supervisor", "service_manager", "general_manager", "technician", "oem_technical_coach"])
def test_only_hr_runs_cycles(sign_in, position):
    cycle = make_cycle("locked", people=1)
    client = sign_in(make_employee(position))
    for name in ("cycle_step", "cycle_eligibility", "cycle_panel", "cycle_return"):
        assert client.post(reverse(name, args=[cycle.pk])).status_code == 403
    assert get(client, "cycle_new").status_code == 403
    assert get(client, "cycle_sitting", cycle.pk, 1).status_code == 403
    assert get(client, "candidacy_waive", cycle.candidacies.first().pk).status_code == 403
    assert Cycle.objects.get().status == "locked"


def test_a_manager_who_may_look_cannot_publish_by_a_post(sign_in):
    cycle = make_cycle("ratified", people=2)
    sign_all(cycle)
    assert post(sign_in(make_employee("general_manager")), "cycle_publish", cycle.pk).status_code == 403
    assert Cycle.objects.get().status == "ratified"


@pytest.mark.parametrize("name", ["my_exams", "marking_queue", "cycles", "cycle_new"])
def test_signed_out_visitors_are_sent_to_sign_in(name):
    assert reverse("account_login") in Client().get(reverse(name)).url


def cost(client, name, *args):
    get(client, name, *args)
    with CaptureQueriesContext(connection) as queries:
        assert get(client, name, *args).status_code == 200
    return len(queries)


def test_the_list_of_cycles_costs_the_same_for_1_and_30(sign_in, hr):
    make_cycle(people=1)
    client = sign_in(hr)
    one = cost(client, "cycles")
    year, quarter = 2026, 1
    for _number in range(29):
        year, quarter = previous(year, quarter)
        Cycle.objects.create(dealer=hr.dealer, track="technical", year=year, quarter=quarter)
    assert cost(client, "cycles") == one <= 15


@pytest.mark.parametrize("name", ["cycle_candidates", "cycle", "cycle_publish"])
def test_the_pages_of_a_cycle_cost_the_same_for_2_and_30_candidates(sign_in, hr, name):
    cycle = make_cycle(people=2)
    make_panel(cycle)
    client = sign_in(hr)
    two = cost(client, name, cycle.pk)
    for _number in range(28):
        make_employee("technician", sign_in=False)
    compute_eligibility(cycle=cycle, by=hr.user, at=timezone.now())
    assert (
        cost(client, name, cycle.pk) <= two + 3
    )  # once someone may sit, the guard looks for means of the level, and for training closed since
    assert two <= 25


@pytest.mark.parametrize("people", [2, 8])
def test_sign_screen_and_queue_cost_the_same_however_many(sign_in, people):
    cycle = make_cycle("ratified", people=people)
    client = sign_in(panel_member(cycle, "oem_technical_coach"))
    assert cost(client, "cycle_sign", cycle.pk) <= 15
    assert cost(client, "marking_queue") <= 15


@pytest.mark.parametrize(("level", "beyond"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_at_every_level_the_page_says_of_those_beyond_the_next_why_they_are_closed(level, beyond):
    assert len(refusals_for(level, None)) == beyond
