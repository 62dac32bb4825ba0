from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CommonConfig(AppConfig):
    name = "lms.common"

    def ready(self):
        from django.urls import register_converter

        from lms.common import search, triggers
        from lms.common.outside import NumberConverter

        register_converter(NumberConverter, "number")
        search.register()
        # When the last app has been told, every table is there.
        post_migrate.connect(triggers.create_all, sender=[app for app in apps.get_app_configs() if app.models_module][-1])
