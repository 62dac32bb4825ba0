"""Kinds, channels and transports: what goes out, to whom, over which way, and at what cost."""

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from lms.notifications import kinds as registry
from lms.notifications.actions import Telling, notify, notify_all
from lms.notifications.integrity import groups_read_what_is_public
from lms.notifications.kinds import Urgency, kinds, notice_kind
from lms.notifications.models import Channel, Delivery, Notice
from lms.notifications.sending import BATCH, MOST_TRIES, deliver_pending
from lms.notifications.transports import NotReachable, transport, transports
from lms.people.actions import record_departure
from lms.people.models import Employee
from tests.each import each
from tests.factories import make_dealer, make_employee

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def some_kinds(monkeypatch):
    """One that a group may read and one that it may not, with words that say their number."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    notice_kind("training_moved", title="public", is_public=True)
    notice_kind("pay_to_approve", title="personal")


@pytest.fixture
def board(monkeypatch):
    """A second transport: all that it takes is this."""
    monkeypatch.setattr("lms.notifications.transports._transports", dict(transports()))

    @transport("board", title="Board")
    class Board:
        sent, opened, closed, out = [], 0, 0, False

        def __init__(self):
            Board.opened += 1

        def send(self, message):
            if Board.out:
                raise NotReachable("the wall is gone")
            Board.sent.append(message)

        def close(self):
            Board.closed += 1

    return Board


def reader(position="hr_officer", **values):
    person = make_employee(position, **{"email": f"p{Employee.objects.count()}@example.com", **values})
    person.user.language = "en"
    person.user.save()
    return person


THEN = "2026-11-26T16:30:00+08:00"
CONTEXT = {"count": 2, "kind": "service", "on": "2026-11-26", "starts_at": THEN, "before": THEN}


def tell(*people, key="1", kind="pay_to_approve", **values):
    return notify(kind=kind, people=people, key=key, **{"context": CONTEXT, **values})


def deliver(**values):
    return deliver_pending(at=timezone.now(), **values)


@contextmanager
def statements():
    with CaptureQueriesContext(connection) as captured:
        yield lambda *verbs: [row["sql"] for row in captured if row["sql"].startswith(verbs)]


WRITES = ("INSERT", "UPDATE", "DELETE")

# --- kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", each(kinds()))
def test_each_kind_has_a_title_in_both_languages_and_words(name):
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert str(kinds()[name].title)
    assert get_template(f"notifications/{name}.txt")


def test_what_has_words_is_declared():
    words = {path.stem for path in each(Path(settings.BASE_DIR, "templates/notifications").glob("*.txt"))}
    assert words == set(kinds())


def test_what_is_urgent_goes_out_first():
    notice_kind("training_moved", title="", is_public=True, urgency=Urgency.AT_ONCE)
    person = reader()
    tell(person, key="calm")
    tell(person, kind="training_moved", key="urgent")
    assert deliver() == 2
    assert mail.outbox[1].subject == "2 pay changes to approve"


def test_what_is_done_before_it_is_sent_is_not_sent_and_its_delivery_says_so():
    asked = []

    def done(notices):
        asked.append(len(notices))
        return {notice.pk for notice in notices if notice.key == "done"}

    notice_kind("pay_to_approve", title="", done_when=done)
    person = reader()
    notify_all([Telling("pay_to_approve", [person], key, {"count": 1}) for key in ("done", "open", "open too")])
    assert deliver() == 2
    assert asked == [3]
    assert {row.notice.key: row.dropped for row in Delivery.objects.all()} == {"done": "done", "open": "", "open too": ""}
    assert deliver() == 0


def test_a_kind_that_cannot_say_what_is_done_is_sent_and_holds_up_no_other(caplog):
    def broken(notices):
        raise LookupError("renamed")

    notice_kind("pay_to_approve", title="", done_when=broken)
    person = reader()
    tell(person)
    tell(person, kind="training_moved")
    assert deliver() == 2
    assert "pay_to_approve" in caplog.text


# --- people -------------------------------------------------------------------------------------


def test_who_has_left_is_not_mailed_neither_of_what_was_told_before_nor_after():
    person, hr = reader(position="technician"), reader()
    tell(person)
    record_departure(employee=person, left_on=timezone.localdate(), by=hr.user, at=timezone.now())
    tell(Employee.objects.get(pk=person.pk), hr, key="2")
    assert deliver() == 1
    assert [message.to for message in mail.outbox] == [[hr.user.email]]
    assert Delivery.objects.get(channel__user=person.user).dropped == "left"


def test_an_address_that_is_gone_is_said_by_the_delivery():
    person = reader()
    tell(person)
    type(person.user).objects.filter(pk=person.user_id).update(email="")
    assert deliver() == 0
    assert Delivery.objects.get().dropped == "address"


def test_a_mail_goes_to_the_address_of_the_moment():
    person = reader()
    tell(person)
    type(person.user).objects.filter(pk=person.user_id).update(email="new@example.com")
    deliver()
    assert mail.outbox[0].to == ["new@example.com"]


def test_an_address_from_before_hears_only_of_what_is_meant_for_it():
    person = reader()
    tell(person, also_at={person.pk: "before@example.com"})
    tell(person, key="2")
    deliver()
    assert sorted(message.to[0] for message in mail.outbox) == ["before@example.com", *[person.user.email] * 2]
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 3


# --- groups -------------------------------------------------------------------------------------


def test_a_groups_channel_gets_one_message_however_many_people_are_told(board):
    dealer = make_dealer()
    Channel.objects.create(transport="board", dealer=dealer, address="room-7")
    Channel.objects.create(transport="board", dealer=make_dealer("YT02"), address="elsewhere")
    people = [reader(), reader()]
    for _time in range(2):
        tell(*people, kind="training_moved", group=dealer)
        deliver()
    assert [message.address for message in board.sent] == ["room-7"]
    assert len(mail.outbox) == 2
    assert Notice.objects.filter(posted_to__isnull=False).count() == 1


def test_what_is_personal_goes_to_no_group(board):
    dealer = make_dealer()
    Channel.objects.create(transport="board", dealer=dealer, address="room-7")
    with pytest.raises(ValueError, match="personal"):
        tell(reader(), group=dealer)
    assert not Notice.objects.exists()
    Notice.objects.create(kind="pay_to_approve", key="1", posted_to=Channel.objects.get())
    assert list(groups_read_what_is_public()) == [Notice.objects.get()]


def test_a_notice_has_a_person_or_a_group_to_read_it_and_a_channel_an_owner():
    for wrong in each([Notice(kind="x", key="1"), Channel(transport="mail"), Channel(transport="board", dealer=make_dealer())]):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


# --- transports ---------------------------------------------------------------------------------


def test_a_second_transport_is_a_class_and_the_channels_over_it(board):
    person, other = reader(), reader()
    Channel.objects.create(transport="board", user=person.user, address="desk 4")
    tell(person, other)
    assert deliver() == 3
    assert [(message.address, message.subject) for message in board.sent] == [("desk 4", "2 pay changes to approve")]
    assert (board.opened, board.closed) == (1, 1)


def test_a_transport_that_is_taken_out_leaves_the_others_alone():
    person = reader()
    Channel.objects.create(transport="gone", user=person.user, address="desk 4")
    tell(person)
    assert deliver() == 1


def test_many_mails_go_over_one_connection(monkeypatch):
    opened = []
    monkeypatch.setattr(EmailBackend, "open", lambda self: opened.append(self))
    notify_all([Telling("pay_to_approve", [reader()], str(number), {"count": 1}) for number in range(5)])
    assert deliver() == 5
    assert len(opened) == 1


def test_a_name_with_a_line_end_in_a_subject_stops_no_mail(monkeypatch, mailoutbox):
    monkeypatch.setattr("lms.notifications.sending.words_of", lambda notice: (f"李\r雷\x07 {notice.pk}", "…"))
    tell(reader(), reader())
    assert deliver() == 2
    assert all("李 雷␇" in message.subject for message in each(mailoutbox))


def test_an_address_that_no_mail_can_carry_is_given_up_and_the_others_go_out(monkeypatch):
    bad = reader()
    monkeypatch.setattr("lms.notifications.sending._address_of", lambda channel: "a\n@b.cn" if channel.user_id == bad.user_id else "a@b.cn")
    tell(bad, reader(), reader())
    assert deliver() == 2
    assert Delivery.objects.get(sent_at=None).tries == MOST_TRIES


def test_a_run_that_takes_long_keeps_what_it_holds_and_sends_nothing_that_another_took(board, time_machine, monkeypatch):
    """Two batches; each message takes nine minutes, and while the second is on its way the sweep comes by."""
    monkeypatch.setattr("lms.notifications.sending.BATCH", 2)
    began = timezone.now()
    time_machine.move_to(began, tick=False)
    people = [reader() for _number in range(3)]
    for person in people:
        Channel.objects.create(transport="board", user=person.user, address="desk")
    tell(*people)
    Delivery.objects.exclude(channel__transport="board").delete()
    send, swept = board.send, []

    def slowly(self, message):
        time_machine.shift(timedelta(minutes=9))
        if len(board.sent) == 1 and not swept:
            swept.append(True)
            deliver_pending(at=timezone.now())
        send(self, message)

    monkeypatch.setattr(board, "send", slowly)
    deliver_pending(at=began)
    assert sorted(message.identity for message in board.sent) == sorted({message.identity for message in board.sent})
    assert len(board.sent) == 3


def test_after_one_that_failed_the_next_goes_over_a_new_connection(monkeypatch):
    opened, send = [], EmailBackend.send_messages

    def fail_once(self, messages):
        if len(opened) == 1:
            raise SMTPServerDisconnected("bad recipient")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "open", lambda self: opened.append(self))
    monkeypatch.setattr(EmailBackend, "send_messages", fail_once)
    tell(reader(), reader(), reader())
    assert deliver() == 2
    assert len(opened) == 2
    assert [row.error for row in Delivery.objects.filter(sent_at=None)] == ["bad recipient"]


def test_while_a_mail_server_is_out_of_reach_no_message_loses_a_try_and_it_is_asked_once(monkeypatch):
    asked = []

    def nobody(self):
        asked.append(self)
        raise ConnectionRefusedError("nobody there")

    tell(reader(), reader())
    with monkeypatch.context() as out:
        out.setattr(EmailBackend, "open", nobody)
        for _sweep in range(MOST_TRIES + 2):
            assert deliver() == 0
    assert len(asked) == MOST_TRIES + 2
    assert {row.error for row in Delivery.objects.all()} == {"nobody there"}
    assert deliver() == 2


def test_one_transport_out_of_reach_does_not_hold_up_another(board):
    board.out = True
    person = reader()
    Channel.objects.create(transport="board", user=person.user, address="desk 4")
    tell(person)
    assert deliver() == 1
    board.out = False
    assert deliver() == 1


# --- cost ---------------------------------------------------------------------------------------


def told_at_once(number):
    """The statements of telling so many people of an occasion each."""
    tellings = [Telling("pay_to_approve", [reader()], f"{number}-{one}", {"count": 1}) for one in range(number)]
    with statements() as said:
        notify_all(tellings)
    with statements() as again:
        assert notify_all(tellings) == 0
    return len(said("")), again("")


def test_telling_of_2_occasions_and_of_12_costs_the_same_and_saying_it_again_writes_nothing():
    (few, again), (many, again_many) = told_at_once(2), told_at_once(12)
    assert few == many
    assert len(again) == len(again_many)
    assert not [sql for sql in again + again_many if sql.startswith(WRITES)]


def test_a_batch_is_claimed_at_once_and_each_message_noted_when_it_is_out():
    costs = []
    for number in (2, 12):
        tell(*[reader() for _person in range(number)], key=str(number))
        with statements() as said:
            assert deliver() == number
        costs.append(len(said("")) - number)
    assert costs[0] == costs[1]


def test_more_than_a_batch_is_sent_to_the_last_one(monkeypatch):
    monkeypatch.setattr("lms.notifications.sending.BATCH", 3)
    tell(*[reader() for _person in range(8)])
    assert deliver() == 8
    assert BATCH > 3


def test_what_is_claimed_by_another_worker_is_left_to_it():
    tell(reader(), reader())
    Delivery.objects.filter(pk=Delivery.objects.first().pk).update(claimed_at=timezone.now() - timedelta(minutes=1), tries=1)
    assert deliver() == 1
