"""The last quarter's sessions, all closed, with who was there; and those of this quarter that are still to come."""

from datetime import time, timedelta
from hashlib import sha256

from courses.training.actions.programmes import first_rule
from courses.training.calendar import session_days
from courses.training.choices import REFLECTION_DUE
from courses.training.models import Attendance, Programme, Reflection, Session
from courses.training.rota import Presenter, Slot, assign, guest_days
from lms.audiences.actions import make_audiences
from lms.common.quarters import bounds, quarter_of
from lms.people.choices import Track
from lms.people.queries import holidays_between
from tests.load.scale.frame import BATCH, moment

State, Method, Status = Attendance.State, Attendance.Method, Session.Status
HOUR = 15
WEEKDAYS = {Track.SERVICE: 1, Track.TECHNICAL: 4}
ORGANISERS = {Track.SERVICE: "service_supervisor", Track.TECHNICAL: "technical_supervisor"}
GUESTS = ["陆海平(集团讲师)", "顾晓峰(客户体验顾问)", "史丹妮(服务礼仪培训师)"]
REFLECTION = [
    "今天的讲座让我重新想了想客户第一次走进店里时的感受,很多细节平时没有注意。",
    "讲师举的例子就发生在我们接待台,客户等了十分钟没有人招呼,后来我们花了很大力气才挽回。",
    "我打算从下周开始,每接一辆车都先把客户说的话完整复述一遍,再开始环车检查。",
    "报价的时候我总是急着说总价,以后要把每一项的原因先讲清楚,让客户自己选择。",
    "交车时要陪客户看旧件,解释下次保养的时间,这样客户才会觉得钱花得明白。",
    "我也发现自己对高压安全的提醒说得太少,需要和车间多确认几次。",
    "和同事练习了一遍以后,我觉得语速放慢一些,效果会好很多。",
    "希望下次能多安排一些现场演练,每个人都上台试一试,由大家来点评。",
]


def add_training(frame, stores):
    programmes = {(one.dealer_id, one.kind): one for one in _programmes(frame, stores)}
    days = _days(frame)
    sessions = []
    for store in stores:
        for track in Track:
            sessions += _sessions(frame, store, programmes[store.dealer.pk, track], days[track])
    Session.objects.bulk_create(sessions, batch_size=BATCH)
    closed = {}
    for session in sessions:
        if session.status == Status.CLOSED:
            closed.setdefault((session.dealer_id, session.programme.kind), []).append(session)
    _add_attendance(frame, stores, closed)
    _add_reflections(frame, stores, closed)


def _programmes(frame, stores):
    rules = [first_rule(store.dealer, track) for store in stores for track in Track]
    audiences = iter(make_audiences(rules))
    return Programme.objects.bulk_create(
        [
            Programme(
                dealer=store.dealer,
                kind=track,
                audience=next(audiences),
                organiser=store.head(ORGANISERS[track]),
                watcher=store.head("information_assistant"),
                weekday=WEEKDAYS[track],
                starts_at=time(HOUR),
                room="培训室",
                guest_every_month=track == Track.SERVICE,
                opened_by=store.user("service_manager"),
            )
            for store in stores
            for track in Track
        ]
    )


def _days(frame):
    """{track: [(day, the day it was moved from or None)]} of both quarters: the calendar is the same at all dealers (T1)."""
    first, last = frame.first, bounds(*quarter_of(frame.today))[1]
    margin = timedelta(days=10)
    holidays = holidays_between(first - margin, last + margin)
    found, taken = {}, []
    for track in Track:
        days = [day for day in session_days(first, last, WEEKDAYS[track], holidays, taken=taken) if day.on]
        found[track] = [(day.on, day.wanted if day.on != day.wanted else None) for day in days]
        taken += [(day.on, "pm") for day in days]
    return found


def _sessions(frame, store, programme, days):
    """Closed ones up to the end of the last quarter, planned ones from tomorrow on; presenters in fair rotation (T3)."""
    kept = [(on, wanted) for on, wanted in days if on <= frame.last or on > frame.today]
    guests = guest_days([on for on, _wanted in kept]) if programme.guest_every_month else set()
    turns = assign([Slot(on) for on, _wanted in kept if on not in guests], _presenters(store, programme.kind))
    people = {worker.pk: worker.employee for worker in store.track(programme.kind)}
    for number, (on, wanted) in enumerate(kept):
        session = _session(frame, store, programme, on, wanted, number)
        session.is_guest = on in guests
        session.presenter = people.get(turns.get(on))
        if session.is_guest:
            session.guest_name = GUESTS[number % len(GUESTS)]
        if on <= frame.last:
            _hold(frame, store, session, number)
        yield session


def _presenters(store, track):
    staff = [worker.employee for worker in store.track(track) if not worker.on_leave]
    leads = track == Track.TECHNICAL  # nobody was senior yet, so the technical supervisor taught
    return [Presenter(one.pk, one.hired_on, one.number) for one in staff if one.position.is_leading == leads]


def _session(frame, store, programme, on, wanted, number):
    starts_at = moment(on, HOUR)
    return Session(
        programme=programme,
        dealer=store.dealer,
        on=on,
        half=Session.Half.PM,
        moved_from=wanted,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=programme.minutes),
        room=programme.room,
    )


def _hold(frame, store, session, number):
    organiser = session.programme.organiser.user
    topics = frame.topics[session.programme.kind]
    topic = topics[number % len(topics)] if topics else None
    session.status = Status.CLOSED
    session.topic, session.title = topic, topic.name_zh if topic else "案例讨论"
    session.outline = "一、上周案例 二、要点讲解 三、分组演练 四、小结"
    session.material_at = session.starts_at - timedelta(days=3)
    session.material_by = session.presenter.user if session.presenter else organiser
    session.held_at, session.held_by = session.starts_at - timedelta(minutes=10), organiser
    session.closed_at, session.closed_by = session.ends_at + timedelta(minutes=5), organiser
    session.secret = sha256(f"{frame.seed}/{store.dealer.code}/{session.on}".encode()).hexdigest()[:43]


def _add_attendance(frame, stores, closed):
    rows = []
    for store in stores:
        for track in Track:
            for session in closed.get((store.dealer.pk, track), ()):
                rows += [
                    _attendance(frame, store, session, worker) for worker in store.track(track) if worker.employee.hired_on <= session.on
                ]
    Attendance.objects.bulk_create(rows, batch_size=BATCH)


def _attendance(frame, store, session, worker):
    state, method = _was(store.random, session, worker)
    if state != State.EXCUSED and session.on <= frame.locked_on:
        worker.expected += 1
        worker.attended += state != State.ABSENT
    by_oneself = method == Method.QR
    minutes = 15 if state == State.LATE else -store.random.randint(0, 8)
    return Attendance(
        session=session,
        employee=worker.employee,
        state=state,
        method=method,
        noted_at=session.starts_at + timedelta(minutes=minutes) if by_oneself else session.closed_at,
        noted_by=worker.employee.user if by_oneself else session.closed_by,
    )


def _was(chance, session, worker):
    if worker.on_leave:
        return State.EXCUSED, Method.LEAVE
    if session.presenter_id == worker.pk:
        return State.PRESENT, Method.QR
    draw = 100 * chance.random()
    if draw >= worker.diligence:
        return (State.EXCUSED, Method.LEAVE) if draw > 98 else (State.ABSENT, Method.CLOSE)
    return (State.LATE, Method.QR) if draw < 3 else (State.PRESENT, Method.QR)


def _add_reflections(frame, stores, closed):
    """What the advisors owe after a guest lecture (T6), nearly all of it handed in and scored."""
    rows = []
    for store in stores:
        for session in closed.get((store.dealer.pk, Track.SERVICE), ()):
            if session.is_guest:
                rows += [_reflection(frame, store, session, worker) for worker in store.workers["advisor"] if not worker.on_leave]
    Reflection.objects.bulk_create(rows, batch_size=BATCH)


def _reflection(frame, store, session, worker):
    row = Reflection(session=session, employee=worker.employee, due_at=session.closed_at + REFLECTION_DUE)
    if store.random.random() < 0.03:
        worker.owed += row.due_at < moment(frame.locked_on, 17)
        return row
    row.submitted_at = session.closed_at + timedelta(hours=store.random.randint(2, 70))
    row.text = "".join(store.random.sample(REFLECTION, len(REFLECTION)))
    row.score = store.random.randint(2, 5)
    row.scored_at, row.scored_by = row.submitted_at + timedelta(hours=20), session.closed_by
    return row
