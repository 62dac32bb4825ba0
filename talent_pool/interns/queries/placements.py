"""Placements as they are read: one, those of a batch, the board by stage."""

from django.db.models import CharField, Count, F, OuterRef, Prefetch, Q, Subquery, Window
from django.db.models.functions import Cast, Coalesce, RowNumber
from django.utils import timezone

from lms.audit.models import Event
from lms.common.shown import facts_of
from lms.people.permissions import employee_of
from talent_pool.interns.models import BEFORE, HERE, Paper, Placement, Rotation
from talent_pool.interns.permissions import placements_scope
from talent_pool.labour.choices import Severity
from talent_pool.labour.models import Finding

Stage = Placement.Stage
TERMS = (
    "kind", "starts_on", "ends_on", "monthly_pay", "pay_every_months", "paid_in_money", "paid_to_student", "works_independently",
    "hours_a_day", "days_a_week", "overtime_hours", "labour_grade", "works_nights", "works_holidays", "through_agency", "deposit", "fee",
    "keeps_papers",
)  # fmt: skip


def placements_visible_to(user):
    """Placements that `user` may open, with person, batch, dealer, school and what the school says of the student."""
    related = ("person__student", "batch__dealer", "batch__school", "batch__agreement", "batch__targeted_class", "person__user")
    return Placement.objects.filter(placements_scope(user)).select_related(*related)


def placements_listed(user):
    """`placements_visible_to` with `blocks` and `warns`: how many findings the last check left open, without what they say."""
    finding = Finding.objects.filter(place=Cast(OuterRef("pk"), CharField()), person=OuterRef("person"), gone_at=None).order_by()
    found = placements_visible_to(user).filter(counts())
    return found.annotate(
        blocks=Coalesce(Subquery(_counted(finding, Severity.BLOCK)), 0), warns=Coalesce(Subquery(_counted(finding, Severity.WARN)), 0)
    )


def _counted(findings, severity):
    return findings.filter(severity=severity).values("person").annotate(number=Count("pk")).values("number")


def placements_of(batch, user):
    """Those of a batch, with their papers and rotations."""
    found = placements_visible_to(user).filter(counts(), batch=batch).order_by("person__student__code", "pk")
    return found.prefetch_related(_papers(), _rotations())


def placement_for_page(user):
    return placements_visible_to(user).prefetch_related(_papers(), _rotations(), "pauses")


def _papers():
    return Prefetch("papers", Paper.objects.select_related("recorded_by__employee", "withdrawn_by__employee"))


def _rotations():
    return Prefetch("rotations", Rotation.objects.select_related("station__position", "mentor").order_by("starts_on"))


def own_placement(user):
    """The placement of an intern that goes on, else the next one, else the last; None of whoever never had one."""
    employee = employee_of(user)
    if employee is None:
        return None
    own = list(placement_for_page(user).filter(counts(), person=employee).order_by("-starts_on", "-pk"))
    return next((one for stages in (HERE, BEFORE) for one in reversed(own) if one.stage in stages), own[0] if own else None)


def terms_shown(placement):
    """What the page of its terms shows, for `lms.common.shown`."""
    return facts_of(placement, *TERMS)


def events_of(placement, most=60):
    """What was recorded of a placement, the newest first."""
    found = Event.objects.filter(target_type=Placement._meta.label_lower, target_id=str(placement.pk))
    return found.select_related("actor__employee").order_by("-at", "-pk")[:most]


def counts(prefix=""):
    """A condition on placements: not those that were taken out before they started."""
    return ~Q(**{f"{prefix}stage": Stage.ENDED, f"{prefix}started_at": None})


def under_way(on=None, prefix=""):
    """A condition on placements: the person is here as an intern on the day."""
    on = on or timezone.localdate()
    not_over = Q(**{f"{prefix}ended_on": None, f"{prefix}ends_on__gte": on}) | Q(**{f"{prefix}ended_on__gte": on})
    return not_over & Q(**{f"{prefix}stage__in": HERE, f"{prefix}starts_on__lte": on})


def board_of(placements, most):
    """[(stage, how many, the first `most` of them)] of all stages, in order. Two statements."""
    numbers = dict(placements.order_by().values_list("stage").annotate(number=Count("pk", distinct=True)))
    place = Window(RowNumber(), partition_by=F("stage"), order_by=["-starts_on", "pk"])
    rows = list(placements.annotate(place=place).filter(place__lte=most).order_by("place"))
    return [(stage, numbers.get(stage, 0), [row for row in rows if row.stage == stage]) for stage in Stage]


# --- Papers ---------------------------------------------------------------------------------------------------------


def papers_needed(placement):
    """The kinds of paper that this placement needs: a visit needs no agreement and no consent."""
    kinds = [Paper.Kind.INSURANCE, Paper.Kind.SAFETY]
    if placement.kind == Placement.Kind.VISIT:
        return kinds
    return [Paper.Kind.AGREEMENT, Paper.Kind.STUDENT_CONSENT, *([Paper.Kind.GUARDIAN_CONSENT] if is_minor(placement) else []), *kinds]


def is_minor(placement):
    """Whether the student is under 18 on the first day, or nobody knows."""
    student = getattr(placement.person, "student", None)
    if student is None or (student.born_on is None and student.born_erased_at is None):
        return True
    return student.born_on is not None and on_birthday(student.born_on, 18) > placement.starts_on


def on_birthday(born, years):
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February
        return born.replace(year=born.year + years, month=3, day=1)


def papers_missing(placement):
    """Those needed that are not on record, of a placement with its papers at hand."""
    there = {paper.kind for paper in placement.papers.all() if paper.withdrawn_at is None}
    return [kind for kind in papers_needed(placement) if kind not in there]
