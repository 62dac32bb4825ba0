"""Indexes added to large tables by migrations that are not atomic: on PostgreSQL they are built while others write."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class AddIndexBesideWriters(migrations.AddIndex):
    atomic = False

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        beside = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
        if beside:
            drop_half_built(schema_editor, self.index.name)
        schema_editor.add_index(model, self.index, **beside)


class AddPostgreSQLIndex(Operation):
    """An index that only PostgreSQL can have: `on` is what follows ON, names of the table and columns as they are.

    SQLite, which holds a dealership and not a group, looks at every row instead.
    """

    atomic = False
    reduces_to_sql = True
    reversible = True

    def __init__(self, name, on):
        self.name, self.on = name, on

    def deconstruct(self):
        return type(self).__name__, [self.name, self.on], {}

    def state_forwards(self, app_label, state):
        """Models know nothing of it."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            drop_half_built(schema_editor, self.name)
            schema_editor.execute(f"CREATE INDEX CONCURRENTLY {self.name} ON {self.on}")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.name}")

    def describe(self):
        return f"Create index {self.name} on PostgreSQL"


def drop_half_built(schema_editor, name):
    """What a build that was interrupted left behind is no index."""
    schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(name)}")
