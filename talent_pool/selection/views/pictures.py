from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lms.common import limits
from lms.common.acting import open_to
from lms.common.lists import Column, List
from lms.common.outside import whole_number
from lms.common.tones import tone_of
from talent_pool.selection.charts import Bar, bars
from talent_pool.selection.permissions import VIEW
from talent_pool.selection.queries.pictures import LABELS, STEPS, came_that_far, funnels, places_by_agreement


class FunnelList(List):
    name = "funnel"
    columns = [
        Column("person.name", gettext_lazy("Name"), sort="person__name"),
        Column("person.student.code", gettext_lazy("Student code"), value=lambda one: getattr(_student(one), "code", "")),
        Column("batch.name", gettext_lazy("Batch"), sort="batch__name"),
        Column("starts_on", gettext_lazy("From"), sort="starts_on"),
        Column("stage", gettext_lazy("Stage"), value=lambda one: one.get_stage_display(), badge=lambda one: tone_of(one.stage)),
    ]
    default_sort = "person.name"
    empty_icon = "people"
    empty_title = gettext_lazy("Nobody came that far")
    empty_text = gettext_lazy("Those who reach this step will appear here.")


def _student(placement):
    return getattr(placement.person, "student", None)


@open_to(VIEW)
@require_safe
def pictures(request):
    """The way from a school to a post, by school and year, and quotas against places."""
    context = {
        "funnels": [_funnel(one) for one in funnels(request.user)],
        "places": _places(places_by_agreement(request.user)),
        "heads": [_("Step"), _("People")],
        "places_heads": [_("Agreement and year"), _("Places taken"), _("Places a year")],
    }
    return render(request, "talent_pool/selection/pictures.html", context)


def _funnel(one):
    title = f"{one.school.name} · {one.year}"
    rows = [(str(LABELS[step]), count) for step, count in one.counts.items()]
    urls = [f"{reverse('funnel_people')}?{urlencode({'school': one.school.pk, 'year': one.year, 'step': step})}" for step in STEPS]
    drawn = [Bar(label, count, url) for (label, count), url in zip(rows, urls, strict=True)]
    return {"title": title, "svg": bars(title, drawn), "rows": rows}


def _places(found):
    rows = [(f"{agreement.number} · {year}", taken, agreement.quota) for agreement, year, taken in found]
    drawn = [Bar(label, taken, target=quota) for label, taken, quota in rows]
    return {"svg": bars(_("Places taken against the quota"), drawn), "rows": rows} if rows else None


@open_to(VIEW)
@require_safe
def funnel_people(request):
    """Who stands behind one bar."""
    step = request.GET.get("step", "applied")
    school, year = (
        whole_number(request.GET.get("school", "")),
        whole_number(request.GET.get("year", ""), limits.FIRST_YEAR, limits.LAST_YEAR),
    )
    if step not in STEPS:
        raise Http404
    found = came_that_far(request.user, school=school or 0, year=year or limits.FIRST_YEAR, step=step)
    return FunnelList(request, found).response("talent_pool/selection/funnel_people.html", {"step": LABELS[step], "year": year})
