from django.utils.translation import gettext_lazy as _

from assessments.exams.models import Attempt, Blueprint, KeyMend, Paper, Sitting
from lms.audit.verbs import choice, concerns, moment, number, record, room, studio, text, unseen, verb, yes_no


def _paper_title(paper):
    return str(paper.sitting)


def _attempt_title(attempt):
    return str(attempt.paper.sitting)


def _line(line):
    return f"{line.topic.code} · {line.level} · {line.kind or '*'} · {line.count} × {line.points}"


concerns(Sitting, dealer="dealer", page="sitting", needs="exams.manage_sittings")
concerns(
    Paper, person="candidate", dealer="sitting__dealer", page="sitting_paper", needs="exams.manage_sittings", related=("sitting",),
    title=_paper_title,
)  # fmt: skip
concerns(
    Attempt, person="paper__candidate", dealer="paper__sitting__dealer", page="sitting_paper", argument="paper",
    needs="exams.manage_sittings", related=("paper__sitting",), title=_attempt_title,
)  # fmt: skip

concerns(
    KeyMend,
    dealer="sitting__dealer",
    page="mend",
    needs="exams.manage_sittings",
    related=("sitting",),
    title=lambda mend: str(mend.sitting),
)

TIMES = {"opens_at": moment(_("Opens at")), "closes_at": moment(_("Closes at")), "room": text(_("Room"))}

room("sitting", _("Exams"))
verb("sitting.created", _("%(actor)s set the exam “%(target)s”"), TIMES)
verb(
    "sitting.scheduled",
    _("%(actor)s changed when or where the exam “%(target)s” is"),
    {**TIMES, "invigilator_id": record(_("Invigilator"), "people.employee")},
)
# Who knows the seed and the bank can draw the papers.
verb("sitting.papers_drawn", _("%(actor)s drew the papers of “%(target)s”"), {"seed": unseen(_("Seed")), "papers": number(_("Papers"))})
verb("sitting.closed", _("%(actor)s closed the exam “%(target)s”"))
verb("sitting.results_shown", _("%(actor)s released the results of “%(target)s”"))

room("paper", _("Papers"))
verb("paper.extra_time", _("%(actor)s gave %(person)s extra time in “%(target)s”"), {"minutes": number(_("Minutes"))})
verb("paper.wrong_code", _("%(person)s gave a wrong access code for “%(target)s”"))

room("attempt", _("Attempts"))
verb("attempt.started", _("%(person)s started the exam “%(target)s”"), {"ends_at": moment(_("Ends at"))})
verb("attempt.submitted", _("%(person)s submitted the exam “%(target)s”"), {"by_clock": yes_no(_("Submitted by the clock"))})
# Results are the candidate's once they are released; until then the log does not tell them either.
verb("attempt.marked", _("The exam “%(target)s” of %(person)s was marked"), {"score": number(_("Score"))}, own=False)
verb(
    "attempt.voided",
    _("%(actor)s voided the attempt of %(person)s at “%(target)s”"),
    {"status": choice(_("State"), Attempt.Status.choices), "reason": text(_("Reason"))},
)

verb(
    "attempt.marked_again",
    _("The exam “%(target)s” of %(person)s was marked again by a mended key"),
    {"score": number(_("Score")), "reason": text(_("Reason"))},
    own=False,
)

room("mend", _("Mended keys"))
# Which question and which answer it is stays with those who may see the key.
MEND = {"way": choice(_("What is right"), KeyMend.Way.choices), "reason": text(_("Reason"))}
COUNTS = {
    "papers": number(_("Papers marked again")),
    "raised": number(_("Scores that rose")),
    "lowered": number(_("Scores that fell")),
    "passing": number(_("Now passed")),
    "failing": number(_("No longer passed")),
}
verb("mend.proposed", _("%(actor)s proposed to mend a key of “%(target)s”"), MEND, own=False)
verb(
    "mend.confirmed",
    _("%(actor)s confirmed that a key of “%(target)s” is mended"),
    {**MEND, **COUNTS, "proposed_by": record(_("Proposed by"), "accounts.user")},
    own=False,
)
verb("mend.withdrawn", _("%(actor)s withdrew a proposal to mend a key of “%(target)s”"), MEND, own=False)

room("blueprint", _("Blueprints"))
studio(
    Blueprint,
    "name_zh",
    "name_en",
    "track",
    "level",
    "minutes",
    "pass_mark",
    "in_use",
    lines={"lines": (_("What a paper is made of"), _line)},
)
