"""Who runs a programme, and handing it on."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.training.actions.hands import hand_on_programme, not_yours
from courses.training.forms import HandsForm
from courses.training.models import Programme
from courses.training.permissions import may_open
from courses.training.queries.sessions import programmes_visible_to
from lms.common.acting import attempt, open_to
from lms.common.states import require


@open_to("training.open_programmes")
@require_http_methods(["GET", "POST"])
def programme_hands(request, pk):
    programme = get_object_or_404(programmes_visible_to(request.user), pk=pk, status=Programme.Status.OPEN)
    require(may_open(request.user, programme.dealer_id, programme.kind), not_yours())
    form = HandsForm(request.POST or None, programme=programme)
    done = _("The programme is handed on.")
    if form.is_valid() and attempt(request, hand_on_programme, done, form=form, programme=programme, **form.cleaned_data):
        return redirect("training_board")
    return render(request, "courses/training/hands.html", {"programme": programme, "form": form})
