"""What the course studio does, as events of ours: Wagtail logs each act in its transaction, and that entry becomes our event.

Wagtail's entry says that something was edited, not what: a form's record is remembered as it was before (`remember`), and
compared with what stands in the database once the entry is written. Drafts of pages are left to Wagtail, which keeps every one.
"""

from asgiref.local import Local
from django.contrib.contenttypes.models import ContentType
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry

from lms.audit.actions import event_of, record_events
from lms.audit.running import runner
from lms.audit.verbs import edited_of

_before = Local()

PAGE_VERBS = {
    "wagtail.create": "page.added",
    "wagtail.publish": "page.published",
    "wagtail.publish.scheduled": "page.published",
    "wagtail.unpublish": "page.unpublished",
    "wagtail.unpublish.scheduled": "page.unpublished",
    "wagtail.delete": "page.removed",
}
RECORD_VERBS = {"wagtail.create": "added", "wagtail.edit": "changed", "wagtail.delete": "removed"}
QUIET = ("wagtail.comments.",)


def remember(instance):
    """Keep what a record says now; whatever the same request logs of it is compared with this."""
    if edited_of(instance._meta.label_lower):
        _before.kept = (get_active_log_context().uuid, instance._meta.label_lower, str(instance.pk), snapshot(instance))


def _remembered(entry, kind):
    kept = getattr(_before, "kept", None)
    if kept is None or entry.uuid is None or kept[:3] != (entry.uuid, kind, entry.object_id):
        return {}
    return kept[3]


def snapshot(instance):
    """What is recorded of a record that the studio edits, as plain values; as the database has it."""
    edited = edited_of(instance._meta.label_lower)
    stored = type(instance)._default_manager.get(pk=instance.pk)
    values = {name: _value(stored, name) for name in edited.fields}
    return values | {name: [words(line) for line in getattr(stored, name).all()] for name, words in edited.lines.items()}


def _value(instance, name):
    field = instance._meta.get_field(name)
    value = getattr(instance, field.attname)
    return value if value is None or isinstance(value, (bool, int, float, str)) else field.value_to_string(instance)


def record_entry(entry):
    """One entry of Wagtail's log as an event of ours; but for comments, and for what an installation makes by itself."""
    is_anyones = entry.user_id or runner() or entry.action.endswith(".scheduled")
    if entry.action.startswith(QUIET) or not is_anyones:
        return
    event = _page_event(entry) if isinstance(entry, PageLogEntry) else _record_event(entry)
    if event is not None:
        record_events([event])


def _page_event(entry):
    if entry.action == "wagtail.edit":
        return None
    page = Page(pk=entry.page_id, title=entry.label)
    verb = PAGE_VERBS.get(entry.action, "studio.did")
    after = {"revision": entry.revision_id} if entry.revision_id else {}
    if verb == "studio.did":
        after["action"] = entry.action
    return event_of(verb, target=page, by=entry.user, at=entry.timestamp, after=after)


def _record_event(entry):
    model = ContentType.objects.get_for_id(entry.content_type_id).model_class()
    kind = model._meta.label_lower
    edited = edited_of(kind)
    record = model._default_manager.filter(pk=entry.object_id).first()
    if record is None:
        return None
    if edited is None or entry.action not in RECORD_VERBS:
        return event_of("studio.did", target=record, by=entry.user, at=entry.timestamp, after={"action": entry.action})
    before, after = _before_and_after(entry, kind, record)
    if before == after:
        return None
    verb = f"{edited.noun}.{RECORD_VERBS[entry.action]}"
    return event_of(verb, target=record, by=entry.user, at=entry.timestamp, before=before, after=after)


def _before_and_after(entry, kind, record):
    now = snapshot(record)
    if entry.action == "wagtail.create":
        return {}, now
    if entry.action == "wagtail.delete":
        return now, {}
    was = _remembered(entry, kind)
    changed = [name for name in now if was.get(name) != now[name]]
    return {name: was[name] for name in changed if name in was}, {name: now[name] for name in changed}
