from dataclasses import replace

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from lms.common.acting import attempt, form_on, open_to
from lms.common.lists import Column, List
from lms.common.outside import whole_numbers
from lms.common.tones import tone_of
from lms.people.queries import sees_several_dealers
from talent_pool.selection.actions.rankings import decide_tie, rank_batch
from talent_pool.selection.forms import BatchFilter, TieForm
from talent_pool.selection.models import Ranking
from talent_pool.selection.permissions import SELECT, VIEW, may_select
from talent_pool.selection.queries.lines import formula_words, lines_of, missing_words, shown_composite
from talent_pool.selection.queries.rankings import (
    batches_visible_to,
    decisions_of,
    is_overtaken,
    named,
    places_of,
    rankings_visible_to,
    standing_of,
    tie_shown,
    weights_of,
)


def _page_of(batch):
    return reverse("batch_ranking", args=[batch.pk])


class BatchList(List):
    name = "selection"
    columns = [
        Column("name", gettext_lazy("Batch"), sort="name", link=_page_of),
        Column("school.name", gettext_lazy("School"), sort="school__code"),
        Column("dealer.code", gettext_lazy("Dealer"), sort="dealer__code"),
        Column("starts_on", gettext_lazy("From"), sort="starts_on"),
        Column("ends_on", gettext_lazy("To"), sort="ends_on"),
        Column("undecided", gettext_lazy("Not decided yet"), numeric=True),
        Column("passed", gettext_lazy("Passed"), numeric=True),
        Column(
            "ranked_at",
            gettext_lazy("Ranking"),
            value=lambda batch: _("Ranked") if batch.ranked_at else _("Not ranked yet") if batch.passed else "",
            badge=lambda batch: "good" if batch.ranked_at else "warn" if batch.passed else None,
        ),
    ]
    filterset = BatchFilter
    default_sort = "-ends_on"
    empty_icon = "people"
    empty_title = gettext_lazy("No batches yet")
    empty_text = gettext_lazy("Interns come in batches. Those who pass the internship are ranked here.")

    def __init__(self, request, queryset):
        super().__init__(request, queryset)
        if not sees_several_dealers(request.user):
            self.columns = [replace(column, shown=False) if column.name == "dealer.code" else column for column in self.columns]


def _offer_words(line):
    return _("Open the offer") if line.offer and not line.may_be_offered else _("Make an offer") if line.may_be_offered else ""


def _offer_url(line):
    if line.may_be_offered:
        return reverse("offer_new", args=[line.placement.pk])
    return reverse("offer", args=[line.offer]) if line.offer else ""


class RankingList(List):
    """The lines of one ranking."""

    name = "ranking"
    columns = [
        Column("place", gettext_lazy("Place"), value=lambda line: line.place or _("none"), numeric=True),
        Column("placement.person.name", gettext_lazy("Name")),
        Column("code", gettext_lazy("Student code")),
        Column("internship", gettext_lazy("Internship"), value=lambda line: line.score(line.row.internship), numeric=True),
        Column("coursework", gettext_lazy("Coursework"), value=lambda line: line.score(line.row.coursework), numeric=True),
        Column("graduation", gettext_lazy("Graduation"), value=lambda line: line.score(line.row.graduation), numeric=True),
        Column("formula", gettext_lazy("How it is made")),
        Column("composite", gettext_lazy("Composite"), value=lambda line: shown_composite(line.row.composite), numeric=True),
        Column("tie", gettext_lazy("Tie"), badge=lambda line: "warn" if line.is_open else "good" if line.is_tied else None),
        Column(
            "stage",
            gettext_lazy("Stage"),
            value=lambda line: line.placement.get_stage_display(),
            badge=lambda line: tone_of(line.placement.stage),
        ),
        Column("offer", gettext_lazy("Offer"), value=_offer_words, link=_offer_url, exported=False),
    ]
    per_page = 500
    empty_icon = "people"
    empty_title = gettext_lazy("Not ranked yet")
    empty_text = gettext_lazy(
        "Once interns of this batch have passed, HR ranks them: internship, coursework and graduation by the agreement."
    )

    def __init__(self, request, lines, may=False):
        super().__init__(request, lines)
        if not may:
            self.columns = [replace(column, shown=False) if column.name == "offer" else column for column in self.columns]


@open_to(VIEW)
@require_safe
def selection(request):
    """Batches with how far their selection is."""
    return BatchList(request, batches_visible_to(request.user)).response("talent_pool/selection/selection.html")


def visible_batch(request, pk):
    return get_object_or_404(batches_visible_to(request.user), pk=pk)


@open_to(VIEW)
@require_safe
def batch_ranking(request, pk):
    """The latest ranking of a batch, or the one that `?ranking=` names."""
    return _page(request, visible_batch(request, pk))


def _page(request, batch, refused=None):
    """`refused` is the form of a tie that could not be decided."""
    rankings = list(Ranking.objects.filter(batch=batch).select_related("made_by__employee"))
    asked = whole_numbers([request.GET.get("ranking", "")], 1)
    ranking = next((one for one in rankings if one.pk in asked), rankings[0] if rankings else None)
    may = may_select(request.user, batch.dealer)
    if ranking is None:
        return RankingList(request, []).response("talent_pool/selection/batch_ranking.html", {"batch": batch, "may_select": may})
    rows, decisions = places_of(ranking), decisions_of(ranking)
    standing = standing_of(rows, decisions)
    lines = lines_of(rows, weights_of(ranking), standing)
    is_latest = ranking == rankings[0]
    context = {
        "batch": batch,
        "ranking": ranking,
        "rankings": rankings,
        "is_latest": is_latest,
        "is_overtaken": is_latest and is_overtaken(ranking, rows, batch),
        "formula": formula_words(weights_of(ranking)),
        "missing": list(missing_words(lines)),
        "ties": _ties(ranking, rows, decisions, standing, refused) if is_latest and may else [],
        "decided": [(one, named(one.order)) for one in decisions.values()],
        "may_select": may,
    }
    return RankingList(request, lines, may).response("talent_pool/selection/batch_ranking.html", context)


def _ties(ranking, rows, decisions, standing, refused):
    """[(place, form)] of the ties that wait for a decision; one that was refused keeps what was typed."""
    if refused is not None:
        return [(refused.place, refused)]
    by_pk = {row.pk: row for row in rows}
    _final, _tied, open_ones = standing
    return [(place, _tie_form(ranking, place, [by_pk[pk] for pk in keys])) for place, keys in open_ones.items()]


def _tie_form(ranking, place, tied, data=None):
    form = TieForm(data, tied=tied, facts=tie_shown(ranking, place), prefix=f"tie{place}")
    form.place = place
    return form


@open_to(SELECT)
@form_on(batch_ranking)
def batch_rank(request, pk):
    batch = visible_batch(request, pk)
    attempt(request, rank_batch, _ranked_words, batch=batch)
    return redirect("batch_ranking", pk=pk)


def _ranked_words(ranking):
    count = ranking.places.count()
    return ngettext("%(n)d intern ranked.", "%(n)d interns ranked.", count) % {"n": count}


def _batch_of_ranking(request, pk, place):
    ranking = get_object_or_404(rankings_visible_to(request.user), pk=pk)
    return batch_ranking(request, pk=ranking.batch_id)


@open_to(SELECT)
@form_on(_batch_of_ranking)
def tie_decide(request, pk, place):
    ranking = get_object_or_404(rankings_visible_to(request.user), pk=pk)
    tied = [row for row in places_of(ranking) if row.place == place]
    form = _tie_form(ranking, place, tied, request.POST)
    done = _("The tie is decided.")
    if form.is_valid():
        values = {"order": form.order, "reason": form.cleaned_data["reason"], "shown": form.cleaned_data["shown"]}
        if attempt(request, decide_tie, done, form=form, ranking=ranking, place=place, **values):
            return redirect("batch_ranking", pk=ranking.batch_id)
    return _page(request, visible_batch(request, ranking.batch_id), refused=form)
