"""Exams in the coming weeks, on a person's page, and before a leave or departure."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.exams.actions.attempts import void_attempt
from assessments.exams.effects import sits, watches
from assessments.exams.feed import exams
from assessments.exams.models import Sitting
from assessments.exams.panels import results, sees_results
from lms.common.registries import Change
from tests.factories import NINE, make_attempt, make_dealer, make_employee, make_papers, make_sitting

pytestmark = pytest.mark.django_db
START, END = NINE - timedelta(days=1), NINE + timedelta(days=30)
DAY = timezone.localdate(NINE)


def test_a_seat_stands_in_the_coming_weeks_until_it_is_handed_in():
    (paper,) = make_papers()
    (entry,) = exams(paper.candidate, START, END)
    assert (entry.starts_at, entry.url, entry.place) == (NINE, reverse("exam_start", args=[paper.pk]), "培训室")
    assert list(exams(paper.candidate, START - timedelta(days=40), START)) == []
    attempt = make_attempt(paper)
    assert len(list(exams(paper.candidate, START, END))) == 1
    attempt.submitted_at, attempt.status = NINE, "submitted"
    attempt.save()
    assert list(exams(paper.candidate, START, END)) == []


def test_a_voided_attempt_is_no_coming_exam():
    attempt = make_attempt()
    void_attempt(attempt=attempt, reason="停电", by=make_employee("hr_officer").user, at=NINE)
    assert list(exams(attempt.paper.candidate, START, END)) == []
    assert not list(sits(Change("leave", attempt.paper.candidate, DAY, DAY), make_employee("hr_officer").user))


def test_an_invigilator_has_the_sitting_there_too():
    coach = make_employee("service_manager")
    sitting = make_sitting(invigilator=coach)
    (entry,) = exams(coach, START, END)
    assert entry.url == reverse("sitting", args=[sitting.pk])
    assert entry.note


def test_a_leave_names_the_seats_and_watches_of_its_days_alone():
    (paper,) = make_papers(invigilator=make_employee("service_manager"))
    person, coach, hr = paper.candidate, paper.sitting.invigilator, make_employee("hr_officer").user
    assert len(list(sits(Change("leave", person, DAY, DAY), hr))) == 1
    assert len(list(watches(Change("leave", coach, DAY, DAY), hr))) == 1
    other = DAY + timedelta(days=1)
    assert not list(sits(Change("leave", person, other, other), hr))
    assert not list(watches(Change("leave", coach, other, other), hr))


def test_a_departure_names_them_from_its_day_on_and_a_move_only_to_another_dealer():
    (paper,) = make_papers()
    person, hr = paper.candidate, make_employee("hr_officer").user
    assert len(list(sits(Change("departure", person, DAY), hr))) == 1
    assert not list(sits(Change("move", person, DAY, dealer=person.dealer, position=person.position), hr))
    assert len(list(sits(Change("move", person, DAY, dealer=make_dealer("YT02"), position=person.position), hr))) == 1


def test_whoever_may_not_open_the_sitting_gets_no_link():
    (paper,) = make_papers()
    change = Change("departure", paper.candidate, DAY)
    assert next(sits(change, make_employee("hr_officer").user)).url
    assert not next(sits(change, make_employee("service_supervisor").user)).url


def test_the_panel_shows_results_once_they_are_shown(django_assert_num_queries):
    (paper,) = make_papers()
    attempt = make_attempt(paper)
    attempt.status, attempt.submitted_at, attempt.marked_at, attempt.score = "marked", NINE, NINE, 80
    attempt.save()
    person, hr = paper.candidate, make_employee("hr_officer").user
    assert results(person, hr, NINE) is None
    Sitting.objects.update(results_at=NINE)
    with django_assert_num_queries(1):
        assert [one.score for one in results(person, hr, NINE)["attempts"]] == [80]
    assert results(make_employee(), hr, NINE) is None
    assert sees_results(hr, person)
    assert sees_results(person.user, person)
    assert not sees_results(make_employee("service_supervisor").user, person)
