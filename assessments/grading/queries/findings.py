"""What was found about a candidate, computation by computation, and the courses and sessions that it rests on (G10)."""

from itertools import groupby

from django.urls import reverse

from assessments.grading.eligibility import courses_missing, words_of
from courses.catalogue.models import CoursePage
from courses.training.models import Attendance, Reflection
from lms.common.days import day


def grounds_of(candidacy):
    """{rule: [(words, address)]}: the sessions missed, the reflections owed and the courses open that the newest computation rests on.

    As they were found; four statements at most.
    """
    rows = candidacy.all_findings.filter(number=candidacy.computations)
    records = {row.rule: row.records for row in rows}
    courses = next((courses_missing(row.as_found()) for row in rows if row.rule == "courses"), [])
    missed = Attendance.objects.filter(pk__in=records.get("attendance", {}).get("missed", []))
    owed = Reflection.objects.filter(pk__in=records.get("reflections", {}).get("owed", []))
    return {
        "attendance": [_session(row.session, row.get_state_display()) for row in missed.select_related("session__programme")],
        "reflections": [_session(row.session) for row in owed.select_related("session__programme")],
        "courses": [(page.title, reverse("course", args=[page.slug])) for page in CoursePage.objects.filter(pk__in=courses)],
    }


def _session(session, state=""):
    words = [session.programme.get_kind_display(), session.title, day(session.on), state]
    return " · ".join(filter(None, map(str, words))), reverse("session", args=[session.pk])


def computations_of(candidacy):
    """Every computation, the newest first: [{"number", "at", "by", "findings": [{"met", "text", "waived"}]}], in the words of then."""
    rows = candidacy.all_findings.select_related("found_by__employee", "waiver").order_by("-number", "pk")
    return [_computation(number, list(findings)) for number, findings in groupby(rows, key=lambda finding: finding.number)]


def _computation(number, findings):
    return {
        "number": number,
        "at": findings[0].found_at,
        "by": findings[0].found_by,
        "findings": [
            {"met": finding.met, "text": words_of(finding.as_found()), "waived": getattr(finding, "waiver", None)} for finding in findings
        ],
    }
