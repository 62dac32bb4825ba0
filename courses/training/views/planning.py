from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.training.actions.programmes import change_check_in, open_programme, plan_quarter
from courses.training.forms import CheckInForm, ProgrammeForm
from courses.training.kinds import ONCE, names_once
from courses.training.models import Programme
from courses.training.permissions import kinds_opened_by, may_open, may_organise
from courses.training.queries.attention import unlisted_words
from courses.training.queries.plans import plan_of
from courses.training.queries.sessions import programmes_visible_to
from courses.training.queries.shown import check_in_shown
from courses.training.views.board import quarter_from, quarter_name, weekday_name
from courses.training.views.shared import holiday_link
from lms.audiences.queries import rule_of
from lms.audiences.sentences import sentence_of
from lms.common.acting import attempt, open_to
from lms.common.outside import whole_number
from lms.common.quarters import first_day, following, previous, quarter_of
from lms.common.states import require
from lms.people.permissions import employee_of


@open_to("training.open_programmes")
@require_http_methods(["GET", "POST"])
def programme_new(request):
    employee = employee_of(request.user)
    if employee is None:
        messages.error(request, _("A programme belongs to a dealer, and this account to none."))
        return redirect("training_board")
    offered = kinds_opened_by(request.user, employee.dealer_id)
    form = ProgrammeForm(request.POST or None, dealer=employee.dealer, offered=offered, organiser=employee.pk)
    if form.is_valid():
        done = _("The programme is open. Look at its dates, then plan the quarter.")
        programme = attempt(request, open_programme, done, form=form, dealer=employee.dealer, **form.cleaned_data)
        if programme:
            return redirect(_next_page(request, programme))
    return render(request, "courses/training/programme_new.html", {"form": form})


@open_to("training.open_programmes")
@require_http_methods(["GET", "POST"])
def programme_check_in(request, pk):
    """When its rooms open and its sessions may be closed: a setting of whoever may open the programme."""
    programme = get_object_or_404(programmes_visible_to(request.user), pk=pk, status=Programme.Status.OPEN)
    require(may_open(request.user, programme.dealer_id, programme.kind), _("This is set by those who may open it at their own dealer."))
    initial = {name: getattr(programme, name) for name in ("opens_before", "closes_before")}
    form = CheckInForm(request.POST or None, initial=initial, facts=check_in_shown(programme))
    if form.is_valid():
        done = _("Saved. It holds for all sessions that are not closed yet.")
        if attempt(request, change_check_in, done, form=form, programme=programme, **form.cleaned_data):
            return redirect("training_board")
    return render(request, "courses/training/programme_check_in.html", {"form": form, "programme": programme})


def _next_page(request, programme):
    """Its dates, for whoever may plan them; whoever only opens it sees for whom it is."""
    if programme.rules.every != ONCE and may_organise(request.user, programme):
        return f"{reverse('plan_quarter')}?programme={programme.pk}"
    return reverse("programme_audience", args=[programme.pk])


@open_to("training.organise_sessions")
@require_http_methods(["GET", "POST"])
def plan(request):
    """All dates, moves and presenters of a quarter, before anything is saved; then the same, saved."""
    found = programmes_visible_to(request.user).filter(status=Programme.Status.OPEN).exclude(kind__in=names_once())
    programmes = [one for one in found if may_organise(request.user, one)]
    asked = request.POST.get("programme") or request.GET.get("programme")
    if asked:
        visible = programmes_visible_to(request.user).filter(pk__in=[one.pk for one in programmes])
        programme = get_object_or_404(visible, pk=whole_number(asked) or 0)
    elif programmes:
        programme = programmes[0]
    else:
        messages.info(request, _("No programme is open yet. Open one, then plan its quarter."))
        return redirect("programme_new" if request.user.has_perm("training.open_programmes") else "training_board")
    text = request.POST.get("quarter") or request.GET.get("quarter")
    year, quarter = quarter_from(text, timezone.localdate()) if text else _quarter_to_plan(programme)
    if request.method == "POST":
        values = {"programme": programme, "year": year, "quarter": quarter, "seen": request.POST.get("seen", "")}
        if attempt(request, plan_quarter, _planned_words, **values):
            return redirect(f"{reverse('training_board')}?quarter={year}-{quarter}")
    return render(request, "courses/training/plan.html", _preview(request, programme, programmes, year, quarter))


def _planned_words(plan):
    words = {"quarter": quarter_name(plan.year, plan.quarter), "new": plan.count("new"), "changed": plan.count("changed")}
    return _("%(quarter)s is planned: %(new)s sessions new, %(changed)s changed.") % words


def _preview(request, programme, programmes, year, quarter):
    here = quarter_of(timezone.localdate())
    quarters = {here, following(*here), following(*following(*here)), (year, quarter), previous(*here)}
    preview = plan_of(programme, year, quarter, timezone.now())
    for row in preview.rows:
        row.weekday = weekday_name(row.week.on.weekday()) if row.week.on else ""
    return {
        "programme": programme,
        "programmes": programmes,
        "plan": preview,
        "unlisted": [unlisted_words(one) for one in preview.unlisted],
        "holiday_link": holiday_link(request.user),
        "quarter": f"{year}-{quarter}",
        "quarter_name": quarter_name(year, quarter),
        "quarters": [(f"{one}-{number}", quarter_name(one, number)) for one, number in sorted(quarters)],
        "weekday": weekday_name(programme.weekday),
        "audience": sentence_of(rule_of(programme.audience), request.user),
        "may_say_for_whom": may_open(request.user, programme.dealer_id, programme.kind),
    }


def _quarter_to_plan(programme):
    """The present quarter while it has no session to come, otherwise the next."""
    here = quarter_of(timezone.localdate())
    coming = programme.sessions.filter(on__gte=timezone.localdate(), on__lt=first_day(*following(*here))).exclude(status="cancelled")
    return following(*here) if coming.exists() else here
