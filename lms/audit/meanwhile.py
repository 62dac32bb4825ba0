"""Telling whoever sends a page behind the times what changed meanwhile, by whom and when; see `lms.common.shown`."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lms.audit.models import Event
from lms.common.shown import ChangedMeanwhile

LOOKED_AT = 20  # events of a record among which the one that changed a fact is looked for


def check_shown(shown, now, *records):
    """Refuse what was typed on a page that no longer shows what is so. Called by an action once it holds the rows.

    `shown` is what the form carried (None: it showed nothing), `now` the same facts as they stand, `records` those whose events say who
    changed them. Raises `ChangedMeanwhile`.
    """
    differences = shown.differences(now) if shown is not None else []
    if not differences:
        return
    events = _events_of(records)
    changes = pgettext("between changes", "; ").join(_sentence(events, *one) for one in differences)
    words = _("This was changed meanwhile, so nothing was saved. %(changes)s. What you typed is still here: look, and send it again.")
    raise ChangedMeanwhile(words % {"changes": changes}, now=now)


def _events_of(records):
    found = []
    for record in records:
        events = Event.objects.filter(target_type=record._meta.label_lower, target_id=str(record.pk)).select_related("actor")
        found += events.order_by("-at", "-pk")[:LOOKED_AT]
    return sorted(found, key=lambda event: (event.at, event.pk), reverse=True)


def _sentence(events, name, label, before, after):
    words = _("%(label)s: %(before)s → %(after)s") % {"label": capfirst(label), "before": before, "after": after}
    event = next((one for one in events if name in one.after or name in one.before), events[0] if events else None)
    if event is None:
        return words
    who = event.actor.get_full_name() or event.actor.get_username() if event.actor else _("the system")
    when = date_format(timezone.localtime(event.at), "DATETIME_FORMAT")
    return _("%(change)s (%(who)s, %(when)s)") % {"change": words, "who": who, "when": when}
