from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "courses.catalogue"
    verbose_name = _("Courses")

    def ready(self):
        from django.apps import apps

        # Permissions and tables of every app exist once the last app has been told.
        post_migrate.connect(_open_catalogue, sender=[app for app in apps.get_app_configs() if app.models_module][-1])


def _open_catalogue(**kwargs):
    from courses.catalogue.actions import open_catalogue

    open_catalogue()
