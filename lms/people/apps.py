from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "lms.people"
    verbose_name = _("People")

    def ready(self):
        from lms.common import triggers
        from lms.people import receivers  # noqa: F401  connects them

        triggers.register(
            *triggers.append_only("people_employmentevent", "Lines of a person's history", blankable=("reason",)),
            *leave_triggers(),
            *proposal_triggers(),
        )


def leave_triggers():
    """Leave stays as it was approved; it can be withdrawn, once, and an erasure may blank the reason."""
    from lms.common.triggers import Trigger

    columns = ("employee_id", "kind", "starts_on", "ends_on", "approved_at", "approved_by_id")
    conditions = [f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns]
    conditions += [
        f"(OLD.withdrawn_at IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column})" for column in ("withdrawn_at", "withdrawn_by_id")
    ]
    conditions.append("(NEW.reason <> OLD.reason AND NEW.reason <> '')")
    yield Trigger("people_leave_stays_as_approved", "people_leave", "UPDATE", " OR ".join(conditions), "Leave stays as approved")
    yield Trigger("people_leave_no_delete", "people_leave", "DELETE", "1 = 1", "Leave is withdrawn, never deleted")


def proposal_triggers():
    """A proposal waits, then is decided once; what was asked for never changes, and none goes away. Only the mark that people were
    told is set later."""
    from lms.common.triggers import Trigger

    same = " AND ".join(f"NEW.{column} = OLD.{column}" for column in ("kind", "dealer_id", "number", "signs_in_as", "name", "proposed_at"))
    decided = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in ("status", "decided_at", "decided_from"))
    decided += "".join(f" OR COALESCE(NEW.{column}, 0) <> COALESCE(OLD.{column}, 0)" for column in ("decided_by_id", "proposed_by_id"))
    yield Trigger(
        "people_proposal_keeps_what_was_asked",
        "people_proposal",
        "UPDATE",
        f"NOT ({same}) OR CAST(NEW.particulars AS TEXT) <> CAST(OLD.particulars AS TEXT)",
        "What was proposed never changes",
    )
    yield Trigger(
        "people_proposal_is_decided_once",
        "people_proposal",
        "UPDATE",
        f"OLD.status <> 'waiting' AND ({decided})",
        "A proposal is decided once",
    )
    yield Trigger("people_proposal_no_delete", "people_proposal", "DELETE", "1 = 1", "Proposals stay on record")
