"""Whoever starts late in a sitting's window has less than the time allowed, and reads so before pressing Start."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from assessments.exams.actions.attempts import start_attempt
from assessments.exams.due import due_for
from assessments.exams.feed import exams
from assessments.exams.models import Sitting
from assessments.exams.timing import late_words, time_left
from lms.common.states import Refused
from tests.factories import make_cycle, make_employee, paper_of
from tests.factories.assessments import CODE, NINE, make_papers

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def paper_like(*, minutes=60, window=60, extra=0, status=Sitting.Status.READY):
    """A paper of a sitting that opens at `NINE`, for `window` minutes."""
    times = {"opens_at": NINE, "closes_at": NINE + window * MINUTE}
    sitting = SimpleNamespace(minutes=minutes, status=status, Status=Sitting.Status, **times)
    return SimpleNamespace(sitting=sitting, extra_minutes=extra)


def words(at, language="en", **values):
    with override(language):
        return late_words(paper_like(**values), at)


def test_the_sentence_says_how_late_how_much_is_left_and_until_when():
    at = NINE + 25 * MINUTE
    assert words(at) == "You start 25 minutes late: 35 of 60 minutes are left, until 10:00."
    assert words(at, "zh-hans") == "您迟到 25 分钟：60 分钟只剩 35 分钟，到 10:00 为止。"


def test_extra_time_is_in_what_is_left_and_in_until_when():
    assert words(NINE + 25 * MINUTE, extra=15) == "You start 25 minutes late: 50 of 75 minutes are left, until 10:15."


def test_a_wide_window_makes_nobody_late_while_the_whole_time_fits_in():
    assert words(NINE + 60 * MINUTE, window=120) == ""
    assert words(NINE + 61 * MINUTE, window=120) == "You start 1 minute late: 59 of 60 minutes are left, until 11:00."


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (timedelta(0), ""),
        (SECOND, "You start 1 minute late: 59 of 60 minutes are left, until 10:00."),
        (MINUTE, "You start 1 minute late: 59 of 60 minutes are left, until 10:00."),
        (MINUTE + SECOND, "You start 2 minutes late: 58 of 60 minutes are left, until 10:00."),
        (59 * MINUTE, "You start 59 minutes late: 1 of 60 minutes is left, until 10:00."),
        (59 * MINUTE + SECOND, "You start 60 minutes late: less than one of 60 minutes is left, until 10:00."),
        (60 * MINUTE, ""),
        (-SECOND, ""),
    ],
)
def test_at_the_edges_of_the_window(after, sentence):
    assert words(NINE + after) == sentence


@pytest.mark.parametrize("status", [Sitting.Status.DRAFT, Sitting.Status.CLOSED])
def test_nobody_reads_it_where_nobody_can_start(status):
    assert words(NINE + 25 * MINUTE, status=status) == ""


@given(st.integers(5, 480), st.integers(0, 600), st.integers(0, 240), st.integers(0, 3600 * 12))
def test_no_more_is_promised_than_the_clock_gives_and_at_most_a_minute_less(minutes, wider, extra, after):
    paper, at = paper_like(minutes=minutes, window=minutes + wider, extra=extra), NINE + after * SECOND
    left = time_left(paper, at)
    given_time = left.until - at
    assert left.minutes * MINUTE <= max(given_time, timedelta(0))
    assert given_time < (left.minutes + 1) * MINUTE
    assert left.late + left.minutes == left.allowed == minutes + extra
    assert (left.late == 0) == (at <= paper.sitting.closes_at - minutes * MINUTE)


def late_paper(*, extra=0, late=25):
    """A paper whose sitting opened 25 minutes ago, for the hour that is allowed."""
    opens_at = timezone.now().replace(second=0, microsecond=0) - late * MINUTE
    paper = make_papers(opens_at=opens_at, closes_at=opens_at + 60 * MINUTE)[0]
    paper.extra_minutes = extra
    paper.save(update_fields=["extra_minutes"])
    return paper


@pytest.mark.django_db
@pytest.mark.parametrize("extra", [0, 15])
def test_the_door_says_it_and_the_clock_of_the_runner_agrees(client, still_clock, extra):
    paper = late_paper(extra=extra)
    client.force_login(paper.candidate.user)
    door = client.get(reverse("exam_start", args=[paper.pk]))
    sentence, left = late_words(paper, timezone.now()), time_left(paper, timezone.now())
    assert sentence
    assert sentence in door.text
    assert door.text.index(sentence) < door.text.index("access_code")
    client.post(reverse("exam_start", args=[paper.pk]), {"access_code": CODE})
    paper.attempt.refresh_from_db()
    assert paper.attempt.ends_at == left.until
    runner = client.get(reverse("exam", args=[paper.attempt.pk])).text
    assert str(int(left.until.timestamp() * 1000)) in runner
    assert (paper.attempt.ends_at - timezone.now()) // MINUTE == left.minutes


@pytest.mark.django_db
def test_the_door_asks_again_how_much_is_left_while_it_stands_open(client, time_machine):
    paper = late_paper(late=1)
    client.force_login(paper.candidate.user)
    door = client.get(reverse("exam_start", args=[paper.pk])).text
    assert re.search(r'id="time-left" hx-get="[^"]*" hx-trigger="every 20s"', door)
    time_machine.move_to(paper.sitting.opens_at + 40 * MINUTE, tick=False)
    part = client.get(reverse("exam_start", args=[paper.pk]), headers={"HX-Request": "true"}).text
    assert late_words(paper, timezone.now()) in part
    assert "access_code" not in part


@pytest.mark.django_db
def test_who_has_begun_is_not_told_that_they_start_late(client, still_clock):
    paper = late_paper()
    start_attempt(paper=paper, access_code=CODE, by=paper.candidate.user, at=timezone.now())
    client.force_login(paper.candidate.user)
    assert late_words(paper, timezone.now()) not in client.get(reverse("exam_start", args=[paper.pk])).text


@pytest.mark.django_db
def test_today_says_it_too():
    cycle = make_cycle("sitting", people=[make_employee("technician")])
    paper = paper_of(cycle.candidacies.get())
    at = paper.sitting.closes_at - 35 * MINUTE
    assert late_words(paper, at) in due_for(paper.candidate, at)[0]["text"]
    assert "60" in due_for(paper.candidate, paper.sitting.opens_at)[0]["text"]


@pytest.mark.django_db
def test_my_exams_says_it_beside_the_button(client, time_machine):
    cycle = make_cycle("sitting", people=[make_employee("technician")])
    paper = paper_of(cycle.candidacies.get())
    time_machine.move_to(paper.sitting.closes_at - 35 * MINUTE, tick=False)
    client.force_login(paper.candidate.user)
    assert late_words(paper, timezone.now()) in client.get(reverse("my_exams")).text


@pytest.mark.django_db
def test_the_coming_weeks_count_extra_time():
    paper = late_paper(extra=15)
    (entry,) = exams(paper.candidate, paper.sitting.opens_at, paper.sitting.closes_at)
    assert "75" in entry.note


@pytest.mark.django_db
def test_after_the_window_nobody_starts():
    paper = make_papers()[0]
    with pytest.raises(Refused):
        start_attempt(paper=paper, access_code=CODE, by=paper.candidate.user, at=paper.sitting.closes_at)
