from django.utils.translation import gettext_lazy as _

from courses.learning.models import Completion, Enrolment
from lms.audit.verbs import choice, concerns, day, number, room, verb


def _course(record):
    return record.course.title


for _model in (Enrolment, Completion):
    concerns(
        _model, person="employee", dealer="employee__dealer", page="course", argument="course__slug", needs="learning.take_courses",
        related=("course",), title=_course,
    )  # fmt: skip

room("learning", _("Learning"))
verb(
    "learning.enrolled",
    _("%(actor)s enrolled %(person)s in the course “%(target)s”"),
    {"source": choice(_("How"), Enrolment.Source.choices), "due_on": day(_("Due"))},
    by_oneself=_("%(person)s joined the course “%(target)s”"),
)
verb("learning.due_date_set", _("%(actor)s set when %(person)s is to complete the course “%(target)s”"), {"due_on": day(_("Due"))})
verb("learning.completed", _("%(person)s completed the course “%(target)s”"), {"revision": number(_("Revision"))})
