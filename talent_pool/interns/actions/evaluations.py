"""Mentor and station evaluate a rotation by a rubric; HR decides from that whether the internship was passed (C4)."""

from django.db import transaction
from django.utils import timezone

from courses.observations.actions import record_observation
from courses.observations.choices import Occasion
from lms.audit.actions import record_event
from lms.common.bilingual import gettext as _
from lms.common.bilingual import listed
from lms.common.states import Refused, advance, require
from lms.common.versions import freeze
from talent_pool.interns.actions.batches import placed_by_hr
from talent_pool.interns.actions.shared import let_go, locked
from talent_pool.interns.models import HERE, Placement
from talent_pool.interns.permissions import may_change, may_evaluate
from talent_pool.interns.queries.evaluations import KINDS, evaluations_of, missing_of, score_now

Stage = Placement.Stage


class CannotDecide(Refused):
    pass


@transaction.atomic
def evaluate_rotation(*, rotation, kind, checklist, values, by, at, note=""):
    """The mentor's evaluation of a rotation, or the station's: points for every item, once each, by two people."""
    placement = locked(rotation.placement)
    require(
        may_evaluate(by, rotation, kind),
        _("The mentor of the rotation evaluates it, and for the station another supervisor of the dealer. Nobody evaluates themselves."),
    )
    if placement.stage not in HERE or placement.decided_at:
        raise CannotDecide(_("This internship is decided or over, so nothing is evaluated any more."))
    if rotation.starts_on > timezone.localdate(at):
        raise CannotDecide(_("This rotation has not begun yet."))
    done = next(one for one in evaluations_of(placement) if one.rotation.pk == rotation.pk)
    if getattr(done, kind) is not None:
        raise CannotDecide(_("This evaluation is there already; it stays on record."))
    occasion = Occasion(KINDS[kind], str(rotation.pk))
    version = freeze(checklist, at=at)
    items = _items_of(version, checklist, values)
    return record_observation(
        subject=placement.person, checklist=version, observer=by, occasion=occasion, values=items, note=note, by=by, at=at
    )


def _items_of(version, checklist, values):
    """Points by the items of the version that is kept: those of the page are the list's own, in the same order."""
    pairs = zip(checklist.items.order_by("order", "pk"), version.items.order_by("order", "pk"), strict=True)
    return {kept.pk: values[item.pk] for item, kept in pairs if item.pk in values}


@transaction.atomic
def decide_internship(*, placement, passed, by, at, reason=""):
    """HR says whether the internship was passed. The score is reckoned from all evaluations and fixed with it; one that is missing is
    named and stands in the way. Whoever did not pass is a student again."""
    placement = locked(placement)
    require(may_change(by, placement), placed_by_hr(placement.batch.dealer))
    reason = reason.strip()[:200]
    if not passed and not reason:
        raise CannotDecide(_("Say why: the reason stays on record."), field="reason")
    evaluated = evaluations_of(placement)
    _check_whole(placement, evaluated)
    score, end = score_now(evaluated), Stage.PASSED if passed else Stage.NOT_PASSED
    fixed = {"internship_score": score, "decided_at": at, "decided_by": by, "decided_reason": reason}
    advance(placement, start=Stage.UNDER_WAY, end=end, field="stage", **fixed)
    after = {"stage": end, "score": str(score), "reason": reason}
    record_event("interns.decided", target=placement, by=by, at=at, before={"stage": Stage.UNDER_WAY}, after=after)
    if not passed:
        let_go(placement=placement, reason=reason, by=by, at=at)
    return placement


def _check_whole(placement, evaluated):
    words = {"name": placement.person.name}
    if not evaluated:
        raise CannotDecide(_("%(name)s was at no station, so there is nothing to decide by. Plan the rotations first.") % words)
    missing = missing_of(evaluated)
    if missing:
        sentence = _("The internship of %(name)s can't be decided yet. Missing: %(list)s.")
        raise CannotDecide(sentence % (words | {"list": listed(missing)}))
