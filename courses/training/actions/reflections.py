from django.db import transaction
from django.utils.translation import gettext as _

from courses.training.actions.shared import NotYours, require_organiser
from courses.training.choices import REFLECTION_LEAST
from courses.training.models import Reflection
from courses.training.queries.figures import length_of
from lms.audit.actions import record_event
from lms.common.states import Refused
from lms.people.permissions import employee_of


class ReflectionRefused(Refused):
    """Too short, or handed in already."""


@transaction.atomic
def save_reflection_draft(*, reflection, text, by, at):
    """Keep what is written so far. The text of a reflection that was handed in stays."""
    _require_own(reflection, by)
    _write(reflection, text=text, draft_at=at)
    return reflection


@transaction.atomic
def submit_reflection(*, reflection, text, by, at):
    """Hand a reflection in, once (T6)."""
    _require_own(reflection, by)
    length = length_of(text)
    if length < REFLECTION_LEAST:
        raise ReflectionRefused(
            _("A reflection has at least %(least)s characters; this one has %(length)s. Your text is kept: go on where you are.")
            % {"least": REFLECTION_LEAST, "length": length}
        )
    _write(reflection, text=text.strip(), submitted_at=at)
    record_event("training.reflection_submitted", target=reflection, by=by, at=at, after={"characters": length})
    return reflection


@transaction.atomic
def score_reflection(*, reflection, score, by, at):
    """Read and scored 1-5 by the organiser (T6). Scoring again replaces the score; the audit keeps both."""
    require_organiser(by, reflection.session.dealer_id)
    if score not in range(1, 6):
        raise ReflectionRefused(_("A reflection is scored from 1 to 5."))
    before = {"score": Reflection.objects.select_for_update().get(pk=reflection.pk).score}
    scored = Reflection.objects.filter(pk=reflection.pk, submitted_at__isnull=False)
    if not scored.update(score=score, scored_at=at, scored_by=by):
        raise ReflectionRefused(_("This reflection is not handed in yet; there is nothing to score."))
    reflection.score, reflection.scored_at, reflection.scored_by = score, at, by
    record_event("training.reflection_scored", target=reflection, by=by, at=at, before=before, after={"score": score})
    return reflection


def _require_own(reflection, by):
    employee = employee_of(by)
    if employee is None or employee.pk != reflection.employee_id:
        raise NotYours(_("A reflection is written by the person who owes it."))


def _write(reflection, **values):
    if not Reflection.objects.filter(pk=reflection.pk, submitted_at__isnull=True).update(**values):
        raise ReflectionRefused(_("This reflection is already handed in; its text stays as it is."))
    for name, value in values.items():
        setattr(reflection, name, value)
