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
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.common import limits
from lms.common.kept import FIELD, came_from, is_kept, keep, take
from lms.common.shown import ChangedMeanwhile, ShownForm
from lms.common.states import Refused, WrongHands

CARRIED = ("csrfmiddlewaretoken", FIELD, "shown", "seen")  # by the page, not by its reader
WORTH_COPYING = 15  # characters


def open_to(*permissions, post=False, keeps=True):
    """Signed in and holding one of the permissions; none named: whoever is signed in. With `post`, by POST alone.

    What is sent after the session has ended is filled in again once its sender has signed in (`lms.common.kept`): the view is called as
    if it were sent, and `attempt` does not act. A view that acts without `attempt` says `keeps=False`.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return to_sign_in(request, keeps=keeps, post=post)
            if permissions and not any(map(request.user.has_perm, permissions)):
                raise PermissionDenied
            if keeps and (kept := take(request)):
                _fill_in_again(request, *kept)
            return answer(request, *args, **kwargs)

        answer = require_POST(view) if post else view
        guarded.keeps = keeps
        return guarded

    return decorate


def keep_for(request):
    """Keep what was sent, on its way to a view that was not reached, where that view would keep it. Whether it is kept."""
    return keeps(request.path_info) and keep(request)


def keeps(path):
    """Whether the view at this path fills in again what was sent to it."""
    try:
        return getattr(resolve(path).func, "keeps", False)
    except Resolver404:
        return False


def to_sign_in(request, *, keeps, post=False):
    """The way to sign in and back here; with what was typed, where it can be kept."""
    if getattr(request, "htmx", False):
        return _signed_out_beside(request)
    back = request.get_full_path()
    if is_kept(request) or (request.method == "POST" and keeps and keep(request)):
        messages.warning(request, _("You were signed out before this was sent. Sign in, and you find it here as you typed it."))
    elif post:
        back = came_from(request)
    return redirect_to_login(back)


def _signed_out_beside(request):
    """To a part of a page: someone who is typing stays where they are, a screen that only looks goes to sign in."""
    if request.method == "POST":
        answer = render(request, "components/signed_out.html")
        answer["HX-Reswap"] = "none"
        return answer
    sign_in = redirect_to_login(urlsplit(request.htmx.current_url_abs_path or "/").geturl()).url
    return HttpResponse(headers={"HX-Redirect": sign_in})


def _fill_in_again(request, sent, had_files, was_away):
    request.method, request.POST, request.is_filled_in_again = "POST", sent, True
    away = _("Nothing has been sent yet: you were signed out before, or the page was open too long.")
    messages.warning(request, away if was_away else _("Nothing has been sent yet. What you typed is still here."))
    if had_files:
        messages.warning(request, _("Files have to be chosen again."))


def is_filled_in_again(request):
    """Whether the view is called with what was sent before, to show it and not to act on it."""
    return getattr(request, "is_filled_in_again", False)


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
    if is_filled_in_again(request):
        if form is not None:
            form.add_error(None, _("It is filled in as you typed it. Look it through, then send it."))
        return None
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


def typed_texts(request):
    """The longer texts that came with a form which has no place on the page that answers: shown to be copied, or they were lost."""
    if request.method != "POST":
        return []
    try:
        fields = list(request.POST.lists())
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):  # what was refused may not be a form at all
        return []
    sent = [value for name, values in fields if name not in CARRIED for value in values[: limits.MANY]]
    return [value for value in sent if len(value) >= WORTH_COPYING and "\x00" not in value]


def first_error(form):
    """The first thing wrong with a form whose page is not shown again."""
    return next(iter(form.errors.values()))[0]
