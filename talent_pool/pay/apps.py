from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PayConfig(AppConfig):
    name = "talent_pool.pay"
    verbose_name = _("Pay")

    def ready(self):
        from lms.common import triggers

        triggers.register(
            *pay_triggers(),
            *triggers.append_only("pay_payrollexport", "Payroll exports"),
            *triggers.append_only("pay_keptpay", "Decisions to keep pay"),
        )


def pay_triggers():
    """Rule P1 in the database: a band table that has begun never changes. Rule P2: what a change says stands, and an exported one is done.

    A begun table can get no further band either: it was made with all eight, and each may be there once only.
    """
    from lms.common.triggers import Trigger

    begun = "A band table that has begun never changes; make a new one (P1)"
    for event in ("UPDATE", "DELETE"):
        word = event.lower()
        yield Trigger(f"pay_bandtable_begun_no_{word}", "pay_bandtable", event, "OLD.effective_on <= TODAY", begun)
        yield Trigger(
            f"pay_band_begun_no_{word}",
            "pay_band",
            event,
            "EXISTS (SELECT 1 FROM pay_bandtable t WHERE t.id = OLD.table_id AND t.effective_on <= TODAY)",
            begun,
        )
    yield from _ledger_triggers()
    yield from _signature_triggers()
    yield Trigger(
        "pay_paychange_never_by_oneself",
        "pay_paychange",
        "UPDATE",
        "EXISTS (SELECT 1 FROM people_employee e WHERE e.id = NEW.employee_id"
        " AND e.user_id IN (NEW.approved_by_id, NEW.countersigned_by_id, NEW.rejected_by_id))",
        "Nobody signs or rejects their own pay change (P2)",
    )
    yield Trigger("pay_paychange_no_delete", "pay_paychange", "DELETE", "1 = 1", "Pay changes are never deleted (P2)")


TERMS = (
    "cause", "decision_id", "event_id", "of_id", "reason", "employee_id", "dealer_id", "position_id", "from_band_id", "to_band_id",
    "effective_on", "proposed_by_id", "proposed_at",
)  # fmt: skip


SIGNED = ("approved_at", "approved_by_id", "countersigned_at", "countersigned_by_id", "rejected_at", "rejected_by_id", "withdrawn_at")
STEPS = (
    "proposed>approved", "approved>countersigned", "countersigned>exported", "proposed>rejected", "approved>rejected",
    "proposed>withdrawn", "approved>withdrawn", "countersigned>withdrawn",
)  # fmt: skip


def _differs(columns):
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


def _signature_triggers():
    """Signatures are given one after the other, to what was proposed, and none is taken back or replaced."""
    from lms.common.triggers import Trigger

    signed = " OR ".join(f"NEW.{column} IS NOT NULL" for column in (*SIGNED, "export_id"))
    yield Trigger(
        "pay_paychange_begins_unsigned",
        "pay_paychange",
        "INSERT",
        f"NEW.status <> 'proposed' OR {signed}",
        "A pay change begins as a proposal that nobody has signed (P2)",
    )
    given = " OR ".join(f"(OLD.{column} IS NOT NULL AND {_differs([column])})" for column in SIGNED)
    yield Trigger(
        "pay_paychange_signatures_stand", "pay_paychange", "UPDATE", given, "A signature under a pay change stands as it was given (P2)"
    )
    steps = ", ".join(f"'{step}'" for step in STEPS)
    yield Trigger(
        "pay_paychange_goes_on_step_by_step",
        "pay_paychange",
        "UPDATE",
        f"NEW.status IS DISTINCT FROM OLD.status AND (OLD.status || '>' || NEW.status) NOT IN ({steps})",
        "A pay change goes from signature to signature, never back (P2)",
    )


def _ledger_triggers():
    """An entry of the ledger fits its cause when it is made (P2), and stands as it was made."""
    from lms.common.triggers import Trigger

    yield Trigger(
        "pay_paychange_terms_stand",
        "pay_paychange",
        "UPDATE",
        f"OLD.status IN ('exported', 'rejected', 'withdrawn') OR {_differs(TERMS)}",
        "What a pay change says is never edited, and one that is done stays so (P2)",
    )
    yield Trigger(
        "pay_paychange_is_of_its_dealer_s_bands",
        "pay_paychange",
        "INSERT",
        "EXISTS (SELECT 1 FROM pay_band b JOIN pay_bandtable t ON t.id = b.table_id"
        " WHERE t.dealer_id <> NEW.dealer_id AND (b.id = NEW.from_band_id AND NEW.cause NOT IN ('move', 'correction')"
        " OR b.id = NEW.to_band_id AND NEW.cause <> 'reversal'))",
        "A pay change leads from one band of its dealer to another (P1)",  # a move begins with what the dealer before paid
    )
    yield Trigger(
        "pay_paychange_follows_its_decision",
        "pay_paychange",
        "INSERT",
        "NEW.decision_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM grading_leveldecision d JOIN pay_band f ON f.id = NEW.from_band_id"
        " JOIN pay_band t ON t.id = NEW.to_band_id WHERE d.id = NEW.decision_id AND d.employee_id = NEW.employee_id"
        " AND d.kind = CASE NEW.cause WHEN 'promotion' THEN 'award' ELSE 'correction' END AND d.to_level > d.from_level"
        " AND f.track = d.track AND t.track = d.track AND f.level = d.from_level AND t.level = d.to_level)",
        "A pay change for a level follows a decision up, of the same person and step (P2)",
    )
    yield Trigger(
        "pay_paychange_is_of_its_person",
        "pay_paychange",
        "INSERT",
        "(NEW.event_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM people_employmentevent e WHERE e.id = NEW.event_id"
        " AND e.employee_id = NEW.employee_id AND e.kind IN ('transferred', 'promoted', 'returned', 'became_staff')))"
        " OR (NEW.of_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pay_paychange p WHERE p.id = NEW.of_id"
        " AND p.employee_id = NEW.employee_id AND (p.dealer_id = NEW.dealer_id OR NEW.cause = 'correction')"
        " AND p.status IN ('countersigned', 'exported')))",
        "A pay change by a move, a correction or a reversal names one of the same person (P2)",
    )
    yield Trigger(
        "pay_paychange_reversal_is_the_counter_entry",
        "pay_paychange",
        "INSERT",
        "NEW.cause = 'reversal' AND NOT EXISTS (SELECT 1 FROM pay_paychange p WHERE p.id = NEW.of_id"
        " AND p.from_band_id = NEW.to_band_id AND p.to_band_id = NEW.from_band_id AND p.effective_on <= NEW.effective_on)",
        "A reversal goes back exactly the way that it reverses (P2)",
    )
