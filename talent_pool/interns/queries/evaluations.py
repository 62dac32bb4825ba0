"""Evaluations of an internship, a mentor's and a station's a rotation, and what they come to."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.observations.queries import Scored, points_of
from lms.common.scores import score_of, shown_score
from talent_pool.interns.models import Rotation
from talent_pool.interns.scoring import internship_score, rotation_score

MENTORS, STATIONS_OWN = "mentor_evaluation", "station_evaluation"
KINDS = {"mentor": MENTORS, "station": STATIONS_OWN}
LABELS = {"mentor": gettext_lazy("Mentor's evaluation"), "station": gettext_lazy("Station's evaluation")}


@dataclass(frozen=True)
class Evaluated:
    """One rotation with its two evaluations, as far as they are there."""

    rotation: Rotation
    mentor: Scored | None
    station: Scored | None

    @property
    def exact(self):
        return rotation_score(self.mentor and self.mentor.score, self.station and self.station.score)

    @property
    def score(self):
        return "" if self.exact is None else shown_score(score_of(self.exact))

    @property
    def mentor_score(self):
        return shown_score(self.mentor.score) if self.mentor else ""

    @property
    def station_score(self):
        return shown_score(self.station.score) if self.station else ""

    @property
    def missing(self):
        """What is missing, in words."""
        words = {"station": self.rotation.station.name}
        if self.mentor is None:
            yield _("the mentor's evaluation at %(station)s") % words
        if self.station is None:
            yield _("the station's evaluation at %(station)s") % words


def evaluations_of(placement):
    """Each rotation of a placement with its evaluations. A page brings the rotations along (`queries.logs.with_weeks`)."""
    rotations = sorted(placement.rotations.all(), key=lambda one: one.starts_on)
    found = {name: points_of(kind, [one.pk for one in rotations]) for name, kind in KINDS.items()}
    return [Evaluated(one, *(_latest(found[name], one) for name in KINDS)) for one in rotations]


def _latest(found, rotation):
    return (found.get(str(rotation.pk)) or [None])[-1]


def score_now(evaluated):
    return internship_score([(one.rotation.planned_hours, one.exact) for one in evaluated])


def formula_of(evaluated):
    """With its numbers: (160 h × 85 + 80 h × 70) ÷ 240 h."""
    missing = _("missing")
    parts = " + ".join(f"{one.rotation.planned_hours} h × {one.score or missing}" for one in evaluated)
    return f"({parts}) ÷ {sum(one.rotation.planned_hours for one in evaluated)} h" if evaluated else ""


def missing_of(evaluated):
    return [words for one in evaluated for words in one.missing]
