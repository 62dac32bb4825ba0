from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lms.common.acting import attempt, open_to
from lms.common.registries import digest_of, effects_of
from lms.common.states import require
from lms.people import actions
from lms.people.actions.coming import withdraw_change
from lms.people.actions.rules import not_your_person
from lms.people.ahead import changes_ahead
from lms.people.forms import ContractForm, DepartureForm, DetailsForm, LeaveForm, MoveForm, NewPersonForm, ReturnForm, StaffForm, StatusForm
from lms.people.models import ComingChange, Proposal
from lms.people.permissions import employee_of, may_manage_person
from lms.people.queries import employees_visible_to, leaders_near
from lms.people.signers import is_signer

MANAGE = "people.manage_people"


@dataclass(frozen=True)
class Act:
    """One thing HR does to one person: its form, its action, and the words around them."""

    form: type
    action: Callable
    title: str | Promise
    text: str | Promise
    button: str | Promise
    done: str | Promise
    tone: str = "go"
    for_left: bool = False
    takes_two: bool = True  # where the person is a signer
    for_staff: bool = True

    def suits(self, employee):
        return self.for_left != employee.is_here and (self.for_staff or not employee.is_staff)


ACTS = {
    "staff": Act(
        StaffForm, actions.become_staff, _("Make a staff member"),
        _("They get an employee number and a post of staff. Record, history, courses and results stay."), _("Make a staff member"),
        _("They are a staff member now and sign in by their employee number. Please tell them."), for_staff=False,
    ),
    "move": Act(
        MoveForm, actions.transfer_employee, _("Transfer or promote"),
        _("What they may do here follows the new position; levels and certificates stay."), _("Record it"), _("The move is recorded."),
    ),
    "leave": Act(
        LeaveForm, actions.record_leave, _("Record leave"),
        _("Both days included. Rotation and attendance leave them out."), _("Record leave"), _("The leave is recorded."),
        takes_two=False,
    ),
    "status": Act(
        StatusForm, actions.change_status, _("Change the status"),
        _("Probation ends, or a long absence begins or ends."), _("Change it"), _("The status is changed."),
        takes_two=False,
    ),
    "contract": Act(
        ContractForm, actions.record_contract, _("Contract and probation"),
        _("A contract is signed or renewed, or probation ends on another day. Seen by HR and by the person."),
        _("Record it"), _("The dates are recorded."), takes_two=False,
    ),
    "details": Act(
        DetailsForm, actions.correct_details, _("Correct the details"), "", _("Save"), _("The details are saved."),
    ),
    "departure": Act(
        DepartureForm, actions.record_departure, _("Record the departure"),
        _(
            "They are signed out after their last day and can no longer sign in. A day to come may be entered: until then nothing changes. "
            "History, levels and certificates stay on record."
        ),
        _("Record the departure"), _("The departure is recorded."), tone="danger",
    ),
    "return": Act(
        ReturnForm, actions.return_employee, _("Record the return"),
        _("They come back under their old number, with their levels and certificates, on probation."),
        _("Record the return"), _("Welcome back: the return is recorded."), for_left=True,
    ),
}  # fmt: skip


TOUCHING = (MoveForm, StaffForm, LeaveForm, DepartureForm)


def acts_for(user, employee):
    """[(name, `Act`)] that this reader may do to the person now."""
    if not may_manage_person(user, employee):
        return []
    return [(name, act) for name, act in ACTS.items() if act.suits(employee)]


@open_to(MANAGE)
def person_new(request):
    form = NewPersonForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        made = attempt(request, actions.hire_employee, _hired, form=form, **form.cleaned_data)
        if made:
            return redirect("proposal" if isinstance(made, Proposal) else "person", pk=made.pk)
    return render(
        request,
        "lms/people/person_form.html",
        {
            "title": _("Add a person"), "lead": _("For many people at once, import a file."), "button": _("Add them"), "tone": "go",
            "form": form, "back": reverse("people"), "leaders": leaders_near(employee_of(request.user)),
        },
    )  # fmt: skip


def _hired(made):
    return _waits(made) or _("%(name)s is on board.") % {"name": made.name}


def _later(made):
    return _waits(made) or _comes(made)


def _waits(made):
    if isinstance(made, Proposal):
        return _("%(name)s signs, so this takes two people: your proposal waits for the second.") % {"name": made.name}
    return ""


def _comes(made):
    if isinstance(made, ComingChange):
        words = {"day": formats.date_format(made.on, "DATE_FORMAT")}
        return _("Entered for %(day)s. Until then nothing changes, and it can be withdrawn.") % words
    return ""


@open_to(MANAGE)
def person_act(request, pk, name):
    employee = get_object_or_404(employees_visible_to(request.user).select_related("group", "user"), pk=pk)
    act = ACTS.get(name)
    if act is None or not act.suits(employee):
        raise Http404
    require(may_manage_person(request.user, employee), not_your_person(request.user, employee))
    form = act.form(request.POST if request.method == "POST" else None, by=request.user, employee=employee)
    change = form.change()
    effects = effects_of(change, request.user) if change else []
    touched = {"effects": effects, "seen": digest_of(effects)}
    if request.htmx:
        return render(request, "lms/people/_effects.html", touched)
    # What it leaves open is read before it is recorded: other days or another place are shown once more.
    is_seen = request.POST.get("seen", "") == touched["seen"]
    if request.method == "POST" and form.is_valid() and is_seen:
        made = attempt(request, act.action, lambda made: _later(made) or act.done, form=form, employee=employee, **form.cleaned_data)
        if made:
            return redirect("proposal", pk=made.pk) if isinstance(made, Proposal) else redirect("person", pk=pk)
    lead = act.text
    if act.takes_two and is_signer(employee, timezone.now()):
        two = _("This person signs: a second person confirms a new post, a departure or a new address.")
        lead = f"{lead} {two}".strip()
    return render(
        request,
        "lms/people/person_form.html",
        {
            "title": f"{act.title} · {employee.name}", "lead": lead, "button": act.button, "tone": act.tone,
            "form": form, "back": reverse("person", args=[pk]), "leaders": leaders_near(employee),
            "ahead": [change for change in changes_ahead(employee) if change.kind == name],
            "is_unseen": form.is_bound and not form.errors and not is_seen, "touches": act.form in TOUCHING, **touched,
        },
    )  # fmt: skip


@open_to(MANAGE, post=True)
def leave_withdraw(request, pk, leave_pk):
    employee = get_object_or_404(employees_visible_to(request.user), pk=pk)
    leave = get_object_or_404(employee.leaves.select_related("employee__dealer", "employee__position"), pk=leave_pk)
    attempt(request, actions.withdraw_leave, _("The leave is withdrawn."), leave=leave)
    return redirect("person", pk=pk)


@open_to(MANAGE, post=True)
def coming_change_withdraw(request, pk, change_pk):
    employee = get_object_or_404(employees_visible_to(request.user), pk=pk)
    change = get_object_or_404(employee.coming_changes.select_related("employee__dealer", "employee__position"), pk=change_pk)
    made = attempt(request, withdraw_change, lambda made: _waits_for_withdrawal(made) or _("It is withdrawn."), change=change)
    return redirect("proposal", pk=made.pk) if isinstance(made, Proposal) else redirect("person", pk=pk)


def _waits_for_withdrawal(made):
    return isinstance(made, Proposal) and _(
        "Two people decided this, so a second one confirms that it is withdrawn. Until then it goes on."
    )


@open_to(MANAGE, post=True)
@never_cache
def first_password(request, pk):
    """Show a password once. Not a redirect: it is kept nowhere from which a second page could fetch it."""
    employee = get_object_or_404(employees_visible_to(request.user).select_related("group", "user"), pk=pk)
    made = attempt(request, actions.issue_first_password, _waits, employee=employee)
    if made is None:
        return redirect("person", pk=pk)
    return redirect("proposal", pk=made.pk) if isinstance(made, Proposal) else show_password(request, employee, made)


@open_to(MANAGE, post=True)
def second_factor_reset(request, pk):
    """For whoever lost the phone and the recovery codes; a signer's takes two people."""
    employee = get_object_or_404(employees_visible_to(request.user).select_related("group", "user"), pk=pk)
    made = attempt(request, actions.reset_second_factor, _reset, employee=employee)
    return redirect("proposal", pk=made.pk) if isinstance(made, Proposal) else redirect("person", pk=pk)


def _reset(made):
    return _waits(made) or _(
        "The second step is reset. At the next sign-in they set up a new one, with a code by mail or from another hand."
    )


def show_password(request, employee, password):
    employee.refresh_from_db()
    context = {"person": employee, "password": password, "until": employee.user.temporary_until}
    return render(request, "lms/people/first_password.html", context)


def accounts_are_kept_under_people(request, rest=""):
    """What stands in the place of the course studio's pages for users and groups: nobody has them, technical accounts neither."""
    require(False, _("Accounts, passwords and rights follow people's posts and are kept under People, two people for whoever signs."))
