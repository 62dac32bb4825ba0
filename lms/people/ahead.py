"""What is entered for a day to come, as pages tell it."""

from datetime import timedelta

from lms.people.asked import asked_by, moves_from, place_of
from lms.people.models import ComingChange, Dealer, Position, Proposal
from lms.people.standing import LEFT, Line

AFTER_ALL = 2**62  # the number of a line that is not written yet


def changes_ahead(person):
    """The person's, the soonest first, each with `moves_from` and `moves_to`: the (position, dealer) of a move to another place, else None.

    Three statements at most.
    """
    found = ComingChange.objects.filter(employee=person, status=ComingChange.Status.COMING).select_related("planned_by__employee")
    changes = list(found)
    moves = [change for change in changes if change.kind == Proposal.Kind.MOVE]
    posts = _in_bulk(Position, moves, "position")
    dealers = _in_bulk(Dealer, moves, "to")
    here = (person.position, person.dealer)
    for change in changes:
        there = (posts.get(change.particulars.get("position"), here[0]), dealers.get(change.particulars.get("to"), here[1]))
        is_elsewhere = change in moves and there != here
        change.moves_from, change.moves_to = (here, there) if is_elsewhere else (None, None)
    return changes


def _in_bulk(model, moves, name):
    wanted = {move.particulars.get(name) for move in moves} - {None}
    return model.objects.in_bulk(wanted) if wanted else {}


def coming_lines(people):
    """(employee id, `Line`) of what is entered for a day to come, of `people` (ids, or a query of them)."""
    for one in _coming(people):
        place = (one.particulars.get("to"), one.particulars.get("position"), None)
        if one.kind == Proposal.Kind.DEPARTURE:
            yield one.employee_id, Line(one.on, AFTER_ALL, LEFT, frozenset(), *place, status=LEFT)
        elif moves_from(one.particulars, place_of(one.employee)):
            says = {"to": "dealer", "position": "position"}
            said = frozenset(says[name] for name in asked_by(one.particulars) if name in says)
            yield one.employee_id, Line(one.on, AFTER_ALL, "transferred", said, *place)


def _coming(people):
    return ComingChange.objects.filter(employee__in=people, status=ComingChange.Status.COMING).select_related("employee__manager")


def going_on(people):
    """{employee id: the first day on which they are no longer where they work now}, of those who leave or move on a day to come."""
    found = {}
    for one in _coming(people):
        leaves = one.kind == Proposal.Kind.DEPARTURE
        if leaves or moves_from(one.particulars, place_of(one.employee)):
            first = one.on + timedelta(days=1) if leaves else one.on
            found[one.employee_id] = min(first, found.get(one.employee_id, first))
    return found
