"""A ranking as its page and its file show it: one line a person."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.bilingual import in_language, listed
from lms.common.scores import shown_score
from talent_pool.interns.models import Placement
from talent_pool.schools.models import Student
from talent_pool.selection.models import Offer, RankedIntern
from talent_pool.selection.queries.rankings import LABELS, parts_of, students_of
from talent_pool.selection.ranking import PARTS, missing_of

BRINGS = {
    "internship": gettext_lazy("HR decides whether the internship was passed, which fixes its score."),
    "coursework": gettext_lazy("The school's grade file brings the coursework grade."),
    "graduation": gettext_lazy("The school's grade file brings the graduation grade."),
}


def shown_composite(composite):
    """With all its digits but zeros behind: nobody is rounded over another."""
    return "" if composite is None else f"{composite:f}".rstrip("0").rstrip(".")


@dataclass
class Line:
    """One row with what its page says about it. `place` is the one that holds once ties are decided."""

    row: RankedIntern
    student: Student | None
    weights: dict
    place: int | None
    is_tied: bool
    is_open: bool
    placement: Placement
    offer: int | None = None  # the latest one to them

    @property
    def may_be_offered(self):
        return self.place is not None and not self.is_open and self.placement.stage in (Placement.Stage.PASSED, Placement.Stage.DECLINED)

    @property
    def missing(self):
        return missing_of(parts_of(self.row), self.weights)

    @property
    def code(self):
        return self.student.code if self.student else ""

    @property
    def formula(self):
        """With the person's own numbers: 50% × 85 + 30% × 80 + 20% × 90."""
        parts = parts_of(self.row)
        return " + ".join(f"{self.weights[part]}% × {self.score(parts[part])}" for part in PARTS if self.weights[part])

    @staticmethod
    def score(value):
        return _("missing") if value is None else shown_score(value)

    @property
    def tie(self):
        if self.is_open:
            return _("Tied, not decided")
        return _("Tie decided") if self.is_tied else ""


def lines_of(rows, weights, standing):
    """The lines of a ranking's rows, the best first."""
    final, tied, open_ones = standing
    students, offers = students_of(rows), offers_of(rows)
    shares = {pk for keys in tied.values() for pk in keys}
    waiting = {pk for keys in open_ones.values() for pk in keys}
    lines = [
        Line(
            row,
            students.get(row.placement.person_id),
            weights,
            final[row.pk],
            row.pk in shares,
            row.pk in waiting,
            row.placement,
            offers.get(row.placement_id),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.place is None, line.place or 0))


def offers_of(rows):
    """{placement id: the latest offer (id)}"""
    found = Offer.objects.filter(placement__in=[row.placement_id for row in rows]).order_by("offered_at", "pk")
    return dict(found.values_list("placement", "pk"))


def formula_words(weights):
    """The formula of a ranking in words: 50% × internship + 30% × coursework + 20% × graduation."""
    return " + ".join(f"{weights[part]}% × {LABELS[part]}" for part in PARTS)


def missing_words(lines):
    """What is missing of whom, and what would bring it: one sentence a person."""
    for line in lines:
        for_each = [str(LABELS[part]) for part in line.missing]
        if for_each:
            words = _("%(name)s: missing %(parts)s.") % {"name": line.placement.person.name, "parts": listed(for_each)}
            yield in_language("", " ").join([words, *(str(BRINGS[part]) for part in line.missing)])
