from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from courses.learning.actions import enrol
from courses.learning.due import due_for
from courses.learning.models import Completion, Enrolment
from courses.learning.queries import canonical, catalogue_for, course_for, in_reader_language, place_to_go_on, required_courses_missing
from tests.factories import make_employee
from tests.factories.courses import make_course, translate_page

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def complete(employee, course):
    return Completion.objects.create(employee=employee, course=course, language="zh-hans", completed_at=AT)


def test_a_page_is_shown_in_the_readers_language_where_its_translation_is_live():
    course = make_course()
    english = translate_page(course, "Greeting")
    with translation.override("en"):
        assert in_reader_language([course]) == [english]
        english.refresh_from_db()
        english.unpublish()
        assert in_reader_language([course]) == [course]
    with translation.override("zh-hans"):
        assert in_reader_language([course]) == [course]
    assert canonical(english) == course
    assert canonical(course) == course


def test_required_courses_are_missing_until_completed_and_only_those_of_track_and_level():
    ann, bob = make_employee(), make_employee()
    wanted = make_course(required=True)
    for values in ({"required": False}, {"required": True, "level": 2}, {"required": True, "track": "technical"}):
        make_course(**values)
    make_course(required=True, publish=False, live=False)
    complete(ann, wanted)
    assert required_courses_missing([ann.pk, bob.pk], track="service", level=1) == {ann.pk: [], bob.pk: [wanted]}


@pytest.mark.parametrize(
    ("done", "last", "place"),
    [(set(), None, 1), ({1}, 1, 2), ({2}, 2, 3), ({2, 3}, 3, 1), ({1, 2, 3}, 2, 1), (set(), 99, 1)],
)
def test_reading_goes_on_with_the_first_lesson_not_done_after_the_last_one_opened(done, last, place):
    assert place_to_go_on([1, 2, 3], done, last) == place


def test_a_course_knows_its_state():
    ann, course = make_employee(), make_course(lessons=2)
    assert [one.state for one in catalogue_for(ann)] == ["new"]
    enrol(employee=ann, course=course, by=ann.user, at=AT)
    assert [(one.state, one.done, one.total) for one in catalogue_for(ann)] == [("begun", 0, 2)]
    complete(ann, course)
    assert course_for(ann, course.slug).state == "done"


def test_drafts_have_no_place_on_the_shelf():
    make_course("hidden", publish=False, live=False)
    assert catalogue_for(make_employee()) == []
    assert course_for(None, "hidden") is None


def test_what_is_due_first_comes_first_and_what_is_completed_is_gone(django_assert_max_num_queries):
    ann = make_employee()
    free, late, done = make_course(translated=True), make_course(), make_course()
    for course in (free, late, done):
        enrol(employee=ann, course=course, by=ann.user, at=AT)
    Enrolment.objects.filter(course=late).update(due_on=date(2026, 11, 19))
    complete(ann, done)
    with django_assert_max_num_queries(3), translation.override("en"):
        first, second = due_for(ann, AT)
    assert (first["title"], first["now"]) == (late.title, True)
    assert (second["title"], second["at"], second["now"]) == (f"English of {free.slug}", None, False)
    assert second["url"] == f"/learn/{free.slug}/lesson-1/"
