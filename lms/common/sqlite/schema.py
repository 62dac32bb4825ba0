"""SQLite alters a table by rebuilding it, and stumbles over triggers that look into it. Ours are set aside for just that statement,
in the migration's own transaction: a migration that fails or is killed leaves them on."""

from contextlib import contextmanager

from django.db.backends.sqlite3 import schema

from lms.common import triggers


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    def _remake_table(self, model, create_field=None, delete_field=None, alter_fields=None):
        gone = [delete_field.column] if delete_field else []
        gone += [old.column for old, new in alter_fields or [] if old.column != new.column]
        with self._set_aside(model._meta.db_table, gone):
            super()._remake_table(model, create_field, delete_field, alter_fields)

    def remove_field(self, model, field):
        with self._set_aside(model._meta.db_table, [field.column]):
            super().remove_field(model, field)

    def delete_model(self, model, handle_autom2m=True):
        with self._set_aside(model._meta.db_table, [model._meta.db_table]):
            super().delete_model(model, handle_autom2m)

    @contextmanager
    def _set_aside(self, table, gone):
        """Without our triggers that speak of `table`. Those that speak of what is `gone` stay away; `migrate` makes them anew."""
        if self.collect_sql:
            yield
            return
        with self.connection.cursor() as cursor:
            aside = triggers.mentioning(cursor, table)
            for name in aside:
                cursor.execute(f"DROP TRIGGER {name}")
        yield
        with self.connection.cursor() as cursor:
            for sql in aside.values():
                if not any(word and triggers.speaks_of(sql, word) for word in gone):
                    cursor.execute(sql)
