from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments.grading.actions.decisions import lower_level
from assessments.grading.forms import LoweringForm
from assessments.grading.models import LevelDecision
from assessments.grading.permissions import may_decide
from lms.common.acting import attempt, open_to
from lms.people.models import Employee
from lms.people.permissions import people_scope


@open_to("grading.view_cycles")
def person_levels(request, pk):
    """What made a person's levels what they are; whoever may, lowers one here."""
    person = get_object_or_404(Employee.objects.filter(people_scope(request.user)), pk=pk)
    decides = may_decide(request.user, person) and (person.service_level or person.technical_level)
    form = LoweringForm(request.POST or None, person=person) if decides or request.method == "POST" else None
    done = _("The level of %(name)s is lowered; the reason is on record.") % {"name": person.name}
    if form and form.is_valid() and attempt(request, lower_level, done, form=form, employee=person, **form.decided()):
        return redirect("person_levels", pk=pk)
    decisions = LevelDecision.objects.filter(employee=person).order_by("-decided_at", "-pk")
    decisions = decisions.select_related("decided_by__employee", "confirmed_by__employee")
    return render(request, "assessments/grading/person_levels.html", {"person": person, "decisions": decisions, "form": form})
