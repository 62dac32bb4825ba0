"""What cannot be taken back names whom it hits before it is confirmed."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from assessments.grading.actions.candidates import compute_eligibility
from assessments.grading.queries.consequences import hits_of, hits_of_publication
from assessments.grading.queries.preview import publication_preview
from lms.people.models import Employee
from tests.factories import make_cycle, sit

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def asked(client, url):
    return client.get(url, headers=ENGLISH).content.decode()


def hr_of(cycle):
    return Employee.objects.get(user=cycle.opened_by)


def test_locking_says_who_is_out():
    cycle = make_cycle("open", people=5)
    away = [c.employee for c in cycle.candidacies.order_by("employee__number")[:2]]
    for person in away:
        Employee.objects.filter(pk=person.pk).update(status="on_leave")
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=cycle.opened_at)
    names = ", ".join(person.name for person in away)
    assert hits_of(cycle, "locked", timezone.now()) == ["3 of 5 may sit.", f"2 are out: {names}."]


def test_ending_the_exam_says_who_has_not_begun():
    cycle = make_cycle("sitting", people=3)
    first, *others = cycle.candidacies.select_related("employee__user", "cycle").order_by("employee__number")
    sit(first)
    names = ", ".join(one.employee.name for one in others)
    assert hits_of(cycle, "marking", timezone.now()) == ["1 of 3 papers are handed in.", f"2 have not begun: {names}."]


def test_publishing_says_who_rises_and_how_many_are_told():
    cycle = make_cycle("ratified", people=3)
    rise, told = hits_of_publication(publication_preview(cycle))
    assert rise.startswith("2 rise one level: ")
    assert told == "3 are told their result; 0 had left or were not admitted."


@pytest.mark.parametrize(("state", "words"), [("locked", "2 papers"), ("marking", "outcomes of 2 candidates")])
def test_each_step_says_how_many_it_is_about(state, words):
    cycle = make_cycle("sitting" if state == "locked" else state, people=2)
    step = {"locked": "sitting", "marking": "ratified"}[state]
    assert words in hits_of(cycle, step, timezone.now())[0]


def test_the_question_on_the_page_is_made_of_them(sign_in):
    cycle = make_cycle("ratified", people=2)
    page = asked(sign_in(hr_of(cycle)), reverse("cycle_publish", args=[cycle.pk]))
    assert "0 signatures are lifted" in page
    member = cycle.panel.first()
    cycle.panel.filter(pk=member.pk).update(signed_at=timezone.now(), signed_by=member.examiner.user)
    assert "1 signature is lifted" in asked(sign_in(hr_of(cycle)), reverse("cycle_publish", args=[cycle.pk]))
    opening = make_cycle("open", people=1, track="service")
    assert "may sit" in asked(sign_in(hr_of(opening)), reverse("cycle", args=[opening.pk]))
