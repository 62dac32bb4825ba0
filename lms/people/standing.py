"""What a history says of a day: valid time as known today. Plain data, no database.

Each line says some facts from its day on; of a fact, what the latest line up to a day says holds on that day, however late the line was
written. Whoever left is gone from the day of the departure on, contract and probation with them.
"""

from typing import NamedTuple

PLACE = ("dealer", "position", "manager")
LEFT, RETURNED = "left", "returned"


class Line(NamedTuple):
    """`says` are those of `PLACE` that the line states; of two on one day the one with the higher `number` came later.

    An empty status says nothing about it, but of a return that the person is here, and no more; no `person_kind` says nothing about what
    the person is, no `probation_until` about probation, no `contract_from` about the contract.
    """

    on: object
    number: int
    kind: str
    says: frozenset
    dealer: int
    position: int
    manager: int | None
    status: str = ""
    person_kind: str = ""
    probation_until: object = None
    contract_from: object = None
    contract_until: object = None


class Standing(NamedTuple):
    """Keys of dealer, position and manager; None where nothing on record says it. An empty status: here, no more is known.

    An empty `person_kind`: nothing on record says what the person was.
    """

    dealer: int | None = None
    position: int | None = None
    manager: int | None = None
    status: str = ""
    person_kind: str = ""
    probation_until: object = None
    contract_from: object = None
    contract_until: object = None

    @property
    def is_here(self):
        return self.status != LEFT


def standing_on(lines, day):
    """The `Standing` on `day`, or None where nothing had begun by then."""
    begun = sorted((line for line in lines if line.on <= day), key=lambda line: (line.on, line.number))
    if not begun:
        return None
    standing = Standing()
    for line in begun:
        standing = _after(standing, line)
    return standing


def _after(standing, line):
    said = {name: getattr(line, name) for name in PLACE if name in line.says}
    if line.person_kind:
        said["person_kind"] = line.person_kind
    if line.kind == LEFT:
        return standing._replace(**said, status=LEFT, probation_until=None, contract_from=None, contract_until=None)
    if line.status or line.kind == RETURNED:
        said["status"] = line.status
    if line.probation_until:
        said["probation_until"] = line.probation_until
    if line.contract_from:
        said |= {"contract_from": line.contract_from, "contract_until": line.contract_until}
    return standing._replace(**said)


def says(line):
    """The facts that a line states, by name."""
    named = set(line.says)
    if line.kind == LEFT:
        named |= {"probation_until", "contract_from"}  # they end with it
    named |= {"status"} if line.status or line.kind in {LEFT, RETURNED} else set()
    named |= {"person_kind"} if line.person_kind else set()
    named |= {"probation_until"} if line.probation_until else set()
    return named | ({"contract_from"} if line.contract_from else set())
