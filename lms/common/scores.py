"""Scores of 100, and how they are shown: never as a mark that they did not reach. Marks to pass are whole numbers."""

import math
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def score_of(exact):
    """What was reached, a fraction, as it is kept: two digits, half up (61.675 is 61.68), but 59.996 is 59.99 and not 60."""
    hundredths = math.floor(Fraction(exact) * 100 + Fraction(1, 2))
    if hundredths % 100 == 0 and hundredths > Fraction(exact) * 100:
        hundredths -= 1
    return (Decimal(hundredths) / 100).quantize(CENT)


def shown_score(score):
    """A score as people read it, cut after two digits: 59.95 is “59.95”, 60.00 is “60”; "" where there is none."""
    if score is None or score == "":
        return ""
    whole, _point, rest = f"{Decimal(score).quantize(CENT, ROUND_DOWN):f}".partition(".")
    return f"{whole}.{rest}".rstrip("0").rstrip(".")


def percent_of(part, whole):
    """`part` of `whole` in whole per cent, cut: 79.9 is 79, for 80 may be asked for."""
    return 100 * part // whole
