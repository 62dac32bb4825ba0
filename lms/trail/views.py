from django.utils.translation import gettext_lazy as _

from lms.common.acting import open_to
from lms.common.lists import Column, List
from lms.trail.forms import EventFilter, OwnEventFilter
from lms.trail.queries import events_about, events_visible_to
from lms.trail.reading import Reading

# So many have page numbers, for to count millions takes longer than to show thirty; from the last of them a link leads on.
MOST_PAGED = 300
AT_ONCE = 500


class OwnEventList(List):
    """What was recorded about the reader."""

    name = "recorded-about-me"
    filterset = OwnEventFilter
    most_paged = MOST_PAGED
    empty_icon, empty_title = "shield", _("Nothing recorded yet")
    empty_text = _("What is done to your records, and by whom, appears here; so does every look at your pay.")

    def __init__(self, request, queryset):
        super().__init__(request, older_than(queryset, request.GET.get("older", "")))
        self.reading = Reading(request.user)
        self.columns = self.columns_for(self.reading)

    @staticmethod
    def columns_for(reading):
        return [
            Column("sentence", _("Entry"), value=reading.sentence, link=reading.link),
            Column("changes", _("Before and after"), value=reading.changes),
            Column("at", _("Time")),
        ]

    @property
    def goes_on(self):
        """What the link to older entries asks for, on the last page of a list that has more than pages."""
        if not self.is_capped or self.page.has_next():
            return ""
        query = self.request.GET.copy()
        query.pop("page", None)
        query["older"] = self.page.object_list[-1].pk
        return query.urlencode()

    @property
    def page(self):
        is_new = not hasattr(self, "_page")
        page = super().page
        if is_new:
            page.object_list = list(page.object_list)
            self.reading.prepare(page.object_list)
        return page

    def export_rows(self):
        columns = [column for column in self.columns if column.exported]
        for events in _in_parts(self.queryset.iterator(chunk_size=AT_ONCE)):
            self.reading.prepare(events)
            yield from ([column.of(event) for column in columns] for event in events)

    @staticmethod
    def records(user):
        return events_about(user)


def older_than(events, key):
    """Those before the event with this key, in the order of the list; all of them where the key is none."""
    last = events.filter(pk=key).values_list("at", "pk").first() if key.isdecimal() and len(key) < 19 else None
    return events.filter(at__lte=last[0]).exclude(at=last[0], pk__gte=last[1]) if last else events


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
