import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from lms.audit import verbs
from lms.audit.models import Event
from lms.audit.queries import places_of
from lms.audit.running import runner


def plain(values):
    """`values` as JSON can hold them: dates and decimals as text, records as their number."""
    return json.loads(json.dumps(values or {}, cls=DjangoJSONEncoder, default=lambda o: getattr(o, "pk", str(o))))


def event_of(verb, *, target, by, at=None, before=None, after=None):
    """An event to be recorded by `record_events`. Raises `Undeclared` for a verb, field or kind of record that no room declares."""
    before, after = plain(before), plain(after)
    verbs.check(verb, target, before, after)
    event = Event(at=at or timezone.now(), actor=by, verb=verb, before=before, after=after, run_by=runner())
    if target is not None:
        event.target_type, event.target_id = target._meta.label_lower, str(target.pk)
        event.target_label = _title(target)[:200]
    event.record = target
    return event


def _title(target):
    concern = verbs.concern_of(target._meta.label_lower)
    return concern.title(target) if concern else str(target)


def record_event(verb, *, target, by, at=None, before=None, after=None):
    """Add one audit event, in the transaction of whatever it records. `by` is a user, or None for the system itself."""
    event = event_of(verb, target=target, by=by, at=at, before=before, after=after)
    _place([event])
    event.save(force_insert=True)
    return event


def record_events(events):
    """Add many events, made by `event_of`, in one statement; one more for each kind of record that doesn't know its dealer at hand."""
    events = list(events)
    _place(events)
    return Event.objects.bulk_create(events, batch_size=500)


def _place(events):
    """Say of each event whom and which dealer it is about, so that a page asks for it by one indexed condition."""
    places = places_of([event.record for event in events if event.record is not None])
    for event in events:
        person, event.dealer = places.get((event.target_type, event.target_id), (None, None))
        named = verbs.verb_of(event.verb).person
        event.about = person or (named and (event.after.get(named) or event.before.get(named))) or None
