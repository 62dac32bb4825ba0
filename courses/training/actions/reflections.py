from django.db import transaction
from django.utils.translation import gettext as _

from courses.training.actions.shared import url_of, words_for
from courses.training.choices import REFLECTION_DUE, REFLECTION_LEAST
from courses.training.models import Reflection
from courses.training.permissions import may_score, may_write
from courses.training.prose import length_of, said_in
from courses.training.queries.shown import score_shown, text_shown
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.states import Refused, require
from lms.notifications.actions import notify


@transaction.atomic
def save_reflection_draft(*, reflection, text, by, at, shown=None):
    """Keep what is written so far. The text of a reflection that was handed in stays."""
    require(may_write(by, reflection), _("A reflection is written by the person who owes it."))
    _check_text(reflection, text, shown)
    _write(reflection, text=text, draft_at=at)
    return reflection


def _check_text(reflection, text, shown):
    """Its author may have it open twice, on a phone and at a desk. A text that holds all that stands there takes nothing away: the draft
    of a moment ago, whose answer this page did not see yet."""
    now = Reflection.objects.select_for_update(of=("self",)).get(pk=reflection.pk)
    if now.submitted_at is None and _lines(now.text) not in _lines(text):
        check_shown(shown, text_shown(now), now)


def _lines(text):
    return text.replace("\r\n", "\n").strip()


@transaction.atomic
def submit_reflection(*, reflection, text, by, at, shown=None):
    """Hand a reflection in, once (T6)."""
    require(may_write(by, reflection), _("A reflection is written by the person who owes it."))
    _check_text(reflection, text, shown)
    length = length_of(text)
    _check_length(length, said_in(text))
    _write(reflection, text=text.strip(), submitted_at=at)
    record_event("training.reflection_submitted", target=reflection, by=by, at=at, after={"characters": length})
    return reflection


def _check_length(length, said):
    words = {"least": REFLECTION_LEAST, "length": length, "said": said}
    if length < REFLECTION_LEAST:
        sentence = _("A reflection has at least %(least)s characters; this one has %(length)s. Your text is kept: go on where you are.")
        raise Refused(sentence % words, field="text")
    if said < REFLECTION_LEAST:
        sentence = _(
            "This reflection has %(length)s characters, but the same words again and again: without what is repeated it says %(said)s of "
            "at least %(least)s. Your text is kept: go on where you are."
        )
        raise Refused(sentence % words, field="text")


def owe_reflections(*, session, attendances, at):
    """Whoever of `attendances` the kind of training asks owes a reflection on a guest lecture, and is told once (T6). Returns who
    owes one now that did not before."""
    if not session.is_guest:
        return []
    known = set(Reflection.objects.filter(session=session).values_list("employee", flat=True))
    people = [row.employee for row in attendances.select_related("employee__position")]
    owing = [one for one in people if one.pk not in known and session.programme.rules.reflects(one)]
    due_at = at + REFLECTION_DUE
    rows = [Reflection(session=session, employee=one, due_at=due_at) for one in owing]
    Reflection.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    context = words_for(session) | {"due_at": due_at.isoformat()}
    notify(kind="training_reflection", people=owing, key=str(session.pk), context=context, url=url_of(session))
    return owing


@transaction.atomic
def score_reflection(*, reflection, score, by, at, shown=None):
    """Read and scored 1-5 by the organiser (T6). Scoring again replaces the score; the audit keeps both."""
    require(may_score(by, reflection), _("A reflection is scored by an organiser of its dealer, never by its author."))
    if score not in range(1, 6):
        raise Refused(_("A reflection is scored from 1 to 5."), field="score")
    now = Reflection.objects.select_for_update().get(pk=reflection.pk)
    check_shown(shown, score_shown(now), now)
    before = {"score": now.score}
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
