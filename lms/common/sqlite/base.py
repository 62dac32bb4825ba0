from functools import partial

from django.db.backends.sqlite3 import base

from lms.common.sqlite.schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor

    def get_new_connection(self, conn_params):
        """With what SQLite leaves off unless told: REPLACE removes rows, and then asks the triggers that refuse a deletion."""
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA recursive_triggers = ON")
        # Bytes that are no text, written past every door, are read as the sign that stands for them, and stop no list that they stand in.
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        return connection
