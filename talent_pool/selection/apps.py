from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelectionConfig(AppConfig):
    name = "talent_pool.selection"
    verbose_name = _("Selection")

    def ready(self):
        from lms.common import triggers

        triggers.register(
            *triggers.append_only("selection_ranking", "Rankings"),
            *triggers.append_only("selection_rankedintern", "Places of a ranking"),
            *triggers.append_only("selection_tiedecision", "Decisions of ties", blankable=("reason",)),
        )
