from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from courses.learning.actions import enrol, enrol_people, open_lesson, record_lesson_done
from courses.learning.forms import CatalogueFilter, EnrolPeopleForm
from courses.learning.models import Completion
from courses.learning.queries import UNDER_WAY, catalogue_for, course_for, people_to_enrol
from lms.common.acting import attempt, open_to
from lms.people.permissions import employee_of


@open_to("learning.take_courses")
@require_safe
def catalogue(request):
    employee = employee_of(request.user)
    form = CatalogueFilter(request.GET)
    courses = catalogue_for(employee)
    own_track = employee.position.track if employee else ""
    found = [one for one in courses if form.wants(one)]
    found.sort(key=lambda one: (one.page.track != own_track, one.page.track, one.page.level))
    shelves = [
        {"track": track, "level": level, "courses": list(group)}
        for (track, level), group in groupby(found, key=lambda one: (one.page.get_track_display(), one.page.level))
    ]
    under_way = [one for one in courses if one.state == UNDER_WAY]
    under_way.sort(key=lambda one: (one.due_on is None, one.due_on, one.page.path))
    context = {"shelves": shelves, "form": form, "is_filtered": bool(form.chosen), "under_way": under_way, "any": bool(courses)}
    return render(request, "courses/learning/catalogue.html", context)


@open_to("learning.take_courses")
@require_safe
def course(request, slug):
    course = _course(request, slug)
    return render(request, "courses/learning/course.html", {"course": course, "lessons": course.lessons, "today": timezone.localdate()})


@open_to("learning.take_courses", post=True)
def course_join(request, slug):
    """Enrol oneself, and go to the first lesson."""
    course = _course(request, slug)
    joined = attempt(request, enrol, employee=_employee(request), course=course.page)
    return redirect(course.next_lesson.url if joined and course.next_lesson else course.url)


@open_to("learning.enrol_others")
@require_http_methods(["GET", "HEAD", "POST"])
def course_assign(request, slug):
    """Put people of one's dealer on a course."""
    course = _course(request, slug)
    people = people_to_enrol(request.user, _employee(request).dealer)
    form = EnrolPeopleForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        values = {"employees": list(form.cleaned_data["people"]), "course": course.page, "due_on": form.cleaned_data["due_on"]}
        if attempt(request, enrol_people, _enrolled_words, form=form, **values) is not None:
            return redirect(course.url)
    return render(request, "courses/learning/assign.html", {"course": course, "form": form})


def _enrolled_words(new):
    return ngettext("%(count)d person is newly enrolled.", "%(count)d people are newly enrolled.", new) % {"count": new}


@open_to("learning.take_courses")
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request, course_slug, slug):
    course = _course(request, course_slug)
    position = next((number for number, one in enumerate(course.lessons) if one.page.slug == slug), None)
    if position is None:
        raise Http404
    if request.method == "POST":
        return _lesson_read(request, course, position)
    here = course.lessons[position]
    employee = employee_of(request.user)
    if employee and request.method == "GET":
        attempt(request, open_lesson, employee=employee, lesson=here.page)
    for page in {here.page, here.shown}:
        page.refresh_from_db(fields=["body", "check_questions"])
    context = {
        "course": course,
        "here": here,
        "lesson": here.shown,
        "has_check": bool(here.page.check_question_ids),
        "number": position + 1,
        "previous": course.lessons[position - 1] if position else None,
        "following": course.lessons[position + 1] if position + 1 < course.total else None,
    }
    return render(request, "courses/learning/lesson.html", context)


def _lesson_read(request, course, position):
    """“I have read this”: done, and on to the next lesson, or back to the course at its end."""
    here = course.lessons[position]
    progress = attempt(request, open_lesson, employee=_employee(request), lesson=here.page)
    done = progress and attempt(request, record_lesson_done, enrolment=progress.enrolment, lesson=here.shown)
    if not done:
        return redirect(here.url)
    if isinstance(done, Completion):
        messages.success(request, _("You have completed “%(course)s”.") % {"course": course.shown.title})
        return redirect(course.url)
    following = course.lessons[position + 1 :]
    return redirect(following[0].url if following else course.url)


def _course(request, slug):
    course = course_for(employee_of(request.user), slug)
    if course is None:
        raise Http404
    return course


def _employee(request):
    """The person who learns; a technical account without one has no progress to keep."""
    employee = employee_of(request.user)
    if employee is None:
        raise Http404
    return employee
