"""What a move that still waits asks for: that and nothing else, however long it waits. Plain data, no database.

`particulars` are those that a proposal or a change to come keeps, records by number of record. `stood` in them is what stood in the three
places when it was asked for; one of before that was kept asks for all three.
"""

PLACE = ("to", "position", "reports_to")


def place_of(employee):
    """Where the person stands, as particulars say it."""
    manager = employee.manager.number if employee.manager else ""
    return {"to": employee.dealer_id, "position": employee.position_id, "reports_to": manager}


def asked_by(particulars):
    """Those of the three that it asks to change: {name: to what}."""
    stood = particulars.get("stood", {})
    return {name: particulars[name] for name in PLACE if name not in stood or particulars[name] != stood[name]}


def overtaken(particulars, now):
    """The names of those that it asks to change and that somebody else changed meanwhile; `now` is a `place_of`."""
    stood = particulars.get("stood", now)
    return {name for name, value in asked_by(particulars).items() if now[name] not in (stood[name], value)}


def moves_from(particulars, now):
    """Whether it gives another dealer or post than those of `now`, and can: what is overtaken does not happen by itself."""
    other = {name for name, value in asked_by(particulars).items() if now[name] != value}
    return bool(other & {"to", "position"}) and not overtaken(particulars, now)
