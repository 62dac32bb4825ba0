"""Who has judged whom (G3): no result stands before all three have, or a deputy, or it is on record why not."""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.exams.models import Attempt
from assessments.grading.models import MissingSheet
from assessments.grading.queries.panels import panel_of
from assessments.grading.queries.records import admitted
from assessments.practicals.models import ScoreSheet

NAMES_SHOWN = 3
# However many are excused: one examiner's sheet alone is no result.
LEAST_SHEETS = 2


def some(names):
    """A few names, and how many more."""
    names = list(names)
    shown = ", ".join(names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    if more <= 0:
        return shown
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {"names": shown, "count": more}


def sat(cycle):
    """Candidacies with an attempt that counts: begun and not voided."""
    return admitted(cycle).filter(paper__attempt__isnull=False).exclude(paper__attempt__status=Attempt.Status.VOIDED)


def without_sheet(candidacies, examiner_id):
    """Those among `candidacies` whom this examiner has neither scored nor is excused from scoring, in the order of their numbers."""
    scored = ScoreSheet.objects.filter(practical=OuterRef("practical"), marker=examiner_id)
    excused = MissingSheet.objects.filter(candidacy=OuterRef("pk"), examiner=examiner_id)
    return candidacies.filter(~Exists(scored), ~Exists(excused)).select_related("employee").order_by("employee__number")


def judged_by_one(candidacies):
    """Those among `candidacies` whom fewer than two of their present markers have scored, whatever is excused."""
    counting = ScoreSheet.objects.filter(practical=OuterRef("practical"), practical__markers=F("marker")).order_by().values("practical")
    sheets = Subquery(counting.annotate(count=Count("marker", distinct=True)).values("count"), output_field=IntegerField())
    return candidacies.annotate(sheets=Coalesce(sheets, 0)).filter(sheets__lt=LEAST_SHEETS)


def unjudged(member):
    """Names of those whom this member has still to judge before they can sign; empty when there are none, or the cycle is of old rules."""
    if not member.cycle.needs_three_sheets:
        return ""
    return some(candidacy.employee.name for candidacy in without_sheet(sat(member.cycle), member.examiner_id))


def sheets_missing(cycle):
    """What is missing before the practicals of the cycle count, as sentences."""
    return _three_missing(cycle) if cycle.needs_three_sheets else _one_missing(cycle)


def _three_missing(cycle):
    present = sat(cycle)
    for member in panel_of(cycle):
        names = [candidacy.employee.name for candidacy in without_sheet(present, member.examiner_id)]
        if names:
            words = {"name": member.examiner.name, "seat": member.get_seat_display(), "names": some(names)}
            yield _("%(name)s (%(seat)s) has not scored the practical exam of %(names)s yet.") % words
    alone = judged_by_one(present).order_by("employee__number").values_list("employee__name", flat=True)
    if alone:
        yield _(
            "Fewer than two of the panel have scored %(names)s; no result rests on one sheet. Give an absent examiner's seat again."
        ) % {"names": some(alone)}


def _one_missing(cycle):
    unscored = sat(cycle).exclude(practical__in=ScoreSheet.objects.values("practical"))
    names = list(unscored.order_by("employee__number").values_list("employee__name", flat=True))
    if names:
        yield _("Nobody has scored the practical exam of %(names)s yet.") % {"names": some(names)}
