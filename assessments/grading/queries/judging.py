"""Who has judged whom (G3): no result stands before all three have, or a deputy, or it is on record why not."""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.grading.kinds.registry import any_kind
from assessments.grading.models import ComponentResult, MissingSheet
from assessments.grading.models.components import LIVE
from assessments.grading.queries.components import results_of
from assessments.grading.queries.panels import panel_of
from assessments.grading.queries.records import admitted
from assessments.practicals.models import ScoreSheet
from lms.common.bilingual import listed

NAMES_SHOWN = 3
# However many are excused: one examiner's sheet alone is no result.
LEAST_SHEETS = 2


def some(names):
    """A few names, and how many more."""
    names = list(names)
    shown = listed(names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    if more <= 0:
        return shown
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {"names": shown, "count": more}


def sat(cycle):
    """Candidacies that have sat whatever is to be sat: each attempt begun and not voided."""
    results = ComponentResult.objects.filter(LIVE, candidacy=OuterRef("pk"))
    return admitted(cycle).filter(Exists(results), ~Exists(results.filter(any_kind("absent"))))


def _scored_by_panel(cycle):
    """The results of those who sat that the panel judges."""
    return results_of(cycle).filter(candidacy__in=sat(cycle)).exclude(practical=None)


def _without_sheet(results, examiner):
    """Those among `results` that this examiner (an id, or where it stands) has neither scored nor is excused from scoring."""
    scored = ScoreSheet.objects.filter(practical=OuterRef("practical"), marker=examiner)
    excused = MissingSheet.objects.filter(candidacy=OuterRef("candidacy"), examiner=examiner)
    return results.filter(~Exists(scored), ~Exists(excused))


def without_sheet(candidacies, examiner_id):
    """Those among `candidacies` whom this examiner has not judged in every component, in the order of their numbers."""
    left = _without_sheet(ComponentResult.objects.filter(LIVE).exclude(practical=None), examiner_id)
    return candidacies.filter(pk__in=left.values("candidacy")).select_related("employee").order_by("employee__number")


def sheets_of(cycle, examiner):
    """How many practicals of the cycle this examiner (an id) has scored."""
    scored = results_of(cycle).exclude(practical=None).values("practical")
    return ScoreSheet.objects.filter(practical__in=scored, marker=examiner).order_by().values("practical").distinct().count()


def judged_by_one(results):
    """Those among `results` that fewer than two of their present markers have scored, whatever is excused."""
    counting = ScoreSheet.objects.filter(practical=OuterRef("practical"), practical__markers=F("marker")).order_by().values("practical")
    sheets = Subquery(counting.annotate(count=Count("marker", distinct=True)).values("count"), output_field=IntegerField())
    return results.exclude(practical=None).annotate(sheets=Coalesce(sheets, 0)).filter(sheets__lt=LEAST_SHEETS)


def unjudged(member):
    """Names of those whom this member has still to judge before they can sign; empty when there are none, or the cycle is of old rules."""
    if not member.cycle.needs_three_sheets:
        return ""
    return some(candidacy.employee.name for candidacy in without_sheet(sat(member.cycle), member.examiner_id))


def sheets_missing(cycle):
    """What is missing before what the panel judges counts, as sentences."""
    return _three_missing(cycle) if cycle.needs_three_sheets else _one_missing(cycle)


def _three_missing(cycle):
    judged = _scored_by_panel(cycle)
    for member in panel_of(cycle):
        for component, names in _by_kind(_without_sheet(judged, member.examiner_id)):
            words = {"name": member.examiner.name, "seat": member.get_seat_display(), "names": some(names), "part": component.exam}
            yield _("%(name)s (%(seat)s) has not scored %(names)s yet (%(part)s).") % words
    for component, names in _by_kind(judged_by_one(judged)):
        yield _(
            "Fewer than two of the panel have scored %(names)s (%(part)s); no result rests on one sheet. "
            "Give an absent examiner's seat again."
        ) % {"names": some(names), "part": component.exam}


def _one_missing(cycle):
    for component, names in _by_kind(_scored_by_panel(cycle).exclude(practical__in=ScoreSheet.objects.values("practical"))):
        yield _("Nobody has scored %(names)s yet (%(part)s).") % {"names": some(names), "part": component.exam}


def _by_kind(results):
    """[(a component of the kind, names of the candidates)], in one statement."""
    found = {}
    for result in results.select_related("component", "candidacy__employee").order_by("candidacy__employee__number"):
        found.setdefault(result.component.kind, (result.component, []))[1].append(result.candidacy.employee.name)
    return list(found.values())
