from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from courses.training.kinds import kind_of
from courses.training.models import Attendance, Programme, Reflection, Session
from lms.audit.verbs import choice, concerns, day, moment, number, record, room, said, text, verb
from lms.common.bilingual import in_language


def _clock(value):
    return value[:5]


def _in_readers_language(value):
    return in_language(value["zh"], value["en"])


def _session(record):
    return str(record.session)


concerns(Programme, dealer="dealer", page="training_board", argument=None, needs="training.view_board")
concerns(Session, dealer="dealer", page="session", needs="training.attend_sessions", related=("programme",))
for _model in (Attendance, Reflection):
    concerns(
        _model, person="employee", dealer="session__dealer", page="session", argument="session", needs="training.attend_sessions",
        related=("session__programme",), title=_session,
    )  # fmt: skip

REASON = {"reason": text(_("Reason"))}
STATUS = {"status": text(_("State"))}
STATE = {"state": choice(_("Attendance"), Attendance.State.choices)}

room("training", _("Training"))
verb(
    "training.programme_opened",
    _("%(actor)s opened the programme “%(target)s”"),
    {
        "kind": said(_("Kind"), lambda name: str(kind_of(name).label)),
        "audience": said(_("For whom"), _in_readers_language),
        "weekday": choice(_("Weekday"), WEEKDAYS.items()),
        "starts_at": said(_("Begins at"), _clock),
        "minutes": number(_("Minutes")),
        "organiser": record(_("Organiser"), "people.employee"),
    },
    person="organiser",
)
verb(
    "training.audience_changed",
    _("%(actor)s changed whom “%(target)s” is for"),
    {"audience": said(_("For whom"), _in_readers_language)},
)
verb(
    "training.check_in_changed",
    _("%(actor)s changed when rooms of “%(target)s” open and sessions close"),
    {"opens_before": number(_("Minutes before the start")), "closes_before": number(_("Minutes before the end"))},
)
verb(
    "training.lecture_arranged",
    _("%(actor)s arranged the lecture “%(target)s”"),
    {
        "on": day(_("Day")),
        "starts_at": moment(_("Begins at")),
        "presenter": record(_("Presenter"), "people.employee"),
        "place": text(_("Place")),
    },
)
verb(
    "training.quarter_planned",
    _("%(actor)s planned a quarter of “%(target)s”"),
    {
        "year": text(_("Year")),
        "quarter": number(_("Quarter")),
        "new": number(_("New sessions")),
        "changed": number(_("Changed sessions")),
        "dropped": number(_("Cancelled sessions")),
        "skipped": number(_("Weeks left out")),
    },
)
verb("training.session_confirmed", _("%(actor)s confirmed the session “%(target)s”"))
verb(
    "training.session_started",
    _("%(actor)s started the session “%(target)s”"),
    {"audience": number(_("Expected")), "excused": number(_("Excused"))},
)
verb(
    "training.session_closed",
    _("%(actor)s closed the session “%(target)s”"),
    {"absent": number(_("Absent")), "not_noted": number(_("Not noted")), "reflections": number(_("Reflections owed"))} | REASON,
)
verb(
    "training.programme_handed_on",
    _("%(actor)s handed the programme “%(target)s” on to %(person)s"),
    {"organiser": record(_("Organiser"), "people.employee"), "watcher": record(_("Watcher"), "people.employee")},
    person="organiser",
)
verb("training.session_cancelled", _("%(actor)s cancelled the session “%(target)s”"), STATUS | REASON)
verb("training.session_moved", _("%(actor)s moved the session “%(target)s”"), {"on": day(_("Day")), "starts_at": moment(_("Begins at"))})
verb(
    "training.presenters_swapped",
    _("%(actor)s gave the session “%(target)s” another presenter"),
    {"presenter": record(_("Presenter"), "people.employee")},
    person="presenter",
)
verb("training.guest_named", _("%(actor)s named the guest lecturer of “%(target)s”"), {"guest": text(_("Guest lecturer"))})
verb(
    "training.presenter_named",
    _("%(actor)s named another presenter for “%(target)s”"),
    {"presenter": record(_("Presenter"), "people.employee")} | REASON,
    person="presenter",
)
verb(
    "training.session_unconfirmed",
    _("“%(target)s” is planned again: its presenter has gone"),
    {"presenter": record(_("Presenter"), "people.employee")},
)
verb("training.checked_in", _("%(person)s checked in at “%(target)s”"), STATE)
verb("training.roll_called", _("%(actor)s called the roll at “%(target)s”: %(person)s"), STATE)
verb("training.attendance_corrected", _("%(actor)s corrected the attendance of %(person)s at “%(target)s”"), STATE | REASON)
verb(
    "training.reflection_submitted",
    _("%(person)s submitted a reflection on “%(target)s”"),
    {"characters": number(_("Characters"))},
)
verb("training.reflection_scored", _("%(actor)s scored the reflection of %(person)s on “%(target)s”"), {"score": number(_("Score"))})
verb(
    "training.material_submitted",
    _("%(actor)s submitted the material of “%(target)s”"),
    {
        "title": text(_("Title")),
        "topic": record(_("Topic"), "catalogue.topic"),
        "course": record(_("Course"), "catalogue.coursepage"),
        "file": text(_("File")),
    },
)
