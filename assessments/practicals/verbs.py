from django.utils.translation import gettext_lazy as _

from assessments.practicals.models import Practical, Rubric
from lms.audit.verbs import concerns, number, record, room, studio, verb


def _title(practical):
    return str(practical.rubric)


concerns(Practical, person="candidate", dealer="candidate__dealer", related=("rubric",), title=_title)

room("practical", _("Practical exams"))
verb(
    "practical.scored",
    _("%(actor)s scored the practical exam “%(target)s” of %(person)s"),
    {"marker": record(_("Examiner"), "people.employee"), "score": number(_("Score"))},
    own=False,
)

room("rubric", _("Rubrics"))
studio(
    Rubric,
    "name_zh", "name_en", "track", "level", "part", "pass_mark", "in_use",
    lines={"criteria": (_("What is scored"), lambda criterion: f"{criterion.name_zh} · {criterion.max_points}")},
)  # fmt: skip
