from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradingConfig(AppConfig):
    name = "assessments.grading"
    verbose_name = _("Grading")

    def ready(self):
        from assessments.grading.level_triggers import level_triggers
        from assessments.grading.permissions import sits_on_a_panel
        from lms.common import triggers
        from lms.people.signers import also_signs

        also_signs(sits_on_a_panel)
        triggers.register(
            *level_triggers(),
            *triggers.append_only("grading_finding", "Findings"),
            *triggers.append_only("grading_leveldecision", "Level decisions"),
            *triggers.append_only("grading_component", "The components of a cycle"),
            *triggers.append_only("grading_missingsheet", "Reasons for missing sheets"),
            *triggers.append_only("grading_waiver", "Waivers"),
            *finding_triggers(),
            *panel_triggers(),
            *seat_triggers(),
            *lock_triggers(),
            *result_triggers(),
        )


def finding_triggers():
    """What was found, and waived, about someone is complete when their cycle is locked; only what was found open is waived (G4, G5)."""
    from lms.common.triggers import Trigger

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
    from lms.common.triggers import Trigger

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
    from lms.common.triggers import Trigger

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
    from lms.common.triggers import Trigger

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
    from lms.common.triggers import Trigger

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
    from lms.common.triggers import Trigger

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
