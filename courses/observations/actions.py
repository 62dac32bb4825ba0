from django.db import IntegrityError, transaction

from courses.observations.choices import MOST_POINTS, Step
from courses.observations.models import Acceptance, Checklist, Observation, ObservedItem
from courses.observations.permissions import may_answer, may_observe
from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.bilingual import listed
from lms.common.states import Refused, require


class CannotObserve(Refused):
    pass


@transaction.atomic
def record_observation(*, subject, checklist, observer, occasion, values, note="", by, at):
    """Keep what `observer` (a user) saw `subject` do on an occasion; `values` is {item id: step or points}.

    `checklist` is a version that is kept (`lms.common.versions.freeze`). An evaluation by points gives points to every item; of steps
    those that were seen. Whether `observer` is the one to ask is for the room to say that asks.
    """
    _check_hands(by, observer, subject)
    _check_values(checklist, values)
    row = _added(subject, checklist, observer, occasion, note, at)
    ObservedItem.objects.bulk_create(ObservedItem(observation=row, item_id=pk, value=value) for pk, value in sorted(values.items()))
    record_event("observation.recorded", target=row, by=by, at=at, after=_said(row, values))
    return row


@transaction.atomic
def correct_observation(*, observation, reason, by, at):
    """Take back what was recorded by mistake: a further observation says so and why; the first stays on record and counts no more."""
    _check_hands(by, by, observation.subject)
    if not reason.strip():
        raise CannotObserve(_("A correction says why. Give the reason; it stays on record."), field="reason")
    if Observation.objects.filter(corrects=observation).exists():
        raise CannotObserve(_("This was corrected already; nothing was changed."))
    if observation.corrects_id:
        raise CannotObserve(_("This is a correction itself. Record what holds anew instead."))
    try:
        with transaction.atomic():
            row = _added(
                observation.subject, observation.checklist, by, observation.made_for, reason, at, corrects=observation
            )  # fmt: skip
    except IntegrityError:  # somebody else did at this moment
        raise CannotObserve(_("This was corrected already; nothing was changed.")) from None
    record_event("observation.corrected", target=row, by=by, at=at, after={"checklist": row.checklist_id, "reason": reason})
    return row


@transaction.atomic
def answer_observation(*, observation, is_accepted, words="", by, at):
    """The person observed accepts it, or says how they see it; once."""
    require(may_answer(by, observation), _("Only the person whom it is about answers an observation."))
    if not is_accepted and not words.strip():
        raise CannotObserve(_("Say how you see it, in a sentence."), field="words")
    Observation.objects.select_for_update(of=("self",)).get(pk=observation.pk)  # of two answers at once one waits here
    if Acceptance.objects.filter(observation=observation).exists():
        raise CannotObserve(_("You have answered this already; the answer stays on record."))
    answer = Acceptance.objects.create(
        observation=observation, is_accepted=is_accepted, words=words.strip(), answered_at=at, answered_by=by
    )
    record_event("observation.answered", target=observation, by=by, at=at, after={"is_accepted": is_accepted, "words": answer.words})
    return answer


def _check_hands(by, observer, subject):
    sentence = _("An observation is recorded by whoever saw it, for themselves, and never about oneself.")
    require(may_observe(by, observer, subject), sentence)


def _check_values(checklist, values):
    items = {item.pk: item for item in checklist.items.all()}
    if not values:
        raise CannotObserve(_("Nothing is marked yet. Mark at least one item."))
    if set(values) - set(items):
        raise CannotObserve(_("These items belong to another checklist. Load the page again."))
    is_points = checklist.scale == Checklist.Scale.POINTS
    missing = [item.name for pk, item in items.items() if pk not in values] if is_points else []
    if missing:
        raise CannotObserve(_("Still without points: %(names)s.") % {"names": listed(missing)})
    most = MOST_POINTS if is_points else Step.ALONE.value
    if any(not 1 <= value <= most for value in values.values()):
        raise CannotObserve(_("The scale of this checklist goes from 1 to %(most)d.") % {"most": most})


def _added(subject, checklist, observer, occasion, note, at, **more):
    kind, reference = occasion
    return Observation.objects.create(
        subject=subject, checklist=checklist, observer=observer, occasion=kind, reference=str(reference), at=at, note=note.strip(), **more
    )


def _said(row, values):
    return {"checklist": row.checklist_id, "occasion": row.occasion, "items": sorted(values), "note": row.note}
