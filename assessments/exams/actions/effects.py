"""What a mended key does to the scores: counted before it is confirmed, shown, and counted once more when it is done."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.exams.models import Attempt
from lms.common.shown import fact

COUNTS = ("papers", "raised", "lowered", "passing", "failing")


class Change(NamedTuple):
    """What a mend makes of one attempt: its score before and after, None where it waits for further marks, and the marks to be added."""

    attempt: Attempt
    before: Decimal | None
    after: Decimal | None
    marks: list

    @property
    def crosses(self):
        """ "up" or "down" where the pass mark lies between the two scores, else ""."""
        mark = self.attempt.paper.sitting.pass_mark
        if self.before is None or (self.before >= mark) == (self.after >= mark):
            return ""
        return "up" if self.after > self.before else "down"


@dataclass
class Effect:
    """What mends do to the scores, in numbers, and whose score changes; and, once done, whether the author's question became a draft."""

    papers: int = 0
    raised: int = 0
    lowered: int = 0
    passing: int = 0
    failing: int = 0
    changed: list = field(default_factory=list)
    is_draft: bool = False

    def count(self, change):
        self.papers += 1
        if change.after != change.before:
            self.raised += change.after > change.before
            self.lowered += change.after < change.before
            self.passing += change.crosses == "up"
            self.failing += change.crosses == "down"
            self.changed.append(change._replace(marks=[]))

    @property
    def numbers(self):
        return {name: getattr(self, name) for name in COUNTS}


def effect_words(effect):
    """“37 papers hold it; 12 scores rise, 3 fall; 2 now pass, 1 no longer passes.”"""
    held = ngettext("%(count)d paper holds the question", "%(count)d papers hold the question", effect.papers) % {"count": effect.papers}
    rise = ngettext("%(count)d score rises", "%(count)d scores rise", effect.raised) % {"count": effect.raised}
    fall = ngettext("%(count)d falls", "%(count)d fall", effect.lowered) % {"count": effect.lowered}
    passing = ngettext("%(count)d now passes", "%(count)d now pass", effect.passing) % {"count": effect.passing}
    failing = ngettext("%(count)d no longer passes", "%(count)d no longer pass", effect.failing) % {"count": effect.failing}
    words = {"held": held, "rise": rise, "fall": fall, "passing": passing, "failing": failing}
    return _("%(held)s; %(rise)s, %(fall)s; %(passing)s, %(failing)s.") % words


def effect_shown(effect):
    """What whoever confirms it looked at, for `lms.common.shown`: the numbers, and each score that changes."""
    scores = sorted((one.attempt.pk, str(one.before), str(one.after)) for one in effect.changed)
    words = effect_words(effect).rstrip(".。")
    return {"effect": fact(_("What confirming it does"), f"{list(effect.numbers.values())} {scores}", words)}
