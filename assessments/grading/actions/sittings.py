"""The theory exam of a cycle: one sitting a level, a paper each."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from assessments.exams.actions import create_sitting, draw_papers, schedule_sitting
from assessments.exams.models import Paper
from assessments.grading.actions.guarding import check_hands, check_state
from assessments.grading.models import Candidacy, Cycle, CycleSitting
from assessments.grading.queries import admitted, blueprint_for, levels_admitted
from lms.common.states import Refused
from lms.jobs.actions import start_job
from lms.notifications.actions import notify
from lms.people.choices import Level, Track


@transaction.atomic
def arrange_sitting(*, cycle, level, opens_at, closes_at, room="", access_code="", invigilator=None, minutes=None, by, at):
    """Set the theory exam for those who aim at `level`; once it is set, move it, until someone has begun. Returns the `CycleSitting`."""
    check_hands(cycle, by)
    check_state(cycle, Cycle.Status.LOCKED)
    if level not in levels_admitted(cycle):
        raise Refused(_("Nobody in this cycle may sit for level %(level)d, so there is no exam to set.") % {"level": level})
    if opens_at <= at:
        raise Refused(_("The exam would begin in the past. Choose a later time."), field="opens_at")
    if invigilator is not None and cycle.candidacies.filter(employee=invigilator).exists():
        raise Refused(
            _("%(name)s is a candidate of this cycle and can't watch over its exams. Choose another invigilator.")
            % {"name": invigilator.name},
            field="invigilator",
        )
    arranged = cycle.sittings.filter(level=level).select_related("sitting").first()
    if arranged is None:
        sitting = create_sitting(
            dealer=cycle.dealer,
            blueprint=_blueprint_of(cycle, level),
            **_titles(cycle, level),
            level=level,
            opens_at=opens_at,
            closes_at=closes_at,
            minutes=minutes,
            room=room,
            access_code=access_code,
            invigilator=invigilator,
            by=by,
            at=at,
        )
        return CycleSitting.objects.create(cycle=cycle, level=level, sitting=sitting)
    schedule_sitting(sitting=arranged.sitting, opens_at=opens_at, closes_at=closes_at, room=room, invigilator=invigilator, by=by, at=at)
    arranged.sitting.refresh_from_db()
    tell_dates(arranged=arranged)
    return arranged


def _blueprint_of(cycle, level):
    """The one that stood at the lock; cycles locked before that was kept take the one in use."""
    basis = cycle.bases.filter(level=level).select_related("blueprint").first()
    blueprint = basis.blueprint if basis else blueprint_for(cycle.track, level)
    if blueprint is None:
        raise Refused(_("There is no blueprint in use for level %(level)d of this track.") % {"level": level})
    return blueprint


def _titles(cycle, level):
    titles = {}
    for field, language in (("title_zh", "zh-hans"), ("title_en", "en")):
        with override(language):
            words = {"year": cycle.year, "quarter": cycle.quarter, "track": Track(cycle.track).label, "level": Level(level).label}
            titles[field] = _("%(track)s, %(level)s: theory, %(year)d Q%(quarter)d") % words
    return titles


@transaction.atomic
def ask_for_papers(*, arranged, seed, by, at):
    """Have the papers of one level drawn by a job."""
    _check_draw(arranged.cycle, by)
    params = {"cycle_id": arranged.cycle_id, "cycle_sitting_id": arranged.pk, "seed": str(seed)}
    return start_job(kind="grading.draw_papers", key=f"sitting:{arranged.pk}", params=params, by=by)


def draw_sitting_papers(*, arranged, by, at, seed, progress=None):
    """Draw the papers of everyone who may sit at this level, tie each to its candidacy and tell people when and where. Repeatable."""
    with transaction.atomic():
        _check_draw(arranged.cycle, by)
    people = [c.employee for c in admitted(arranged.cycle).filter(to_level=arranged.level).select_related("employee").order_by("employee")]
    drawn = draw_papers(sitting=arranged.sitting, candidates=people, by=by, at=at, seed=seed, progress=progress)
    with transaction.atomic():
        link_papers(cycle=arranged.cycle)
        tell_dates(arranged=arranged)
    return drawn


def _check_draw(cycle, by):
    """While locked; and while sitting, when everyone has a paper, so that a draw that was interrupted can still tell people of it."""
    check_hands(cycle, by)
    check_state(cycle, Cycle.Status.LOCKED, Cycle.Status.SITTING)


def link_papers(*, cycle):
    """Tie each paper of the cycle's sittings to its candidate's candidacy."""
    papers = Paper.objects.filter(sitting__cycle_sitting__cycle=cycle).values_list("sitting__cycle_sitting__level", "candidate", "pk")
    by_person = {(level, person): pk for level, person, pk in papers}
    loose = list(admitted(cycle).filter(paper__isnull=True))
    for candidacy in loose:
        candidacy.paper_id = by_person.get((candidacy.to_level, candidacy.employee_id))
    Candidacy.objects.bulk_update([c for c in loose if c.paper_id], ["paper"], batch_size=500)


def tell_dates(*, arranged):
    """Tell everyone with a paper when and where; a changed time or room is told again."""
    sitting = arranged.sitting
    opens = timezone.localtime(sitting.opens_at)
    papers = Paper.objects.filter(sitting=sitting).select_related("candidate")
    notify(
        kind="grading_sitting",
        people=[paper.candidate for paper in papers],
        key=f"sitting:{sitting.pk}:{int(sitting.opens_at.timestamp())}:{sitting.room}",
        context={"level": arranged.level, "opens": f"{opens:%Y-%m-%d %H:%M}", "room": sitting.room, "minutes": sitting.minutes},
        url=reverse("my_exams"),
    )
