from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.observations.models import Checklist, Observation
from lms.audit.verbs import concerns, count, record, room, studio, text, verb, yes_no


def _title(observation):
    return str(observation.checklist)


concerns(Observation, person="subject", dealer="subject__dealer", related=("checklist",), title=_title)

room("observation", _("Observations"))
CHECKLIST = {"checklist": record(_("Checklist"), "observations.checklist")}
verb(
    "observation.recorded",
    _("%(actor)s recorded an observation of %(person)s by “%(target)s”"),
    {
        **CHECKLIST,
        "occasion": text(_("Occasion")),
        "items": count(_("Checklist items")),
        "note": text(pgettext_lazy("observation", "Note")),
    },
)
verb(
    "observation.corrected",
    _("%(actor)s took back an observation of %(person)s by “%(target)s”"),
    {**CHECKLIST, "reason": text(_("Reason"))},
)
verb(
    "observation.answered",
    _("%(actor)s answered an observation of %(person)s by “%(target)s”"),
    {"is_accepted": yes_no(_("Accepted")), "words": text(_("In their words"))},
    by_oneself=_("%(person)s answered an observation of them by “%(target)s”"),
)

room("checklist", _("Checklists"))
studio(
    Checklist,
    "code", "name_zh", "name_en", "scale", "dealer", "in_use",
    lines={"items": (_("Checklist items"), lambda item: f"{item.name_zh} · {item.repetitions} · {item.expected_by} · {item.weight}")},
    dealer="dealer",
)  # fmt: skip
