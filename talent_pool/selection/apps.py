from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelectionConfig(AppConfig):
    name = "talent_pool.selection"
    verbose_name = _("Selection")

    def ready(self):
        from lms.common import triggers

        triggers.register(
            *offer_triggers(),
            *triggers.append_only("selection_ranking", "Rankings"),
            *triggers.append_only("selection_rankedintern", "Places of a ranking"),
            *triggers.append_only("selection_tiedecision", "Decisions of ties", blankable=("reason",)),
        )


def offer_triggers():
    """What was offered stays what it was: another offer takes its place. One that is over stays over."""
    from lms.common.triggers import Trigger

    terms = (
        "placement_id", "ranked_id", "dealer_id", "position_id", "contract", "contract_from", "contract_until", "probation_until",
        "probation_pay", "agreed_pay", "offered_at", "offered_by_id",
    )  # fmt: skip
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in terms)
    yield Trigger("selection_offer_terms_stand", "selection_offer", "UPDATE", changed, "The terms of an offer stay as they were offered")
    over = "OLD.status IN ('ended', 'declined', 'withdrawn') AND NEW.status <> OLD.status"
    yield Trigger("selection_offer_over_stays_over", "selection_offer", "UPDATE", over, "An offer that is over stays over")
    yield Trigger("selection_offer_no_delete", "selection_offer", "DELETE", "1 = 1", "Offers stay on record")
