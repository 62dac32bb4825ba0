"""The demo's weekly training: programmes opened, quarters planned, sessions held, rolls called."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from courses.catalogue.models import CoursePage, Topic
from courses.training.actions import (
    call_roll,
    close_session,
    confirm_session,
    open_programme,
    plan_quarter,
    score_reflection,
    start_session,
    submit_material,
    submit_reflection,
)
from courses.training.models import Attendance, Reflection, Session
from lms.common.quarters import bounds, first_day

KINDS = {
    # kind: organiser, weekday, start, room
    "service": ("service_supervisor", 3, time(16, 30), "二楼培训室"),
    "technical": ("technical_supervisor", 1, time(8, 30), "车间培训区"),
}
GUESTS = ["周建平教授", "顾客关系专家 李曼", "金牌讲师 郝宁", "厂家讲师 Anna Weber"]
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
}
REFLECTION = (
    "今天的讲座让我重新想了想自己每天的接待。最大的收获是：客户在意的往往不是我们修得多快，而是有没有人把他的话听完、记下来、再说一遍给他确认。"
    "回想上周一位客户因为等待时间发火，如果当时我提前十分钟打个电话说明进度，情况会完全不同。接下来我准备做三件事：第一，每次问诊后复述要点并请客户确认；"
    "第二，预计超时二十分钟以上就主动联系；第三，交车时用一张纸写清楚做了什么、花在哪里、下次什么时候来。我会在下个月的例会上分享试行结果，也请主管检查。"
)


def open_and_plan(world):
    """Both programmes at each dealer, planned for every quarter of the history and the present one."""
    for dealer in world.dealers:
        manager = world.holder(dealer, "service_manager").user
        for kind, (organiser, weekday, starts_at, room) in KINDS.items():
            programme = open_programme(
                dealer=dealer,
                kind=kind,
                organiser=world.holder(dealer, organiser),
                watcher=world.holder(dealer, "information_assistant"),
                weekday=weekday,
                starts_at=starts_at,
                room=room,
                by=manager,
                at=_morning(first_day(*world.quarters[0]), days=-10),
            )
            for year, quarter in world.quarters:
                at = min(_morning(first_day(year, quarter), days=-7), world.at)
                plan_quarter(programme=programme, year=year, quarter=quarter, by=programme.organiser.user, at=at)


def _morning(day, days=0):
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time(9)))


def hold_sessions(world, dealer, year, quarter):
    """Hold every session of a quarter that is past by now, and hand in material for those of the coming two weeks."""
    _first, last = bounds(year, quarter)
    # One that a holiday moved out of its quarter, to before the first of the history, is held with it.
    over = [Session.Status.CANCELLED, Session.Status.CLOSED]
    sessions = Session.objects.filter(dealer=dealer, on__lte=last).exclude(status__in=over)
    topics = {kind: list(Topic.objects.filter(track=kind)) for kind in KINDS}
    courses = {course.topic_id: course for course in CoursePage.objects.filter(locale__language_code="zh-hans", live=True)}
    for number, session in enumerate(sessions.select_related("programme__organiser__user", "presenter__user", "dealer"), start=1):
        kind = session.programme.kind
        topic = topics[kind][(number + quarter * 5) % len(topics[kind])]
        if session.ends_at < world.at:
            _hand_in(world, session, topic, courses.get(topic.pk))
            _hold(world, session)
        elif session.starts_at < world.at + timedelta(days=9):
            _hand_in(world, session, topic, courses.get(topic.pk))


def _hand_in(world, session, topic, course):
    organiser = session.programme.organiser.user
    by = session.presenter.user if session.presenter_id else organiser
    at = min(session.starts_at - timedelta(days=world.rng.choice([2, 3, 3, 4, 5])), world.at)
    submit_material(
        session=session,
        title=TITLES[topic.code],
        topic=topic,
        outline="1. 案例回顾\n2. 标准与要点\n3. 分组演练\n4. 本周要做到的一件事",
        course=course,
        guest_name=world.rng.choice(GUESTS) if session.is_guest else None,
        by=by,
        at=at,
    )
    session.refresh_from_db()
    confirm_session(session=session, by=organiser, at=at + timedelta(hours=3))


def _hold(world, session):
    organiser = session.programme.organiser.user
    start_session(session=session, by=organiser, at=session.starts_at - timedelta(minutes=10))
    rows = (
        Attendance.objects.filter(session=session, state=Attendance.State.EXPECTED).select_related("employee").order_by("employee__number")
    )
    states = {row.employee_id: _state(world, row.employee) for row in rows}
    _call_roll(world, session, states, organiser)
    close_session(session=session, by=organiser, at=session.ends_at)
    if session.is_guest:
        _reflect(world, session, organiser)


def _call_roll(world, session, states, organiser):
    """Nobody notes their own attendance: the organiser's is noted by the service manager."""
    at = session.starts_at + timedelta(minutes=15)
    own = {pk: state for pk, state in states.items() if pk == organiser.employee.pk}
    call_roll(session=session, states={pk: state for pk, state in states.items() if pk not in own}, by=organiser, at=at)
    if own:
        call_roll(session=session, states=own, by=world.holder(session.dealer, "service_manager").user, at=at)


def _state(world, employee):
    if world.rng.randrange(100) < world.traits[employee.number].diligence:
        return world.rng.choices([Attendance.State.PRESENT, Attendance.State.LATE], [95, 5])[0]
    return world.rng.choice([Attendance.State.ABSENT, Attendance.State.EXCUSED])


def _reflect(world, session, organiser):
    """Advisors hand in what they took from a guest lecture; a fresh one is left to the persona to write."""
    for reflection in Reflection.objects.filter(session=session).select_related("employee__user").order_by("employee__number"):
        fresh = reflection.due_at > world.at
        careless = world.traits[reflection.employee.number].diligence < 85 and session.on > world.today - timedelta(days=90)
        if fresh or careless:
            continue
        text = f"{REFLECTION}（{reflection.employee.name}）"
        submit_reflection(reflection=reflection, text=text, by=reflection.employee.user, at=session.ends_at + timedelta(hours=26))
        if world.rng.random() < 0.9:
            score_reflection(
                reflection=reflection, score=world.rng.choice([3, 4, 4, 5]), by=organiser, at=session.ends_at + timedelta(days=4)
            )
