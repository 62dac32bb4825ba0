from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from lms.common.acting import open_to
from lms.common.lists import Column, List
from lms.trail.forms import EventFilter, OwnEventFilter
from lms.trail.queries import events_about, events_visible_to
from lms.trail.reading import Reading

MOST_COUNTED = 1000
AT_ONCE = 500


class OwnEventList(List):
    """What was recorded about the reader."""

    name = "recorded-about-me"
    filterset = OwnEventFilter
    most_counted = MOST_COUNTED
    empty_icon, empty_title = "shield", _("Nothing recorded yet")
    empty_text = _("What is done to your records, and by whom, appears here; so does every look at your pay.")

    def __init__(self, request, queryset):
        super().__init__(request, queryset)
        self.reading = Reading(request.user)
        self.columns = self.columns_for(self.reading)

    @staticmethod
    def columns_for(reading):
        return [
            Column("sentence", _("Entry"), value=reading.sentence, link=reading.link),
            Column("changes", _("Before and after"), value=reading.changes),
            Column("at", _("Time")),
        ]

    @cached_property
    def page(self):
        page = super().page
        self.reading.prepare(page.rows)
        return page

    def export_rows(self):
        columns = [column for column in self.columns if column.exported]
        for events in _in_parts(self.queryset.iterator(chunk_size=AT_ONCE)):
            self.reading.prepare(events)
            yield from ([column.of(event) for column in columns] for event in events)

    @staticmethod
    def records(user):
        return events_about(user)


def _in_parts(rows):
    part = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


class EventList(OwnEventList):
    """Who did what to whom."""

    name = "audit-log"
    filterset = EventFilter
    empty_title = _("Nothing recorded yet")
    empty_text = _("Everything that someone does to people, training, exams, grading and pay appears here.")

    @staticmethod
    def columns_for(reading):
        dealers = reading.dealers
        return [
            *OwnEventList.columns_for(reading),
            Column("dealer", _("Dealer"), value=lambda event: dealers.get(event.dealer, ""), shown=len(dealers) > 1),
            Column("who", _("Who"), value=reading.actor, shown=False),
            Column("person", _("About whom"), value=reading.person, shown=False),
            Column("record", _("Record"), value=reading.target, shown=False),
            Column("verb", _("Kind of event"), shown=False),
        ]

    @staticmethod
    def records(user):
        return events_visible_to(user)


@open_to("audit.view_events")
def audit(request):
    """The audit log: who did what to whom."""
    return EventList(request, EventList.records(request.user)).response("lms/trail/audit.html")


@open_to()
def audit_mine(request):
    """What was recorded about the person signed in."""
    return OwnEventList(request, OwnEventList.records(request.user)).response("lms/trail/audit_mine.html")
