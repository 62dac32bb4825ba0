"""What an internship comes to of 100: plain functions on plain data, exact until the end."""

from fractions import Fraction

from lms.common.scores import score_of


def rotation_score(mentor, station):
    """The mean of the mentor's and the station's evaluation of one rotation, exact; None while one is missing."""
    if mentor is None or station is None:
        return None
    return (Fraction(mentor) + Fraction(station)) / 2


def internship_score(rotations):
    """Of [(planned hours, score of the rotation)], each weighted by its hours; None while any is missing, and of none.

    Where no rotation has hours, each counts the same.
    """
    if not rotations or any(score is None for _hours, score in rotations):
        return None
    hours = sum(hours for hours, _score in rotations)
    weighed = rotations if hours else [(1, score) for _hours, score in rotations]
    return score_of(sum(hours * score for hours, score in weighed) / (hours or len(rotations)))
