"""Before and after the exam: a sitting is set, papers are drawn, times changed, results shown."""

import secrets
from collections import defaultdict
from datetime import timedelta
from functools import partial

from django.db import transaction

from assessments.exams import drawing
from assessments.exams.actions.attempts import submit_overdue
from assessments.exams.actions.sealing import lock_open
from assessments.exams.models import Attempt, Paper, PaperItem, Sitting, kind_choices
from assessments.exams.permissions import may_decide, may_manage, may_prepare, may_watch
from assessments.exams.queries import sitting_shown
from assessments.exams.timing import ends_at_of
from assessments.questions.actions import freeze_versions
from assessments.questions.kinds.registry import kinds
from assessments.questions.marking import order
from assessments.questions.models import Question
from courses.catalogue.models import Topic
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import clauses, ngettext
from lms.common.bilingual import gettext as _
from lms.common.shown import facts_of
from lms.common.states import Refused, advance, require
from lms.common.versions import freeze
from lms.jobs.progress import Quiet
from lms.people.permissions import is_self

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that reads like another
BATCH = 100  # candidates a transaction
LONGEST_EXTRA = 240


def new_access_code():
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(6))


@transaction.atomic
def create_sitting(
    *,
    dealer,
    blueprint,
    title_zh,
    opens_at,
    closes_at,
    by,
    at,
    title_en="",
    level=None,
    minutes=None,
    pass_mark=None,
    grace_seconds=20,
    room="",
    access_code="",
    invigilator=None,
):
    """Set a theory exam by the blueprint as it reads now. Level, minutes and pass mark are the blueprint's unless given."""
    require(may_prepare(by, dealer), _("Exams of a dealer are set by its HR, or the group's."))
    blueprint = freeze(blueprint, at=at)
    _check_times(opens_at, closes_at, minutes or blueprint.minutes)
    sitting = Sitting.objects.create(
        dealer=dealer,
        blueprint=blueprint,
        title_zh=title_zh,
        title_en=title_en,
        level=blueprint.level if level is None else level,
        opens_at=opens_at,
        closes_at=closes_at,
        minutes=minutes or blueprint.minutes,
        pass_mark=blueprint.pass_mark if pass_mark is None else pass_mark,
        grace_seconds=grace_seconds,
        room=room,
        access_code=access_code or new_access_code(),
        invigilator=invigilator,
    )
    record_event("sitting.created", target=sitting, by=by, at=at, after={"opens_at": opens_at, "closes_at": closes_at, "room": room})
    return sitting


@transaction.atomic
def schedule_sitting(*, sitting, opens_at, closes_at, room, invigilator, by, at, shown=None):
    """Move a sitting, or give it another room or invigilator. Not once someone has begun."""
    require(may_manage(by, sitting), _whose())
    sitting = lock_open(sitting.pk)
    if sitting.status == Sitting.Status.CLOSED or Attempt.objects.filter(paper__sitting=sitting).exists():
        raise Refused(_("This exam has begun or is over, so its time stays as it is. Give a candidate extra time instead."))
    check_shown(shown, sitting_shown(sitting), sitting)
    _check_times(opens_at, closes_at, sitting.minutes)
    _check_invigilator(invigilator, sitting.papers.values_list("candidate_id", flat=True))
    invigilator_pk = invigilator.pk if invigilator else None
    changes = {"opens_at": opens_at, "closes_at": closes_at, "room": room, "invigilator_id": invigilator_pk}
    before = {name: getattr(sitting, name) for name in changes}
    Sitting.objects.filter(pk=sitting.pk).update(**changes)
    record_event("sitting.scheduled", target=sitting, by=by, at=at, before=before, after=changes)
    sitting.refresh_from_db()
    return sitting


def _whose():
    return _("This exam is prepared by HR of its dealer, or the group's, and never by someone who sits it.")


def _check_invigilator(invigilator, candidate_ids):
    if invigilator is not None and invigilator.pk in candidate_ids:
        raise Refused(
            _("%(name)s sits this exam and can't watch over it. Choose another invigilator.") % {"name": invigilator.name},
            field="invigilator",
        )


def _check_times(opens_at, closes_at, minutes):
    if closes_at - opens_at < timedelta(minutes=minutes):
        raise Refused(
            _("The exam takes %(minutes)d minutes, more than lie between its opening and its closing. Let it close later.")
            % {"minutes": minutes},
            field="closes_at",
        )


def draw_papers(*, sitting, candidates, by, at, seed, progress=None):
    """Draw a paper for each of `candidates` (employees) who has none yet; older papers stay. Returns how many are new.

    Refuses, naming every gap of the bank, before anything is written. Works in batches, each all or nothing, so it can be
    broken off and run again; papers come out the same, for a paper's seed is derived from `seed` and its candidate.
    """
    require(may_manage(by, sitting) and not any(is_self(by, person) for person in candidates), _whose())
    _check_invigilator(sitting.invigilator, {person.pk for person in candidates})
    blueprint = sitting.blueprint
    lines = [drawing.Line(line.topic_id, line.level, line.kind, line.count, line.points) for line in blueprint.lines.all()]
    pool = _pool(lines)
    _check_bank(pool, lines)
    progress = progress or Quiet()
    progress.total(len(candidates))
    drawn = 0
    for start in range(0, len(candidates), BATCH):
        batch = candidates[start : start + BATCH]
        drawn += _draw_batch(sitting, batch, pool, lines, seed, by, at)
        progress.advance(len(batch))
    sitting.refresh_from_db(fields=["status"])
    return drawn


def _pool(lines):
    names = {kind.model_name: kind.name for kind in kinds()}
    rows = Question.objects.non_polymorphic().filter(
        status=Question.Status.APPROVED,
        in_exams=True,
        topic__in={line.topic for line in lines},
        level__in={line.level for line in lines},
    )
    values = rows.order_by().values_list("pk", "topic_id", "level", "polymorphic_ctype__model")
    return [drawing.Candidate(pk, topic, level, names.get(model, "")) for pk, topic, level, model in values]


def _check_bank(pool, lines):
    if not lines:
        raise Refused(_("The blueprint has no lines yet; add which topics, levels and how many questions it asks for."))
    found = drawing.gaps(pool, lines)
    if found:
        topics = {topic.pk: topic for topic in Topic.objects.filter(pk__in={gap.topic for gap in found})}
        names = dict(kind_choices())
        words = [
            _("%(topic)s, level %(level)d, %(kind)s: %(wanted)d wanted, %(there)d there")
            % {"topic": topics[gap.topic], "level": gap.level, "kind": names[gap.kind], "wanted": gap.wanted, "there": gap.there}
            for gap in found
        ]
        raise Refused(
            _("The question bank cannot fill this blueprint. Approve more questions or ask for fewer: %(gaps)s.") % {"gaps": clauses(words)}
        )


@transaction.atomic
def _draw_batch(sitting, candidates, pool, lines, seed, by, at):
    locked = lock_open(sitting.pk)
    if locked.status == Sitting.Status.CLOSED:
        raise Refused(_("This exam is closed; set a new one to draw papers for."))
    there = set(Paper.objects.filter(sitting=locked, candidate__in=candidates).values_list("candidate_id", flat=True))
    wanted = {person.pk: person for person in candidates if person.pk not in there}
    papers = Paper.objects.bulk_create(
        [Paper(sitting=locked, candidate=person, seed=drawing.seed_for(seed, pk), drawn_at=at) for pk, person in wanted.items()]
    )
    met = _questions_met(wanted)
    drawn = {paper.pk: drawing.draw(pool, lines, paper.seed, met[paper.candidate_id]) for paper in papers}
    versions = freeze_versions({one.id for paper in drawn.values() for one in paper}, by=by)
    PaperItem.objects.bulk_create([item for paper in papers for item in _items(paper, drawn[paper.pk], versions)], batch_size=1000)
    if locked.status == Sitting.Status.DRAFT:
        advance(locked, start=Sitting.Status.DRAFT, end=Sitting.Status.READY)
    if papers:
        record_event("sitting.papers_drawn", target=locked, by=by, at=at, after={"seed": str(seed), "papers": len(papers)})
    return len(papers)


def _questions_met(candidates):
    """{candidate: the questions of papers that they have begun}: whoever sits again, after illness or a void, is asked others."""
    met = defaultdict(set)
    rows = PaperItem.objects.filter(paper__candidate__in=candidates, paper__attempt__isnull=False)
    for candidate, question in rows.values_list("paper__candidate", "version__question"):
        met[candidate].add(question)
    return met


def _items(paper, drawn, versions):
    for number, one in enumerate(drawn, start=1):
        shuffled = partial(drawing.option_order, seed=paper.seed, question=one.id)
        yield PaperItem(
            paper=paper,
            number=number,
            version=versions[one.id],
            points=one.points,
            option_order=order(versions[one.id].content, shuffled),
        )


@transaction.atomic
def set_extra_minutes(*, paper, minutes, by, at, shown=None):
    """Allow a candidate extra time, before the exam or while it runs; the clock of a running attempt follows."""
    require(
        may_decide(by, paper),
        _("Extra time is allowed by the invigilator or HR of the dealer, and never by someone who sits the exam."),
    )
    if not 0 <= minutes <= LONGEST_EXTRA:
        raise Refused(_("Extra time is between 0 and %(most)d minutes.") % {"most": LONGEST_EXTRA}, field="minutes")
    lock_open(paper.sitting_id)
    paper = Paper.objects.select_for_update(of=["self"]).select_related("sitting", "candidate").get(pk=paper.pk)
    check_shown(shown, facts_of(paper, "extra_minutes"), paper)
    attempt = Attempt.objects.filter(paper=paper).first()
    before, paper.extra_minutes = paper.extra_minutes, minutes
    if attempt:
        ends_at = ends_at_of(paper, attempt.started_at)
        running = Attempt.objects.filter(pk=attempt.pk, status=Attempt.Status.IN_PROGRESS, ends_at__gt=at)
        if ends_at <= at or not running.update(ends_at=ends_at):
            raise Refused(_("This exam is over for the candidate, or would be at once; extra time can't be changed any more."))
    Paper.objects.filter(pk=paper.pk).update(extra_minutes=minutes)
    record_event("paper.extra_time", target=paper, by=by, at=at, before={"minutes": before}, after={"minutes": minutes})
    return paper


def close_sitting(*, sitting, by, at):
    """End a sitting for good: nobody begins any more. What ran over time is handed in first; it refuses while anyone still works."""
    require(may_watch(by, sitting), _("This exam is closed by its invigilator or HR of the dealer, and never by someone who sits it."))
    submit_overdue(at=at, sitting=sitting)
    return _close(sitting, by, at)


@transaction.atomic
def _close(sitting, by, at):
    working = Attempt.objects.filter(paper__sitting=sitting, status=Attempt.Status.IN_PROGRESS).count()
    if working:
        raise Refused(
            ngettext(
                "%(count)d candidate is still working. Close the exam when the time is over.",
                "%(count)d candidates are still working. Close the exam when the time is over.",
                working,
            )
            % {"count": working}
        )
    advance(sitting, start=[Sitting.Status.DRAFT, Sitting.Status.READY], end=Sitting.Status.CLOSED)
    record_event("sitting.closed", target=sitting, by=by, at=at)
    return sitting


@transaction.atomic
def show_results(*, sittings, by, at):
    """Let candidates see their results, from now on. Done once; a sitting whose results are shown stays as it is."""
    require(all(may_manage(by, sitting) for sitting in sittings), _whose())
    hidden = Sitting.objects.filter(pk__in=[sitting.pk for sitting in sittings], results_at=None)
    shown = list(hidden.select_for_update())
    hidden.update(results_at=at)
    for sitting in shown:
        record_event("sitting.results_shown", target=sitting, by=by, at=at)
    return len(shown)
