"""The rows of HR's table: what comes of each, and what they must know of each other."""

from dataclasses import dataclass, field

from lms.common.typed import folded
from lms.people.models import Employee

AMBIGUOUS = object()


@dataclass(slots=True)
class Row:
    """What comes of one line. `changes` maps a field to (before, after) in plain values; `values` to what is written.

    `waiting`: something in it is about a signer and waits as a proposal; what else the line says is written at once.
    """

    line: object
    kind: str = "unchanged"  # created | changed | unchanged | waiting | refused
    employee: Employee | None = None
    changes: dict = field(default_factory=dict)
    waits: dict = field(default_factory=dict)  # the changes that two people make (a signer's); like `changes`
    values: dict = field(default_factory=dict)
    dates: dict = field(default_factory=dict)  # contract and probation as they will stand; only the history says them
    dated: dict = field(default_factory=dict)  # those of them that are new; like `changes`
    manager_key: tuple | None = None
    reports_to: tuple | None = None  # the key of a manager who waits to be confirmed


class Index:
    """What the rows of one table must know of each other: who is in it, by number and by name."""

    def __init__(self):
        self.rows = {}  # (group, NUMBER) → row
        self.again = {}  # (group, NUMBER) → the second row that has it
        self.names = {}  # name → key
        self.emails = {}  # address → row
        self.parents = {}  # key → manager's key, once planned
        self.outside = set()  # managers (ids) who are not in the table

    def add(self, key, line):
        if line.number and key in self.rows:
            self.again.setdefault(key, line.row)
        elif line.number:
            self.rows[key] = line.row
            name = folded(line.name)  # as the cell with a manager's name is
            self.names[name] = AMBIGUOUS if name in self.names else key
