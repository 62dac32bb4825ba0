"""What the database itself holds of grading: levels, findings, panels, seats, locks, results."""

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


def finding_triggers():
    """What was found, and waived, about someone is complete when their cycle is locked; only what was found open is waived (G4, G5)."""
    under_way = "y.status IN ('locked', 'sitting', 'marking', 'ratified')"
    message = "What was found is fixed when the cycle is locked (G5)"
    cycle = "SELECT 1 FROM grading_candidacy c JOIN grading_cycle y ON y.id = c.cycle_id"
    yield Trigger(
        "grading_finding_is_complete_at_the_lock",
        "grading_finding",
        "INSERT",
        f"EXISTS ({cycle} WHERE c.id = NEW.candidacy_id AND {under_way})",
        message,
    )
    finding = f"{cycle} JOIN grading_finding f ON f.candidacy_id = c.id WHERE f.id = NEW.finding_id"
    yield Trigger("grading_waiver_is_complete_at_the_lock", "grading_waiver", "INSERT", f"EXISTS ({finding} AND {under_way})", message)
    yield Trigger(
        "grading_waiver_is_of_what_was_open",
        "grading_waiver",
        "INSERT",
        f"NOT EXISTS ({finding} AND NOT f.met AND f.rule NOT IN ('post', 'level'))",
        "Only what was found open is waived, and never level or position (G4)",
    )


def panel_triggers():
    """Nobody examines where they are a candidate, whichever of the two comes first."""
    message = "Nobody sits on the panel of a cycle in which they are a candidate (G3)"
    candidate = "EXISTS (SELECT 1 FROM grading_candidacy c WHERE c.cycle_id = NEW.cycle_id AND c.employee_id = NEW.examiner_id)"
    examiner = "EXISTS (SELECT 1 FROM grading_panelmember p WHERE p.cycle_id = NEW.cycle_id AND p.examiner_id = NEW.employee_id)"
    for event in ("INSERT", "UPDATE"):
        yield Trigger(f"grading_panelmember_no_candidate_{event.lower()}", "grading_panelmember", event, candidate, message)
        yield Trigger(f"grading_candidacy_no_examiner_{event.lower()}", "grading_candidacy", event, examiner, message)


def _changed(*names):  # column names of ours, nothing from outside
    return " OR ".join(f"NEW.{name} <> OLD.{name}" for name in names)


def _differs(*names):
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in names)


def _locked(row, states="('locked', 'sitting', 'marking', 'ratified', 'published', 'closed')"):
    return f"EXISTS (SELECT 1 FROM grading_cycle c WHERE c.id = {row}.cycle_id AND c.status IN {states})"  # noqa: S608


UNDER_WAY = "('locked', 'sitting', 'marking', 'ratified')"


def lock_triggers():
    """From the lock on, what a cycle decides by stays: its rules, and who may sit."""
    rules = ("dealer_id", "track", "year", "quarter", "min_attendance", "needs_reflections", "needs_courses", "needs_three_sheets")
    yield Trigger(
        "grading_cycle_keeps_its_rules",
        "grading_cycle",
        "UPDATE",
        f"OLD.locked_at IS NOT NULL AND ({_changed(*rules)})",
        "The rules of a cycle stay as they were when it was locked (G5)",
    )
    admission = ("cycle_id", "employee_id", "from_level", "to_level", "is_eligible", "findings", "waived_reason")
    yield Trigger(
        "grading_candidacy_keeps_its_admission",
        "grading_candidacy",
        "UPDATE",
        f"{_locked('OLD')} AND ({_changed(*admission)} OR (OLD.waived_at IS NULL) <> (NEW.waived_at IS NULL))",
        "Who may sit is fixed when the cycle is locked (G5)",
    )
    yield Trigger(
        "grading_candidacy_joins_before_the_lock",
        "grading_candidacy",
        "INSERT",
        _locked("NEW", UNDER_WAY),
        "Nobody joins a cycle after it is locked (G5)",
    )
    yield Trigger(
        "grading_candidacy_stays_from_the_lock",
        "grading_candidacy",
        "DELETE",
        _locked("OLD"),
        "Nobody is taken out of a cycle after it is locked (G5)",
    )


def result_triggers():
    """What is examined is fixed at the lock, what was sat stays with the result, and what was signed or published stays as it is (G5)."""
    table, cycle = "grading_componentresult", "SELECT 1 FROM grading_candidacy c JOIN grading_cycle y ON y.id = c.cycle_id"
    yield Trigger(
        "grading_component_comes_with_the_lock",
        "grading_component",
        "INSERT",
        "EXISTS (SELECT 1 FROM grading_cycle c WHERE c.id = NEW.cycle_id AND c.status IN ('sitting', 'marking', 'ratified'))",
        "The components of a cycle are fixed when it is locked (G5)",
    )
    own = (
        "SELECT 1 FROM grading_candidacy c JOIN grading_component k ON k.cycle_id = c.cycle_id AND k.level = c.to_level"
        " WHERE c.id = NEW.candidacy_id AND k.id = NEW.component_id"
        " AND (NEW.paper_id IS NULL OR EXISTS (SELECT 1 FROM exams_paper p WHERE p.id = NEW.paper_id AND p.candidate_id = c.employee_id))"
        " AND (NEW.practical_id IS NULL OR EXISTS"
        " (SELECT 1 FROM practicals_practical p WHERE p.id = NEW.practical_id AND p.candidate_id = c.employee_id))"
    )
    for event in ("INSERT", "UPDATE"):
        yield Trigger(
            f"{table}_is_the_candidates_own_{event.lower()}",
            table,
            event,
            f"NOT EXISTS ({own})",
            "A result is of a component of the candidate's own cycle and level, and of their own paper or practical",
        )
    sat = " OR ".join(f"(OLD.{name} IS NOT NULL AND ({_differs(name)}))" for name in ("paper_id", "practical_id"))
    voided = ("voided_at", "voided_by_id", "voided_reason", "sitting_id", "score")
    yield Trigger(
        f"{table}_keeps_what_was_sat",
        table,
        "UPDATE",
        f"{_changed('candidacy_id', 'component_id')} OR {sat} OR (OLD.voided_at IS NOT NULL AND ({_differs(*voided)}))",
        "A result keeps what was sat for it; once voided it stays so, and another takes its place",
    )
    yield Trigger(f"{table}_no_delete", table, "DELETE", "1 = 1", "Results stay on record")
    yield from _fixed_triggers(table, cycle)


def _fixed_triggers(table, cycle):
    """From the first signature on, and once published, neither scores nor outcomes change; a result that came back to marking may."""
    signed = "EXISTS (SELECT 1 FROM grading_panelmember m WHERE m.cycle_id = y.id AND m.signed_at IS NOT NULL)"
    given = ("sitting_id", "paper_id", "practical_id", "voided_at")
    fixed = f"y.status IN ('published', 'closed') OR (y.status = 'ratified' AND ({{again}} OR {signed}))"
    message = "Results that are fixed for signing, or published, stay as they are (G5)"
    again = f"OLD.score IS NOT NULL OR {_differs(*given)}"
    yield Trigger(
        f"{table}_is_fixed",
        table,
        "UPDATE",
        f"({_differs('score', *given)}) AND EXISTS ({cycle} WHERE c.id = OLD.candidacy_id AND ({fixed.format(again=again)}))",
        message,
    )
    yield Trigger(
        f"{table}_is_complete_when_fixed",
        table,
        "INSERT",
        f"EXISTS ({cycle} WHERE c.id = NEW.candidacy_id AND y.status = 'ratified')",
        message,
    )
    left = (
        "NEW.outcome = 'left' AND y.status = 'ratified'"
        " AND EXISTS (SELECT 1 FROM people_employee e WHERE e.id = OLD.employee_id AND e.status = 'left')"
    )
    yield Trigger(
        "grading_candidacy_keeps_its_outcome",
        "grading_candidacy",
        "UPDATE",
        "NEW.outcome <> OLD.outcome AND EXISTS (SELECT 1 FROM grading_cycle y WHERE y.id = OLD.cycle_id"  # noqa: S608
        f" AND ({fixed.format(again='1 = 0')}) AND NOT ({left}))",
        message,
    )


def seat_triggers():
    """Who examines stays from the lock on, but for a seat given again by two; under published results their signatures stay too."""
    given_again = (
        "EXISTS (SELECT 1 FROM grading_seatchange s WHERE s.cycle_id = OLD.cycle_id AND s.seat = OLD.seat AND s.leaver_id = OLD.examiner_id"
        " AND s.examiner_id = NEW.examiner_id AND s.confirmed_at IS NOT NULL)"
    )
    proposal = ("cycle_id", "seat", "leaver_id", "examiner_id", "reason", "proposed_by_id", "proposed_at")
    yield Trigger(
        "grading_seatchange_is_decided_once",
        "grading_seatchange",
        "UPDATE",
        f"OLD.confirmed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR {_changed(*proposal)}",
        "A change of a seat is confirmed or withdrawn as it was proposed, once (G3)",
    )
    yield Trigger("grading_seatchange_no_delete", "grading_seatchange", "DELETE", "1 = 1", "Changes of seats stay on record (G3)")
    yield Trigger(
        "grading_panelmember_stays_from_the_lock",
        "grading_panelmember",
        "UPDATE",
        f"{_locked('OLD')} AND ({_changed('cycle_id', 'seat')} OR (NEW.examiner_id <> OLD.examiner_id AND NOT {given_again}))",
        "The panel is fixed when the cycle is locked; a seat is given again by two people (G3)",
    )
    for event, condition in (("INSERT", _locked("NEW", UNDER_WAY)), ("DELETE", _locked("OLD"))):
        yield Trigger(
            f"grading_panelmember_fixed_no_{event.lower()}",
            "grading_panelmember",
            event,
            condition,
            "The panel is fixed when the cycle is locked; a seat is given again by two people (G3)",
        )
    shown = "('published', 'closed')"
    gone = "NEW.signed_at IS NULL OR NEW.signed_by_id IS NULL"
    yield Trigger(
        "grading_panelmember_signature_stands",
        "grading_panelmember",
        "UPDATE",
        f"{_locked('OLD', shown)} AND ({gone} OR {_changed('signed_at', 'signed_by_id')})",
        "Under published results the signatures stay (G3)",
    )
