from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404
from django.utils import timezone

from courses.training.queries import sessions_visible_to
from lms.common.states import Refused


def open_to(permission):
    """Signed in and holding the permission; everyone else is sent to sign in, or refused."""

    def decorate(view):
        return login_required(permission_required(permission, raise_exception=True)(view))

    return decorate


def attempt(request, action, done="", **values):
    """Call one action as the person signed in, now. A refusal becomes a message and None."""
    try:
        result = action(by=request.user, at=timezone.now(), **values)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    if done:
        messages.success(request, done)
    return result


def first_error(form):
    return next(iter(form.errors.values()))[0]


def visible_session(request, pk):
    return get_object_or_404(sessions_visible_to(request.user), pk=pk)
