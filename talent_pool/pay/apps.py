from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PayConfig(AppConfig):
    name = "talent_pool.pay"
    verbose_name = _("Pay")

    def ready(self):
        from lms.common import triggers

        triggers.register(*pay_triggers(), *triggers.append_only("pay_payrollexport", "Payroll exports"))


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
    yield Trigger(
        "pay_paychange_terms_stand",
        "pay_paychange",
        "UPDATE",
        "OLD.status = 'exported' OR NEW.award_id <> OLD.award_id OR NEW.employee_id <> OLD.employee_id"
        " OR NEW.from_band_id <> OLD.from_band_id OR NEW.to_band_id <> OLD.to_band_id OR NEW.effective_on <> OLD.effective_on",
        "What a pay change says is never edited, and an exported one is done (P2)",
    )
    yield Trigger(
        "pay_paychange_never_by_oneself",
        "pay_paychange",
        "UPDATE",
        "EXISTS (SELECT 1 FROM people_employee e WHERE e.id = NEW.employee_id"
        " AND e.user_id IN (NEW.approved_by_id, NEW.countersigned_by_id, NEW.rejected_by_id))",
        "Nobody signs or rejects their own pay change (P2)",
    )
    yield Trigger("pay_paychange_no_delete", "pay_paychange", "DELETE", "1 = 1", "Pay changes are never deleted (P2)")
