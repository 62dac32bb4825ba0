from django.db import transaction
from django.utils.translation import gettext as _

from courses.training.choices import REFLECTION_LEAST
from courses.training.models import Reflection
from courses.training.permissions import may_score, may_write
from courses.training.queries.figures import length_of
from lms.audit.actions import record_event
from lms.common.states import Refused, require


@transaction.atomic
def save_reflection_draft(*, reflection, text, by, at):
    """Keep what is written so far. The text of a reflection that was handed in stays."""
    require(may_write(by, reflection), _("A reflection is written by the person who owes it."))
    _write(reflection, text=text, draft_at=at)
    return reflection


@transaction.atomic
def submit_reflection(*, reflection, text, by, at):
    """Hand a reflection in, once (T6)."""
    require(may_write(by, reflection), _("A reflection is written by the person who owes it."))
    length = length_of(text)
    if length < REFLECTION_LEAST:
        raise Refused(
            _("A reflection has at least %(least)s characters; this one has %(length)s. Your text is kept: go on where you are.")
            % {"least": REFLECTION_LEAST, "length": length},
            field="text",
        )
    _write(reflection, text=text.strip(), submitted_at=at)
    record_event("training.reflection_submitted", target=reflection, by=by, at=at, after={"characters": length})
    return reflection


@transaction.atomic
def score_reflection(*, reflection, score, by, at):
    """Read and scored 1-5 by the organiser (T6). Scoring again replaces the score; the audit keeps both."""
    require(may_score(by, reflection), _("A reflection is scored by an organiser of its dealer, never by its author."))
    if score not in range(1, 6):
        raise Refused(_("A reflection is scored from 1 to 5."), field="score")
    before = {"score": Reflection.objects.select_for_update().get(pk=reflection.pk).score}
    scored = Reflection.objects.filter(pk=reflection.pk, submitted_at__isnull=False)
    if not scored.update(score=score, scored_at=at, scored_by=by):
        raise Refused(_("This reflection is not handed in yet; there is nothing to score."))
    reflection.score, reflection.scored_at, reflection.scored_by = score, at, by
    record_event("training.reflection_scored", target=reflection, by=by, at=at, before=before, after={"score": score})
    return reflection


def _write(reflection, **values):
    if not Reflection.objects.filter(pk=reflection.pk, submitted_at__isnull=True).update(**values):
        raise Refused(_("This reflection is already handed in; its text stays as it is."))
    for name, value in values.items():
        setattr(reflection, name, value)
