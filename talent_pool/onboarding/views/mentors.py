"""HR's mentors: who is named, with how many newcomers, and until when."""

from dataclasses import replace

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.acting import attempt, form_on, open_to
from lms.common.lists import Column, List
from lms.common.shown import facts_of
from lms.people.queries import sees_several_dealers
from talent_pool.onboarding.actions.naming import CHANGED, change_load, end_mentor, name_mentor
from talent_pool.onboarding.forms import EndForm, LoadForm, MentorFilter, MentorForm
from talent_pool.onboarding.permissions import NAME, VIEW, may_end
from talent_pool.onboarding.queries.books import task_books_visible_to
from talent_pool.onboarding.queries.mentors import loads_of, mentors_visible_to


def _works_here(mentor):
    person = mentor.employee
    return person.is_here and person.is_staff and person.dealer_id == mentor.dealer_id


def state_words(mentor):
    if not mentor.is_open:
        return _("Ended")
    return _("Named") if _works_here(mentor) else _("No longer works here")


def state_tone(mentor):
    return "" if not mentor.is_open else "good" if _works_here(mentor) else "warn"


class MentorList(List):
    name = "mentors"
    columns = [
        Column("employee.name", gettext_lazy("Mentor"), sort="employee__name", link=lambda one: reverse("mentor", args=[one.pk])),
        Column("employee.number", gettext_lazy("Employee number"), sort="employee__number"),
        Column("employee.position.name", gettext_lazy("Position")),
        Column("dealer.name", gettext_lazy("Dealer"), sort="dealer__code"),
        Column("load", gettext_lazy("Newcomers now"), value=lambda one: f"{one.load} / {one.most_at_once}", numeric=True),
        Column("appointed_at", gettext_lazy("Named on"), sort="appointed_at"),
        Column("state", gettext_lazy("State"), value=state_words, badge=state_tone),
    ]
    filterset = MentorFilter
    default_sort = "employee.name"
    empty_icon, empty_title = "mentor", gettext_lazy("No mentors yet")
    empty_text = gettext_lazy("HR names experienced staff as mentors. They sign off the tasks of newcomers.")

    def __init__(self, request, queryset):
        super().__init__(request, queryset)
        if not sees_several_dealers(request.user):
            self.columns = [replace(one, shown=False) if one.name == "dealer.name" else one for one in self.columns]

    @cached_property
    def page(self):
        page = super().page
        _with_load(page.rows)
        return page

    def export_rows(self):
        columns = [column for column in self.columns if column.exported]
        return ([column.of(one) for column in columns] for one in _with_load(list(self.queryset)))


def _with_load(mentors):
    loads = loads_of([one.employee_id for one in mentors])
    for one in mentors:
        one.load = loads[one.employee_id]
    return mentors


@open_to(NAME, VIEW)
@require_safe
def mentors(request):
    return MentorList(request, mentors_visible_to(request.user)).response("talent_pool/onboarding/mentors.html")


@open_to(NAME)
@require_http_methods(["GET", "POST"])
def mentor_new(request):
    form = MentorForm(request.POST or None, by=request.user)
    if form.is_valid():
        mentor = attempt(request, name_mentor, _named, form=form, **form.cleaned_data)
        if mentor:
            return redirect("mentors")
    return render(request, "talent_pool/onboarding/mentor_new.html", {"form": form})


def _named(mentor):
    return _("%(name)s is named as a mentor.") % {"name": mentor.employee.name}


@open_to(NAME, VIEW)
@require_safe
def mentor(request, pk):
    return _page(request, _mentor(request, pk))


def _mentor(request, pk):
    return get_object_or_404(mentors_visible_to(request.user), pk=pk)


def _page(request, mentor, load_form=None, end_form=None):
    changes = mentor.is_open and may_end(request.user, mentor)
    books = task_books_visible_to(request.user).filter(mentor=mentor.employee, dealer=mentor.dealer)
    context = {
        "mentor": mentor,
        "works_here": _works_here(mentor),
        "books": list(books.filter(closed_at=None)),
        "closed_count": books.exclude(closed_at=None).count(),
        "load_form": (load_form or _load_form(mentor)) if changes else None,
        "end_form": (end_form or EndForm(auto_id="id_end_%s")) if changes else None,
    }
    return render(request, "talent_pool/onboarding/mentor.html", context)


def _load_form(mentor, data=None):
    return LoadForm(data, initial={"most_at_once": mentor.most_at_once}, facts=facts_of(mentor, *CHANGED))


@open_to(NAME)
@form_on(mentor)
def mentor_load(request, pk):
    one = _mentor(request, pk)
    form = _load_form(one, request.POST)
    if form.is_valid() and attempt(request, change_load, _("The number is saved."), form=form, mentor=one, **form.cleaned_data):
        return redirect("mentor", pk)
    return _page(request, one, load_form=form)


@open_to(NAME)
@form_on(mentor)
def mentor_end(request, pk):
    one = _mentor(request, pk)
    form = EndForm(request.POST, auto_id="id_end_%s")
    if form.is_valid() and attempt(request, end_mentor, _("The appointment has ended."), form=form, mentor=one, **form.cleaned_data):
        return redirect("mentors")
    return _page(request, one, end_form=form)
