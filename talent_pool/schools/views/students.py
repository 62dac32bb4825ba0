"""Students: the list, one student, and what HR records about them."""

import django_filters
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.common.acting import attempt, open_to
from lms.common.lists import Column, List, WordsFilter
from lms.common.search import holding
from lms.common.shown import facts_of
from lms.common.states import require
from lms.common.typed import folded
from lms.people.filters import OfDealers
from lms.people.models import Employee
from lms.people.permissions import employee_of
from lms.people.queries import dealers_visible_to
from talent_pool.schools.actions import students as actions
from talent_pool.schools.forms import StudentCorrectionForm, StudentForm, StudentMoveForm
from talent_pool.schools.models import Grade, School, TargetedClass
from talent_pool.schools.permissions import COORDINATE, MANAGE, VIEW, may_keep_at, may_keep_student, may_let_in
from talent_pool.schools.queries.agreements import GRADUATES
from talent_pool.schools.queries.classes import courses_of, progress_of
from talent_pool.schools.queries.grades import grades_of
from talent_pool.schools.queries.visible import classes_visible_to, schools_visible_to, students_visible_to
from talent_pool.schools.views.shared import form_page, password_sheet, posted

Kind = Employee.Kind


class StudentFilter(OfDealers):
    dealer_path = "person__dealer"

    q = WordsFilter(label=gettext_lazy("Name or student code"), method="search")
    school = django_filters.ModelChoiceFilter(
        label=gettext_lazy("School"), queryset=lambda r: schools_visible_to(r.user), empty_label=gettext_lazy("All")
    )
    targeted_class = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Class"), queryset=lambda r: classes_visible_to(r.user), empty_label=gettext_lazy("All")
    )
    year = django_filters.NumberFilter(label=gettext_lazy("Graduates in"), method="of_year", min_value=2000, max_value=2100)
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("What the person is"), field_name="person__kind", empty_label=gettext_lazy("All"),
        choices=[(kind.value, kind.label) for kind in (Kind.STUDENT, Kind.INTERN, Kind.STAFF)],
    )  # fmt: skip

    def search(self, queryset, name, value):
        return queryset.filter(holding(value, "person__name") | Q(code__icontains=folded(value)))

    def of_year(self, queryset, name, value):
        return queryset.annotate(graduation=GRADUATES).filter(graduation=int(value))


def class_of(student):
    return student.targeted_class.name if student.targeted_class else ""


class StudentList(List):
    name = "students"
    filterset = StudentFilter
    columns = [
        Column("person.name", gettext_lazy("Name"), sort="person__name", link=lambda s: reverse("student", args=[s.pk])),
        Column("code", gettext_lazy("Student code"), sort="code"),
        Column("school.name", gettext_lazy("School"), sort="school__code"),
        Column("school.code", gettext_lazy("School code"), shown=False),
        Column(
            "class", gettext_lazy("Class"), value=lambda s: s.targeted_class.name if s.targeted_class else "", sort="targeted_class__name"
        ),
        Column("major", gettext_lazy("Major"), sort="major"),
        Column("graduates_on", gettext_lazy("Graduates on"), sort="graduates_on"),
        Column("person.dealer.name", gettext_lazy("Dealer"), sort="person__dealer__code", shown=False),
        Column("kind", gettext_lazy("What the person is"), value=lambda s: s.person.get_kind_display(), sort="person__kind"),
    ]
    empty_icon, empty_title = "people", gettext_lazy("No students yet")
    empty_text = gettext_lazy("Import the school's list, or add a student on the school's page.")

    @staticmethod
    def records(user):
        return students_visible_to(user).exclude(person__status=Employee.Status.LEFT)


@open_to(VIEW)
@require_safe
def students(request):
    context = {"keeps": request.user.has_perm(MANAGE)}
    return StudentList(request, StudentList.records(request.user)).response("talent_pool/schools/students.html", context)


def _student(request, pk):
    return get_object_or_404(students_visible_to(request.user), pk=pk)


@open_to(VIEW, COORDINATE)
@require_safe
def student(request, pk):
    found, on = _student(request, pk), timezone.localdate()
    courses = courses_of([found.targeted_class_id]).get(found.targeted_class_id, []) if found.targeted_class_id else []
    latest = grades_of([found.pk]).get(found.pk, {})
    context = {
        "student": found, "person": found.person, "progress": progress_of([found], courses, on)[0].cells,
        "grades": [(kind.label, latest.get(kind)) for kind in Grade.Kind], "year": found.school_year(on),
        "keeps": may_keep_student(request.user, found), "lets_in": found.person.is_here and may_let_in(request.user, found),
        "opens_person": request.user.has_perm(VIEW) and request.user.has_perm("people.view_dealer_people"),
    }  # fmt: skip
    return render(request, "talent_pool/schools/student.html", context)


@open_to(MANAGE)
def student_new(request, pk):
    school = get_object_or_404(schools_visible_to(request.user), pk=pk)
    classes = _classes_of(request, school)
    own, wanted = employee_of(request.user), request.GET.get("class", "")
    initial = {"targeted_class": wanted if wanted.isdecimal() else None, "dealer": own and own.dealer.code}
    form = StudentForm(posted(request), classes=classes, dealers=dealers_visible_to(request.user), initial=initial)
    if form.is_valid():
        done = _("The student is on record. Hand over the first password from their page.")
        made = attempt(request, actions.add_student, done, form=form, school=school, **form.cleaned_data)
        if made:
            return redirect("student", pk=made.pk)
    page = {"title": _("Add a student"), "lead": school.name, "button": _("Add the student"), "back": reverse("school", args=[pk])}
    return form_page(request, form, **page)


def _classes_of(request, school: School):
    """The classes of the school that this person keeps."""
    seen = classes_visible_to(request.user).filter(agreement__school=school)
    return TargetedClass.objects.filter(pk__in=[one.pk for one in seen if may_keep_at(request.user, one.agreement.dealer)])


def _kept(request, pk):
    found = _student(request, pk)
    require(may_keep_student(request.user, found), actions.whose_student())
    return found


@open_to(MANAGE)
def student_correct(request, pk):
    found = _kept(request, pk)
    form = StudentCorrectionForm(posted(request), student=found, facts=facts_of(found, *actions.SHOWN))
    if form.is_valid() and attempt(request, actions.correct_student, _("Saved."), form=form, student=found, **form.cleaned_data):
        return redirect("student", pk=pk)
    lead = _("Name, phone and e-mail stand on the person's own page.")
    title = _("Correct the school record of %(name)s") % {"name": found.person.name}
    return form_page(request, form, title=title, lead=lead, button=_("Save"), back=reverse("student", args=[pk]))


@open_to(MANAGE)
def student_move(request, pk):
    found = _kept(request, pk)
    known = {"facts": facts_of(found, "targeted_class"), "initial": {"targeted_class": found.targeted_class_id}}
    form = StudentMoveForm(posted(request), classes=_classes_of(request, found.school), **known)
    if form.is_valid() and attempt(request, actions.move_student, _("Moved."), form=form, student=found, **form.cleaned_data):
        return redirect("student", pk=pk)
    title = _("Move %(name)s to another class") % {"name": found.person.name}
    return form_page(request, form, title=title, button=_("Move the student"), back=reverse("student", args=[pk]))


@open_to(MANAGE, COORDINATE, post=True)
@never_cache
def student_password(request, pk):
    """By HR, or by the coordinator of the student's own school: with the sheet that says how they sign in."""
    found = _student(request, pk)
    made = attempt(request, actions.issue_student_password, student=found)
    words = _("You sign in by your student code, or by it with the school's code before it: as it stands here.")
    return password_sheet(request, found.person, made, back=reverse("student", args=[pk]), words=words)
