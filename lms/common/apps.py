from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CommonConfig(AppConfig):
    name = "lms.common"

    def ready(self):
        from lms.common import triggers

        # When the last app has been told, every table is there.
        post_migrate.connect(triggers.create_all, sender=[app for app in apps.get_app_configs() if app.models_module][-1])
