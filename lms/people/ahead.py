"""What is entered for a day to come, as pages tell it."""

from lms.people.models import ComingChange, Dealer, Position, Proposal


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
