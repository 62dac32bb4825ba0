"""What the database itself holds of levels (G2, G7)."""

from lms.common.triggers import Trigger


def level_triggers():
    """Rules G2 and G7 in the database: each decision continues from the person's newest and rests on what it names, and the levels on the
    employee row are what the newest decisions say."""
    table = "grading_leveldecision"

    def newest(column, person, track):  # names of ours, nothing from outside
        return (
            f"COALESCE((SELECT d.{column} FROM {table} d WHERE d.employee_id = {person} AND d.track = {track}"  # noqa: S608
            " ORDER BY d.number DESC LIMIT 1), 0)"
        )

    yield Trigger(
        f"{table}_continues_from_the_newest",
        table,
        "INSERT",
        f"NEW.number <> {newest('number', 'NEW.employee_id', 'NEW.track')} + 1"
        f" OR NEW.from_level <> {newest('to_level', 'NEW.employee_id', 'NEW.track')}",
        "A level decision continues from the newest of the person and track (G2)",
    )
    yield Trigger(
        f"{table}_rests_on_a_published_candidacy",
        table,
        "INSERT",
        "NEW.candidacy_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM grading_candidacy c JOIN grading_cycle y ON y.id = c.cycle_id"
        " WHERE c.id = NEW.candidacy_id AND c.cycle_id = NEW.cycle_id AND c.employee_id = NEW.employee_id"
        " AND c.from_level = NEW.from_level AND c.to_level = NEW.to_level"
        " AND (NEW.kind = 'award' AND c.outcome = 'passed'"
        " OR NEW.kind <> 'award' AND c.outcome IN ('failed', 'missed') AND (c.is_eligible OR c.waived_at IS NOT NULL))"
        " AND y.track = NEW.track AND y.year = NEW.year"
        " AND y.quarter = NEW.quarter AND y.status IN ('published', 'closed'))",
        "An award is for who passed in a published cycle of its own track and quarter, a correction for who was admitted and did not (G5)",
    )
    yield Trigger(
        f"{table}_correction_takes_one_back",
        table,
        "INSERT",
        f"NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} d WHERE d.id = NEW.corrects_id"  # noqa: S608
        " AND d.employee_id = NEW.employee_id AND d.track = NEW.track AND d.from_level = NEW.to_level AND d.to_level = NEW.from_level"
        f" AND d.number IN ({_held_by(table, 'NEW.employee_id', 'NEW.track')}))",
        "A correction takes a decision on the same person and track back to what would have been, the newest first (G7)",
    )
    yield from _levels_on_the_record(newest)


def _held_by(table, person, track):
    """SQL: the numbers of the decisions that the level rests on; what `decisions_held_by` finds. Names of ours, nothing from outside."""
    its = f"{{row}}.employee_id = {person} AND {{row}}.track = {track}"
    return (  # the 0 makes a plain integer of it: PostgreSQL wants both halves of one kind
        "WITH RECURSIVE held(number) AS ("  # noqa: S608
        f"SELECT MAX(n.number) + 0 FROM {table} n WHERE {its.format(row='n')}"
        f" UNION ALL SELECT COALESCE(b.number, h.number) - 1 FROM held JOIN {table} h ON h.number = held.number AND {its.format(row='h')}"
        f" LEFT JOIN {table} b ON b.id = h.corrects_id WHERE h.kind = 'renewal' OR h.corrects_id IS NOT NULL)"
        " SELECT held.number FROM held"
    )


def _levels_on_the_record(newest):
    yield Trigger(
        "people_employee_starts_without_a_level",
        "people_employee",
        "INSERT",
        "NEW.service_level <> 0 OR NEW.technical_level <> 0",
        "A new employee has no level yet (G2)",
    )
    for track in ("service", "technical"):
        column = f"{track}_level"
        yield Trigger(
            f"people_employee_{column}_is_decided",
            "people_employee",
            "UPDATE",
            f"NEW.{column} <> OLD.{column} AND NEW.{column} <> {newest('to_level', 'NEW.id', repr(track))}",
            "A level changes only by a level decision (G2)",
        )
