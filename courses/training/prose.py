"""How much a text says (T6). Plain functions, no database."""

# Two places that are alike for so many characters say the same: a sentence, not a word that a text needs twice.
ALIKE = 8


def length_of(text: str) -> int:
    """Characters: spaces and line ends do not count."""
    return len(_bare(text))


def said_in(text: str) -> int:
    """Characters that say something new: what stands in a text a second time counts once, wherever and however often.

    Counted by the stretches of `ALIKE` characters that there are: a text without repetition has its whole length.
    """
    bare = _bare(text)
    if len(bare) < ALIKE:
        return len(bare)
    return len({bare[place : place + ALIKE] for place in range(len(bare) - ALIKE + 1)}) + ALIKE - 1


def _bare(text):
    return "".join(text.split())
