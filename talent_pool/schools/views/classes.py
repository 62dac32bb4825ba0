"""Targeted classes: who is how far in which course."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lms.common.acting import attempt, open_to
from lms.common.states import require
from lms.people.models import Employee
from talent_pool.schools.actions import classes as actions
from talent_pool.schools.forms import ClassCoursesForm, ClassForm
from talent_pool.schools.permissions import COORDINATE, MANAGE, VIEW, may_keep_at
from talent_pool.schools.queries.classes import courses_of, progress_of
from talent_pool.schools.queries.visible import agreements_visible_to, classes_visible_to, students_visible_to
from talent_pool.schools.views.shared import form_page, posted


@open_to(VIEW, COORDINATE)
@require_safe
def targeted_class(request, pk):
    found = get_object_or_404(classes_visible_to(request.user), pk=pk)
    here = students_visible_to(request.user).filter(targeted_class=found).exclude(person__status=Employee.Status.LEFT)
    students = list(here.order_by("code"))
    courses = courses_of([found.pk]).get(found.pk, [])
    rows = progress_of(students, courses, timezone.localdate())
    for place, one in enumerate(courses):
        one.completed = sum(1 for row in rows if row.cells[place].completed_at)
    context = {
        "class": found, "rows": rows, "courses": courses, "keeps": may_keep_at(request.user, found.agreement.dealer),
        "sees_agreement": request.user.has_perm(VIEW),
    }  # fmt: skip
    return render(request, "talent_pool/schools/class.html", context)


@open_to(MANAGE)
def class_new(request, pk):
    agreement = get_object_or_404(agreements_visible_to(request.user), pk=pk)
    require(may_keep_at(request.user, agreement.dealer), actions.whose_class())
    form = ClassForm(posted(request), initial={"major": agreement.majors[0] if agreement.majors else ""})
    if form.is_valid():
        made = attempt(request, actions.make_class, _("The class is on record."), form=form, agreement=agreement, **form.cleaned_data)
        if made:
            return redirect("targeted_class", pk=made.pk)
    lead = f"{agreement.school.name} · {agreement.number}"
    back = reverse("agreement", args=[pk])
    return form_page(request, form, title=_("Add a targeted class"), lead=lead, button=_("Add the class"), back=back)


def _kept(request, pk):
    found = get_object_or_404(classes_visible_to(request.user), pk=pk)
    require(may_keep_at(request.user, found.agreement.dealer), actions.whose_class())
    return found


@open_to(MANAGE)
def class_courses(request, pk):
    found = _kept(request, pk)
    form = ClassCoursesForm(posted(request))
    if (
        form.is_valid()
        and attempt(request, actions.set_courses, _enrolled, form=form, targeted_class=found, **form.cleaned_data) is not None
    ):
        return redirect("targeted_class", pk=pk)
    lead = _("Everyone in the class is enrolled, and whoever joins later. Choose a course again to set another date.")
    title = _("Courses of %(class)s") % {"class": found.name}
    return form_page(request, form, title=title, lead=lead, button=_("Set the courses"), back=reverse("targeted_class", args=[pk]))


def _enrolled(new):
    return ngettext("%(count)d enrolment is new.", "%(count)d enrolments are new.", new) % {"count": new}


@open_to(MANAGE, post=True)
def class_course_drop(request, pk, course_pk):
    found = _kept(request, pk)
    one = get_object_or_404(found.courses.select_related("targeted_class__agreement__dealer", "course"), pk=course_pk)
    attempt(request, actions.drop_course, _("The class follows this course no longer."), class_course=one)
    return redirect("targeted_class", pk=pk)
