from django.utils.translation import gettext_lazy as _

from assessments.grading.eligibility import words_of
from assessments.grading.models import Candidacy, Cycle, LevelDecision, PanelMember
from lms.audit.verbs import choice, concerns, count, day, number, record, room, said, text, unseen, verb
from lms.people.choices import Level, Track


def _cycle_of(record):
    return str(record.cycle)


def _name_of(decision):
    return str(decision.cycle) if decision.cycle_id else decision.get_track_display()


concerns(Cycle, dealer="dealer", page="cycle", needs="grading.view_cycles")
concerns(
    Candidacy, person="employee", dealer="cycle__dealer", page="cycle_candidates", argument="cycle", needs="grading.run_cycles",
    related=("cycle",), title=_cycle_of,
)  # fmt: skip
concerns(
    LevelDecision, person="employee", dealer="employee__dealer", page="person_levels", argument="employee", needs="grading.view_cycles",
    related=("employee", "cycle"), title=_name_of, formerly=("grading.award",),
)  # fmt: skip

STEP = {"status": choice(_("State"), Cycle.Status.choices)}

room("cycle", _("Grading"))
verb(
    "cycle.drafted",
    _("%(actor)s set up the grading cycle “%(target)s”"),
    {"dealer": record(_("Dealer"), "people.dealer", by="code"), "min_attendance": number(_("Attendance asked for, per cent"))},
)
verb("cycle.open", _("%(actor)s opened the grading cycle “%(target)s”"), STEP)
verb("cycle.locked", _("%(actor)s locked candidates and panel of “%(target)s”"), STEP)
verb("cycle.sitting", _("%(actor)s started the exams of “%(target)s”"), STEP)
verb("cycle.marking", _("%(actor)s ended the exams of “%(target)s” and began the marking"), STEP)
verb("cycle.ratified", _("%(actor)s fixed the results of “%(target)s” for signing"), STEP)
verb("cycle.published", _("%(actor)s published the results of “%(target)s”"), STEP)
verb("cycle.closed", _("%(actor)s closed the grading cycle “%(target)s”"), STEP)
verb(
    "cycle.returned_to_marking",
    _("%(actor)s took the results of “%(target)s” back to marking"),
    {"signed": choice(_("Signatures lifted"), PanelMember.Seat.choices), "reason": text(_("Reason"))},
)
verb(
    "cycle.eligibility_computed",
    _("%(actor)s computed who may sit in “%(target)s”"),
    {"eligible": number(_("May sit")), "candidates": number(_("Candidates"))},
)

room("candidacy", _("Candidates"))
verb(
    "candidacy.waived",
    _("%(actor)s let %(person)s sit in “%(target)s” although something was open"),
    {"reason": text(_("Reason")), "findings": said(_("Findings"), words_of)},
)
verb(
    "candidacy.waiver_fell",
    _("The waiver for %(person)s in “%(target)s” fell: something else is open now"),
    {"findings": said(_("Findings"), words_of)},
)
verb(
    "candidacy.withdrawn",
    _("%(person)s had left before the results of “%(target)s” were published, and was withdrawn"),
    {"outcome": choice(_("Outcome"), Candidacy.Outcome.choices)},
)
verb("candidacy.sits_again", _("%(actor)s gave %(person)s another date in “%(target)s”"), {"reason": text(_("Reason"))})

room("panel", _("Panels"))
SEAT = {"seat": choice(_("Seat"), PanelMember.Seat.choices)}
verb(
    "panel.seated",
    _("%(actor)s seated %(person)s on the panel of “%(target)s”"),
    {**SEAT, "examiner": record(_("Examiner"), "people.employee")},
    person="examiner",
)
CHANGE = {
    **SEAT,
    "leaver": record(_("Until now"), "people.employee"),
    "examiner": record(_("Examiner"), "people.employee"),
    "reason": text(_("Reason")),
    "proposed_by": record(_("Proposed by"), "accounts.user"),
}
verb("panel.vacated", _("%(person)s became a candidate and left the panel of “%(target)s”"), {**CHANGE}, person="examiner")
verb("panel.change_proposed", _("%(actor)s proposed to give a seat of “%(target)s” again"), CHANGE, person="examiner")
verb("panel.changed", _("%(actor)s confirmed that %(person)s takes a seat of “%(target)s”"), CHANGE, person="examiner")
verb("panel.change_withdrawn", _("%(actor)s withdrew a proposal for a seat of “%(target)s”"), CHANGE, person="examiner")
verb(
    "panel.sheets_excused",
    _("%(actor)s recorded why sheets of %(person)s are missing in “%(target)s”"),
    {"examiner": record(_("Examiner"), "people.employee"), "candidacies": count(_("Candidates")), "reason": text(_("Reason"))},
    person="examiner",
)
# The results as they were signed are kept for an appeal; whoever may see results sees them on the cycle's own pages.
verb("panel.signed", _("%(actor)s signed the results of “%(target)s”"), {**SEAT, "results": unseen(_("Results"))})

room("award", _("Awards"))
LEVEL = {"level": choice(_("Level"), Level.choices), "track": choice(_("Track"), Track.choices)}
verb("award.made", _("%(person)s was awarded a level in “%(target)s”"), LEVEL)

room("level", _("Levels"))
DECISION = {**LEVEL, "effective_on": day(_("Effective on")), "reason": text(_("Reason"))}
verb("level.renewed", _("%(actor)s renewed the level of %(person)s (%(target)s)"), DECISION)
verb("level.lapsed", _("%(actor)s recorded that the level of %(person)s lapsed (%(target)s)"), DECISION)
verb("level.lowered", _("%(actor)s lowered the level of %(person)s (%(target)s)"), DECISION)
verb(
    "level.corrected",
    _("%(actor)s corrected the level of %(person)s (%(target)s)"),
    {**DECISION, "confirmed_by": record(_("Confirmed by"), "accounts.user")},
)
