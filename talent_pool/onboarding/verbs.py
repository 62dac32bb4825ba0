from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.observations.choices import Step
from lms.audit.verbs import choice, concerns, day, number, record, room, text, verb
from talent_pool.onboarding.models import Mentor, TaskBook


def _title(book):
    return book.title


def _name(mentor):
    return mentor.employee.name


concerns(Mentor, person="employee", dealer="dealer", page="mentor", related=("employee",), title=_name)
concerns(TaskBook, person="newcomer", dealer="dealer", page="task_book", related=("checklist",), title=_title)

REASON = {"reason": text(_("Reason"))}
MOST = {"most_at_once": number(_("Newcomers at once, at most"))}
MENTOR = {"mentor": record(_("Mentor"), "people.employee")}
TASK = {"item": record(_("Task"), "observations.checklistitem"), "step": choice(pgettext_lazy("task book", "Step"), Step.choices)}

room("mentor", _("Mentors"))
verb("mentor.named", _("%(actor)s named %(person)s as a mentor"), MOST)
verb("mentor.changed", _("%(actor)s changed how many newcomers %(person)s mentors at once"), MOST)
verb("mentor.ended", _("%(actor)s ended the appointment of %(person)s as a mentor"), REASON)

room("task_book", _("Task books"))
verb(
    "task_book.opened",
    _("%(actor)s opened the task book “%(target)s” for %(person)s"),
    {**MENTOR, "starts_on": day(_("Begins on")), "station": text(_("Station"))},
)
verb("task_book.handed_on", _("%(actor)s handed the task book “%(target)s” of %(person)s on"), {**MENTOR, **REASON})
verb(
    "task_book.signed",
    _("%(actor)s signed off a task of %(person)s in “%(target)s”"),
    {**TASK, "note": text(pgettext_lazy("observation", "Note"))},
)
verb("task_book.corrected", _("%(actor)s took back a sign-off of %(person)s in “%(target)s”"), {**TASK, **REASON})
verb("task_book.closed", _("%(actor)s closed the task book “%(target)s” of %(person)s"), REASON)
