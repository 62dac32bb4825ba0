from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "lms.home"
    verbose_name = _("Today")

    def ready(self):
        from django.apps import apps
        from django.utils.module_loading import autodiscover_modules

        from lms.common import registries

        # Every process knows every task and kind of job: the web process hands them over, or does them itself.
        autodiscover_modules("tasks")
        registries.discover()
        # Permissions of every app exist once the last app has been told.
        post_migrate.connect(_sync_roles, sender=[app for app in apps.get_app_configs() if app.models_module][-1])


def _sync_roles(**kwargs):
    from lms.people.reference import load_reference
    from lms.people.roles import sync_roles

    sync_roles()
    load_reference()
