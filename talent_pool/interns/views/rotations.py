"""Who of a batch is at which station when: the chart, a plan before it is written, and changes by hand."""

from dataclasses import dataclass
from datetime import timedelta

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.acting import attempt, open_to
from lms.common.days import day
from lms.common.states import require
from talent_pool.interns.actions.rotating import (
    add_rotation,
    change_rotation,
    digest_of,
    drop_rotation,
    hand_over_mentor,
    not_yours,
    plan_rotations,
    rotation_shown,
    transfer,
)
from talent_pool.interns.drawing import Bar, rotation_chart
from talent_pool.interns.floor import monday
from talent_pool.interns.forms.rotations import DropForm, HandOverForm, NewRotationForm, RotationForm, TransferForm
from talent_pool.interns.models import STANDING, Rotation
from talent_pool.interns.permissions import STATIONS, VIEW, may_keep_stations, may_rotate
from talent_pool.interns.queries.batches import batches_visible_to
from talent_pool.interns.queries.placements import placements_visible_to
from talent_pool.interns.queries.planning import ground_of, plan_for, stay_of
from talent_pool.interns.queries.rotation_words import gap_rows, missed_rows, words_of
from talent_pool.onboarding.queries.mentors import mentors_at

WEEK = timedelta(days=7)


@open_to(VIEW, STATIONS)
@require_safe
def rotations(request, pk):
    """The rotation chart of a batch, what wants attention in it, and its rows."""
    batch = get_object_or_404(batches_visible_to(request.user), pk=pk)
    ground = ground_of(batch, timezone.localdate())
    wrong = {(one.intern, one.place, one.mentor) for one in ground.broken}
    rows = [(one, (one.placement_id, one.station_id, one.mentor_id) in wrong) for one in ground.rotations.values()]
    stays = [(stay_of(one), is_wrong and one.ends_on >= ground.today) for one, is_wrong in rows]
    context = {
        "batch": batch,
        "keeps": may_keep_stations(request.user, batch.dealer),
        "attention": list(dict.fromkeys(words_of(one, ground) for one in ground.broken)),
        "unplanned": _unplanned(ground),
        "svg": _chart(ground, stays) if ground.placements else "",
        "key": _key(ground, stays),
        "people": _by_person(ground),
        "today": ground.today,
    }
    return render(request, "talent_pool/interns/rotations.html", context)


def _by_person(ground):
    """[(placement, its rotations)]"""
    return [(one, [each for each in ground.rotations.values() if each.placement_id == one.pk]) for one in ground.placements.values()]


def _unplanned(ground):
    """Names of those with nothing planned from today on."""
    planned = {one.placement_id for one in ground.rotations.values() if one.ends_on >= ground.today}
    return [one.person.name for pk, one in ground.placements.items() if pk not in planned and one.last_day >= ground.today]


def _chart(ground, stays):
    first = min(one.first for one in ground.floor.interns)
    last = max(one.last for one in ground.floor.interns)
    marks = {pk: number for number, pk in enumerate(ground.stations)}
    bars = {pk: [] for pk in ground.placements}
    for stay, is_wrong in sorted(stays, key=lambda row: row[0].first):
        bars[stay.intern].append(_bar(stay, is_wrong, ground, marks, first, last))
    rows = [(ground.placements[pk].person.name, found) for pk, found in bars.items()]
    weeks = [(begin, date_format(begin, "n-j")) for begin in _mondays(first, last)]
    title = _("Rotations of %(batch)s") % {"batch": ground.batch.name}
    return rotation_chart(title, weeks, rows, first=first, last=last, today=ground.today)


def _mondays(first, last):
    """Every one of a short time, every other of a long one: words need room."""
    step = WEEK if (last - first).days <= 92 else WEEK * 2
    begin, found = monday(first), []
    while begin <= last:
        found.append(begin)
        begin += step
    return found


def _bar(stay, is_wrong, ground, marks, first, last):
    place = ground.stations[stay.place]
    mentor = ground.mentors.get(stay.mentor) or (ground.rotations[stay.pk].mentor if stay.pk in ground.rotations else None)
    words = {
        "intern": ground.placements[stay.intern].person.name, "station": place.name, "mentor": mentor.name if mentor else "–",
        "first": day(stay.first), "last": day(stay.last),
    }  # fmt: skip
    says = _("%(intern)s: %(station)s with %(mentor)s, %(first)s to %(last)s") % words
    url = reverse("rotation", args=[stay.pk]) if stay.pk else reverse("station", args=[stay.place])
    return Bar(max(stay.first, first), min(stay.last, last), place.name, marks[stay.place], url, says, is_wrong)


def _key(ground, stays):
    used = {stay.place for stay, _wrong in stays}
    return [{"mark": f"mark-{number % 4 + 1}", "label": one.name} for number, (pk, one) in enumerate(ground.stations.items()) if pk in used]


@open_to(STATIONS)
@require_http_methods(["GET", "POST"])
def rotations_plan(request, pk):
    """What planning would write, and what it can't meet, before anything is written; then the same, written."""
    batch = get_object_or_404(batches_visible_to(request.user), pk=pk)
    require(may_keep_stations(request.user, batch.dealer), not_yours(batch.dealer))
    anew = "anew" in request.GET
    if request.method == "POST":
        done = attempt(request, plan_rotations, _planned, batch=batch, seen=request.POST.get("seen", ""), anew=anew)
        if done:
            return redirect("rotations", pk=batch.pk)
    ground = ground_of(batch, timezone.localdate(), anew=anew)
    plan = plan_for(ground)
    stays = [(one, False) for one in [*ground.floor.kept, *plan.stays]]
    context = {
        "batch": batch,
        "anew": anew,
        "seen": digest_of(plan),
        "svg": _chart(ground, stays) if ground.placements else "",
        "key": _key(ground, stays),
        "rows": [_plan_row(one, ground) for one in plan.stays],
        "gaps": list(gap_rows(plan, ground)),
        "missed": missed_rows(plan, ground),
        "gone": sum(not ground.stays_put(one) for one in ground.rotations.values()),
        "kept": len(ground.floor.kept),
    }
    return render(request, "talent_pool/interns/rotations_plan.html", context)


def _planned(plan):
    return ngettext("%(count)s rotation is planned.", "%(count)s rotations are planned.", len(plan.stays)) % {"count": len(plan.stays)}


def _plan_row(stay, ground):
    return {
        "intern": ground.placements[stay.intern].person, "station": ground.stations[stay.place], "mentor": ground.mentors[stay.mentor],
        "first": stay.first, "last": stay.last, "hours": stay.hours,
    }  # fmt: skip


# --- By hand ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """One thing that is done to a rotation: its form, its action, and how both are called."""

    form: type
    action: object
    title: object
    done: object
    button: object


WAYS = {
    "change": Way(
        RotationForm, change_rotation, lambda: _("Change the rotation"), lambda: _("The rotation is changed."), lambda: _("Save")
    ),
    "transfer": Way(TransferForm, transfer, lambda: _("Move to another station"), lambda: _("The move is planned."), lambda: _("Move")),
    "mentor": Way(
        HandOverForm,
        hand_over_mentor,
        lambda: _("Hand over to another mentor"),
        lambda: _("The mentor is changed."),
        lambda: _("Hand over"),
    ),
    "drop": Way(
        DropForm, drop_rotation, lambda: _("Drop the rotation"), lambda: _("The rotation is dropped."), lambda: _("Drop the rotation")
    ),
}


def _rotations_visible_to(user):
    found = Rotation.objects.filter(placement__in=placements_visible_to(user))
    return found.select_related("station", "mentor", "placement__person", "placement__batch__dealer")


@open_to(STATIONS)
@require_http_methods(["GET", "POST"])
def rotation(request, pk, way="change"):
    """One rotation by hand, in one of four ways; the rules are asked each time."""
    one = get_object_or_404(_rotations_visible_to(request.user), pk=pk)
    require(may_rotate(request.user, one.placement), not_yours(one.placement.batch.dealer))
    found = WAYS[way]
    form = found.form(request.POST or None, **_known(one, way))
    if form.is_valid() and attempt(request, found.action, found.done(), form=form, rotation=one, **form.cleaned_data):
        return redirect("rotations", pk=one.placement.batch_id)
    ways = [{"label": each.title(), "url": _way_url(one, name), "current": name == way} for name, each in WAYS.items()]
    context = {
        "rotation": one, "form": form, "ways": ways, "title": found.title(), "button": found.button(), "is_drop": way == "drop",
        "is_over": one.ends_on < timezone.localdate(),
    }  # fmt: skip
    return render(request, "talent_pool/interns/rotation.html", context)


def _way_url(one, name):
    return reverse("rotation", args=[one.pk]) if name == "change" else reverse(f"rotation_{name}", args=[one.pk])


def _known(one, way):
    known = {"dealer": one.placement.batch.dealer, "mentors": _mentors(one.placement.batch.dealer, one.mentor_id)}
    initial = {"on": max(one.starts_on, timezone.localdate())}
    if way == "change":
        initial = {"station": one.station_id, "mentor": one.mentor_id, "starts_on": one.starts_on, "ends_on": one.ends_on}
    return {**known, "initial": initial, "facts": rotation_shown(one)}


def _mentors(dealer, also=None):
    """Keys of who may be chosen: everyone named as mentor there, and who is the mentor now."""
    return [one.employee_id for one in mentors_at(dealer)] + ([also] if also else [])


@open_to(STATIONS)
@require_http_methods(["GET", "POST"])
def rotation_new(request, pk):
    placement = get_object_or_404(placements_visible_to(request.user).filter(stage__in=STANDING), pk=pk)
    require(may_rotate(request.user, placement), not_yours(placement.batch.dealer))
    dealer = placement.batch.dealer
    initial = {"starts_on": max(placement.starts_on, timezone.localdate()), "ends_on": placement.last_day}
    form = NewRotationForm(request.POST or None, dealer=dealer, mentors=_mentors(dealer), initial=initial)
    if form.is_valid() and attempt(request, add_rotation, _("The rotation is added."), form=form, placement=placement, **form.cleaned_data):
        return redirect("rotations", pk=placement.batch_id)
    return render(request, "talent_pool/interns/rotation_new.html", {"placement": placement, "form": form})
