"""Interns by stage, as a board and as a list."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lms.common.acting import open_to
from lms.common.lists import Column, List
from lms.common.tones import tone_of
from talent_pool.interns.forms.batches import PlacementFilter
from talent_pool.interns.permissions import COORDINATE, MANAGE, VIEW
from talent_pool.interns.queries.placements import board_of, counts, placements_listed, placements_visible_to

ON_BOARD = 12  # cards of a stage; the list has the rest


def _page(placement):
    return reverse("placement", args=[placement.pk])


class PlacementList(List):
    name = "interns"
    columns = [
        Column("person.name", gettext_lazy("Name"), sort="person__name", link=_page),
        Column("person.student.code", gettext_lazy("Student code"), sort="person__student__code"),
        Column("batch.name", gettext_lazy("Batch"), sort="batch__name"),
        Column("batch.dealer.name", gettext_lazy("Dealer"), sort="batch__dealer__code"),
        Column("batch.school.name", gettext_lazy("School"), sort="batch__school__code"),
        Column("starts_on", gettext_lazy("First day"), sort="starts_on"),
        Column("last_day", gettext_lazy("Last day"), sort="ends_on"),
        Column(
            "stage", gettext_lazy("Stage"), sort="stage", value=lambda one: one.get_stage_display(), badge=lambda one: tone_of(one.stage)
        ),
        Column("blocks", gettext_lazy("Blocking"), sort="blocks", numeric=True),
        Column("warns", gettext_lazy("Warnings"), sort="warns", numeric=True),
    ]
    filterset = PlacementFilter
    default_sort = "-starts_on"
    empty_icon = "school"
    empty_title = gettext_lazy("No interns yet")
    empty_text = gettext_lazy("They come with a batch of a school.")

    @staticmethod
    def records(user):
        return placements_listed(user)


@open_to(VIEW, COORDINATE)
@require_safe
def placements(request):
    return PlacementList(request, placements_listed(request.user)).response("talent_pool/interns/placements.html")


@open_to(VIEW, COORDINATE)
@require_safe
def board(request):
    stages = board_of(placements_visible_to(request.user).filter(counts()), ON_BOARD)
    return render(request, "talent_pool/interns/board.html", {"stages": stages, "manages": request.user.has_perm(MANAGE)})
