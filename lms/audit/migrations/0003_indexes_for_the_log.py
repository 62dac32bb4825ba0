from django.db import migrations, models


class AddIndexBesideWriters(migrations.AddIndex):
    """On PostgreSQL the index is built while others write: events are recorded all the time, and the table is the largest there is."""

    atomic = False

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        beside = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
        if beside:
            # What a build that was interrupted left behind is no index.
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
        schema_editor.add_index(model, self.index, **beside)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("audit", "0002_whom_and_where")]

    operations = [
        AddIndexBesideWriters("event", models.Index(fields=["dealer", "-at", "-id"], name="audit_event_dealer")),
        AddIndexBesideWriters("event", models.Index(fields=["dealer", "verb", "-at", "-id"], name="audit_event_dealer_verb")),
        AddIndexBesideWriters("event", models.Index(fields=["about", "-at", "-id"], name="audit_event_about")),
        AddIndexBesideWriters("event", models.Index(fields=["actor", "-at", "-id"], name="audit_event_actor")),
        AddIndexBesideWriters("event", models.Index(fields=["verb", "-at", "-id"], name="audit_event_verb")),
        AddIndexBesideWriters(
            "event", models.Index(fields=["target_label"], name="audit_event_label", opclasses=["varchar_pattern_ops"])
        ),
    ]
