"""The demo's weekly training: programmes opened, quarters planned, sessions held, rolls called."""

from datetime import time, timedelta
from functools import partial

from django.utils import timezone

from courses.catalogue.models import CoursePage
from courses.catalogue.queries import topics_for
from courses.training.actions.attendance import call_roll, check_in
from courses.training.actions.material import submit_material
from courses.training.actions.programmes import open_programme, plan_quarter
from courses.training.actions.reflections import score_reflection, submit_reflection
from courses.training.actions.reminders import send_reminders
from courses.training.actions.sessions import close_session, confirm_session, start_session
from courses.training.models import Attendance, Programme, Reflection, Session
from courses.training.tokens import make_token
from lms.common.quarters import bounds, first_day
from lms.demo.seed import day_at

KINDS = {
    # kind: who opens it, who organises and who watches it, room
    "service": ("service_manager", "service_supervisor", "information_assistant", "二楼培训室"),
    "technical": ("service_manager", "technical_supervisor", "information_assistant", "车间培训区"),
    "management": ("general_manager", "service_manager", "hr_officer", "会议室"),
}
# Half-hours at which the service training may begin, at night too: whoever looks at the demo then can open its room, an hour before. Late
# in the evening it has begun already.
STARTS = [time(hour, minute) for hour in range(20) for minute in (0, 30) if (hour, minute) != (11, 30)]
USUAL = time(16, 30)
OPENS_BEFORE = 60  # minutes
# When someone comes who is there, from the start on.
HERE = {Attendance.State.PRESENT: timedelta(minutes=-5), Attendance.State.LATE: timedelta(minutes=12)}
GUESTS = {
    "service": ["周建平教授", "顾客关系专家 李曼", "金牌讲师 郝宁", "厂家服务讲师 Anna Weber"],
    "management": ["商学院 袁立教授", "集团运营总监 梁栋"],
    "technical": ["厂家技术讲师 Jonas Becker", "动力电池安全讲师 范志远", "汽车职业学院 邵文斌老师", "诊断设备工程师 丁海"],
}
TITLES = {
    "greeting": "第一分钟：让客户安心",
    "consultation": "六问法问诊演练",
    "walkaround": "环车检查不漏项",
    "estimate": "报价说清楚，工期说得准",
    "progress": "追加项目怎么开口",
    "handover": "十分钟交车说明",
    "followup": "三天回访打什么",
    "comeback": "返修车优先处理",
    "complaints": "客户抱怨的前三分钟",
    "value": "老客户值多少钱",
    "maintenance": "定期保养标准作业",
    "brakes": "制动异响诊断",
    "electrics": "电压降测量实战",
    "highvoltage": "高压断电五步法",
    "diagnosis": "故障诊断思路复盘",
    "workshop": "车间 5S 与安全",
    "figures": "读懂本月经营报表",
    "leading": "怎样和员工谈成长",
    "capacity": "旺季排班与产能",
}
REFLECTION = (
    "今天的讲座让我重新想了想自己每天的接待。最大的收获是：客户在意的往往不是我们修得多快，而是有没有人把他的话听完、记下来、再说一遍给他确认。"
    "回想上周一位客户因为等待时间发火，如果当时我提前十分钟打个电话说明进度，情况会完全不同。接下来我准备做三件事：第一，每次问诊后复述要点并请客户确认；"
    "第二，预计超时二十分钟以上就主动联系；第三，交车时用一张纸写清楚做了什么、花在哪里、下次什么时候来。我会在下个月的例会上分享试行结果，也请主管检查。"
)


def open_programmes(world):
    """Every programme at each dealer. The service training of this week falls on today, so that a session can be started."""
    for dealer in world.dealers:
        for kind, (weekday, starts_at) in times_of(timezone.localtime(world.at)).items():
            opener, organiser, watcher, room = KINDS[kind]
            world.act(
                open_programme,
                dealer=dealer,
                kind=kind,
                organiser=world.holder(dealer, organiser),
                watcher=world.holder(dealer, watcher),
                weekday=weekday,
                starts_at=starts_at,
                room=room,
                opens_before=OPENS_BEFORE,
                sure=True,
                by=world.holder(dealer, opener).user,
                at=day_at(first_day(*world.quarters[0]) - timedelta(days=10), 9),
            )


def times_of(now):
    """{kind: (weekday, when it starts)}: service training today, a little later than now; the others on weekdays of their own."""
    today = now.weekday()
    soon = next((one for one in STARTS if one > now.time()), USUAL)
    apart = next(day for step in (5, 2, 3, 4) if (day := (today + step) % 7) < 5)
    third = next(day for day in range(5) if day not in {today, apart})
    return {"service": (today, soon), "technical": (apart, time(8, 30)), "management": (third, time(9, 30))}


def plan(world, dealer, year, quarter, at):
    for programme in Programme.objects.filter(dealer=dealer).select_related("organiser__user").order_by("pk"):
        world.act(plan_quarter, programme=programme, year=year, quarter=quarter, by=programme.organiser.user, at=at)


def happenings(world, dealer, year, quarter):
    """[(when, what to do)] for every session of a quarter: those that are past by now are held, material is in for the coming days."""
    _first, last = bounds(year, quarter)
    # One that a holiday moved out of its quarter, to before the first of the history, is held with it.
    over = [Session.Status.CANCELLED, Session.Status.CLOSED]
    sessions = Session.objects.filter(dealer=dealer, on__lte=last).exclude(status__in=over).order_by("on", "programme")
    sessions = list(sessions.select_related("programme__organiser__user", "dealer"))
    left = left_to_start(world, sessions)
    topics = {kind: list(topics_for(kind).order_by("code")) for kind in KINDS}
    for number, session in enumerate(sessions, start=1):
        session.demo = ("session", dealer.code, session.programme.kind, year, quarter, number)  # what its chances are drawn by
        kind = session.programme.kind
        topic = topics[kind][(number + quarter * 5) % len(topics[kind])]
        days = world.chance("material", *session.demo).choice([2, 3, 3, 4, 5])
        if session == left or session.starts_at < world.at + timedelta(days=9):
            yield min(session.starts_at - timedelta(days=days), world.at), partial(_hand_in, world, session, topic)
        if session != left and session.ends_at < world.at:
            yield session.starts_at, partial(_hold, world, session)


def left_to_start(world, sessions):
    """The session that whoever looks at the demo can start: the service training of today; none where a holiday moved it."""
    return next((one for one in sessions if one.programme.kind == "service" and one.on == world.today), None)


def remind(world, first, last):
    """[(when, what to do)]: the reminders of each Monday."""
    monday = first + timedelta(days=-first.weekday() % 7)
    while monday <= min(last, world.today):
        at = day_at(monday, 7)
        yield at, partial(world.act, send_reminders)
        monday += timedelta(days=7)


def _hand_in(world, session, topic, at):
    session.refresh_from_db()  # someone may have left or moved since it was planned
    organiser = session.programme.organiser.user
    by = session.presenter.user if session.presenter_id else organiser
    world.act(
        submit_material,
        session=session,
        title=TITLES[topic.code],
        topic=topic,
        outline="1. 案例回顾\n2. 标准与要点\n3. 分组演练\n4. 本周要做到的一件事",
        course=CoursePage.objects.filter(topic=topic, locale__language_code="zh-hans", live=True).first(),
        guest_name=world.chance("guest", *session.demo).choice(GUESTS[session.programme.kind]) if session.is_guest else None,
        by=by,
        at=at,
    )
    session.refresh_from_db()
    world.act(confirm_session, session=session, by=organiser, at=min(at + timedelta(hours=3), world.at))


def _hold(world, session, at):
    organiser = session.programme.organiser.user
    world.act(start_session, session=session, by=organiser, at=at - timedelta(minutes=10))
    rows = (
        Attendance.objects.filter(session=session, state=Attendance.State.EXPECTED).select_related("employee").order_by("employee__number")
    )
    states = {row.employee_id: _state(world, session, row.employee) for row in rows}
    _call_roll(world, session, states, organiser)
    world.act(close_session, session=session, by=organiser, at=session.ends_at)
    if session.is_guest:
        _reflect(world, session, organiser)


def _call_roll(world, session, states, organiser):
    """Nobody notes their own attendance: the organiser checks in, as everyone may, or is not noted."""
    at = session.starts_at + timedelta(minutes=15)
    own = {pk: state for pk, state in states.items() if pk == organiser.employee.pk}
    others = {pk: state for pk, state in states.items() if pk not in own}
    world.act(call_roll, session=session, states=others, by=organiser, at=at)
    if own and own[organiser.employee.pk] in HERE:
        _check_in(world, session, own[organiser.employee.pk], organiser)


def _check_in(world, session, state, by):
    at = session.starts_at + HERE[state]
    world.act(check_in, token=make_token(session.secret, session.pk, at), by=by, at=at)


def _state(world, session, employee):
    chance = world.chance("there", *session.demo, employee.number)
    if chance.randrange(100) < world.traits[employee.number].diligence:
        return chance.choices([Attendance.State.PRESENT, Attendance.State.LATE], [95, 5])[0]
    return chance.choice([Attendance.State.ABSENT, Attendance.State.EXCUSED])


def _reflect(world, session, organiser):
    """Advisors hand in what they took from a guest lecture; a fresh one is left to the persona to write."""
    for reflection in Reflection.objects.filter(session=session).select_related("employee__user").order_by("employee__number"):
        fresh = reflection.due_at > world.at
        careless = world.traits[reflection.employee.number].diligence < 85 and session.on > world.today - timedelta(days=90)
        if fresh or careless:
            continue
        chance, text = world.chance("reflection", *session.demo, reflection.employee.number), f"{REFLECTION}（{reflection.employee.name}）"
        handed_in, read = session.ends_at + timedelta(hours=chance.randint(18, 60)), session.ends_at + timedelta(days=4)
        world.act(submit_reflection, reflection=reflection, text=text, by=reflection.employee.user, at=min(handed_in, world.at))
        if read < world.at and chance.random() < 0.9:
            world.act(score_reflection, reflection=reflection, score=chance.choice([3, 4, 4, 5]), by=organiser, at=read)
