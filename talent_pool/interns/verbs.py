from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.audit.verbs import choice, concerns, count, day, money, number, record, room, text, verb, yes_no
from lms.people.choices import Level, Track
from talent_pool.interns.models import Batch, Note, Paper, Placement, Station

PAY = "pay.view_pay"


def _who(placement):
    return placement.person.name


concerns(Batch, dealer="dealer", page="intern_batch")
concerns(Placement, person="person", dealer="batch__dealer", page="placement", related=("person",), title=_who)

REASON = text(_("Reason"))
STAGE = choice(_("Stage"), Placement.Stage.choices)
TERM = {"starts_on": day(_("From")), "ends_on": day(_("To"))}
TERMS = {
    "kind": choice(_("Kind of internship"), Placement.Kind.choices),
    **TERM,
    "monthly_pay": money(_("Pay, CNY a month"), PAY),
    "pay_every_months": number(_("Paid every … months")),
    "paid_in_money": yes_no(_("Paid in money, in full")),
    "paid_to_student": yes_no(_("Paid to the student directly")),
    "works_independently": yes_no(_("Works relatively independently")),
    "hours_a_day": number(_("Hours a day")),
    "days_a_week": number(_("Days a week")),
    "overtime_hours": number(_("Overtime, hours a month")),
    "labour_grade": number(_("Grade of physical labour, 1-4")),
    "works_nights": yes_no(_("Works nights, 22:00–06:00")),
    "works_holidays": yes_no(_("Works on public holidays")),
    "through_agency": yes_no(_("Arranged by an agency")),
    "deposit": money(_("Deposit asked for, CNY"), PAY),
    "fee": money(_("Fee asked for, CNY"), PAY),
    "keeps_papers": yes_no(_("Identity papers are kept")),
    "stage": STAGE,
}
PAPER = {
    "kind": choice(pgettext_lazy("internship", "Paper"), Paper.Kind.choices),
    "number": text(_("Number")),
    **TERM,
    "has_file": yes_no(_("With a file")),
    "reason": REASON,
}

room("interns", _("Interns"))
verb(
    "interns.batch_made",
    _("%(actor)s made the batch %(target)s"),
    {"name": text(_("Name")), "school": record(_("School"), "schools.school"), "agreement": text(_("Training agreement")), **TERM},
)
verb("interns.added", _("%(actor)s put %(person)s into a batch of interns"), {"batch": text(_("Batch")), **TERM})
verb("interns.taken_out", _("%(actor)s took %(person)s out of a batch of interns"), {"stage": STAGE, "reason": REASON})
verb("interns.terms_set", _("%(actor)s set the terms of the internship of %(person)s"), TERMS)
verb("interns.paper_recorded", _("%(actor)s recorded a paper of the internship of %(person)s"), PAPER)
verb("interns.paper_withdrawn", _("%(actor)s withdrew a paper of the internship of %(person)s"), PAPER)
verb("interns.started", _("%(actor)s started the internship of %(person)s"), {"stage": STAGE})
verb("interns.paused", _("%(actor)s recorded a break in the internship of %(person)s"), {**TERM, "reason": REASON})
verb(
    "interns.ended_early",
    _("%(actor)s ended the internship of %(person)s early"),
    {"stage": STAGE, "ended_on": day(_("Ended early on")), "reason": REASON},
)
verb("interns.finished", _("%(actor)s finished the internship of %(person)s"), {"stage": STAGE})
verb(
    "interns.transferred",
    _("%(actor)s moved %(person)s to another batch of interns"),
    {"from": text(_("Batch before")), "batch": text(_("Batch")), "starts_on": day(_("From")), "reason": REASON},
)

# --- Stations and rotations ---------------------------------------------------------------------------------------

concerns(Station, dealer="dealer", page="station")
STATION = {
    "name_zh": text(_("Name in Chinese")),
    "name_en": text(_("Name in English")),
    "position": record(_("Post whose work it is"), "people.position"),
    "capacity": number(_("Interns at once")),
    "weeks": number(_("Weeks planned")),
    "order": number(_("Order")),
    "is_high_risk": yes_no(_("High-risk work")),
    "mentor_level": choice(_("Least level of a mentor"), Level.choices),
    "mentor_certificate": text(_("OEM certificate of a mentor")),
    "asks_track": choice(_("On the track"), Track.choices),
    "asks_level": choice(_("Least level of an intern"), Level.choices),
    "asks_certificate": text(_("OEM certificate of an intern")),
    "asks_course": record(_("Course completed before"), "catalogue.coursepage"),
    "in_use": yes_no(_("In use")),
}
ROTATION = {
    "station": record(_("Station"), "interns.station"),
    "mentor": record(_("Mentor"), "people.employee"),
    **TERM,
    "planned_hours": number(_("Planned hours")),
    "reason": REASON,
}
verb("interns.station_made", _("%(actor)s made the station %(target)s"), STATION)
verb("interns.station_edited", _("%(actor)s changed the station %(target)s"), STATION)
verb(
    "interns.rotations_planned",
    _("%(actor)s planned the rotations of %(target)s"),
    {"planned": count(_("Rotations planned")), "dropped": count(_("Rotations dropped"))},
)
verb("interns.rotation_added", _("%(actor)s added a rotation of %(person)s"), ROTATION)
verb("interns.rotation_changed", _("%(actor)s changed a rotation of %(person)s"), ROTATION)
verb("interns.rotation_dropped", _("%(actor)s dropped a rotation of %(person)s"), ROTATION)
verb("interns.moved_to_station", _("%(actor)s moved %(person)s to another station"), ROTATION)
verb("interns.mentor_handed_over", _("%(actor)s gave %(person)s another mentor"), ROTATION)


WEEK = {"week_on": day(_("Week from"))}
verb("interns.log_submitted", _("%(person)s submitted a weekly log"), WEEK, by_oneself=_("%(person)s submitted a weekly log"))
verb("interns.log_answered", _("%(actor)s answered a weekly log of %(person)s"), WEEK)
verb(
    "interns.noted",
    _("%(actor)s noted an incident or a visit in the internship of %(person)s"),
    {"kind": choice(_("Kind"), Note.Kind.choices), "on": day(_("On"))},
)
verb(
    "interns.decided",
    _("%(actor)s decided on the internship of %(person)s"),
    {"stage": STAGE, "score": number(_("internship, 0-100")), "reason": REASON},
)
