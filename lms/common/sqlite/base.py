from django.db.backends.sqlite3 import base

from lms.common.sqlite.schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor

    def get_new_connection(self, conn_params):
        """With what SQLite leaves off unless told: REPLACE removes rows, and then asks the triggers that refuse a deletion."""
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA recursive_triggers = ON")
        return connection
