"""T1 and T3 under any order of acts, and under two acts at the same moment."""

import threading
from collections import Counter
from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from courses.training.actions.programmes import plan_quarter
from courses.training.actions.sessions import cancel_session, close_session, confirm_session, move_session, start_session, swap_presenters
from courses.training.models import Session
from lms.common.states import Refused
from lms.people.models import Employee, Leave
from tests.factories import PLANNED_AT, make_floor, make_programme

HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
quarters = st.sampled_from([(2026, 4), (2027, 1)])


def closer_than(sessions, gap):
    """Pairs of sessions of different programmes that break T1."""
    live = [session for session in sessions if session.status != "cancelled"]
    return [
        (one.on, other.on)
        for one in live
        for other in live
        if one.pk < other.pk
        and (
            (one.on, one.half) == (other.on, other.half) or (one.programme_id != other.programme_id and abs((one.on - other.on).days) < gap)
        )
    ]


class Floor(RuleBasedStateMachine):
    """Two programmes of one dealer, planned, moved, swapped, cancelled, held, in any order."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.floor = make_floor(advisors=3, technicians=2)
        self.programmes, self.at = {}, PLANNED_AT
        self.troubled = set()
        self.arranged = False

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(gap=st.integers(0, 3), weekday=st.integers(0, 5), other=st.integers(0, 5), guest=st.booleans(), morning=st.booleans())
    def open(self, gap, weekday, other, guest, morning):
        self.gap = gap
        first = {"weekday": weekday, "gap_days": gap, "guest_every_month": guest}
        second = {"weekday": other, "gap_days": min(gap, 1), "starts_at": time(9) if morning else time(16, 30)}
        self.programmes = {
            "service": make_programme(self.floor, **first),
            "technical": make_programme(self.floor, kind="technical", **second),
        }

    def by(self):
        return self.floor.manager.user

    def attempt(self, act, **values):
        with suppress(Refused), transaction.atomic():
            act(by=self.by(), at=self.at, **values)

    def pick(self, data, **filters):
        pks = list(Session.objects.filter(**filters).order_by("on", "pk").values_list("pk", flat=True)[:30])
        return Session.objects.get(pk=data.draw(st.sampled_from(pks))) if pks else None

    @rule(kind=st.sampled_from(["service", "technical"]), quarter=quarters)
    def plan(self, kind, quarter):
        year, number = quarter
        self.attempt(plan_quarter, programme=self.programmes[kind], year=year, quarter=number)

    @rule(data=st.data(), days=st.integers(-10, 10), morning=st.booleans())
    def move(self, data, days, morning):
        if session := self.pick(data):
            self.arranged = True
            self.attempt(move_session, session=session, on=session.on + timedelta(days=days), starts_at=time(9) if morning else None)

    @rule(data=st.data())
    def cancel(self, data):
        if session := self.pick(data):
            self.arranged = True
            self.attempt(cancel_session, session=session, reason="Stocktaking")

    @rule(data=st.data())
    def swap(self, data):
        one, other = self.pick(data, status="planned"), self.pick(data, status="planned")
        assume(one and other)
        before = Counter(Session.objects.values_list("presenter", flat=True))
        self.attempt(swap_presenters, session=one, other=other)
        assert Counter(Session.objects.values_list("presenter", flat=True)) == before
        self.arranged = True

    @rule(kind=st.sampled_from(["service", "technical"]))
    def confirm_the_next(self, kind):
        session = Session.objects.filter(status="planned", programme__kind=kind, starts_at__gte=self.at).order_by("on").first()
        if session:
            self.attempt(confirm_session, session=session)

    @rule()
    def hold_the_next(self):
        session = Session.objects.filter(status__in=["planned", "confirmed"], starts_at__gte=self.at).order_by("starts_at").first()
        if session:
            self.at = session.starts_at
            self.attempt(start_session, session=session)
            self.at = session.ends_at
            self.attempt(close_session, session=session)

    @rule(data=st.data(), start=st.integers(0, 60), length=st.integers(0, 20))
    def leave(self, data, start, length):
        one = data.draw(st.sampled_from(self.floor.advisors))
        first = self.at.date() + timedelta(days=start)
        Leave.objects.create(employee=one, starts_on=first, ends_on=first + timedelta(days=length))
        self.troubled.add(one.pk)

    @rule(data=st.data())
    def depart(self, data):
        one = data.draw(st.sampled_from(self.floor.advisors))
        Employee.objects.filter(pk=one.pk).update(status="left", left_on=self.at.date())
        self.troubled.add(one.pk)

    @invariant()
    def sessions_never_share_a_half_day_and_keep_apart(self):
        assert closer_than(Session.objects.all(), self.gap) == []

    @precondition(lambda self: not self.arranged)
    @invariant()
    def turns_of_those_always_here_differ_by_at_most_one(self):
        """Moves and cancellations change the order of days on purpose; without them the rota is strictly fair."""
        turns = Counter(Session.objects.filter(programme__kind="service").exclude(status="cancelled").values_list("presenter", flat=True))
        always = [turns[one.pk] for one in self.floor.advisors if one.pk not in self.troubled]
        assert not always or max(always) - min(always) <= 1


@pytest.mark.django_db
def test_no_order_of_acts_breaks_the_rules():
    run_state_machine_as_test(
        Floor, settings=settings(max_examples=30, stateful_step_count=15, deadline=None, suppress_health_check=HEALTH)
    )


def at_once(*acts):
    """Run the acts in threads of their own that begin together; what each gave, or the exception."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=10)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    @pytest.fixture(autouse=True)
    def on_postgresql(self):
        if connection.vendor != "postgresql":
            pytest.skip("needs real row locks")

    def test_two_programmes_planned_at_once_keep_apart(self):
        for _round in range(3):
            Session.objects.all().delete()
            floor = make_floor(f"R{_round}")
            service = make_programme(floor, weekday=3)
            technical = make_programme(floor, kind="technical", weekday=3)

            def plan(programme, by=floor.manager.user):
                return plan_quarter(programme=programme, year=2026, quarter=4, by=by, at=PLANNED_AT)

            results = at_once(lambda p=service: plan(p), lambda p=technical: plan(p))
            assert not [result for result in results if isinstance(result, Exception)]
            assert Session.objects.count() > 20
            assert closer_than(Session.objects.all(), 2) == []

    def test_one_quarter_planned_twice_at_once_is_planned_once(self):
        floor = make_floor()
        programme = make_programme(floor)
        act = lambda: plan_quarter(programme=programme, year=2026, quarter=4, by=floor.manager.user, at=PLANNED_AT)  # noqa: E731
        results = at_once(act, act)
        assert not [result for result in results if isinstance(result, Exception)]
        assert programme.sessions.count() == 14

    def test_two_programmes_of_one_kind_opened_at_once_become_one(self):
        floor = make_floor()
        results = at_once(lambda: make_programme(floor), lambda: make_programme(floor))
        assert sorted(isinstance(result, Refused) for result in results) == [False, True]

    def test_two_sessions_moved_at_once_toward_each_other_stay_apart(self):
        floor = make_floor()
        service, technical = make_programme(floor, weekday=3), make_programme(floor, kind="technical", weekday=0)
        for programme in (service, technical):
            plan_quarter(programme=programme, year=2026, quarter=4, by=floor.manager.user, at=PLANNED_AT)
        thursday, monday = service.sessions.get(on=date(2026, 11, 26)), technical.sessions.get(on=date(2026, 11, 23))
        values = {"by": floor.manager.user, "at": PLANNED_AT}
        at_once(
            lambda: move_session(session=thursday, on=date(2026, 11, 25), **values),
            lambda: move_session(session=monday, on=date(2026, 11, 24), **values),
        )
        assert closer_than(Session.objects.all(), 2) == []

    def test_a_session_closed_twice_at_once_is_closed_once(self):
        floor = make_floor()
        programme = make_programme(floor)
        plan_quarter(programme=programme, year=2026, quarter=4, by=floor.manager.user, at=PLANNED_AT)
        session = programme.sessions.first()
        by = floor.manager.user
        start_session(session=session, by=by, at=session.starts_at)
        act = lambda: close_session(session=Session.objects.get(pk=session.pk), by=by, at=session.ends_at)  # noqa: E731
        results = at_once(act, act)
        assert sorted(isinstance(result, Refused) for result in results) == [False, True]
