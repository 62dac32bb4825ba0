import os
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed


class Command(BaseCommand):
    help = "Compile *.po files newer than their *.mo, in Python alone: no gettext tools needed."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="compile all, newer or not")

    def handle(self, *, force, **options):
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                if force or not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                    compile_file(source, target)
                    translation_file_changed(None, target)  # what this very process has read of it is read anew


def compile_file(source, target):
    """Write `target` whole or not at all: a server may be reading it."""
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    polib.pofile(str(source)).save_as_mofile(str(draft))
    draft.replace(target)
