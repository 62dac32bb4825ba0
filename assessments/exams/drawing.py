"""Draws papers from a question bank. Plain functions on plain data; the same seed and bank give the same paper, on any machine.

Order comes from a hash of seed and record, not from a random generator: it stays the same over versions of Python, and a question
added to the bank moves no other question of a paper.
"""

from collections import Counter, defaultdict
from hashlib import sha256
from typing import NamedTuple


class Line(NamedTuple):
    """So many questions of a topic, a level and a kind ("" for any), each worth `points`."""

    topic: int
    level: int
    kind: str
    count: int
    points: int


class Candidate(NamedTuple):
    """A question that may be drawn."""

    id: int
    topic: int
    level: int
    kind: str


class Drawn(NamedTuple):
    id: int
    points: int


class Gap(NamedTuple):
    """A line that the bank cannot fill: how many it wants, and how many are there for it."""

    topic: int
    level: int
    kind: str
    wanted: int
    there: int


def shuffled(values, seed, purpose=""):
    """`values` in the order that the seed gives them. Another purpose gives another order of the same seed."""
    return sorted(values, key=lambda value: sha256(f"{seed}/{purpose}/{value}".encode()).digest())


def seed_for(seed, candidate):
    """The seed of one candidate's paper, from that of the sitting. Fits a signed 64-bit column."""
    return int.from_bytes(sha256(f"{seed}/paper/{candidate}".encode()).digest()[:8]) >> 1


def option_order(options, seed, question):
    """The ids of a question's options as they stand on a paper."""
    return shuffled(options, seed, f"options of {question}")


def gaps(pool, lines):
    """What the bank lacks for these lines; empty when a paper can be drawn.

    Lines that name a kind take theirs first: what is left is for the lines that take any. As the kinds do not overlap, a
    paper exists whenever this finds no gap.
    """
    there = Counter((one.topic, one.level, one.kind) for one in pool)
    wanted = Counter()
    for line in lines:
        wanted[line.topic, line.level, line.kind] += line.count
    found, free = [], Counter()
    for (topic, level, kind), count in there.items():
        free[topic, level] += max(0, count - wanted[topic, level, kind])
    for (topic, level, kind), count in wanted.items():
        available = there[topic, level, kind] if kind else free[topic, level]
        if count > available:
            found.append(Gap(topic, level, kind, count, available))
    return found


def draw(pool, lines, seed, met=frozenset()):
    """One paper: questions with their points, in the order they stand. No question twice; those the candidate has `met` (ids) only
    where the bank has no others left. Raises ValueError where `gaps` finds any."""
    if gaps(pool, lines):
        raise ValueError("The pool cannot fill these lines; ask gaps() first.")
    shelf = defaultdict(list)
    for one in sorted(pool):
        shelf[one.topic, one.level].append(one)
    drawn, taken = [], set()
    for line in sorted(lines, key=lambda line: line.kind == ""):  # those that name a kind first; a stable sort
        fitting = {one.id for one in shelf[line.topic, line.level] if line.kind in ("", one.kind)} - taken
        new_first = sorted(shuffled(fitting, seed, "choice"), key=met.__contains__)
        chosen = new_first[: line.count]
        taken.update(chosen)
        drawn += [Drawn(one, line.points) for one in chosen]
    points = {one.id: one for one in drawn}
    return [points[one] for one in shuffled(points, seed, "order")]
