"""What a person must do next about exams."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.exams.models import Attempt, Paper, Sitting
from assessments.exams.queries import mending_scope, mends_at_hand, sittings_left_by_mends
from assessments.exams.timing import late_words
from lms.common.compiled import compiled
from lms.common.registries import due

AHEAD = timedelta(days=21)


@due
def due_for(employee, at):
    """Exams open now, to begin or to go on with, and those coming up; for HR, keys to confirm and to mend.

    One statement, for HR two, and two more where keys are to be mended.
    """
    found = [_due(paper, at) for paper in _unfinished(candidate=employee.pk, now=at, until=at + AHEAD)]
    user = employee.user
    if user is None or not user.has_perm("exams.manage_sittings"):
        return found
    mine = {"scope": mending_scope(user), "candidate": employee.pk, "at": at}
    mends = mends_at_hand(**mine, user=user.pk)
    left = sittings_left_by_mends(**mine) if any(mend.confirmed_at for mend in mends) else []
    return found + _to_confirm([mend for mend in mends if not mend.confirmed_at]) + _to_mend(left)


@compiled
def _unfinished(*, candidate, now, until):
    to_begin = Q(attempt=None, sitting__opens_at__lt=until, sitting__closes_at__gt=now)
    under_way = Q(attempt__status=Attempt.Status.IN_PROGRESS, attempt__ends_at__gt=now)
    papers = Paper.objects.filter(to_begin | under_way, candidate=candidate, sitting__status=Sitting.Status.READY)
    return papers.select_related("sitting", "attempt").order_by("sitting__opens_at")


def _to_confirm(waiting):
    """Keys that somebody else said to be wrong; of one proposal the first."""
    proposals = {(mend.version_id, mend.proposed_by_id, mend.proposed_at): mend for mend in waiting}
    return [_mend(mend) for mend in proposals.values()]


def _mend(mend):
    title = _("Confirm a mended key: %(sitting)s") % {"sitting": mend.sitting}
    words = {"name": mend.proposed_by.get_full_name(), "reason": mend.reason}
    text, url = _("%(name)s: %(reason)s") % words, reverse("mend", args=[mend.pk])
    return {"at": None, "title": title, "text": text, "url": url, "action": _("Look"), "now": True}


def _to_mend(left):
    """Exams that are over now and hold a key that was mended in another one before: nobody has decided of it here."""
    sittings = Sitting.objects.select_related("dealer").in_bulk({sitting for sitting, _version in left}) if left else {}
    return [_left(sittings[sitting], version) for sitting, version in left]


def _left(sitting, version):
    return {
        "at": None,
        "title": _("Mend a key: %(sitting)s") % {"sitting": sitting},
        "text": _("A key in this exam was mended in another one. Its papers still hold the old key."),
        "url": reverse("mend_new", args=[version]),
        "action": _("Look"),
        "now": True,
    }


def _due(paper, at):
    sitting, attempt = paper.sitting, getattr(paper, "attempt", None)
    words = {"title": str(sitting), "at": sitting.opens_at}
    if attempt is not None:
        text = _("Under way. Your answers are kept; go on where you were.")
        return {**words, "at": attempt.ends_at, "text": text, "url": reverse("exam", args=[attempt.pk]), "action": _("Resume"), "now": True}
    time = late_words(paper, at) or _("%(minutes)d minutes") % {"minutes": sitting.minutes + paper.extra_minutes}
    text = f"{time} · {sitting.room}" if sitting.room else time
    is_open = sitting.opens_at <= at
    return {
        **words,
        "text": text,
        "url": reverse("exam_start", args=[paper.pk]),
        "action": _("Start") if is_open else _("Look"),
        "now": is_open,
    }
