"""Whom a step that cannot be taken back hits: how many, and by name, before it is confirmed."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.exams.models import Attempt, Paper
from assessments.grading.eligibility import TOP
from assessments.grading.models import Cycle
from assessments.grading.queries.components import sittings_of
from assessments.grading.queries.judging import some
from assessments.grading.queries.records import ADMITTED, admitted, people_in_track

Status = Cycle.Status


def hits_of(cycle, state, at):
    """Sentences about the people whom the step to `state` hits; none where it hits nobody in particular."""
    return list(_HITS[state](cycle, at)) if state in _HITS else []


def _of_opening(cycle, at):
    count = people_in_track(cycle.dealer, cycle.track, at).filter(**{f"{cycle.track}_level__lt": TOP}).count()
    yield ngettext("%(count)d person becomes a candidate.", "%(count)d people become candidates.", count) % {"count": count}


def _of_the_lock(cycle, at):
    total, out = cycle.candidacies.count(), _names(cycle.candidacies.exclude(ADMITTED))
    yield _("%(count)d of %(total)d may sit.") % {"count": total - len(out), "total": total}
    if out:
        yield ngettext("%(count)d is out: %(names)s.", "%(count)d are out: %(names)s.", len(out)) % {"count": len(out), "names": some(out)}


def _of_the_start(cycle, at):
    count = Paper.objects.filter(sitting__in=sittings_of(cycle).values("sitting")).count()
    yield ngettext("%(count)d paper is ready.", "%(count)d papers are ready.", count) % {"count": count}


def _of_the_end(cycle, at):
    """Whoever has not begun can't any more, and counts as not having sat."""
    papers = Paper.objects.filter(sitting__in=sittings_of(cycle).values("sitting"))
    total = papers.count()
    absent = list(papers.filter(attempt=None).order_by("candidate__number").values_list("candidate__name", flat=True))
    yield _("%(count)d of %(total)d papers are handed in.") % {
        "count": papers.filter(attempt__status__in=Attempt.HANDED_IN).count(),
        "total": total,
    }
    if absent:
        yield ngettext("%(count)d has not begun: %(names)s.", "%(count)d have not begun: %(names)s.", len(absent)) % {
            "count": len(absent),
            "names": some(absent),
        }


def _of_fixing(cycle, at):
    count = admitted(cycle).count()
    yield ngettext("It fixes the outcome of %(count)d candidate.", "It fixes the outcomes of %(count)d candidates.", count) % {
        "count": count
    }


def hits_of_publication(preview):
    """How many rise, and how many do not, by what `preview.publication_preview` found."""
    rise, told = len(preview["promotions"]), preview["told"]
    out = len(preview["withdrawn"]) + len(preview["not_admitted"])
    yield ngettext("%(count)d rises one level: %(names)s.", "%(count)d rise one level: %(names)s.", rise) % {
        "count": rise,
        "names": some(c.employee.name for c in preview["promotions"]) or "–",
    }
    yield _("%(told)d are told their result; %(out)d had left or were not admitted.") % {"told": told, "out": out}


def _names(candidacies):
    return list(candidacies.order_by("employee__number").values_list("employee__name", flat=True))


_HITS = {
    Status.OPEN: _of_opening,
    Status.LOCKED: _of_the_lock,
    Status.SITTING: _of_the_start,
    Status.MARKING: _of_the_end,
    Status.RATIFIED: _of_fixing,
}
