"""What is particular to one kind of component: what people are examined by, what is made for them, and how the score comes about.

A kind asks the rooms below; results are handed to it as rows of `ComponentResult`, whose paper or practical it reads.
"""

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assessments.exams.models import Attempt, Blueprint
from assessments.exams.queries import theory_scores
from assessments.practicals.actions import make_practicals
from assessments.practicals.choices import scored_by_rubric
from assessments.practicals.models import Rubric
from assessments.practicals.queries import practical_scores
from lms.people.choices import Track

NOBODY = Q(pk__in=[])


class Kind:
    """`name` is stored, `label` heads a column, `exam` says it in full; `weight` is its share in the overall figure.

    One that `is_needed` keeps a level without means from being locked; another is a component wherever there are means for it.
    """

    name = ""
    label: str | Promise = ""
    exam: str | Promise = ""
    weight = 1
    is_needed = True
    tracks = tuple(Track)
    by = ""  # the field of a component that holds what it is examined by
    has_sittings = False

    def registered(self):
        """For what a kind has to make known to the rooms below."""

    def means(self, track, level):
        """What authors have in use for the level, the newest where there are several; None where there is none."""
        raise NotImplementedError

    def is_usable(self, means):
        raise NotImplementedError

    def lacking(self, level):
        """Why a cycle with people at this level can't be locked."""
        raise NotImplementedError

    def begin(self, component, candidates, markers):
        """What is made for each of these candidates (ids) at the lock: {candidate id: values of their result}."""
        return {}

    def absent(self):
        """A condition on results: what has to be sat here was not, or was voided."""
        return NOBODY

    def unmarked(self):
        """A condition on results: sat, and waiting for marks that come by themselves."""
        return NOBODY

    def scores(self, results):
        """{result id: 0-100, or None where there is nothing that counts}, in a number of statements that does not grow."""
        raise NotImplementedError


class ByPaper(Kind):
    """Examined by a blueprint: at a sitting everyone has a paper, and an attempt at it is marked."""

    by = "blueprint"
    has_sittings = True

    def means(self, track, level):
        return Blueprint.objects.filter(track=track, level=level, in_use=True, frozen_at=None).order_by("-pk").first()

    def is_usable(self, means):
        return means is not None and means.lines.exists()

    def lacking(self, level):
        return _("There is no blueprint in use for level %(level)d of this track.") % {"level": level}

    def absent(self):
        return Q(paper__attempt=None) | Q(paper__attempt__status=Attempt.Status.VOIDED)

    def unmarked(self):
        return Q(paper__attempt__status=Attempt.Status.SUBMITTED)

    def scores(self, results):
        scores = theory_scores([result.paper_id for result in results if result.paper_id])
        return {result.pk: scores.get(result.paper_id) for result in results}


class ByRubric(Kind):
    """Examined by a rubric: the panel scores a practical exam, each examiner on sheets of their own."""

    by = "rubric"

    def registered(self):
        scored_by_rubric(self.name, self.exam)

    def means(self, track, level):
        rubrics = Rubric.objects.filter(track=track, level=level, part=self.name, in_use=True, frozen_at=None)
        return rubrics.order_by("-pk").first()

    def is_usable(self, means):
        return means is not None and means.criteria.exists()

    def lacking(self, level):
        return _("There is no rubric in use for level %(level)d of this track.") % {"level": level}

    def begin(self, component, candidates, markers):
        made = make_practicals(candidates=candidates, rubric=component.rubric, markers=markers)
        return {candidate: {"practical": practical} for candidate, practical in made.items()}

    def scores(self, results):
        scores = practical_scores([result.practical_id for result in results if result.practical_id])
        return {result.pk: scores.get(result.practical_id) for result in results}
