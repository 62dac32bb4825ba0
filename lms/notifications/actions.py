from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from lms.common.background import enqueue
from lms.notifications.kinds import declared
from lms.notifications.models import Channel, Delivery, Notice
from lms.notifications.transports import transports

MANY = 500  # notices in one statement


@dataclass(frozen=True)
class Telling:
    """One occasion: what `people` (employees) are told, once each.

    `key` tells this occasion from others of its kind, so that saying it again changes nothing. `context` holds plain values for the
    template; `contexts` maps an employee's number of record (pk) to values of their own, `also_at` to an address they had before,
    which hears of it as well. `group` is a dealer whose groups read it too, if the kind is public.
    """

    kind: str
    people: object
    key: str
    context: dict = field(default_factory=dict)
    url: str = ""
    contexts: dict = field(default_factory=dict)
    also_at: dict = field(default_factory=dict)
    group: object = None

    def notices(self, channels):
        about = {"kind": self.kind, "key": self.key, "url": self.url}
        for person in self.people:
            if person.user_id:
                yield Notice(recipient_id=person.user_id, context=self.context | self.contexts.get(person.pk, {}), **about)
        for channel in channels.get(self.group and self.group.pk, []):
            yield Notice(posted_to=channel, context=self.context, **about)

    def former_addresses(self):
        """{(user, kind, key): address}"""
        return {(person.user_id, self.kind, self.key): self.also_at[person.pk] for person in self.people if self.also_at.get(person.pk)}


def notify(**telling):
    """Tell people of one occasion, in the product and over their channels; see `Telling`. Returns how many were told now."""
    return notify_all([Telling(**telling)])


@transaction.atomic
def notify_all(tellings):
    """Tell of many occasions at once: as many statements as for one, and none that writes where all were told before."""
    channels = _channels_of_groups(tellings)
    wanted = [notice for telling in tellings for notice in telling.notices(channels)]
    former = {occasion: address for telling in tellings for occasion, address in telling.former_addresses().items()}
    due, told = [], 0
    for start in range(0, len(wanted), MANY):
        saved = _save_new(wanted[start : start + MANY])
        told += len(saved)
        due += _hand_over(saved, former)
    if due:
        enqueue("notifications.deliver", notice_ids=sorted(due))
    return told


def _channels_of_groups(tellings):
    """{dealer id: its groups' channels}"""
    for telling in tellings:
        kind = declared(telling.kind)
        if telling.group is not None and not kind.is_public:
            raise ValueError(f"“{telling.kind}” is personal, so it goes to no group.")
    dealers = {telling.group.pk for telling in tellings if telling.group is not None}
    found: dict = {}
    for channel in Channel.objects.filter(dealer__in=dealers, is_on=True).order_by("pk") if dealers else []:
        found.setdefault(channel.dealer_id, []).append(channel)
    return found


def _save_new(notices):
    """Those of the notices that nobody was told yet, saved."""
    told = {_occasion(*row) for row in _alike(notices).values_list("recipient", "posted_to", "kind", "key")}
    new = {occasion: notice for notice in notices if (occasion := _occasion_of(notice)) not in told}
    if not new:
        return []
    Notice.objects.bulk_create(new.values(), ignore_conflicts=True)
    return [notice for notice in _alike(new.values()).select_related("recipient", "posted_to") if _occasion_of(notice) in new]


def _alike(notices):
    """What was told of the same kinds and keys to the same readers."""
    readers = Q(recipient__in={notice.recipient_id for notice in notices if notice.recipient_id})
    groups = {notice.posted_to_id for notice in notices if notice.posted_to_id}
    if groups:
        readers |= Q(posted_to__in=groups)
    return Notice.objects.filter(readers, kind__in={notice.kind for notice in notices}, key__in={notice.key for notice in notices})


def _occasion_of(notice):
    return _occasion(notice.recipient_id, notice.posted_to_id, notice.kind, notice.key)


def _occasion(recipient, posted_to, kind, key):
    return recipient, posted_to, kind, key


def _hand_over(notices, former):
    """Deliveries of new notices over every channel of their readers; who has left gets none. Returns the notices that have any."""
    here = [notice for notice in notices if notice.recipient is None or notice.recipient.is_active]
    channels = _channels_of({notice.recipient for notice in here if notice.recipient}, former)
    deliveries = [Delivery(notice=notice, channel=notice.posted_to) for notice in here if notice.posted_to]
    for notice in here:
        before = former.get((notice.recipient_id, notice.kind, notice.key))
        own = [channel for channel in channels.get(notice.recipient_id, []) if channel.is_on or channel.address == before]
        deliveries += [Delivery(notice=notice, channel=channel) for channel in own]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return {delivery.notice_id for delivery in deliveries}


def _channels_of(users, former):
    """{user id: their channels}. Where a transport reaches people without being set up for them, the channel is made when first needed."""
    wanted = {
        (way.name, user.pk, ""): True for way in transports().values() if way.address_of for user in users if way.address_of(user)
    } | {("mail", user, address): False for (user, _kind, _key), address in former.items() if user in {one.pk for one in users}}
    there = _by_place(users)
    missing = [place for place in wanted if place not in there]
    if missing:
        Channel.objects.bulk_create(
            [Channel(transport=way, user_id=user, address=address, is_on=wanted[way, user, address]) for way, user, address in missing],
            ignore_conflicts=True,
        )
        there = _by_place(users)
    found: dict = {}
    for place, channel in there.items():
        if channel.transport in transports() and (channel.address or place in wanted):
            found.setdefault(channel.user_id, []).append(channel)
    return found


def _by_place(users):
    return {(one.transport, one.user_id, one.address): one for one in Channel.objects.filter(user__in=users).order_by("pk")}


def mark_read(*, by, at, notice=None):
    """Mark one notice of the person, or all, as read: their own only."""
    unread = Notice.objects.filter(recipient=by, read_at__isnull=True)
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    return unread.update(read_at=at)
