"""Who is meant: the query against the rule in plain Python, one way and the other, and out of whose reach people are."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.audiences.actions import change_audience, make_audience, make_audiences
from lms.audiences.integrity import audiences_know_their_rows, conditions_are_known
from lms.audiences.models import Audience, Condition
from lms.audiences.queries import audiences_of, means, people_in, preview_of, rule_of, rules_of
from lms.audiences.rule import DAYS, MONTHS, Rule, Since, spans
from lms.common.states import WrongHands
from lms.people.models import Employee
from tests.factories import make_dealer, make_employee, make_group, make_position

TODAY = date(2026, 11, 26)
POSTS = ["advisor", "service_supervisor", "technician", "workshop_supervisor", "hr_officer", "guest_lecturer"]
CODES = ["YT01", "YT02"]
pytestmark = pytest.mark.django_db


def person(*position, **values):
    return make_employee(*position, sign_in=False, **values)


# --- The rule in plain Python ----------------------------------------------------------------------------------


def is_meant(rule, one, on):
    """What the query says, said once more, slowly."""
    if one.status == "left" or one.hired_on > on:
        return False
    if one.pk in rule.people:
        return True
    if one.position.is_outside or (rule.people and not rule.asked and not rule.since):
        return False
    track = one.position.track
    held = {
        "dealer": [str(one.dealer_id)],
        "department": [str(one.position.department_id)],
        "position": [str(one.position_id)],
        "track": [track] if track else [],
        "level": [str(one.level_in(track))] if track else [],
    }
    if any(not set(values) & set(held[name]) for name, values in rule.asked.items()):
        return False
    return is_here_for(rule.since, one.hired_on, on)


def is_here_for(since, hired_on, on):
    def back(number):
        return on - (timedelta(days=number) if since.unit == DAYS else relativedelta(months=number))

    if since is None:
        return True
    return (since.least is None or hired_on <= back(since.least)) and (since.most is None or hired_on > back(since.most))


numbers = st.integers(0, 40)
sinces = st.none() | st.builds(
    lambda one, more, unit, which: Since(one if which != "most" else None, one + more if which != "least" else None, unit),
    numbers, st.integers(1, 30), st.sampled_from([DAYS, MONTHS]), st.sampled_from(["least", "most", "both"]),
)  # fmt: skip


@st.composite
def houses(draw):
    """A few people of two dealers and, of the same world, a few rules."""
    made = [
        {
            "position": draw(st.sampled_from(POSTS)),
            "code": draw(st.sampled_from(CODES)),
            "hired_on": TODAY - timedelta(days=draw(st.integers(-3, 900))),
            "left": draw(st.integers(0, 6)) == 0,
        }
        for _number in range(draw(st.integers(2, 7)))
    ]
    chosen = [
        {
            "dealer": draw(st.sets(st.sampled_from(CODES))),
            "department": draw(st.sets(st.sampled_from(["advisor", "hr_officer"]), max_size=1)),
            "position": draw(st.sets(st.sampled_from(POSTS), max_size=3)),
            "track": draw(st.sets(st.sampled_from(["service", "technical"]), max_size=1)),
            "level": draw(st.sets(st.sampled_from("0123"), max_size=3)),
            "since": draw(sinces),
            "named": draw(st.sets(st.integers(0, len(made) - 1), max_size=2)),
        }
        for _number in range(draw(st.integers(1, 3)))
    ]
    return made, chosen


def people_of(made):
    people = []
    for one in made:
        left = {"status": "left", "left_on": TODAY} if one["left"] else {}
        dealer, hired_on = make_dealer(one["code"]), one["hired_on"]
        people.append(make_employee(one["position"], dealer=dealer, sign_in=False, hired_on=hired_on, **left))
    return people


def rule_from(said, people):
    asked = {
        "dealer": [str(make_dealer(code).pk) for code in said["dealer"]],
        "department": [str(make_position(code).department_id) for code in said["department"]],
        "position": [str(make_position(code).pk) for code in said["position"]],
        "track": list(said["track"]),
        "level": list(said["level"]),
    }
    return Rule(asked, said["since"], frozenset(people[number].pk for number in said["named"]))


@pytest.fixture
def frame():
    """Posts and dealers, made once for all examples."""
    return [make_position(), *map(make_dealer, CODES)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60)
@given(house=houses())
def test_the_query_means_whom_the_rule_means_from_either_side(frame, house):
    made, chosen = house
    with transaction.atomic():
        people = people_of(made)
        rules = [rule_from(said, people) for said in chosen]
        audiences = make_audiences(rules)
        for rule, audience in zip(rules, audiences, strict=True):
            expected = {one.pk for one in people if is_meant(rule, one, TODAY)}
            assert {one.pk for one in people_in(audience, TODAY)} == expected
            assert people_in(audience, TODAY).count() == len(expected)
        here = [one for one in people if one.is_here and one.hired_on <= TODAY]
        pairs = list(zip(rules, audiences, strict=True))
        meant = {one: {audience.pk for rule, audience in pairs if is_meant(rule, one, TODAY)} for one in here}
        assert {one: {audience.pk for audience in audiences_of(one, TODAY)} for one in here} == meant
        assert list(audiences_know_their_rows()) == []
        transaction.set_rollback(True)


@given(hired_on=st.dates(date(2015, 1, 1), TODAY), number=st.integers(0, 120))
def test_whole_months_are_counted_as_one_reaches_back(hired_on, number):
    assert (spans(hired_on, TODAY).months >= number) == (hired_on <= TODAY - relativedelta(months=number))


def test_levels_are_those_of_the_own_track(asked):
    """A technician who was once an advisor is no advisor of level 2."""
    audience = make_audience(rule=asked(level=["0"]), by=None)
    ours = {person("advisor").pk, person("technician").pk}
    person("workshop_supervisor")
    assert {one.pk for one in people_in(audience, TODAY)} == ours


@pytest.fixture
def asked():
    return lambda **values: Rule(values)


def test_nothing_asked_is_everybody_and_only_names_are_nobody_else(asked):
    one, other = person(), person()
    everybody, named = make_audiences([Rule(), Rule(people=frozenset({one.pk}))])
    assert set(people_in(everybody, TODAY)) == {one, other}
    assert set(people_in(named, TODAY)) == {one}
    assert set(audiences_of(other, TODAY)) == {everybody}


def test_a_condition_that_no_room_knows_any_more_holds_for_nobody():
    one, audience = person(), Audience.objects.create(asks=1)
    Condition.objects.create(audience=audience, name="gone", value="1")
    assert not people_in(audience, TODAY)
    assert not audiences_of(one, TODAY)
    assert [row.name for row in conditions_are_known()] == ["gone"]


def test_what_was_asked_is_read_again_and_changed(asked):
    first = Rule({"position": ["3", "1"], "level": ["1"]}, Since(None, 12), frozenset({person().pk}))
    audience = make_audience(rule=first, by=None)
    assert rule_of(audience) == first
    then = Rule({"level": ["2"]}, Since(5, 9, DAYS))
    assert change_audience(audience=audience, rule=then, by=None) == first
    audience.refresh_from_db()
    assert rule_of(audience) == then


def test_many_are_made_read_and_asked_for_in_as_many_statements_as_one(django_assert_num_queries, asked):
    who = person()
    rules = [Rule({"position": [str(who.position_id)], "level": ["0", "1"]}, None, frozenset({who.pk})) for _number in range(20)]
    with django_assert_num_queries(5):  # a savepoint around three
        audiences = make_audiences(rules)
    with django_assert_num_queries(2):
        assert list(rules_of(audiences).values()) == rules
    with django_assert_num_queries(1):
        assert len(audiences_of(who, TODAY)) == 20


def test_means_is_a_condition_on_whatever_leads_to_an_audience(asked):
    who = person()
    mine, other = make_audiences([asked(position=[str(who.position_id)]), asked(track=["technical"])])
    rows = Condition.objects.filter(means(who, TODAY))
    assert {row.audience_id for row in rows} == {mine.pk}
    assert other.pk not in {row.audience_id for row in rows}


# --- Out of reach ----------------------------------------------------------------------------------------------


def test_a_dealers_hr_means_nobody_at_another_dealer(asked):
    hr, there = make_employee("hr_officer"), person(dealer=make_dealer("YT02"))
    here = str(hr.dealer_id)
    make_audience(rule=asked(dealer=[here]), by=hr.user)
    for rule in (
        Rule(),
        asked(position=["1"]),
        asked(dealer=[here, str(there.dealer_id)]),
        Rule({"dealer": [here]}, None, frozenset({there.pk})),
        Rule(people=frozenset({there.pk})),
    ):
        with pytest.raises(WrongHands):
            make_audience(rule=rule, by=hr.user)


def test_whoever_was_named_by_the_group_stays_named_when_a_dealers_hr_changes_the_rest():
    group_hr, hr, there = make_employee("group_hr"), make_employee("hr_officer"), person(dealer=make_dealer("YT02"))
    rule = Rule({"dealer": [str(hr.dealer_id)]}, None, frozenset({there.pk}))
    audience = make_audience(rule=rule, by=group_hr.user)
    change_audience(audience=audience, rule=Rule({**rule.asked, "level": ["1"]}, None, rule.people), by=hr.user)
    assert rule_of(audience).people == {there.pk}


def test_group_hr_means_its_own_group_and_no_other():
    group_hr, foreign = make_employee("group_hr"), make_dealer("XX01", group=make_group("xx"))
    with pytest.raises(WrongHands):
        make_audience(rule=Rule({"dealer": [str(foreign.pk)]}), by=group_hr.user)
    with pytest.raises(WrongHands):
        make_audience(rule=Rule(), by=group_hr.user)


def test_a_preview_shows_those_whom_its_reader_may_see_and_no_number_of_others():
    hr, there = make_employee("hr_officer"), person(dealer=make_dealer("YT02"))
    advisor = person()
    shown = preview_of(Rule(), hr.user, TODAY)
    assert shown.number == 2
    assert set(shown.people) == {hr, advisor}
    assert preview_of(Rule(people=frozenset({there.pk})), hr.user, TODAY).number == 0
    assert preview_of(Rule(), make_employee("group_hr").user, TODAY).number == Employee.objects.count()


# --- The database ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns", [{"since_least": 5, "since_most": 5}, {"by_name": True, "asks": 1}, {"by_name": True, "since_least": 1}]
)
def test_the_database_refuses_an_audience_that_contradicts_itself(columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        Audience.objects.create(**columns)


def test_an_audience_that_miscounts_its_rows_is_found():
    audience = make_audience(rule=Rule({"level": ["1"]}), by=None)
    assert list(audiences_know_their_rows()) == []
    Audience.objects.filter(pk=audience.pk).update(asks=0)
    assert list(audiences_know_their_rows()) == [audience]
