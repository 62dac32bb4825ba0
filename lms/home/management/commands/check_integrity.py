from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db.models import FileField

from lms.common.integrity import invariants, judgements

MOST_NAMED = 20


class Command(BaseCommand):
    help = (
        "Prove the rules over the whole database. Names each record that breaks one; exit code 1 when there is any. "
        "What is older than a rule is told, not failed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--files", action="store_true", help="also look whether every file that a record names is there")

    def handle(self, *, files, **options):
        broken: dict[str, list[str]] = {}
        older: dict[str, list[str]] = {}
        sentences = {"files": "Every file that a record names is there"}
        for rule, culprit, is_older in judgements():
            (older if is_older else broken).setdefault(rule.name, []).append(culprit)
            sentences[rule.name] = rule.sentence
        if files and (missing := list(missing_files())):
            broken["files"] = missing
        self.tell("REPORTED, from before the rule,", older, sentences)
        self.tell("BROKEN", broken, sentences)
        if broken:
            raise CommandError(f"{len(broken)} of {len(invariants())} rules are broken.")
        self.stdout.write(f"All {len(invariants())} rules hold.")

    def tell(self, word, found, sentences):
        for name, culprits in found.items():
            self.stdout.write(f"{word} {name}: {sentences[name]}")
            for culprit in culprits[:MOST_NAMED]:
                self.stdout.write(f"  {culprit}")
            if len(culprits) > MOST_NAMED:
                self.stdout.write(f"  … and {len(culprits) - MOST_NAMED} more")


def missing_files():
    """Records whose file is not in the storage."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                named = model._base_manager.exclude(**{field.name: ""}).exclude(**{field.name: None})
                for pk, name in named.values_list("pk", field.name).iterator():
                    if not field.storage.exists(name):
                        yield f"{model._meta.label_lower} {pk}: {name}"
