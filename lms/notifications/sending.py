"""Deliveries on their way: claimed in batches, sent over one connection for each transport, each noted as it goes out."""

import logging
from contextlib import ExitStack, closing
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone, translation

from lms.common.bilingual import offered
from lms.common.typed import shown
from lms.common.zones import zone_named
from lms.notifications.kinds import Urgency, kind_of, kinds
from lms.notifications.models import Delivery
from lms.notifications.transports import Message, NotReachable, transports
from lms.notifications.wording import words_of
from lms.people.permissions import employee_of

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=10)
MOST_TRIES = 5
BATCH = 100  # deliveries that one worker claims at once
Dropped = Delivery.Dropped


def deliver_pending(*, at, notice_ids=None):
    """Send what is unsent, all of it or that of some notices, what is urgent first. Returns how many messages went out."""
    pending = Delivery.objects.filter(sent_at__isnull=True, dropped="", tries__lt=MOST_TRIES)
    if notice_ids is not None:
        pending = pending.filter(notice__in=notice_ids)
    waiting = list(pending.order_by(_urgency(), "pk").values_list("pk", flat=True))
    with ExitStack() as until_the_end:
        senders = _Senders(until_the_end)
        return sum(_deliver(waiting[start : start + BATCH], senders, at) for start in range(0, len(waiting), BATCH))


def _urgency():
    by_urgency = {level: [kind.name for kind in kinds().values() if kind.urgency == level] for level in Urgency}
    return Case(*(When(notice__kind__in=names, then=Value(int(level))) for level, names in by_urgency.items()), default=Value(9))


class _Senders:
    """One of each transport for the whole run, opened when first needed; none any more once it is out of reach."""

    def __init__(self, until_the_end):
        self.until_the_end, self.open, self.out = until_the_end, {}, {}

    def send(self, way, message):
        if way in self.out:
            raise NotReachable(self.out[way])
        if way not in self.open:
            self.open[way] = self.until_the_end.enter_context(closing(transports()[way].sender()))
        try:
            self.open[way].send(message)
        except NotReachable as error:
            self.out[way] = str(error)
            logger.warning("Nobody answers for “%s”, the next sweep tries again: %s", way, error)
            raise


def _deliver(pks, senders, at):
    claimed = _claim(pks, max(at, timezone.now()))  # of a long run, the last batch is claimed minutes after the first
    return sum(_send(delivery, senders) for delivery in _without_dropped(claimed))


@transaction.atomic
def _claim(pks, at):
    """Those of the deliveries that no other worker holds; they are ours for ten minutes."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM)
    rows = Delivery.objects.filter(free, pk__in=pks, sent_at__isnull=True, dropped="", tries__lt=MOST_TRIES)
    rows = rows.select_related("notice__recipient", "channel__user__employee__dealer", "channel__dealer").select_for_update(
        of=("self",), skip_locked=True
    )
    claimed = sorted(rows, key=lambda delivery: pks.index(delivery.pk))
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in claimed]).update(claimed_at=at, tries=F("tries") + 1)
    for delivery in claimed:
        delivery.claimed_at = at
    return claimed


def _without_dropped(claimed):
    """What nobody needs any more is not sent, and the delivery says why: the reader has left, it is done, the address is gone."""
    dropped = {delivery.pk: why for delivery in claimed if (why := _why_dropped(delivery))}
    done = _done(claimed)
    dropped |= {delivery.pk: Dropped.DONE for delivery in claimed if delivery.notice_id in done}
    for why in set(dropped.values()):
        Delivery.objects.filter(pk__in=[pk for pk, reason in dropped.items() if reason == why]).update(dropped=why)
    return [delivery for delivery in claimed if delivery.pk not in dropped]


def _why_dropped(delivery):
    user = delivery.channel.user
    if user is not None and not user.is_active:
        return Dropped.LEFT
    return "" if _address_of(delivery.channel) else Dropped.NO_ADDRESS


def _done(claimed):
    """The notices that ask for nothing any more; one question for each kind."""
    by_kind = {}
    for delivery in claimed:
        by_kind.setdefault(delivery.notice.kind, []).append(delivery.notice)
    return {pk for name, notices in by_kind.items() for pk in _done_of_a_kind(kind_of(name), notices)}


def _done_of_a_kind(kind, notices):
    if kind is None or kind.done_when is None:
        return set()
    try:
        return kind.done_when(notices)
    except Exception:  # one kind's mistake must not hold up the others; it is told once too often rather than not at all
        logger.exception("Which notices of “%s” are done could not be found out", kind.name)
        return set()


def _address_of(channel):
    way = transports().get(channel.transport)
    if channel.address or way is None or way.address_of is None or channel.user is None:
        return channel.address if way else ""
    return way.address_of(channel.user)


def _send(delivery, senders):
    """Whether it went out. Noted at once, so that a killed worker sends no more than one message twice."""
    mine = Delivery.objects.filter(pk=delivery.pk)
    if not _is_ours_still(delivery):
        return False
    try:
        senders.send(delivery.channel.transport, _message(delivery))
    except NotReachable as error:
        mine.update(error=str(error)[:300], claimed_at=None, tries=F("tries") - 1)
    except ValueError as error:  # an address or a heading that no mail can carry: no try will be better, and the others go on
        logger.warning("Delivery %s cannot be sent: %s", delivery.pk, error)
        mine.update(error=shown(repr(error))[:300], tries=MOST_TRIES)
    except OSError as error:
        mine.update(error=str(error)[:300], claimed_at=None)
    except Exception as error:  # one notice that cannot be put into words must not hold up the others
        logger.exception("Notice %s cannot be sent", delivery.notice_id)
        mine.update(error=shown(repr(error))[:300])
    else:
        mine.update(sent_at=timezone.now(), error="")
        return True
    return False


def _is_ours_still(delivery):
    """Once half of the time is over it is claimed anew, unless another worker has taken it meanwhile."""
    now = timezone.now()
    if now - delivery.claimed_at < CLAIM / 2:
        return True
    return bool(Delivery.objects.filter(pk=delivery.pk, claimed_at=delivery.claimed_at, sent_at=None).update(claimed_at=now))


def _zone_of(channel):
    """Times are said as on the reader's pages: where their dealer is, of a group the group's."""
    employee = employee_of(channel.user) if channel.user else None
    dealer = employee.dealer if employee else channel.dealer
    return zone_named(dealer.time_zone) if dealer else timezone.get_default_timezone()


def _message(delivery):
    notice, channel = delivery.notice, delivery.channel
    language = offered(channel.user.language) if channel.user else ""
    with translation.override(language or settings.LANGUAGE_CODE), timezone.override(_zone_of(channel)):
        subject, body = words_of(notice)
    link = f"{settings.BASE_URL.rstrip('/')}{notice.url}" if notice.url else ""
    return Message(f"{channel.transport}-{channel.pk}-{notice.pk}", _address_of(channel), subject, body, link)
