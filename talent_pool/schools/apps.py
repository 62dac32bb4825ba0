from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchoolsConfig(AppConfig):
    name = "talent_pool.schools"
    verbose_name = _("Schools")

    def ready(self):
        from lms.common import triggers

        triggers.register(*triggers.append_only("schools_grade", "Grades of students"))
