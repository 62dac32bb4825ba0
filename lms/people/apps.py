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
            *proposal_triggers(),
        )


def proposal_triggers():
    """A proposal waits, then is decided once; what was asked for never changes, and none goes away. Only the mark that people were
    told is set later."""
    from lms.common.triggers import Trigger

    same = " AND ".join(f"NEW.{column} = OLD.{column}" for column in ("kind", "dealer_id", "number", "name", "proposed_at"))
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
