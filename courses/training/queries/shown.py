"""What pages show of sessions, attendance and reflections that forms change: facts for `lms.common.shown`."""

from lms.common.shown import fact, facts_of

MATERIAL = ("guest_name", "topic", "title", "outline", "course")


def turn_shown(session):
    """When a session is and who presents."""
    return facts_of(session, "starts_at", "presenter")


def turns_shown(session, others):
    """The same, and who presents in each of the other sessions that a swap could be with."""
    theirs = {f"presenter-{one.pk}": fact(f"{one.on:%Y-%m-%d}", one.presenter_id, one.presenter) for one in others}
    return turn_shown(session) | theirs


def guest_shown(session):
    return facts_of(session, "guest_name")


def hands_shown(programme):
    """Who organises it and who watches over it."""
    return facts_of(programme, "organiser", "watcher")


def check_in_shown(programme):
    """When its rooms open and its sessions may be closed."""
    return facts_of(programme, "opens_before", "closes_before")


def material_shown(session):
    """What was handed in, by its words and the name of its file, which nobody reads."""
    handed_in = {"file": fact(session._meta.get_field("material").verbose_name, session.material.name, session.title)}
    return facts_of(session, *MATERIAL) | handed_in


def states_shown(attendances):
    """The state of each person on a roll."""
    return {str(row.employee_id): fact(row.employee.name, row.state, row.get_state_display()) for row in attendances}


def text_shown(reflection):
    """What its author has written."""
    return facts_of(reflection, "text")


def score_shown(reflection):
    return facts_of(reflection, "score")
