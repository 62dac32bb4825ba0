"""What an evaluation by points comes to: plain functions on plain data."""

from fractions import Fraction

from courses.observations.choices import MOST_POINTS
from lms.common.scores import score_of


def score_of_points(points, weights):
    """Of 100, with two digits: the share of the points that there are, each item by its weight. None where nothing has points.

    `points` is {item: 1 to 5}, `weights` {item: weight}; an item without points counts neither way.
    """
    most = sum(weights[item] for item in points) * MOST_POINTS
    return score_of(Fraction(100 * sum(weights[item] * given for item, given in points.items()), most)) if most else None


def mean_score(scores):
    """The mean of several evaluations of one occasion, as it is kept; None of none."""
    return score_of(sum(map(Fraction, scores)) / len(scores)) if scores else None
