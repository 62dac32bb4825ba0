import re

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from lms.common.cache import TABLE
from lms.common.triggers import append_only_tables

ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class Command(BaseCommand):
    help = "Print what the owner of a PostgreSQL database grants to the application's role: rows, and in append-only tables only new ones."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--role", required=True, help="the role that the servers sign in with; it must own no table")

    def handle(self, *, role, **options):
        if not ROLE.fullmatch(role):
            raise CommandError("A role is named in small Latin letters, digits and underscores.")
        self.stdout.write("\n".join(statements(role)))


def statements(role):
    """Repeatable: everything is taken away first. Django's own tables stay readable; only `migrate`, run by the owner, writes there."""
    only_added_to = {one.table for one in append_only_tables()}
    read = {"django_migrations", "django_content_type", "auth_permission"}
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed} | {TABLE}
    changed = sorted(tables - only_added_to - read)
    yield "BEGIN;"
    yield f"GRANT USAGE ON SCHEMA public TO {role};"
    yield f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role};"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role};"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};"
    yield f"GRANT SELECT ON {', '.join(sorted(read))} TO {role};"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(changed)} TO {role};"
    yield f"GRANT SELECT, INSERT ON {', '.join(sorted(only_added_to))} TO {role};"
    yield "COMMIT;"
