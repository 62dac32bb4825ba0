from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.exams.models import Attempt
from assessments.exams.timing import late_words
from assessments.grading.eligibility import TOP, words_of
from assessments.grading.kinds.registry import kinds
from assessments.grading.models import Candidacy, ComponentResult, Cycle, LevelDecision
from assessments.grading.models.components import LIVE
from assessments.grading.permissions import SHOWN
from assessments.grading.queries.findings import grounds_of
from assessments.grading.queries.ladder import is_overtaken
from assessments.grading.queries.records import called, own_candidacies
from lms.common.acting import open_to
from lms.common.compiled import compiled
from lms.common.days import day
from lms.common.quarters import first_day, following, quarter_of
from lms.common.tones import tone_of
from lms.people.choices import LEVEL_NAMES, LEVEL_STEPS

BEFORE_EXAM = [Cycle.Status.LOCKED, Cycle.Status.SITTING]


@open_to("grading.view_own_grading")
def my_exams(request):
    """One's own cycle: what is met, when and where, the result once it is published; and why a level is not open yet."""
    employee = getattr(request.user, "employee", None)
    track = employee.position.track if employee else ""
    level = employee.level_in(track) if track else 0
    found = own_candidacies(employee) if employee else []
    current = (c for c in found if c.cycle.track == track and c.cycle.status != Cycle.Status.CLOSED)
    here = next((c for c in current if not is_overtaken(c, employee)), None)
    sat = papers_of(employee) if found else {}
    certificates = {one.candidacy_id: one.certificate for one in _decided(employee=employee.pk)} if found else {}
    context = {
        "track": track,
        "level": level,
        "next_level": level + 1 if track and level < TOP else None,
        "candidacy": here,
        "named": called(here.cycle, request.user) if here else "",
        "checks": checks_of(here) if here else [],
        "exams": exams_of(here, sat) if here else [],
        "result": result_of(here, sat, certificates) if here and here.cycle.status in SHOWN else None,
        "refusals": refusals_for(level, here) if track else [],
        "past": [_past(c, sat, certificates, request.user) for c in found if c.cycle.status in SHOWN and c is not here],
    }
    return render(request, "assessments/grading/my_exams.html", context)


def checks_of(candidacy):
    """The findings as a checklist, each with the sessions and courses that it rests on; what is open has a link to where it is mended."""
    if candidacy.computed_at is None:
        return []
    grounds = grounds_of(candidacy)
    return [
        {
            "ok": finding["met"],
            "text": words_of(finding),
            "grounds": grounds.get(finding["rule"], []),
            **(_remedy(finding) if not finding["met"] else {}),
        }
        for finding in candidacy.findings
    ]


# Where what a rule found open is mended, and what the link says.
REMEDIES = {
    "courses": ("catalogue", gettext_lazy("Learn")),
    "attendance": ("training", gettext_lazy("Training")),
    "reflections": ("training", gettext_lazy("Training")),
}


def _remedy(finding):
    name, action = REMEDIES.get(finding["rule"], ("", ""))
    return {"url": reverse(name), "action": action} if name else {}


def papers_of(employee):
    """{candidacy id: [the results with a paper that count]}, without their scores: those come with the candidacy, once it may be seen."""
    found = {}
    for result in _with_papers(employee=employee.pk):
        found.setdefault(result.candidacy_id, []).append(result)
    return found


@compiled
def _with_papers(*, employee):
    results = ComponentResult.objects.filter(LIVE, candidacy__employee=employee).exclude(paper=None).defer("score")
    return results.select_related("component", "paper__sitting", "paper__attempt").order_by("paper__sitting__opens_at")


@compiled
def _decided(*, employee):
    return LevelDecision.objects.filter(candidacy__employee=employee).select_related("certificate")


def exams_of(candidacy, sat):
    """What there is to sit: one entry a paper, in the order of their times. During marking, what is still to come."""
    status, now = candidacy.cycle.status, timezone.now()
    found = [_exam_of(result, now) for result in sat.get(candidacy.pk, [])]
    to_come = [exam for exam in found if exam["is_running"] or (not exam["is_over"] and exam["sitting"].closes_at > now)]
    return found if status in BEFORE_EXAM else to_come if status == Cycle.Status.MARKING else []


def _exam_of(result, now):
    """Date, room and, from the opening on, the button that starts or resumes."""
    sitting = result.paper.sitting
    attempt = getattr(result.paper, "attempt", None)
    running = attempt is not None and attempt.status == Attempt.Status.IN_PROGRESS
    voided = attempt is not None and attempt.status == Attempt.Status.VOIDED
    return {
        "part": result.component.exam,
        "sitting": sitting,
        "minutes": sitting.minutes + result.paper.extra_minutes,
        "late": late_words(result.paper, now) if attempt is None else "",
        "is_open": running or (attempt is None and sitting.opens_at <= now < sitting.closes_at),
        "is_over": attempt is not None and not running,
        "is_running": running,
        "voided": attempt.voided_reason if voided else "",
        "url": reverse("exam_start", args=[result.paper_id]),
    }


def _past(candidacy, sat, certificates, user):
    return result_of(candidacy, sat, certificates) | {"named": called(candidacy.cycle, user)}


def result_of(candidacy, sat, certificates):
    attempts = [(result.component.label, getattr(result.paper, "attempt", None)) for result in sat.get(candidacy.pk, [])]
    scores = [(kind.label, getattr(candidacy, f"seen_{kind.name}")) for kind in kinds()]
    return {
        "candidacy": candidacy,
        "scores": [(label, score) for label, score in scores if score is not None],
        "outcome": Candidacy.Outcome(candidacy.seen_outcome).label,
        "tone": tone_of(candidacy.seen_outcome),
        "certificate": certificates.get(candidacy.pk),
        "papers": [(label, reverse("exam_result", args=[attempt.pk])) for label, attempt in attempts if attempt is not None],
    }


def refusals_for(level, candidacy):
    """Why the levels beyond the next are closed, and what would open them (G2)."""
    if level + 2 > TOP:
        return []
    opens = first_day(*following(*quarter_of(timezone.localdate())))
    running = candidacy is not None and candidacy.cycle.status not in SHOWN
    step = (
        _("Next: %(next)s, in the cycle under way.") if running else _("Next: %(next)s, in the cycle of the quarter that begins on %(on)s.")
    )
    words = step % {"next": LEVEL_STEPS[level + 1], "on": day(opens)}
    return [
        _("%(level)s is not open to you yet: it goes up one step at a time, and you hold “%(held)s”. %(next)s")
        % {"level": LEVEL_STEPS[higher], "held": LEVEL_NAMES[level], "next": words}
        for higher in range(level + 2, TOP + 1)
    ]
