"""One way from a view to an action and back: open to whom, fetched in scope, one call, a refusal where it belongs.

    @open_to("grading.run_cycles")
    def candidacy_waive(request, pk):
        candidacy = get_object_or_404(candidacies_visible_to(request.user), pk=pk)
        form = ReasonForm(request.POST or None)
        if form.is_valid() and attempt(request, waive, _("…"), form=form, candidacy=candidacy, **form.cleaned_data):
            return redirect(…)
        return render(…)             # with what was typed, and the refusal at its field

Wrong hands are not caught here: Django answers them with the 403 page, which says the sentence. No page offers its reader a
button that is not theirs, so whoever sees that page came by an address or an old tab.
"""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.views.decorators.http import require_POST

from lms.common.shown import ChangedMeanwhile, ShownForm
from lms.common.states import Refused, WrongHands


def open_to(*permissions, post=False):
    """Signed in and holding one of the permissions; none named: whoever is signed in. With `post`, by POST alone."""

    def decorate(view):
        @wraps(view)
        @login_required
        def guarded(request, *args, **kwargs):
            if permissions and not any(map(request.user.has_perm, permissions)):
                raise PermissionDenied
            return answer(request, *args, **kwargs)

        answer = require_POST(view) if post else view
        return guarded

    return decorate


def form_on(page):
    """The view of a form that stands on the page of another view, `page`. Asked for by GET (a reload after a refusal, a return
    from signing in, the other language), it is that page; posted, it is the view's."""

    def decorate(view):
        @wraps(view)
        def shown(request, **kwargs):
            return view(request, **kwargs) if request.method == "POST" else page(request, **kwargs)

        return shown

    return decorate


def attempt(request, action, done="", *, form=None, **values):
    """Call one action as the person signed in, now. Returns what it gives (True for None), or None when it refused.

    A refusal stands at its field of the bound `form`, else at the form's head; without a form it is a message. `done` is
    said when it worked; a function of the result where the words need it.
    """
    try:
        result = action(by=request.user, at=timezone.now(), **values)
    except WrongHands:
        raise
    except Refused as refusal:
        _say(request, refusal, form)
        return None
    if done:
        messages.success(request, done(result) if callable(done) else done)
    return True if result is None else result


def _say(request, refusal, form):
    is_behind = isinstance(refusal, ChangedMeanwhile)
    if form is None or (is_behind and not isinstance(form, ShownForm)):
        messages.error(request, str(refusal))
    else:
        if is_behind:
            form.show_now(refusal.now)
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def first_error(form):
    """The first thing wrong with a form whose page is not shown again."""
    return next(iter(form.errors.values()))[0]
