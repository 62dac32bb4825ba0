"""A dealer with its training: `make_floor()` gives the people, `make_programme`, `make_session` the rest."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from courses.catalogue.models import Topic
from courses.training.actions.programmes import open_programme
from courses.training.actions.sessions import start_session
from courses.training.models import Attendance, Programme, Session
from lms.people.models import Dealer, Employee
from tests.factories.people import make_dealer, make_employee

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A quarter with a public holiday week at its start, well known to the calendar package: October to December 2026.
PLANNED_AT = datetime(2026, 9, 20, 2, 0, tzinfo=UTC)
# A reflection that says enough (T6).
ENOUGH = (
    "听完讲座，我要把倾听放在第一位：客户说完之前不打断，记下关键的词，再用自己的话复述一遍。上周有位车主因为等得太久而生气，"
    "如果我提前十分钟打电话说明进度，结果会完全不同。接下来我准备做三件事。第一，问诊时先请客户描述现象，不急着下判断；第二，"
    "预计超时二十分钟以上就主动联系，并给出新的时间；第三，交车时用一张纸写清楚做了什么、钱花在哪里、下次什么时候来。"
    "我会请同事旁听两次接待，指出我抢话的地方，月底在例会上分享效果，也请主管检查我的记录是否属实。"
)


@dataclass
class Floor:
    """The people that training needs at one dealer."""

    dealer: Dealer
    supervisor: Employee
    technical_supervisor: Employee
    manager: Employee
    advisors: list[Employee] = field(default_factory=list)
    technicians: list[Employee] = field(default_factory=list)


def make_floor(code="YT01", advisors=3, technicians=3):
    dealer = make_dealer(code)
    return Floor(
        dealer=dealer,
        supervisor=make_employee("service_supervisor", dealer=dealer),
        technical_supervisor=make_employee("technical_supervisor", dealer=dealer),
        manager=make_employee("service_manager", dealer=dealer),
        advisors=[make_employee("advisor", dealer=dealer) for _number in range(advisors)],
        technicians=[make_employee("technician", dealer=dealer) for _number in range(technicians)],
    )


def make_topic(code="complaints", track="service"):
    names = {"name_zh": "客户抱怨", "name_en": "Complaints", "track": track, "kinds": [track]}
    return Topic.objects.get_or_create(code=code, defaults=names)[0]


def make_programme(floor, kind="service", *, weekday=3, starts_at=time(16, 30), at=PLANNED_AT, **values):
    """Opened by the service manager; the service programme on Thursdays, organised by the track's supervisor."""
    organiser = floor.supervisor if kind == "service" else floor.technical_supervisor
    values = {"organiser": organiser, "guest_every_month": False, **values}
    return open_programme(dealer=floor.dealer, kind=kind, weekday=weekday, starts_at=starts_at, by=floor.manager.user, at=at, **values)


def make_session(programme=None, *, on=date(2026, 11, 26), hour=16, minute=30, presenter=None, **values):
    """A planned session of an afternoon; without a programme, that of a new floor."""
    programme = programme or make_programme(make_floor())
    starts_at = datetime.combine(on, time(hour, minute), SHANGHAI)
    return Session.objects.create(
        programme=programme,
        dealer=programme.dealer,
        on=on,
        half="am" if hour < 12 else "pm",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=60),
        presenter=presenter,
        **values,
    )


def make_running_session(programme, *, minutes=0, **values):
    """A session that began so many minutes ago and is being held, with check-in open."""
    begin = timezone.now() - timedelta(minutes=minutes)
    session = make_session(programme, on=begin.astimezone(SHANGHAI).date(), **values)
    Session.objects.filter(pk=session.pk).update(starts_at=begin, ends_at=begin + timedelta(minutes=60))
    session.refresh_from_db()
    return start_session(session=session, by=programme.organiser.user, at=begin)


def were_there(session, *people):
    """Notes them as present, of a session that is closed in one step by what follows or was made so."""
    for one in people:
        Attendance.objects.update_or_create(session=session, employee=one, defaults={"state": "present"})


def make_held_session(programme=None, **values):
    """A session that has just been started, at its hour."""
    session = make_session(programme, **values)
    return start_session(session=session, by=session.programme.organiser.user, at=session.starts_at)


def programme_of(floor, kind="service"):
    return Programme.objects.get(dealer=floor.dealer, kind=kind)
