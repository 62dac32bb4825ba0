from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.checks.actions import PASS_MARK, take_check
from assessments.checks.forms import numbers_from, responses_from
from assessments.checks.queries import answered, checks_visible_to, questions_asked, responses_to, shown_versions, tries_of
from assessments.questions.actions import freeze_versions
from courses.learning.queries import course_for, course_of, in_reader_language, live_lesson
from lms.common.acting import attempt, open_to
from lms.people.permissions import employee_of


@require_http_methods(["GET", "HEAD", "POST"])
@open_to("learning.take_courses")
def lesson_check(request, pk):
    """The questions that end a lesson, and their marking."""
    employee, lesson = employee_of(request.user), live_lesson(pk)
    if employee is None or lesson is None or not lesson.check_question_ids:
        raise Http404
    number = tries_of(employee, lesson) + 1
    posted = numbers_from(request.POST.get("versions", ""))
    versions = _versions(lesson, posted, request.user)
    if not versions:
        raise Http404
    responses = responses_from(request.POST, versions) if request.method == "POST" else {}
    if request.method == "POST":
        sent = {"versions": versions, "responses": responses, "number": _number(request, employee, lesson, responses, number)}
        check = attempt(request, take_check, employee=employee, lesson=in_reader_language([lesson])[0], **sent)
        if check:
            return redirect("lesson_check_result", pk=lesson.pk, check=check.pk)
    shown = questions_asked(versions, employee=employee, lesson=lesson, number=number, language=get_language(), responses=responses)
    context = {
        "lesson": in_reader_language([lesson])[0],
        "lesson_url": lesson.url,
        "questions": list(shown),
        "versions": ",".join(str(version.pk) for version in versions),
        "number": number,
        "pass_mark": PASS_MARK,
    }
    return render(request, "assessments/checks/check.html", context)


@require_safe
@open_to("learning.take_courses")
def lesson_check_result(request, pk, check):
    """How a try went: what was right, what was not, and why."""
    check = get_object_or_404(checks_visible_to(request.user).select_related("lesson__locale"), pk=check, lesson=pk)
    employee = check.employee = employee_of(request.user)
    course = course_for(employee, course_of(check.lesson).slug)
    if course is None:
        raise Http404
    place = next((number for number, one in enumerate(course.lessons) if one.page.pk == check.lesson_id), None)
    if place is None:
        raise Http404
    following = course.lessons[place + 1] if place + 1 < course.total else None
    questions = list(answered(check, get_language()))
    context = {
        "check": check,
        "questions": questions,
        "right": sum(one["is_right"] for one in questions),
        "lesson": course.lessons[place],
        "course": course,
        "following": following,
        "pass_mark": PASS_MARK,
    }
    return render(request, "assessments/checks/result.html", context)


def _versions(lesson, posted, user):
    """The lesson's questions in order, each in the version that stood on the page, or as it reads now."""
    ids = lesson.check_question_ids
    shown = shown_versions(posted, ids) if posted else {}
    if not shown.keys() >= set(ids):
        shown = freeze_versions(ids, by=user) | shown
    return [shown[pk] for pk in ids if pk in shown]


def _number(request, employee, lesson, responses, following):
    """The number of this try: an old one only if the very same answers are sent again (a double click, a reload)."""
    sent = numbers_from(request.POST.get("try", ""))
    earlier = checks_visible_to(request.user).filter(lesson=lesson, number__in=sent).first()
    if earlier is None:
        return following
    if responses_to(earlier) != responses:
        messages.info(request, _("You had sent this page before; this counts as a new try."))
        return following
    return earlier.number
