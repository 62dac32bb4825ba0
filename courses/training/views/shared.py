from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.training.permissions import may_organise
from courses.training.queries.sessions import sessions_visible_to
from lms.common.quarters import quarter_of
from lms.common.states import require


def visible_session(request, pk):
    return get_object_or_404(sessions_visible_to(request.user), pk=pk)


def board_url_of(session):
    """The board of the session's own quarter and dealer, where it stands."""
    year, quarter = quarter_of(session.on)
    return f"{reverse('training_board')}?quarter={year}-{quarter}&dealer={session.dealer.code}"


def holiday_link(user):
    """Where public holidays are entered, for whoever may."""
    return reverse("wagtailsnippets_people_holiday:add") if user.has_perm("people.add_holiday") else ""


def organised_session(request, pk):
    """The session, for whoever arranges it."""
    session = visible_session(request, pk)
    require(may_organise(request.user, session.programme), _("This page is for the people who organise training at the session's dealer."))
    return session
