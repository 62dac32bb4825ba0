"""Schools, and whom to call there."""

from django.http import Http404
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
from lms.people.actions.sign_in import issue_first_password
from lms.people.filters import OfDealers
from lms.people.models import Employee
from lms.people.permissions import employee_of
from lms.people.queries import dealers_visible_to
from talent_pool.schools.actions import schools as actions
from talent_pool.schools.actions.schools import CONTACT_SHOWN, SCHOOL_SHOWN
from talent_pool.schools.forms import ContactEndForm, ContactForm, LetInForm, SchoolForm
from talent_pool.schools.models import Contact
from talent_pool.schools.permissions import MANAGE, VIEW, may_keep_school
from talent_pool.schools.queries.agreements import duties_open, places_by_agreement, with_agreements
from talent_pool.schools.queries.classes import with_counts
from talent_pool.schools.queries.visible import agreements_visible_to, classes_visible_to, schools_visible_to, students_visible_to
from talent_pool.schools.terms import SOON, graduation_year, tone_of
from talent_pool.schools.views.shared import form_page, password_sheet, posted


class SchoolFilter(OfDealers):
    q = WordsFilter(label=gettext_lazy("Name or code"), method="search")
    dealer_path = "agreements__dealer"

    def search(self, queryset, name, value):
        return queryset.filter(holding(value, "name_zh") | holding(value, "name_en") | holding(value, "code"))

    def of_dealer(self, queryset, name, value):
        return super().of_dealer(queryset, name, value).distinct()


def ends_soon(school):
    return school.next_end is not None and school.next_end - timezone.localdate() <= SOON


def places_words(school):
    return f"{school.taken} / {school.quota}" if school.in_force else ""


class SchoolList(List):
    name = "schools"
    filterset = SchoolFilter
    columns = [
        Column("name", gettext_lazy("School"), sort="name_zh", link=lambda s: reverse("school", args=[s.pk])),
        Column("code", gettext_lazy("School code"), sort="code"),
        Column("city", gettext_lazy("City"), sort="city"),
        Column("in_force", gettext_lazy("Agreements in force"), sort="in_force", numeric=True),
        Column(
            "next_end", gettext_lazy("Next to end"), value=lambda s: s.next_end, sort="next_end",
            badge=lambda s: "warn" if ends_soon(s) else "" if s.next_end else None,
        ),
        Column(
            "places", gettext_lazy("Places taken of those a year"), value=places_words, numeric=True,
            link=lambda s: f"{reverse('students')}?school={s.pk}&year={graduation_year(timezone.localdate())}" if s.in_force else "",
        ),
    ]  # fmt: skip
    empty_icon, empty_title = "school", gettext_lazy("No schools yet")
    empty_text = gettext_lazy("Add the school first; then record the agreement with it, its classes and students.")

    @staticmethod
    def records(user):
        return with_agreements(schools_visible_to(user), user, timezone.localdate())


@open_to(VIEW)
@require_safe
def schools(request):
    context = {"year": graduation_year(timezone.localdate()), "keeps": request.user.has_perm(MANAGE)}
    return SchoolList(request, SchoolList.records(request.user)).response("talent_pool/schools/schools.html", context)


@open_to(MANAGE)
def school_new(request):
    form, own = SchoolForm(posted(request)), employee_of(request.user)
    if own is None:
        raise Http404
    if form.is_valid():
        made = attempt(request, actions.make_school, _("The school is on record."), form=form, group=own.group, **form.cleaned_data)
        if made:
            return redirect("school", pk=made.pk)
    return form_page(request, form, title=_("Add a school"), button=_("Add the school"), back=reverse("schools"))


@open_to(VIEW)
@require_safe
def school(request, pk):
    """The school with its contacts, agreements, what is owed, and classes: of the dealers that the reader sees."""
    found = get_object_or_404(schools_visible_to(request.user).select_related("group"), pk=pk)
    on, user = timezone.localdate(), request.user
    agreements = list(agreements_visible_to(user).filter(school=found).select_related("dealer", "renews", "renewal"))
    places = places_by_agreement(agreements)
    for one in agreements:
        one.places, one.state, one.tone = places[one.pk], one.state_on(on), tone_of(one, on, is_renewed=hasattr(one, "renewal"))
    context = {
        "school": found, "agreements": agreements, "on": on,
        "contacts": found.contacts.select_related("person").order_by("ended_on", "name"),
        "duties": duties_open(user).filter(agreement__school=found),
        "classes": with_counts(classes_visible_to(user).filter(agreement__school=found)),
        "students": students_visible_to(user).filter(school=found).exclude(person__status=Employee.Status.LEFT).count(),
        "keeps": may_keep_school(user, found.group_id),
    }  # fmt: skip
    return render(request, "talent_pool/schools/school.html", context)


def _school(request, pk):
    return get_object_or_404(schools_visible_to(request.user).select_related("group"), pk=pk)


@open_to(MANAGE)
def school_correct(request, pk):
    school = _school(request, pk)
    require(may_keep_school(request.user, school.group_id), actions.whose_school())
    form = SchoolForm(posted(request), school=school, facts=facts_of(school, *SCHOOL_SHOWN))
    if form.is_valid() and attempt(request, actions.correct_school, _("Saved."), form=form, school=school, **form.cleaned_data):
        return redirect("school", pk=pk)
    return form_page(request, form, title=_("Correct the school"), button=_("Save"), back=reverse("school", args=[pk]))


@open_to(MANAGE)
def contact_new(request, pk):
    school = _school(request, pk)
    form = ContactForm(posted(request))
    if form.is_valid() and attempt(
        request, actions.make_contact, _("The contact is on record."), form=form, school=school, **form.cleaned_data
    ):
        return redirect("school", pk=pk)
    return form_page(
        request, form, title=_("Add a contact"), lead=school.name, button=_("Add the contact"), back=reverse("school", args=[pk])
    )


def _contact(request, pk):
    contacts = Contact.objects.filter(school__in=schools_visible_to(request.user)).select_related("school__group", "person__dealer")
    return get_object_or_404(contacts.select_related("person__position", "person__user", "person__group"), pk=pk)


@open_to(MANAGE)
def contact_correct(request, pk):
    contact = _contact(request, pk)
    form = ContactForm(posted(request), contact=contact, facts=facts_of(contact, *CONTACT_SHOWN))
    back = reverse("school", args=[contact.school_id])
    if form.is_valid() and attempt(request, actions.correct_contact, _("Saved."), form=form, contact=contact, **form.cleaned_data):
        return redirect(back)
    return form_page(request, form, title=_("Correct the contact"), lead=contact.school.name, button=_("Save"), back=back)


@open_to(MANAGE)
def contact_end(request, pk):
    contact = _contact(request, pk)
    form = ContactEndForm(posted(request))
    back = reverse("school", args=[contact.school_id])
    if form.is_valid() and attempt(request, actions.end_contact, _("Recorded."), form=form, contact=contact, **form.cleaned_data):
        return redirect(back)
    lead = _("They are no longer whom to call. Whoever signs in as a coordinator can't after that day.")
    title = _("%(name)s is a contact no longer") % {"name": contact.name}
    return form_page(request, form, title=title, lead=lead, button=_("Record it"), tone="danger", back=back)


@open_to(MANAGE)
@never_cache
def contact_let_in(request, pk):
    """A record of a person for the contact, and the first password on its sheet."""
    contact = _contact(request, pk)
    form = LetInForm(posted(request), contact=contact, dealers=dealers_visible_to(request.user), initial=_own_dealer(request))
    back = reverse("school", args=[contact.school_id])
    if form.is_valid():
        made = attempt(request, actions.let_coordinator_in, form=form, contact=contact, **form.cleaned_data)
        if made:
            return _coordinators_sheet(request, made)
    lead = _("They see the classes and students of %(school)s with how far they are, and nothing else.") % {"school": contact.school.name}
    title = _("Give %(name)s a sign-in") % {"name": contact.name}
    return form_page(request, form, title=title, lead=lead, button=_("Give a sign-in"), back=back)


def _own_dealer(request):
    own = employee_of(request.user)
    return {"dealer": own.dealer.code if own else None}


@open_to(MANAGE, post=True)
@never_cache
def contact_password(request, pk):
    contact = _contact(request, pk)
    if contact.person_id is None:
        return redirect("school", pk=contact.school_id)
    return _coordinators_sheet(request, contact)


def _coordinators_sheet(request, contact):
    made = attempt(request, issue_first_password, employee=contact.person)
    words = _("You see the classes and students of %(school)s under “My students”.") % {"school": contact.school.name}
    return password_sheet(request, contact.person, made, back=reverse("school", args=[contact.school_id]), words=words)
