"""Two requests at the same moment, in threads on PostgreSQL: a completion is recorded once and never missed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Signal
from time import sleep

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from courses.learning.actions import open_lesson, record_lesson_done
from courses.learning.models import Completion, Enrolment, LessonProgress
from lms.audit.models import Event
from tests.factories import make_employee
from tests.factories.courses import make_course

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("threads write at once only on PostgreSQL")


def at_once(work, things):
    barrier = Barrier(len(things))

    def run(thing):
        try:
            barrier.wait()
            return work(thing)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(run, things))


def test_opening_a_lesson_in_two_tabs_enrols_once():
    ann, course = make_employee(), make_course(lessons=1)
    lesson = course.get_children().specific().get()
    at_once(lambda _tab: open_lesson(employee=ann, lesson=lesson, by=ann.user, at=timezone.now()), [1, 2, 3, 4])
    assert Enrolment.objects.count() == LessonProgress.objects.count() == 1


@pytest.mark.parametrize("lessons", [1, 4])
def test_finishing_the_last_lessons_at_once_completes_the_course_once(lessons):
    ann, course = make_employee(), make_course(lessons=lessons)
    pages = list(course.get_children().specific())
    for page in pages:
        enrolment = open_lesson(employee=ann, lesson=page, by=ann.user, at=timezone.now()).enrolment
    pages = pages if lessons > 1 else pages * 4
    at_once(lambda page: record_lesson_done(enrolment=enrolment, lesson=page, by=ann.user, at=timezone.now()), pages)
    assert Completion.objects.count() == 1
    assert Event.objects.filter(verb="learning.completed").count() == 1


def test_two_last_lessons_finished_while_neither_is_committed_still_complete_the_course():
    ann, course = make_employee(), make_course(lessons=2)
    first, second = course.get_children().specific()
    for page in (first, second):
        enrolment = open_lesson(employee=ann, lesson=page, by=ann.user, at=timezone.now()).enrolment
    first_is_done = Signal()

    def finish_slowly():
        try:
            with transaction.atomic():
                record_lesson_done(enrolment=enrolment, lesson=first, by=ann.user, at=timezone.now())
                first_is_done.set()
                sleep(0.5)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(finish_slowly)
        first_is_done.wait(timeout=10)
        record_lesson_done(enrolment=enrolment, lesson=second, by=ann.user, at=timezone.now())
        slow.result()
    assert Completion.objects.count() == 1
