"""Courses taken: the required ones of the level that people sit for, and some more of their own choice."""

from datetime import timedelta

from courses.learning.models import Completion, Enrolment, LessonProgress
from lms.people.choices import Track
from tests.load.scale.frame import AIM, BATCH, moment

MAIN_LANGUAGE = "zh-hans"
DONE_REQUIRED, TAKES_MORE = 0.985, 0.25


def add_learning(frame, stores):
    taken = [one for store in stores for track in Track for worker in store.track(track) for one in _taken(frame, store, track, worker)]
    Enrolment.objects.bulk_create([enrolment for enrolment, *_rest in taken], batch_size=BATCH)
    progress, completions = [], []
    for enrolment, course, done, chance in taken:
        progress += _progress(enrolment, course.lessons if done else course.lessons[: len(course.lessons) // 2], chance)
        if done:
            completions.append(_completion(enrolment, course, len(course.lessons)))
    LessonProgress.objects.bulk_create(progress, batch_size=BATCH)
    Completion.objects.bulk_create(completions, batch_size=BATCH)


def _taken(frame, store, track, worker):
    """(enrolment, course, whether it was completed, the generator) for each course that the person took."""
    chance = store.random
    for course in frame.courses[track]:
        asked = course.page.required and course.page.level == AIM
        done = not worker.on_leave and chance.random() < (DONE_REQUIRED if asked else 0.6)
        if asked and not done:
            worker.missing.append(course.page.pk)
        if asked or chance.random() < TAKES_MORE:
            yield _enrolment(frame, worker, course, asked, chance), course, done, chance


def _enrolment(frame, worker, course, asked, chance):
    enrolled_on = frame.first + timedelta(days=chance.randint(0, 50))
    return Enrolment(
        employee=worker.employee,
        course=course.page,
        source=Enrolment.Source.RULE if asked else Enrolment.Source.SELF,
        due_on=frame.locked_on if asked else None,
        enrolled_at=moment(enrolled_on, 8, 30),
        last_lesson=course.lessons[-1] if course.lessons else None,
    )


def _progress(enrolment, lessons, chance):
    for number, lesson in enumerate(lessons):
        opened_at = enrolment.enrolled_at + timedelta(days=number, hours=chance.randint(0, 9))
        yield LessonProgress(
            enrolment=enrolment,
            lesson=lesson,
            opened_at=opened_at,
            done_at=opened_at + timedelta(minutes=lesson.minutes),
            revision_id=lesson.live_revision_id,
            score=100 if chance.random() < 0.6 else 67,
        )


def _completion(enrolment, course, days):
    return Completion(
        employee=enrolment.employee,
        course=course.page,
        revision_id=course.page.live_revision_id,
        language=MAIN_LANGUAGE,
        completed_at=enrolment.enrolled_at + timedelta(days=days, hours=12),
    )
