import getpass
import json
import socket

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from lms.audit.models import Event


def who_runs_this():
    """Whoever sits at the console, as far as the machine knows: "user@host"."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def plain(values):
    """`values` as JSON can hold them: dates and decimals as text, records as their number."""
    return json.loads(json.dumps(values or {}, cls=DjangoJSONEncoder, default=lambda o: getattr(o, "pk", str(o))))


def event_of(verb, *, target, by, at=None, before=None, after=None):
    return Event(
        at=at or timezone.now(),
        actor=by,
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(target)[:200],
        before=plain(before),
        after=plain(after),
    )


def record_event(verb, *, target, by, at=None, before=None, after=None):
    """Add one audit event, in the transaction of whatever it records. `by` is a user, or None for the system itself."""
    event = event_of(verb, target=target, by=by, at=at, before=before, after=after)
    event.save(force_insert=True)
    return event


def record_events(events):
    """Add many events, made by `event_of`, in one statement."""
    return Event.objects.bulk_create(events, batch_size=500)
