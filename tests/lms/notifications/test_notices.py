import threading
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone, translation

from lms.notifications.actions import mark_read, notify
from lms.notifications.kinds import Undeclared
from lms.notifications.models import Delivery, Notice
from lms.notifications.sending import MOST_TRIES, deliver_pending
from lms.notifications.wording import InBoth, words_of, words_or_title
from tests.factories import make_employee

pytestmark = pytest.mark.django_db

ON_SQLITE = connection.vendor == "sqlite"
KIND = "pay_to_approve"


def tell(*people, key="1", **values):
    return notify(kind=KIND, people=people, key=key, **{"context": {"count": 2}, "url": "/people/", **values})


def make_reader(language="en", **values):
    person = make_employee("hr_officer", **{"email": f"{language}@example.com", **values})
    person.user.language = language
    person.user.save()
    return person


def test_people_are_told_once_in_the_product_and_by_mail_however_often_it_is_said(django_capture_on_commit_callbacks, mailoutbox):
    person = make_reader()
    for _time in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            tell(person)
    assert Notice.objects.count() == 1
    assert [message.to for message in mailoutbox] == [["en@example.com"]]
    assert tell(person) == 0
    assert tell(person, key="another occasion") == 1


def test_a_mail_is_in_the_readers_language_and_leads_back_here(django_capture_on_commit_callbacks, mailoutbox, settings):
    with django_capture_on_commit_callbacks(execute=True), translation.override("zh-hans"):
        tell(make_reader("en"))
    (message,) = mailoutbox
    assert message.subject == "2 pay changes to approve"
    assert message.body.endswith(f"{settings.BASE_URL}/people/")


def test_a_mail_keeps_its_id_over_retries(settings):
    tell(make_reader())
    delivery = Delivery.objects.get()
    deliver_pending(at=timezone.now())
    Delivery.objects.update(sent_at=None, claimed_at=None)
    deliver_pending(at=timezone.now())
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1
    assert len(mail.outbox) == 2
    assert delivery.notice.deliveries.count() == 1


def test_who_has_no_address_or_has_left_gets_no_mail(mailoutbox):
    gone = make_reader("zh-hans")
    gone.user.is_active = False
    gone.user.save()
    tell(make_employee("hr_officer"), gone, make_employee(sign_in=False))
    assert (Notice.objects.count(), Delivery.objects.count()) == (2, 0)


def test_a_broken_mail_server_is_tried_again_by_the_sweep_and_given_up_after_a_few_times(monkeypatch, mailoutbox):
    person = make_reader()
    tell(person)

    def broken(self, fail_silently=False):
        raise SMTPServerDisconnected("nobody there")

    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", broken)
        assert deliver_pending(at=now) == 0
        assert Delivery.objects.get().error == "nobody there"
    assert deliver_pending(at=now + timedelta(hours=1)) == 1
    assert deliver_pending(at=now + timedelta(hours=2)) == 0
    assert len(mailoutbox) == 1
    Delivery.objects.update(sent_at=None, claimed_at=None, tries=MOST_TRIES)
    assert deliver_pending(at=now + timedelta(hours=3)) == 0


def test_a_message_that_another_worker_holds_is_left_to_it_for_a_while(mailoutbox):
    tell(make_reader())
    now = timezone.now()
    Delivery.objects.update(claimed_at=now, tries=1)
    assert deliver_pending(at=now + timedelta(minutes=9)) == 0
    assert deliver_pending(at=now + timedelta(minutes=11)) == 1


def test_one_notice_without_words_does_not_hold_up_the_others(mailoutbox, caplog):
    tell(make_reader("en"))
    Notice.objects.update(kind="no_such_kind")
    tell(make_reader("zh-hans"))
    assert deliver_pending(at=timezone.now()) == 1
    assert words_or_title(Notice.objects.get(kind="no_such_kind")) == ("no_such_kind", "")


def test_what_no_room_declares_is_told_to_nobody():
    with pytest.raises(Undeclared, match="no_such_kind"):
        notify(kind="no_such_kind", people=[make_reader()], key="1")
    assert not Notice.objects.exists()


def test_a_name_in_two_languages_is_printed_in_the_readers():
    name = InBoth(zh="制动", en="Brakes")
    with translation.override("en"):
        assert str(name) == "Brakes"
    with translation.override("zh-hans"):
        assert str(name) == "制动"


def test_names_are_not_escaped_in_mail_but_on_the_page(client):
    person = make_reader()
    notify(kind="course_assigned", people=[person], key="1", context={"course": "<b>Brakes</b>"})
    assert "<b>Brakes</b>" in words_of(Notice.objects.get())[0]
    client.force_login(person.user)
    assert b"<b>Brakes</b>" not in client.get(reverse("notices")).content


# -- the screen -----------------------------------------------------------------------------------


def test_opening_a_notice_reads_it_and_goes_where_it_leads(client):
    person = make_reader()
    tell(person)
    client.force_login(person.user)
    notice = Notice.objects.get()
    assert client.get(reverse("notice", args=[notice.pk])).url == "/people/"
    notice.refresh_from_db()
    assert notice.read_at
    assert client.get(reverse("notices"), {"state": "new"}).context["list"].counted == 0


def test_all_are_read_by_one_button(client):
    person = make_reader()
    tell(person)
    tell(person, key="2")
    client.force_login(person.user)
    client.post(reverse("notices_read"))
    assert not Notice.objects.filter(read_at=None).exists()
    assert mark_read(by=person.user, at=timezone.now()) == 0


def test_notices_are_the_readers_own(client):
    tell(make_reader())
    url = reverse("notice", args=[Notice.objects.get().pk])
    assert client.get(url).status_code == 302
    client.force_login(make_employee("group_hr").user)
    assert client.get(url).status_code == 404
    client.post(reverse("notices_read"))
    assert Notice.objects.get().read_at is None
    assert client.get(reverse("notices_read")).status_code == 405


# -- all at once ----------------------------------------------------------------------------------


@pytest.mark.services
@pytest.mark.skipif(ON_SQLITE, reason="threads need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_told_by_four_at_once_a_person_gets_one_notice_and_one_mail(mailoutbox):
    person, barrier = make_reader(), threading.Barrier(4)

    def run():
        barrier.wait()
        try:
            tell(person)
            deliver_pending(at=timezone.now())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Notice.objects.count(), Delivery.objects.count(), len(mail.outbox)) == (1, 1, 1)
