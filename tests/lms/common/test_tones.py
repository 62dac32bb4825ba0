"""A state means the same on every page, so it has one tone."""

import pytest

from assessments.certification.forms import STATES
from assessments.exams.models import Attempt
from assessments.grading.models import Candidacy, Cycle
from courses.training.models import Attendance, Session
from lms.common.tones import STATES as STATES_BY_TONE
from lms.common.tones import TONES, tone_of
from talent_pool.pay.models import PayChange

# What is neither good nor bad news and wants nothing.
PLAIN = {
    Attendance.State: {"expected", "left_early", "excused", "made_up"},
    Candidacy.Outcome: {"excluded", "left", "pending"},
    Cycle.Status: {"draft"},
    Session.Status: {"planned"},
    Attempt.Status: set(),
    PayChange.Status: {"withdrawn"},
}


@pytest.mark.parametrize("states", PLAIN, ids=lambda states: states.__qualname__)
def test_every_state_has_a_tone_or_is_known_to_be_plain(states):
    assert {state.value for state in states if not tone_of(state)} == PLAIN[states]


def test_a_certificate_too():
    assert [tone_of(state) for state, _label in STATES] == ["good", "warn", "bad"]


def test_no_state_has_two_tones():
    assert len(TONES) == sum(len(states.split()) for states in STATES_BY_TONE.values())
