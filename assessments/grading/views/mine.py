from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.grading.eligibility import TOP, courses_missing, words_of
from assessments.grading.models import Candidacy, Cycle, LevelDecision
from assessments.grading.permissions import SHOWN
from assessments.grading.queries import candidacies_visible_to
from courses.catalogue.models import CoursePage
from lms.common.acting import open_to
from lms.common.quarters import first_day, following, quarter_of

BEFORE_EXAM = [Cycle.Status.LOCKED, Cycle.Status.SITTING]
TONES = {"passed": "good", "failed": "bad", "missed": "warn"}


@open_to("grading.view_own_grading")
def my_exams(request):
    """One's own cycle: what is met, when and where, the result once it is published; and why a level is not open yet."""
    employee = getattr(request.user, "employee", None)
    track = employee.position.track if employee else ""
    level = employee.level_in(track) if track else 0
    own = candidacies_visible_to(request.user).filter(employee=employee).select_related("paper__sitting", "paper__attempt")
    found = list(own.order_by("-cycle__year", "-cycle__quarter", "-pk")[:12])
    here = next((c for c in found if c.cycle.track == track and c.cycle.status != Cycle.Status.CLOSED), None)
    certificates = {d.candidacy_id: d.certificate for d in LevelDecision.objects.filter(candidacy__in=found).select_related("certificate")}
    context = {
        "track": track,
        "level": level,
        "next_level": level + 1 if track and level < TOP else None,
        "candidacy": here,
        "checks": checks_of(here) if here else [],
        "exam": exam_of(here) if here else None,
        "result": result_of(here, certificates) if here and here.cycle.status in SHOWN else None,
        "refusals": refusals_for(level, here) if track else [],
        "past": [result_of(c, certificates) for c in found if c.cycle.status in SHOWN and c is not here],
    }
    return render(request, "assessments/grading/my_exams.html", context)


def checks_of(candidacy):
    """The findings as a checklist; what is open has a link to where it is mended."""
    if candidacy.computed_at is None:
        return []
    return [
        {"ok": finding["met"], "text": words_of(finding), **(_remedy(finding) if not finding["met"] else {})}
        for finding in candidacy.findings
    ]


def _remedy(finding):
    rule = finding["rule"]
    if rule == "courses":
        pages = CoursePage.objects.filter(pk__in=courses_missing(finding)[:5])
        titles = ", ".join(page.title for page in pages)
        return {"note": titles, "url": _url("catalogue"), "action": _("Learn")}
    if rule in {"attendance", "reflections"}:
        return {"url": _url("training"), "action": _("Training")}
    return {}


def _url(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def exam_of(candidacy):
    """Date, room and, from the opening on, the button that starts or resumes; None without a paper."""
    if candidacy.paper is None or candidacy.cycle.status not in BEFORE_EXAM:
        return None
    sitting, now = candidacy.paper.sitting, timezone.now()
    attempt = getattr(candidacy.paper, "attempt", None)
    return {
        "sitting": sitting,
        "minutes": sitting.minutes + candidacy.paper.extra_minutes,
        "is_open": sitting.opens_at <= now < sitting.closes_at or (attempt is not None and attempt.submitted_at is None),
        "is_over": attempt is not None and attempt.submitted_at is not None,
        "is_running": attempt is not None and attempt.submitted_at is None,
        "url": reverse("exam_start", args=[candidacy.paper_id]),
    }


def result_of(candidacy, certificates):
    attempt = getattr(candidacy.paper, "attempt", None) if candidacy.paper else None
    return {
        "candidacy": candidacy,
        "outcome": Candidacy.Outcome(candidacy.seen_outcome).label if candidacy.may_sit else _("Not admitted"),
        "tone": TONES.get(candidacy.seen_outcome, "") if candidacy.may_sit else "",
        "certificate": certificates.get(candidacy.pk),
        "url": reverse("exam_result", args=[attempt.pk]) if attempt is not None else "",
    }


def refusals_for(level, candidacy):
    """Why the levels beyond the next are closed, and what would open them (G2)."""
    opens = first_day(*following(*quarter_of(timezone.localdate())))
    running = candidacy is not None and candidacy.cycle.status not in SHOWN
    step = (
        _("Next: level %(next)d, in the cycle under way.")
        if running
        else _("Next: level %(next)d, in the cycle of the quarter that begins on %(on)s.")
    )
    words = step % {"next": level + 1, "on": f"{opens:%Y-%m-%d}"}
    return [
        _("Level %(level)d is not open to you yet: you hold level %(held)d, and it goes up one step at a time. %(next)s")
        % {"level": higher, "held": level, "next": words}
        for higher in range(level + 2, TOP + 1)
    ]
