"""What a page says of a grading is so now, or says when it was; a state has one word wherever it stands."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from assessments.exams.actions.attempts import start_attempt, void_attempt
from assessments.exams.models import Paper
from assessments.grading.actions.candidates import compute_eligibility
from assessments.grading.actions.decisions import lower_level
from assessments.grading.models import Candidacy
from assessments.grading.queries.components import arrangements_of
from assessments.grading.queries.findings import grounds_of
from assessments.grading.queries.ladder import step_shown
from lms.people.models import Employee
from tests.assessments.grading.test_findings import attended
from tests.each import each
from tests.factories import make_award, make_cycle, make_employee, make_published_cycle
from tests.factories.grading import CODE, bring_to, opens_at, paper_of, sit

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def page_of(client, name, *args):
    return client.get(reverse(name, args=args), headers=ENGLISH).content.decode()


def candidate_of(cycle):
    return cycle.candidacies.select_related("employee__user", "cycle__dealer").order_by("employee__number").first()


# --- What was true weeks ago -----------------------------------------------------------------------------------------


def test_the_own_checklist_says_of_which_moment_it_is_and_ends_with_the_lock(sign_in):
    cycle = make_cycle("open", people=1)
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=cycle.opened_at)
    person = candidate_of(cycle).employee
    assert "HR looks again before the cycle is locked" in page_of(sign_in(person), "today")
    shown = step_shown(Employee.objects.get(pk=person.pk))
    assert (shown["as_of"], bool(shown["checks"])) == (cycle.opened_at, True)
    locked = candidate_of(make_cycle("locked", people=1, track="service")).employee
    assert step_shown(Employee.objects.get(pk=locked.pk)) == {"level": 0, "next_level": 1, "checks": [], "as_of": None}
    page = page_of(sign_in(locked), "my_exams")
    assert "HR looks again" not in page
    assert "fixed since the cycle was locked" in page


def test_after_a_promotion_only_the_next_step_is_open(sign_in):
    """A cycle that was opened before the step was given still asks for the old one: it says nothing until HR computes again."""
    cycle = make_cycle("open", people=1)
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=cycle.opened_at)
    person = candidate_of(cycle).employee
    Candidacy.objects.filter(employee=person).update(is_eligible=False)
    assert "Before you may sit for Level 1" in page_of(sign_in(person), "today")
    make_award(make_published_cycle(track="technical", year=2025, quarter=4), employee=person)
    for name in ("today", "my_exams"):
        page = page_of(sign_in(person), name)
        assert "Before you may sit" not in page
        assert "What Level 1" not in page


# --- What a finding rests on -----------------------------------------------------------------------------------------


def test_a_finding_names_the_sessions_that_it_rests_on_and_leads_to_them(sign_in):
    cycle = make_cycle("open", people=1)
    missed = attended(candidate_of(cycle).employee, "absent")
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=cycle.opened_at + timedelta(days=30))
    candidacy = candidate_of(cycle)
    with translation.override("en"):
        ((words, address),) = grounds_of(candidacy)["attendance"]
    assert address == reverse("session", args=[missed.session_id])
    assert words.endswith("Absent")
    for reader, name, args in (
        (candidacy.employee, "my_exams", []),
        (Employee.objects.get(user=cycle.opened_by), "candidacy_waive", [candidacy.pk]),
    ):
        assert address in page_of(sign_in(reader), name, *args)


# --- Handed in is not begun ------------------------------------------------------------------------------------------


@pytest.fixture
def room():
    """Three papers: one handed in, one under way, one that was handed in and voided."""
    cycle = make_cycle("sitting", people=3)
    done, under_way, gone = cycle.candidacies.select_related("employee__user", "cycle").order_by("employee__number")
    sit(done)
    sit(gone)
    start_attempt(paper=paper_of(under_way), access_code=CODE, by=under_way.employee.user, at=opens_at(cycle))
    void_attempt(attempt=paper_of(gone).attempt, reason="手机", by=make_employee("hr_officer").user, at=opens_at(cycle))
    return cycle


def test_handed_in_counts_what_was_handed_in(room):
    (row,) = arrangements_of(room, timezone.now())[0]["rows"]
    assert (row.papers, row.begun, row.working, row.handed_in) == (3, 3, 1, 1)


def test_a_paper_has_one_word_on_the_list_and_on_its_page(room, sign_in):
    papers = Paper.objects.select_related("attempt").order_by("candidate__number")
    assert [str(paper.state) for paper in papers] == ["handed_in", "in_progress", "voided"]
    url = reverse("sitting_paper", args=[papers[0].pk])
    hr = sign_in(Employee.objects.get(user=room.opened_by))
    assert "Handed in" in hr.get(url, headers=ENGLISH).content.decode()
    # Opening it hands in what is past its time, and shows the room again.
    room_page = hr.get(reverse("sitting", args=[papers[0].sitting_id]), headers=ENGLISH, follow=True)
    assert "Handed in" in room_page.content.decode()


# --- One word a state ------------------------------------------------------------------------------------------------


def test_whoever_was_not_admitted_is_called_so_in_list_file_and_on_their_page(sign_in):
    cycle = make_cycle("open", people=3)
    barred = candidate_of(cycle).employee
    Employee.objects.filter(pk=barred.pk).update(status="on_leave")
    bring_to(cycle, "published", by=cycle.opened_by)
    hr = sign_in(Employee.objects.get(user=cycle.opened_by))
    people = reverse("cycle_candidates", args=[cycle.pk])
    listed = hr.get(people + "?outcome=excluded").context["list"]
    assert [candidacy.employee_id for candidacy in listed.queryset] == [barred.pk]
    pages = [hr.get(people), hr.get(people + "?export=csv"), hr.get(reverse("cycle_publish", args=[cycle.pk]))]
    pages.append(sign_in(barred).get(reverse("my_exams")))
    for page in each(b"".join(page.streaming_content if page.streaming else [page.content]).decode() for page in pages):
        assert "未获参评资格" in page


# --- Who decided -----------------------------------------------------------------------------------------------------


def test_a_lowering_says_who_decided_it(sign_in):
    award = make_award()
    hr = make_employee("hr_officer", name="何静")
    lower_level(employee=award.employee, track=award.track, from_level=1, reason="违反安全规程", by=hr.user, at=timezone.now())
    for reader in each([hr, award.employee]):
        page = page_of(sign_in(reader), "person", award.employee_id)
        assert "decided by 何静" in page
