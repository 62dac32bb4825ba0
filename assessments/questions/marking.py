"""Asks the kind of a question to mark and to show. Plain functions on the content that a question version froze, for whoever asks
questions: exams, lesson checks, and what comes.
"""

from assessments.questions.kinds.kind import FULL, NONE, accepted
from assessments.questions.kinds.registry import kind_of


def mark(content, response):
    """The share of the points that a response earns, as a `Fraction` of 0 to 1; None where a person has to mark it.

    Nothing given earns nothing, whatever the kind; but a question mended so that everyone gets its points gives them to everyone.
    """
    if content.get("everyone"):
        return FULL
    shares = [kind_of(content).mark(one, response) for one in accepted(content)] if response else [NONE]
    return None if None in shares else max(shares)


def note(content, response):
    """What is amiss with a response while it can still be mended, as a sentence; "" where nothing is."""
    return kind_of(content).note(content, response) if response else ""


def order(content, shuffled):
    """The ids of the options of one candidate's paper or try: `shuffled`, but for those that their author has last."""
    return kind_of(content).order(content, shuffled)


def asked(content, language, **shown):
    """What a candidate sees: never the key, never the explanation. Options stand in `order` where given."""
    return kind_of(content).asked(content, language, **shown)


def solved(content, language, **shown):
    """A question with what was given, what is right and why: for those who may see the key."""
    return kind_of(content).solved(content, language, **shown)


def key_control(content):
    """The template in which one gives another key."""
    kind = kind_of(content)
    return kind.key_control or kind.control
