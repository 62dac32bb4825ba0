"""For whom a programme is, with a preview of whom a change would hit, before it is saved."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.training.actions.programmes import change_programme_audience
from courses.training.models import Programme
from courses.training.permissions import may_open
from courses.training.queries.sessions import programmes_visible_to
from lms.audiences.forms import AudienceForm
from lms.audiences.queries import preview_of, rule_of
from lms.audiences.rule import rule_at
from lms.audiences.sentences import sentence_of
from lms.common.acting import attempt, open_to
from lms.common.states import require


@open_to("training.open_programmes")
@require_http_methods(["GET", "POST"])
def programme_audience(request, pk):
    programme = _programme(request, pk)
    before = rule_of(programme.audience)
    form = AudienceForm(request.POST or None, user=request.user, rule=before, dealer=programme.dealer)
    rule = rule_at(programme.dealer_id, form.rule) if form.is_valid() else None
    is_preview = "preview" in request.POST
    if is_preview and request.htmx and rule:
        return render(request, "lms/audiences/_preview.html", _preview(request, rule))
    if rule and not is_preview and _saved(request, programme, form, rule):
        return redirect("training_board")
    context = {"programme": programme, "form": form, "sentence": sentence_of(before, request.user)}
    answer = render(request, "courses/training/audience.html", context | _preview(request, rule if form.is_bound else before))
    if request.htmx:
        # What is wrong is said at its field, so the form is drawn anew and not the preview beside it.
        answer["HX-Retarget"] = answer["HX-Reselect"] = "#audience"
    return answer


def _programme(request, pk):
    programme = get_object_or_404(programmes_visible_to(request.user), pk=pk, status=Programme.Status.OPEN)
    words = _("Whom a programme is for is said by those who may open it at their own dealer.")
    require(may_open(request.user, programme.dealer_id, programme.kind), words)
    return programme


def _saved(request, programme, form, rule):
    done = _("Saved. The sessions to come are for these people; rolls that were begun stay as they are.")
    return attempt(request, change_programme_audience, done, form=form, programme=programme, rule=rule, shown=form.cleaned_data["shown"])


def _preview(request, rule):
    """What is shown of whom a rule hits; nothing where the form is wrong and says so."""
    if rule is None:
        return {"preview": None}
    return {"preview": preview_of(rule, request.user, timezone.localdate()), "hits": sentence_of(rule, request.user)}
