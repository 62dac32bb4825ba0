"""Who may sit for the next level (G4): plain facts in, findings out, and the words for a finding when it is shown. No ORM.

A rule has a version: what it finds is kept with it, so that a finding of years ago is judged and said again as it was (G10). Whoever
changes how a rule judges or what its finding says gives it the next version beside the old one.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.bilingual import clauses

TOP = 3
FIXED = frozenset({"post", "level"})  # never waived


@dataclass(frozen=True)
class Rules:
    """What a cycle asks for; `min_attendance` in per cent."""

    min_attendance: int = 80
    needs_reflections: bool = True
    needs_courses: bool = True


@dataclass(frozen=True)
class Facts:
    """What is known of one person in the quarter. `courses_missing` holds the ids of required courses not completed.

    `records` are the ids that each rule's figures were taken from: {rule: {name: id or ids}}.
    """

    level: int
    in_track: bool = True
    risen: int = 0  # steps up in the quarter, by another cycle
    elsewhere: int = 0  # cycles of other dealers under way that examine the person
    on_leave: bool = False
    attended: int = 0
    expected: int = 0  # those not noted among them
    not_noted: int = 0
    reflections_owed: int = 0
    courses_missing: list = field(default_factory=list)
    records: dict = field(default_factory=dict)


def findings_of(facts, rules):
    """One finding a rule, in the order in which they are shown. All must be met.

    {"rule", "version", "met", "have", "need", "figures": what it was judged by, "records": the ids of the records used}.
    """
    wanted = [
        ("post", {"in_track": facts.in_track}, None),
        ("leave", {"on_leave": facts.on_leave}, None),
        ("level", {"level": facts.level, "risen": facts.risen, "elsewhere": facts.elsewhere}, TOP - 1),
        (
            "attendance",
            {"attended": facts.attended, "expected": facts.expected, "not_noted": facts.not_noted},
            rules.min_attendance,
        ),
    ]
    if rules.needs_reflections:
        wanted.append(("reflections", {"owed": facts.reflections_owed}, 0))
    if rules.needs_courses:
        wanted.append(("courses", {"missing": list(facts.courses_missing)}, 0))
    return [found(rule, figures, need, facts.records.get(rule, {})) for rule, figures, need in wanted]


def found(rule, figures, need, records=None):
    version = NEWEST[rule]
    met, have = judge(rule, version, figures, need)
    return {"rule": rule, "version": version, "met": met, "have": have, "need": need, "figures": figures, "records": records or {}}


def judge(rule, version, figures, need):
    """(whether it is met, what one has) by that version of the rule: what was found then is found again."""
    return _JUDGES[rule, version](figures, need)


def is_eligible(findings):
    return all(finding["met"] for finding in findings)


def words_of(finding):
    """The finding as a sentence in the active language, in the words of its rule's version."""
    return _WORDS[finding["rule"], finding.get("version", 1)](finding)


def courses_missing(finding):
    """The ids in a finding of the rule “courses”; one from before figures were kept has them beside it."""
    return finding.get("figures", {}).get("missing") or finding.get("courses", [])


# --- How each rule judges ----------------------------------------------------------------------------


def _step_is_open(figures, need):
    """One step a quarter, and examined in one place at a time."""
    return figures["level"] <= need and not figures["risen"] and not figures["elsewhere"], figures["level"]


def _share_attended(figures, need):
    """Attendance in per cent, compared exactly and shown rounded down; met where no session has been closed yet."""
    attended, expected = figures["attended"], figures["expected"]
    if not expected:
        return True, None
    return 100 * attended >= need * expected, 100 * attended // expected


_JUDGES = {
    ("post", 1): lambda figures, need: (figures["in_track"], None),
    ("leave", 1): lambda figures, need: (not figures["on_leave"], None),
    ("level", 1): lambda figures, need: (figures["level"] <= need, figures["level"]),
    ("level", 2): _step_is_open,
    ("attendance", 1): _share_attended,  # of every programme's sessions
    ("attendance", 2): _share_attended,  # of the own track's programme
    # Where nobody has said whether one was there, one was not: whoever closes sessions would else be admitted by never being noted.
    ("attendance", 3): _share_attended,
    ("reflections", 1): lambda figures, need: (figures["owed"] <= need, figures["owed"]),
    ("courses", 1): lambda figures, need: (len(figures["missing"]) <= need, len(figures["missing"])),
}
NEWEST = {rule: version for rule, version in sorted(_JUDGES)}


# --- What each finding says --------------------------------------------------------------------------


def _post(finding):
    return _("In a position of this track at this dealer") if finding["met"] else _("No longer in a position of this track at this dealer")


def _leave(finding):
    return _("At work") if finding["met"] else _("On leave")


def _level(finding):
    if finding["met"]:
        return _("Holds level %(have)d, so the next is level %(next)d") % {"have": finding["have"], "next": finding["have"] + 1}
    return _("Holds level 3 already, the highest")


def _step(finding):
    figures = finding["figures"]
    if not finding["met"] and figures["risen"]:
        return _("Has had a step in this quarter already, and there is one a quarter")
    if not finding["met"] and figures["elsewhere"]:
        return _("Is being examined at another dealer, and keeps that candidacy")
    return _level(finding)


def _attendance(finding):
    values = {"have": finding["have"], "need": finding["need"]}
    if finding["have"] is None:
        return _("Attendance: no session of the quarter is closed yet, so nothing is missed (%(need)d %% asked for)") % values
    return _("Attendance %(have)d %%, %(need)d %% asked for") % values


def _attendance_noted(finding):
    words, not_noted = _attendance(finding), finding["figures"].get("not_noted", 0)
    if finding["met"] or not not_noted:
        return words
    more = ngettext(
        "%(count)d session is not noted and counts as missed until another organiser notes it",
        "%(count)d sessions are not noted and count as missed until another organiser notes them",
        not_noted,
    )
    return clauses([words, more % {"count": not_noted}])


def _reflections(finding):
    if finding["met"]:
        return _("All reflections handed in")
    return ngettext("%(count)d reflection overdue", "%(count)d reflections overdue", finding["have"]) % {"count": finding["have"]}


def _courses(finding):
    if finding["met"]:
        return _("Required courses done")
    return ngettext("%(count)d required course open", "%(count)d required courses open", finding["have"]) % {"count": finding["have"]}


_WORDS = {
    ("post", 1): _post,
    ("leave", 1): _leave,
    ("level", 1): _level,
    ("level", 2): _step,
    ("attendance", 1): _attendance,
    ("attendance", 2): _attendance,
    ("attendance", 3): _attendance_noted,
    ("reflections", 1): _reflections,
    ("courses", 1): _courses,
}
