"""Events in words: who did what to whom, what it was before and is now, in the reader's language, and where it can be looked at."""

from collections import defaultdict
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lms.audit.queries import places_of
from lms.audit.verbs import THE_PERSON, concern_of, verb_of
from lms.people.permissions import employee_of, is_technical
from lms.people.queries import dealers_visible_to

NOTHING = "–"
PERSON = ("people.employee", "pk")
# A row of an older release may hold what no field of today's says: it is shown as it stands.
ODD = (KeyError, ValueError, TypeError, AttributeError, InvalidOperation)


class Reading:
    """The log as one person reads it. `prepare` fetches what many events name, in a few statements; then each is put into words."""

    def __init__(self, user):
        self.user, self.employee = user, employee_of(user)
        self.names = defaultdict(dict)  # (model, by) → {key as text: name}
        self.records, self.places = {}, {}

    # --- Fetching ----------------------------------------------------------------------------------------------

    def prepare(self, events):
        """Fetch names and records for these events; what was fetched for others before is let go."""
        self.names.clear()
        self._fetch_records(events)
        wanted = defaultdict(set)
        for event in events:
            wanted[PERSON].add(self._about(event))
            for field, value in self._values_of(event):
                if field.record:
                    wanted[field.record, field.by] |= set(value if isinstance(value, list) else [value])
        for (model, by), keys in wanted.items():
            found = apps.get_model(model)._default_manager.filter(**{f"{by}__in": [key for key in keys if key not in (None, "")]})
            self.names[model, by] = {str(getattr(one, by)): str(one) for one in found}

    def _values_of(self, event):
        fields = verb_of(event.verb).fields if verb_of(event.verb) else {}
        for values in (event.before, event.after):
            yield from ((fields[name], value) for name, value in values.items() if name in fields)

    def _fetch_records(self, events):
        by_kind = defaultdict(set)
        for event in events:
            if concern_of(event.target_type):
                kind, key = _key(event)
                by_kind[kind].add(key)
        self.records = {
            (kind, str(record.pk)): record
            for kind, keys in by_kind.items()
            for record in concern_of(kind).model._base_manager.filter(pk__in=keys).select_related(*concern_of(kind).related)
        }
        self.places = places_of(self.records.values())

    # --- Words -------------------------------------------------------------------------------------------------

    def actor(self, event):
        if event.actor_id:
            return str(event.actor)
        return event.run_by.partition(":")[0] or _("The system")

    def person(self, event):
        """Whom it is about, by name; empty where it is nobody in particular."""
        return self.names[PERSON].get(str(self._about(event)), "")

    def _about(self, event):
        """The person's key; in a row from before it was kept, that of whom the record concerns now."""
        return event.about or self.places.get(_key(event), (None, None))[0]

    def target(self, event):
        """The record as it is called now, in the reader's language; as it was called then where it is gone."""
        record = self.records.get(_key(event))
        return str(concern_of(event.target_type).title(record)) if record else event.target_label

    def sentence(self, event):
        declared = verb_of(event.verb)
        if declared is None:
            return f"{event.verb}: {event.target_label}"
        target = self.target(event)
        words = {"actor": self.actor(event), "person": self.person(event) or target, "target": target, "kind": _kind(_key(event)[0])}
        alone = event.actor_id and event.about and getattr(employee_of(event.actor), "pk", None) == event.about
        return str((alone and declared.by_oneself) or declared.sentence) % words

    def changes(self, event):
        """“State: Proposed → Approved; Reason: …”: what it was and what it is now, as far as the reader may know."""
        declared = verb_of(event.verb)
        fields = declared.fields if declared else {}
        names = {*event.after, *event.before}
        # In the order of the declaration: a database keeps that of the values or not.
        parts = [self._change(event, field, name) for name, field in fields.items() if name in names and field.private != "-"]
        if event.run_by:
            parts.append(_("%(label)s: %(value)s") % {"label": _("Run on the server by"), "value": event.run_by})
        return pgettext("between changes", "; ").join(filter(None, parts))

    def _change(self, event, field, name):
        if not self._may_read(event, field):
            return _("%(label)s: %(value)s") % {"label": capfirst(field.label), "value": _("not shown to you")}
        before, after = (self.show(field, values[name]) if name in values else None for values in (event.before, event.after))
        if before in (None, NOTHING) and after == NOTHING:
            return ""
        if before is None or before == after:
            return _("%(label)s: %(value)s") % {"label": capfirst(field.label), "value": after}
        if after is None:
            return _("%(label)s: was %(value)s") % {"label": capfirst(field.label), "value": before}
        return _("%(label)s: %(before)s → %(after)s") % {"label": capfirst(field.label), "before": before, "after": after}

    def _may_read(self, event, field):
        """A private value is for whoever holds its permission, and for the person it is about; never for a technical account."""
        if not field.private:
            return True
        if self.employee and event.about == self.employee.pk:
            return True
        return field.private != THE_PERSON and not is_technical(self.user) and self.user.has_perm(field.private)

    def show(self, field, value):
        if field.kind == "count":
            return str(len(value)) if isinstance(value, list) else str(value)
        if isinstance(value, list):
            return pgettext("between names", ", ").join(self.show(field, one) for one in value) or NOTHING
        if value is None or value == "":
            return NOTHING
        with suppress(*ODD):
            return str(self._shown(field, value))
        return str(value)

    def _shown(self, field, value):
        if field.kind == "record":
            return self.names[field.record, field.by].get(str(value), value)
        if field.kind == "choice":
            return {str(key): words for key, words in field.choices}[str(value)]
        return field.words(value) if field.kind == "said" else SHOWN.get(field.kind, str)(value)

    # --- The way there -----------------------------------------------------------------------------------------

    def link(self, event):
        """The page of the record, where the reader may open it; else empty."""
        key = _key(event)
        concern, record = concern_of(event.target_type), self.records.get(key)
        if not (record and concern.page) or (concern.needs and not self.user.has_perm(concern.needs)):
            return ""
        person, dealer = self.places.get(key, (None, None))
        is_own = self.employee is not None and person == self.employee.pk
        if not is_own and dealer is not None and dealer not in self.dealers:
            return ""
        with suppress(ObjectDoesNotExist):
            return reverse(concern.page, args=[_follow(record, concern.argument)] if concern.argument else [])
        return ""

    @cached_property
    def dealers(self):
        """{key: code} of the dealers whose records the reader sees."""
        return dict(dealers_visible_to(self.user).values_list("pk", "code"))


def _key(event):
    """Kind and key of its record, by the name that the kind has now."""
    concern = concern_of(event.target_type)
    return concern.model._meta.label_lower if concern else event.target_type, event.target_id


def _follow(record, path):
    *relations, last = path.split("__")
    for name in relations:
        record = getattr(record, name)
    return getattr(record, f"{last}_id", None) or getattr(record, last)


def _kind(target_type):
    """What a record of this kind is called."""
    if concern_of(target_type):
        return concern_of(target_type).model._meta.verbose_name
    with suppress(LookupError, ValueError):
        return apps.get_model(target_type)._meta.verbose_name
    return target_type


def _number(value):
    return f"{Decimal(str(value)).normalize():,f}"


def _day(value):
    return date_format(date.fromisoformat(value), "DATE_FORMAT")


def _moment(value):
    return date_format(timezone.localtime(parse_datetime(value)), "DATETIME_FORMAT")


SHOWN = {
    "number": _number,
    "money": lambda value: f"¥{_number(value)}",
    "day": _day,
    "moment": _moment,
    "yes_no": lambda value: _("Yes") if value else _("No"),
}
