"""What editors go on editing while everything that was begun by it keeps the version that it began with.

A version is a copy of the record and its parts in the same tables: whatever refers to it reads it as it would the original, and
the database refuses to change it. A room names its own in `PARTS`, registers `held(…)`, and calls `freeze` where something begins.
"""

from django.db import models, transaction

from lms.common.triggers import Trigger

KEPT_APART = {"id", "version_of", "frozen_at", "in_use"}


class Versioned(models.Model):
    """Abstract. The original has neither `version_of` nor `frozen_at`; a version has both, and is in nobody's list of choices."""

    PARTS = ""  # the related name of what belongs to it

    version_of = models.ForeignKey("self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="versions")
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


@transaction.atomic
def freeze(record, *, at):
    """The version of `record` as it stands in the database now. One that is equal is used again; a version is its own."""
    if record.frozen_at:
        return record
    model = type(record)
    now = model.objects.select_for_update().get(pk=record.pk)
    newest = model.objects.filter(version_of=now).order_by("-pk").first()
    if newest is not None and _said(newest) == _said(now):
        return newest
    version = model.objects.create(version_of=now, **{"in_use": False, **_fields(now)})
    part_model, owner, rows = _parts(now)
    part_model.objects.bulk_create(part_model(**_fields(row, but={owner}), **{owner: version}) for row in rows)
    # Last: from here on the database refuses every change to it and to its parts.
    model.objects.filter(pk=version.pk).update(frozen_at=at)
    return model.objects.get(pk=version.pk)


def held(table, parts, column, words):
    """The triggers that keep the versions in `table` and their rows in `parts` (by the foreign key `column`) as they are."""
    message = f"{words} that something was begun by are not changed; a new version is made instead"
    for event in ("UPDATE", "DELETE"):
        yield Trigger(f"{table}_version_no_{event.lower()}", table, event, "OLD.frozen_at IS NOT NULL", message)
    for event, rows in (("INSERT", f"NEW.{column}"), ("UPDATE", f"OLD.{column}, NEW.{column}"), ("DELETE", f"OLD.{column}")):
        frozen = f"EXISTS (SELECT 1 FROM {table} v WHERE v.id IN ({rows}) AND v.frozen_at IS NOT NULL)"  # noqa: S608
        yield Trigger(f"{parts}_of_version_no_{event.lower()}", parts, event, frozen, message)


def _parts(record):
    """(model, name of its foreign key to the record, rows) of what belongs to the record."""
    relation = record._meta.get_field(record.PARTS)
    model, owner = relation.related_model, relation.field.name
    return model, owner, list(model.objects.filter(**{owner: record.pk}))


def _fields(row, but=()):
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in KEPT_APART | set(but)}


def _said(record):
    _model, owner, rows = _parts(record)
    plain = [{name: getattr(value, "pk", value) for name, value in _fields(row, but={owner}).items()} for row in rows]
    return {**_fields(record), record.PARTS: plain}
