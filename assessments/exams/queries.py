from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from assessments.answers.models import Mark, Response
from assessments.answers.queries import newest
from assessments.exams.models import Attempt, AttemptEvent, KeyMend, Paper, PaperItem, Sitting
from assessments.questions.models import QuestionVersion
from courses.training.queries.doubts import clash_words
from lms.audit.models import Event
from lms.common.compiled import compiled
from lms.common.registries import Booking, bookings_of, clashing
from lms.common.shown import facts_of
from lms.people.permissions import dealer_scope, employee_of

OPEN_TO_ALL = Q(confirmed_at=None, withdrawn_at=None, sitting__sealed_at=None, sitting__results_at=None)
OPEN = [Attempt.Status.IN_PROGRESS, Attempt.Status.SUBMITTED]


def sittings_visible_to(user):
    """Sittings that someone prepares or watches over: HR those of its dealer, an invigilator the own ones. Candidates see none,
    whatever else they are: the page shows the access code.
    """
    employee = employee_of(user)
    watched = Q(invigilator=employee.pk) if employee and employee.is_here else Q(pk__in=[])
    if user.has_perm("exams.manage_sittings"):
        watched |= dealer_scope(user)
    sat = Paper.objects.filter(sitting=OuterRef("pk"), candidate=employee.pk if employee else None)
    return Sitting.objects.filter(watched).exclude(Exists(sat)).select_related("dealer", "blueprint", "invigilator")


def papers_watched_by(user):
    """Papers of the sittings that `user` prepares or watches over."""
    return Paper.objects.filter(sitting__in=sittings_visible_to(user)).select_related(
        "sitting__dealer", "candidate__position", "candidate__dealer", "attempt"
    )


def own_papers(user):
    """The papers that `user` sits; of sittings whose papers are drawn."""
    employee = employee_of(user)
    papers = Paper.objects.select_related("sitting__dealer", "candidate", "attempt")
    return papers.filter(candidate=employee.pk).exclude(sitting__status=Sitting.Status.DRAFT) if employee else papers.none()


def wrong_codes(paper, since):
    """How many wrong access codes were typed at the door of this paper since then."""
    events = Event.objects.filter(target_type=paper._meta.label_lower, target_id=str(paper.pk))
    return events.filter(verb="paper.wrong_code", at__gte=since).count()


def own_attempts(user):
    """The attempts of `user`: nobody else writes one, or sees its paper while it runs."""
    employee = employee_of(user)
    attempts = Attempt.objects.select_related("paper__sitting", "paper__candidate")
    return attempts.filter(paper__candidate=employee.pk) if employee else attempts.none()


def results_visible_to(user):
    """Marked attempts whose results are shown: a candidate's own, and for HR those of its dealer."""
    employee = employee_of(user)
    visible = Q(paper__candidate=employee.pk) if employee else Q(pk__in=[])
    if user.has_perm("exams.manage_sittings"):
        visible |= dealer_scope(user, "paper__sitting__dealer")
    shown = Attempt.objects.filter(status=Attempt.Status.MARKED, paper__sitting__results_at__isnull=False)
    return shown.filter(visible).select_related("paper__sitting", "paper__candidate")


def items_of_paper(paper):
    """The items of a paper with the versions that it froze."""
    return paper.items.select_related("version").order_by("number")


def with_progress(papers):
    """Adds to papers how many items they have, how many are answered, when the last answer came, and how often the page was left."""
    of_sheet = {"sheet": OuterRef("attempt__sheet")}
    left = AttemptEvent.objects.filter(attempt=OuterRef("attempt"), kind=AttemptEvent.Kind.FOCUS_LOST)
    last = Response.objects.filter(**of_sheet).order_by("-number").values("saved_at")[:1]
    return papers.annotate(
        item_count=_count(PaperItem.objects.filter(paper=OuterRef("pk")), "paper"),
        answered=_count(newest().filter(**of_sheet, response__isnull=False), "sheet"),
        last_saved_at=Subquery(last),
        times_left=_count(left, "attempt"),
    )


def _count(rows, by):
    """How many of `rows`, counted by themselves: joined side by side they would multiply."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(count=Count("pk")).values("count")), 0)


def overdue_attempts(at):
    """Attempts whose time and grace are over and that nobody handed in."""
    running = Attempt.objects.filter(status=Attempt.Status.IN_PROGRESS, ends_at__lt=at).select_related("paper__sitting", "paper__candidate")
    return [attempt for attempt in running.order_by("pk") if is_over(attempt, at)]


def is_over(attempt, at):
    """Whether nothing is accepted any more: the end and the grace for what was under way have passed."""
    return at > attempt.ends_at + timedelta(seconds=attempt.paper.sitting.grace_seconds)


def theory_scores(paper_ids):
    """{paper's pk: score of 100, or None where there is no marked attempt (not sat, voided, not marked yet)}"""
    scores = dict.fromkeys(paper_ids)
    marked = Attempt.objects.filter(paper__in=list(scores), status=Attempt.Status.MARKED)
    return scores | dict(marked.values_list("paper_id", "score"))


def unmarked_papers(paper_ids):
    """Among these, the papers whose attempt still runs or awaits its marks."""
    return Paper.objects.filter(pk__in=list(paper_ids), attempt__status__in=OPEN).select_related("sitting", "candidate")


def unfinished_papers(paper_ids, at):
    """Among these, the papers that can still change a result: under way, unmarked, or not begun while their sitting is open."""
    may_begin = Q(attempt=None, sitting__closes_at__gt=at) & ~Q(sitting__status=Sitting.Status.CLOSED)
    return Paper.objects.filter(Q(attempt__status__in=OPEN) | may_begin, pk__in=list(paper_ids)).select_related("sitting", "candidate")


def voided_by(user, attempts):
    """The ids of those among the attempts (ids) that this user voided."""
    events = Event.objects.filter(target_type=Attempt._meta.label_lower, target_id__in=list(map(str, attempts)))
    return set(map(int, events.filter(verb="attempt.voided", actor=user).values_list("target_id", flat=True)))


def sittings_mended_by(user):
    """Sittings whose keys `user` may call wrong: HR those of its dealer, authors of questions those of their group; never who sits one."""
    employee = employee_of(user)
    return _not_sat_by(employee.pk if employee else None, mending_scope(user)).select_related("dealer")


def mending_scope(user):
    """The condition on sittings behind it, without who sits them."""
    employee, found = employee_of(user), Q(pk__in=[])
    if user.has_perm("exams.manage_sittings"):
        found |= dealer_scope(user)
    if employee and employee.is_here and user.has_perm("questions.change_question"):
        found |= Q(dealer__group=employee.group_id)
    return found


def _not_sat_by(candidate, scope):
    sat = Paper.objects.filter(sitting=OuterRef("pk"), candidate=candidate)
    return Sitting.objects.filter(scope).exclude(Exists(sat))


@compiled
def mends_at_hand(*, scope, candidate, user, at):
    """Of the sittings of a `mending_scope` that `candidate` does not sit, the newest first: what others than `user` said to be wrong; and
    the confirmed ones of other sittings that `sittings_left_by_mends` is about."""
    sittings = _not_sat_by(candidate, scope)
    waiting = Q(OPEN_TO_ALL, sitting__in=sittings.values("pk")) & ~Q(proposed_by=user)
    left = Exists(_left_by_mends(sittings, at).filter(version=OuterRef("version")))
    return _with_what_shows(KeyMend.objects.filter(waiting | Q(left, confirmed_at__isnull=False))).order_by("-pk")


@compiled
def sittings_left_by_mends(*, scope, candidate, at):
    """(sitting's pk, version's pk) of what those of a `mending_scope` that are over and not sealed ask by a key that was mended in
    another one before they were over."""
    left = _left_by_mends(_not_sat_by(candidate, scope), at).order_by("paper__sitting_id", "version_id")
    return left.values_list("paper__sitting_id", "version_id").distinct()


def with_running(sittings):
    """Adds `is_running` to sittings: somebody is still at work."""
    running = Paper.objects.filter(sitting=OuterRef("pk"), attempt__status=Attempt.Status.IN_PROGRESS)
    return sittings.annotate(is_running=Exists(running))


def past(sittings, at):
    """Those among the sittings that are over: nobody can begin any more, and nobody is at work."""
    return with_running(sittings).filter(Q(status=Sitting.Status.CLOSED) | Q(closes_at__lte=at), is_running=False)


def holding(sittings, version):
    """Those among the sittings that have papers with this version of a question."""
    return sittings.filter(Exists(PaperItem.objects.filter(paper__sitting=OuterRef("pk"), version=version)))


def papers_to_come(sittings, version, at):
    """How many papers with this version were drawn for those among the sittings that are not over: their key is mended after them."""
    to_come = holding(sittings, version).exclude(pk__in=past(sittings, at).values("pk"))
    return Paper.objects.filter(sitting__in=to_come.values("pk"), items__version=version).count()


def _left_by_mends(sittings, at):
    sittings = past(sittings.filter(sealed_at=None, results_at=None), at)
    confirmed = KeyMend.objects.filter(confirmed_at__isnull=False)
    earlier = confirmed.filter(version=OuterRef("version"), confirmed_at__lt=OuterRef("paper__sitting__closes_at"))
    own = KeyMend.objects.filter(version=OuterRef("version"), sitting=OuterRef("paper__sitting"))
    asked = PaperItem.objects.filter(version__in=confirmed.values("version"), paper__sitting__in=sittings.values("pk"))
    return asked.filter(Exists(earlier), ~Exists(own))


def mends_visible_to(user):
    """Keys that were said to be wrong, of the sittings of `sittings_mended_by`."""
    return _with_what_shows(KeyMend.objects.filter(sitting__in=sittings_mended_by(user)))


def _with_what_shows(mends):
    return mends.select_related("sitting__dealer", "version__question", "key", "proposed_by__employee", "confirmed_by__employee")


def proposed_together(mend):
    """The mends of one proposal that wait for a decision: the same question and answer, for each sitting one."""
    return KeyMend.objects.filter(
        version=mend.version_id, proposed_by=mend.proposed_by_id, proposed_at=mend.proposed_at, confirmed_at=None, withdrawn_at=None
    ).order_by("sitting")


def mended_keys(sittings):
    """{(sitting's pk, version's pk): the version by whose key its papers are marked}, where it was mended."""
    return {(mend.sitting_id, mend.version_id): mend.key for mend in _confirmed(sittings)}


def _confirmed(sittings):
    """Oldest first, so that of several of one question the newest is met last."""
    return KeyMend.objects.filter(sitting__in=sittings, confirmed_at__isnull=False).select_related("key").order_by("pk")


def mends_of(sitting):
    """{version's pk: the newest confirmed `KeyMend`} of one sitting (its pk)."""
    return {mend.version_id: mend for mend in _confirmed([sitting])}


def how_questions_went(sitting):
    """[{"version", "papers", "answered", "right"}] of the marked attempts of a sitting; those that fewest had right come first."""
    marks = Mark.objects.filter(response=OuterRef("pk")).order_by("-pk")
    of_sitting = newest().filter(sheet__attempt__paper__sitting=sitting, sheet__attempt__status=Attempt.Status.MARKED)
    marked = of_sitting.annotate(earned=Subquery(marks.values("earned")[:1]), possible=Subquery(marks.values("possible")[:1]))
    counts = (
        marked.order_by()
        .values("version")
        .annotate(answered=Count("pk", filter=Q(response__isnull=False)), right=Count("pk", filter=Q(earned=F("possible"))))
    )
    by_version = {row["version"]: row for row in counts}
    held = PaperItem.objects.filter(paper__sitting=sitting, paper__attempt__status=Attempt.Status.MARKED)
    papers = dict(held.order_by().values_list("version").annotate(Count("pk")))
    versions = QuestionVersion.objects.in_bulk(papers)
    rows = [
        {"version": versions[pk], "papers": count, **{name: by_version.get(pk, {}).get(name, 0) for name in ("answered", "right")}}
        for pk, count in papers.items()
    ]
    return sorted(rows, key=lambda row: (row["right"] / row["papers"], -row["papers"], row["version"].pk))


def sitting_shown(sitting):
    """When and where, for `lms.common.shown`."""
    return facts_of(sitting, "opens_at", "closes_at", "room", "invigilator")


def booking_of(sitting):
    url = reverse("sitting", args=[sitting.pk])
    when = {"starts_at": sitting.opens_at, "ends_at": sitting.closes_at}
    return Booking(f"sitting-{sitting.pk}", str(sitting), sitting.room, **when, url=url, watcher=sitting.invigilator_id)


def clashes_of(sitting):
    """What else is to be in its room at that time, in sentences; not another sitting that the same invigilator watches over."""
    if not sitting.room or sitting.status == Sitting.Status.CLOSED:
        return []
    booked = bookings_of(sitting.dealer, sitting.opens_at, sitting.closes_at)
    return [clash_words(one) for one in clashing(booking_of(sitting), booked)]
