"""Who may sit for the next level (G4): plain facts in, findings out, and the words for a finding when it is shown. No ORM."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

TOP = 3


@dataclass(frozen=True)
class Rules:
    """What a cycle asks for; `min_attendance` in per cent."""

    min_attendance: int = 80
    needs_reflections: bool = True
    needs_courses: bool = True


@dataclass(frozen=True)
class Facts:
    """What is known of one person in the quarter. `courses_missing` holds the ids of required courses not completed."""

    level: int
    in_track: bool = True
    on_leave: bool = False
    attended: int = 0
    expected: int = 0
    reflections_owed: int = 0
    courses_missing: list = field(default_factory=list)


def findings_of(facts, rules):
    """One finding a rule, in the order in which they are shown: {"rule", "met", "have", "need"}. All must be met."""
    findings = [
        {"rule": "post", "met": facts.in_track, "have": None, "need": None},
        {"rule": "leave", "met": not facts.on_leave, "have": None, "need": None},
        {"rule": "level", "met": facts.level < TOP, "have": facts.level, "need": TOP - 1},
        attendance_finding(facts, rules),
    ]
    if rules.needs_reflections:
        findings.append({"rule": "reflections", "met": not facts.reflections_owed, "have": facts.reflections_owed, "need": 0})
    if rules.needs_courses:
        missing = list(facts.courses_missing)
        findings.append({"rule": "courses", "met": not missing, "have": len(missing), "need": 0, "courses": missing})
    return findings


def attendance_finding(facts, rules):
    """Attendance in per cent, compared exactly and shown rounded down; met where no session has been closed yet."""
    if not facts.expected:
        return {"rule": "attendance", "met": True, "have": None, "need": rules.min_attendance}
    met = 100 * facts.attended >= rules.min_attendance * facts.expected
    have = 100 * facts.attended // facts.expected
    return {"rule": "attendance", "met": met, "have": have, "need": rules.min_attendance}


def is_eligible(findings):
    return all(finding["met"] for finding in findings)


def words_of(finding):
    """The finding as a sentence in the active language."""
    return _WORDS[finding["rule"]](finding)


def _post(finding):
    return _("In a position of this track at this dealer") if finding["met"] else _("No longer in a position of this track at this dealer")


def _leave(finding):
    return _("At work") if finding["met"] else _("On leave")


def _level(finding):
    if finding["met"]:
        return _("Holds level %(have)d, so the next is level %(next)d") % {"have": finding["have"], "next": finding["have"] + 1}
    return _("Holds level 3 already, the highest")


def _attendance(finding):
    values = {"have": finding["have"], "need": finding["need"]}
    if finding["have"] is None:
        return _("Attendance: no session of the quarter is closed yet, so nothing is missed (%(need)d %% asked for)") % values
    return _("Attendance %(have)d %%, %(need)d %% asked for") % values


def _reflections(finding):
    if finding["met"]:
        return _("All reflections handed in")
    return ngettext("%(count)d reflection overdue", "%(count)d reflections overdue", finding["have"]) % {"count": finding["have"]}


def _courses(finding):
    if finding["met"]:
        return _("Required courses done")
    return ngettext("%(count)d required course open", "%(count)d required courses open", finding["have"]) % {"count": finding["have"]}


_WORDS = {
    "post": _post,
    "leave": _leave,
    "level": _level,
    "attendance": _attendance,
    "reflections": _reflections,
    "courses": _courses,
}
