from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate


class CommonConfig(AppConfig):
    name = "lms.common"

    def ready(self):
        from django.urls import register_converter

        from lms.common import triggers
        from lms.common.outside import NumberConverter

        register_converter(NumberConverter, "number")
        # The first app to be told drops what could hinder a migration, the last one puts it back.
        told = [app for app in apps.get_app_configs() if app.models_module]
        pre_migrate.connect(triggers.drop_all, sender=told[0])
        post_migrate.connect(triggers.create_all, sender=told[-1])
