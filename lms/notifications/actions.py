import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.template import Context, TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.utils import timezone, translation

from lms.common.background import enqueue
from lms.common.bilingual import in_language, offered
from lms.notifications.models import Delivery, Notice

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=10)
MOST_TRIES = 5


@transaction.atomic
def notify(*, kind, people, key, context=None, url="", contexts=None, also_at=None):
    """Tell `people` (employees) something, once each: in the product, and by mail where they have an address.

    `kind` names `templates/notifications/<kind>.txt`; `key` tells this occasion from others of its kind, so that saying it
    again changes nothing. `context` holds plain values for the template; `contexts` maps an employee's number of record (pk)
    to values of their own, `also_at` to an address they had before, which hears of it as well. Returns how many were told now.
    """
    wanted = [
        Notice(recipient_id=person.user_id, kind=kind, key=key, url=url, context={**(context or {}), **(contexts or {}).get(person.pk, {})})
        for person in people
        if person.user_id
    ]
    occasion = {"kind": kind, "key": key, "recipient__in": [notice.recipient_id for notice in wanted]}
    before = set(Notice.objects.filter(**occasion).values_list("pk", flat=True))
    Notice.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=500)
    new = Notice.objects.filter(**occasion).exclude(pk__in=before)
    told = list(new.values_list("pk", Case(When(recipient__is_active=True, then="recipient__email"), default=Value(""))))
    Delivery.objects.bulk_create(
        [Delivery(notice_id=pk, channel=Delivery.Channel.MAIL) for pk, email in told if email], ignore_conflicts=True, batch_size=500
    )
    former = _to_former_addresses(new, people, also_at or {})
    Delivery.objects.bulk_create(former, ignore_conflicts=True, batch_size=500)
    due = sorted({pk for pk, email in told if email} | {delivery.notice_id for delivery in former})
    if due:
        enqueue("notifications.deliver", notice_ids=due)
    return len(told)


def _to_former_addresses(notices, people, addresses):
    users = {person.user_id: addresses[person.pk] for person in people if addresses.get(person.pk)}
    rows = notices.filter(recipient__in=users).values_list("pk", "recipient") if users else []
    return [Delivery(notice_id=pk, channel=Delivery.Channel.FORMER_MAIL, address=users[user]) for pk, user in rows]


class InBoth(dict):
    """A name in two languages, {"zh": …, "en": …}: printed as the one of the reader's language."""

    def __str__(self):
        return in_language(self.get("zh", ""), self.get("en", ""))


def words_of(notice):
    """Subject and body of a notice in the active language."""
    values = {name: InBoth(value) if is_in_both(value) else value for name, value in notice.context.items()}
    # Plain text: nothing is escaped here; a page that shows it does that itself.
    template = get_template(f"notifications/{notice.kind}.txt").template
    text = template.render(Context({**values, "url": notice.url}, autoescape=False)).strip()
    subject, _newline, body = text.partition("\n")
    return subject.strip(), body.strip()


def is_in_both(value):
    return isinstance(value, dict) and value.keys() == {"zh", "en"}


def deliver_mail(*, delivery, at):
    """Send one message, unless another worker has it. The Message-ID stays the same over retries, so mail servers drop a double."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM)
    claimed = Delivery.objects.filter(free, pk=delivery.pk, sent_at__isnull=True, tries__lt=MOST_TRIES).update(
        claimed_at=at, tries=F("tries") + 1
    )
    if not claimed:
        return False
    notice = delivery.notice
    try:
        with translation.override(offered(notice.recipient.language) or settings.LANGUAGE_CODE):
            subject, body = words_of(notice)
    except (TemplateDoesNotExist, TemplateSyntaxError) as error:  # one notice without words must not hold up the others
        logger.exception("Notice %s cannot be put into words", notice.pk)
        Delivery.objects.filter(pk=delivery.pk).update(error=repr(error)[:300])
        return False
    if notice.url:
        body = f"{body}\n\n{settings.BASE_URL.rstrip('/')}{notice.url}"
    message = EmailMessage(
        subject, body, to=[delivery.address or notice.recipient.email], headers={"Message-ID": f"<{delivery.channel}-{notice.pk}@pitlane>"}
    )
    try:
        message.send()
    except OSError as error:  # smtplib's errors are OSErrors; the sweep tries again
        Delivery.objects.filter(pk=delivery.pk).update(error=str(error)[:300], claimed_at=None)
        return False
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=timezone.now(), error="")
    return True


def deliver_pending(*, at, notice_ids=None):
    """Send what is unsent, all of it or that of some notices. Returns how many messages went out."""
    pending = Delivery.objects.filter(sent_at__isnull=True, tries__lt=MOST_TRIES).select_related("notice__recipient")
    if notice_ids is not None:
        pending = pending.filter(notice__in=notice_ids)
    return sum(deliver_mail(delivery=delivery, at=at) for delivery in pending.order_by("pk").iterator(chunk_size=200))


def mark_read(*, by, at, notice=None):
    """Mark one notice of the person, or all, as read: their own only."""
    unread = Notice.objects.filter(recipient=by, read_at__isnull=True)
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    return unread.update(read_at=at)
