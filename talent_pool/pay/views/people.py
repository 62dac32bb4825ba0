"""One person's pay, and who looked at it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lms.common.acting import open_to
from lms.common.lists import Column, List
from lms.people.ahead import changes_ahead
from lms.people.models import Employee
from lms.people.permissions import employee_of, may_manage_person
from lms.people.queries import employees_visible_to
from talent_pool.pay import queries
from talent_pool.pay.permissions import APPROVE, VIEW, may_propose, pay_scope

WHERE = {
    "pay": gettext_lazy("the person's pay"),
    "growth": gettext_lazy("My growth"),
    "pay change": gettext_lazy("rejecting a pay change"),
    "pay after a move": gettext_lazy("deciding on pay after a move"),
    "pay changes": gettext_lazy("the list of pay changes"),
}


def where_of(look):
    """Where the look was, in words; what is not known by name was a payroll file."""
    return WHERE.get(look.after.get("where"), _("a payroll file"))


def reader_of(look):
    """Who looked: name and post, else the account."""
    employee = employee_of(look.actor)
    return f"{employee.name} · {employee.position.name} · {employee.dealer.name}" if employee else str(look.actor or "")


class LookList(List):
    name = "looks-at-pay"
    columns = [
        Column("at", gettext_lazy("When"), value=lambda look: timezone.localtime(look.at), sort="at"),
        Column("actor", gettext_lazy("Who"), value=reader_of),
        Column("where", gettext_lazy("Seen on"), value=where_of),
    ]
    default_sort = "-at"
    empty_icon = "eye"
    empty_title = gettext_lazy("No one has looked yet")
    empty_text = gettext_lazy("Looks by other people are listed here: when, who and where.")


@open_to("grading.view_own_grading")
@require_safe
def my_pay(request):
    """One's own band and the next step's; asked for by My growth as a part of its page."""
    employee = _own(request)
    template = "talent_pool/pay/_my_pay.html" if request.htmx else "talent_pool/pay/my_pay.html"
    return render(request, template, {"pay": queries.pay_of(employee, by=request.user)})


@open_to("grading.view_own_grading")
@require_safe
def my_pay_looks(request):
    """Who looked at my pay."""
    return _looks(request, _own(request))


@open_to(VIEW)
@require_safe
def person_pay(request, pk):
    """Someone's pay, for HR; the look is logged."""
    employee = _readable(request, pk)
    may_decide = request.user.has_perm(APPROVE) and may_propose(request.user, employee, employee.dealer)
    context = {
        "pay": queries.pay_of(employee, by=request.user),
        "employee": employee,
        "may_decide": may_decide,
        "moves": _moves_ahead(request, employee),
    }
    return render(request, "talent_pool/pay/person_pay.html", context)


def _moves_ahead(request, employee):
    """The moves to come, for whoever sees them on the person's page too."""
    found = changes_ahead(employee) if may_manage_person(request.user, employee) else []
    moves = [change for change in found if change.moves_to]
    for change in moves:
        (post, dealer), (new_post, new_dealer) = change.moves_from, change.moves_to
        change.asks_for_pay = (post.track, dealer) != (new_post.track, new_dealer)  # by `in_force.fits`
    return moves


@open_to(VIEW)
@require_safe
def person_pay_looks(request, pk):
    """Who looked at this person's pay, for HR."""
    return _looks(request, _readable(request, pk))


def _looks(request, employee):
    looks = LookList(request, queries.looks_at(employee))
    return looks.response("talent_pool/pay/looks.html", {"employee": employee, "is_mine": employee == employee_of(request.user)})


def _readable(request, pk):
    scope = Employee.objects.filter(pay_scope(request.user)).values("pk")
    return get_object_or_404(employees_visible_to(request.user).filter(pk__in=scope), pk=pk)


def _own(request):
    employee = employee_of(request.user)
    if employee is None:
        raise Http404
    return employee
