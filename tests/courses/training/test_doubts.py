"""What is asked before a session is put on a day and an hour: the same at every door (T1)."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.training.actions.programmes import plan_quarter
from courses.training.actions.sessions import move_session
from courses.training.doubts import FARTHEST, HOLIDAY, NIGHT, OTHER_QUARTER, ROOM_TAKEN, TOO_FAR, UNLISTED, Wish, doubts_of
from courses.training.models import Programme, Session
from courses.training.queries.doubts import years_without_holidays
from courses.training.queries.plans import plan_of
from lms.common.quarters import quarter_of
from lms.common.registries import bookings_of
from lms.common.states import Refused
from lms.people.models import Holiday
from lms.people.queries import holidays_between
from tests.each import each
from tests.factories import PLANNED_AT, SHANGHAI, make_employee, make_floor, make_programme, make_session, make_sitting

TODAY = date(2026, 11, 26)


def wish(on=TODAY, begin=time(16, 30), minutes=60, **values):
    start = datetime.combine(on, begin, SHANGHAI)
    return Wish(start, start + timedelta(minutes=minutes), TODAY, values.pop("holidays", {}), **values)


days = st.dates(date(2026, 11, 26), date(2036, 12, 31))


@given(days, st.times(), st.integers(15, 240), st.booleans(), st.booleans())
def test_each_doubt_is_there_for_its_own_reason_and_for_no_other(day, begin, minutes, listed, taken):
    begin = begin.replace(second=0, microsecond=0)
    one = wish(day, begin, minutes, listed=listed, quarter=(2026, 4), room_is_taken=taken)
    found = doubts_of(one)
    assert (TOO_FAR in found) == (day > TODAY + FARTHEST)
    assert (OTHER_QUARTER in found) == (quarter_of(day) != (2026, 4))
    assert (UNLISTED in found) == (not listed)
    assert (ROOM_TAKEN in found) == taken
    assert (NIGHT in found) == (not (begin.hour >= 7 and (one.end.time() <= time(21) and one.end.date() == day)))


@given(days, st.booleans())
def test_a_holiday_is_one_unless_it_is_worked_in_exchange(day, works):
    assert (HOLIDAY in doubts_of(wish(day, holidays={day: ("x", works)}))) == (not works)


def test_a_usual_afternoon_of_the_quarter_raises_no_doubt():
    assert doubts_of(wish(quarter=(2026, 4))) == []


@pytest.mark.django_db
class TestDoors:
    @pytest.fixture
    def floor(self):
        return make_floor()

    @pytest.fixture
    def session(self, floor):
        return make_session(make_programme(floor))

    def move(self, session, on, starts_at=None, **values):
        by = session.programme.organiser.user
        return move_session(session=session, on=on, starts_at=starts_at, by=by, at=PLANNED_AT, **values)

    @pytest.mark.parametrize(
        ("on", "starts_at", "why"),
        [
            (date(2026, 11, 27), time(3), "outside the hours of 07:00 to 21:00"),
            (date(2026, 11, 27), time(20, 30), "outside the hours"),
            (date(2027, 1, 4), time(16, 30), "lies in another quarter"),
            (date(2027, 1, 4), time(16, 30), "holidays of 2027 are not entered"),
        ],
    )
    def test_a_move_that_is_odd_is_asked_about_and_done_when_it_is_meant(self, session, on, starts_at, why):
        with pytest.raises(Refused, match=why) as refusal:
            self.move(session, on, starts_at)
        assert refusal.value.field == "sure"
        session.refresh_from_db()
        assert session.on == date(2026, 11, 26)
        assert self.move(session, on, starts_at, sure=True).on == on

    @pytest.mark.parametrize(
        ("on", "why"),
        [
            (date(2027, 1, 1), "no working day .New Year's Day"),
            (date(2036, 11, 26), "more than a year away"),
            (date(2027, 10, 1), "National"),
        ],
    )
    def test_new_year_and_a_year_of_typing_by_mistake_are_refused_even_when_sure(self, session, on, why):
        with pytest.raises(Refused, match=why) as refusal:
            self.move(session, on, sure=True)
        assert refusal.value.field == "on"

    def test_a_year_whose_holidays_are_entered_raises_no_doubt(self, session):
        assert years_without_holidays(date(2026, 1, 1), date(2028, 12, 31)) == [2027, 2028]
        Holiday.objects.create(on=date(2027, 2, 8), name="Spring Festival")
        assert years_without_holidays(date(2026, 1, 1), date(2028, 12, 31)) == [2028]
        with pytest.raises(Refused) as refusal:
            self.move(session, date(2027, 1, 4))
        assert "not entered" not in str(refusal.value)

    def test_the_few_days_that_are_off_by_law_are_known_of_every_year_and_what_is_entered_goes_before(self):
        assert holidays_between(date(2031, 1, 1), date(2031, 1, 1)) == {date(2031, 1, 1): ("New Year's Day", False)}
        Holiday.objects.create(on=date(2031, 1, 1), name="Worked", is_workday=True)
        assert holidays_between(date(2031, 1, 1), date(2031, 1, 1)) == {date(2031, 1, 1): ("Worked", True)}

    def test_a_programme_at_three_at_night_is_asked_about_when_it_is_opened_and_said_when_it_is_planned(self, floor):
        with pytest.raises(Refused, match="outside the hours") as refusal:
            make_programme(floor, starts_at=time(3))
        assert refusal.value.field == "sure"
        programme = make_programme(floor, starts_at=time(3), sure=True)
        assert any("outside the hours" in text for text in plan_of(programme, 2026, 4, PLANNED_AT).findings)

    def test_a_quarter_of_2036_is_not_planned(self, floor):
        programme = make_programme(floor)
        with pytest.raises(Refused, match="more than a year away"):
            plan_quarter(programme=programme, year=2036, quarter=1, by=floor.supervisor.user, at=PLANNED_AT)
        assert not Session.objects.exists()

    def test_the_screen_asks_once_and_again_when_it_is_another_day(self, floor, session, sign_in, settings):
        settings.LANGUAGE_CODE = "en"
        Session.objects.filter(pk=session.pk).update(on=timezone.localdate() + timedelta(days=7))
        day = next(d for d in (timezone.localdate() + timedelta(days=n) for n in range(1, 9)) if d.weekday() < 5)
        client, url = sign_in(floor.supervisor), reverse("session_move", args=[session.pk])
        assert 'name="sure"' not in client.get(reverse("session", args=[session.pk])).content.decode()
        asked = client.post(url, {"on": day.isoformat(), "starts_at": "03:00"})
        assert "outside the hours" in asked.context["move_form"].errors["sure"][0]
        about = f"{day.isoformat()}|03:00"
        assert f'name="sure" value="{about}"' in asked.content.decode()
        again = client.post(url, {"on": day.isoformat(), "starts_at": "04:00", "sure": about})
        assert again.context["move_form"].errors["sure"]
        assert "checked" not in str(again.context["move_form"]["sure"])
        assert client.post(url, {"on": day.isoformat(), "starts_at": "03:00", "sure": about}).status_code == 302
        session.refresh_from_db()
        assert timezone.localtime(session.starts_at).hour == 3

    def test_missing_holidays_come_with_the_link_that_adds_them_for_whoever_may(self, floor, sign_in, settings):
        settings.LANGUAGE_CODE = "en"
        programme, add = make_programme(floor), reverse("wagtailsnippets_people_holiday:add")
        year = timezone.localdate().year + 1
        make_session(programme, on=date(year, 1, 6))
        page = sign_in(floor.supervisor).get(reverse("plan_quarter") + f"?programme={programme.pk}&quarter={year}-1").content.decode()
        assert f"holidays of {year} are not entered" in page
        assert add not in page
        group_hr = make_employee("group_hr", dealer=floor.dealer)
        for reader, sees in each([(floor.supervisor, False), (group_hr, True)]):
            board = sign_in(reader).get(reverse("training_board") + f"?quarter={year}-1").content.decode()
            assert f"holidays of {year} are not entered" in board
            assert (add in board) is sees


@pytest.mark.django_db
class TestRooms:
    """A room is a word that people type; sessions of one dealer never share a half-day, so it is exams that want the same one."""

    @pytest.fixture
    def session(self):
        return make_session(make_programme(make_floor()), on=timezone.localdate() + timedelta(days=7), room="二楼培训室")

    def sit(self, session, room="二楼培训室", hours=0, **values):
        opens = session.starts_at + timedelta(hours=hours)
        return make_sitting(dealer=session.dealer, opens_at=opens, closes_at=opens + timedelta(minutes=60), room=room, **values)

    @pytest.mark.parametrize(
        ("room", "hours", "clashes"),
        [("二楼培训室", 0, 1), (" 二楼培训室 ", 0.5, 1), ("二楼培训室", 1, 0), ("二楼培训室", -1, 0), ("考场", 0, 0), ("", 0, 0)],
    )
    def test_a_room_that_an_exam_wants_at_the_same_time_is_warned_of(self, session, sign_in, room, hours, clashes):
        self.sit(session, room, hours)
        reader = sign_in(session.programme.organiser)
        page = reader.get(reverse("session", args=[session.pk]))
        assert len(page.context["clashes"]) == clashes
        board = reader.get(reverse("training_board") + f"?view=week&week={session.on}").context["board"]
        assert len([one for one in board.findings if "二楼培训室" in one["text"]]) == clashes

    def test_a_cancelled_session_and_a_closed_sitting_want_no_room(self, session):
        sitting = self.sit(session)
        sitting.status = "closed"
        sitting.save()
        assert [one.key for one in bookings_of(session.dealer, session.starts_at, session.ends_at)] == [f"session-{session.pk}"]
        Session.objects.update(status="cancelled")
        assert bookings_of(session.dealer, session.starts_at, session.ends_at) == []

    def test_a_move_into_a_taken_room_is_asked_about(self, session):
        self.sit(session, hours=-2)
        by = session.programme.organiser.user
        with pytest.raises(Refused, match="room is taken"):
            move_session(session=session, on=session.on, starts_at=time(14, 30), by=by, at=timezone.now())


@pytest.mark.django_db
def test_opening_by_screen_at_night_is_asked_about(sign_in, settings):
    settings.LANGUAGE_CODE = "en"
    floor = make_floor()
    data = {
        "kind": "service", "organiser": floor.supervisor.pk, "weekday": 3, "starts_at": "03:00", "minutes": 60, "gap_days": 2,
        "opens_before": 30, "closes_before": 0,
    }  # fmt: skip
    client, url = sign_in(floor.supervisor), reverse("programme_new")
    assert client.post(url, data).context["form"].errors["sure"]
    assert not Programme.objects.exists()
    client.post(url, data | {"sure": "03:00|60"})
    assert Programme.objects.get().starts_at == time(3)
