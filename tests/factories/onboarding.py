from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from courses.observations.models import Checklist, ChecklistItem
from lms.common.versions import freeze
from lms.people.models import Employee
from talent_pool.onboarding.actions.books import open_task_book
from talent_pool.onboarding.actions.naming import name_mentor
from talent_pool.onboarding.actions.signing import sign_off
from tests.factories.pay import hr_of
from tests.factories.people import make_dealer, make_employee

BEGINS = date(2026, 10, 8)
OPENED_AT = datetime(2026, 10, 8, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
_serial = count(1)
# What a book is made of unless said: (words, times alone, expected by).
TASKS = [("接待客户", 1, 30), ("开具工单", 2, 60), ("交车讲解", 1, 90)]


def make_checklist(tasks=TASKS, *, scale="steps", dealer=None, code="", **values):
    """A checklist as it is edited. `tasks` are (words, times alone, expected by), or (words, weight) of points."""
    code = code or f"list-{next(_serial)}"
    checklist = Checklist.objects.create(
        **{"code": code, "name_zh": "售后接待任务", "name_en": "Reception tasks"} | values, scale=scale, dealer=dealer
    )
    for order, (words, *facts) in enumerate(tasks, 1):
        named = {"repetitions": facts[0], "expected_by": facts[1]} if scale == "steps" else {"weight": facts[0]}
        ChecklistItem.objects.create(checklist=checklist, name_zh=words, name_en=f"Task {order}", order=order, **named)
    return checklist


def make_rubric_of_points(points=(("守时", 1), ("动手能力", 3)), **values):
    """A version of an evaluation by points, to observe by."""
    return freeze(make_checklist(points, scale="points", **values), at=OPENED_AT)


def make_mentor(dealer=None, *, position="technician", most_at_once=2, at=OPENED_AT, **values):
    dealer = dealer or make_dealer()
    person = make_employee(position, dealer=dealer, **values)
    return name_mentor(employee=person, most_at_once=most_at_once, by=hr_of(dealer), at=at)


def make_newcomer(dealer=None, **values):
    values = {"kind": "intern", "status": "active", "hired_on": BEGINS} | values
    return make_employee(values.pop("position", "technician"), dealer=dealer or make_dealer(), **values)


def make_task_book(dealer=None, *, newcomer=None, mentor=None, checklist=None, starts_on=BEGINS, station="", by=None, at=OPENED_AT):
    dealer = dealer or (newcomer or mentor or make_newcomer()).dealer
    return open_task_book(
        newcomer=newcomer or make_newcomer(dealer),
        checklist=checklist or make_checklist(),
        mentor=mentor or make_mentor(dealer),
        starts_on=starts_on,
        station=station,
        by=by or hr_of(dealer),
        at=at,
    )


def tasks_of(book):
    return list(book.checklist.items.order_by("order"))


def on_day(days, book=None):
    """A time on the so-manieth day after the book's first."""
    return datetime.combine((book.starts_on if book else BEGINS) + timedelta(days=days), OPENED_AT.timetz())


def sign(book, task=0, step=3, *, day=1, note="", times=1):
    """Sign a task (its place) off by the book's mentor."""
    for _time in range(times):
        row = sign_off(book=book, item=tasks_of(book)[task], step=step, note=note, by=book.mentor.user, at=on_day(day, book))
    return row


def sign_all_alone(book, *, day=20):
    for place, item in enumerate(tasks_of(book)):
        sign(book, place, day=day, times=item.repetitions)
    book.refresh_from_db()
    return book


def leave_now(employee, on):
    Employee.objects.filter(pk=employee.pk).update(status="left", left_on=on)
    employee.refresh_from_db()
