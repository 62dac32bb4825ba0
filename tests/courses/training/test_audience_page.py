"""The page that says for whom a programme is: what it hits is seen before it is saved, and what is secret is seen by nobody."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from courses.training.actions.programmes import change_programme_audience
from courses.training.queries.sessions import audience_at
from lms.audiences import conditions
from lms.audiences.actions import make_audience
from lms.audiences.forms import AudienceForm
from lms.audiences.integrity import conditions_are_known
from lms.audiences.models import Condition
from lms.audiences.queries import rule_of
from lms.audiences.rule import Rule, Since
from lms.audiences.sentences import sentence_of
from lms.audit.models import Event
from lms.notifications.models import Notice
from tests.each import each
from tests.factories import PLANNED_AT, make_dealer, make_employee, make_floor, make_position, make_programme, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor(advisors=3, technicians=2)


@pytest.fixture
def programme(floor):
    return make_programme(floor)


def address(programme):
    return reverse("programme_audience", args=[programme.pk])


def key(code):
    return str(make_position(code).pk)


def test_the_page_shows_whom_the_programme_is_for_now(sign_in, floor, programme):
    page = sign_in(floor.supervisor).get(address(programme)).content.decode()
    assert "益通店的员工，服务顾问序列" in page
    assert "4 人" in page
    for one in each([*floor.advisors, floor.supervisor]):
        assert f"<li>{one.name} " in page
    assert 'name="dealer"' not in page, "a dealer's programme is for the dealer's people"


@pytest.mark.parametrize("htmx", [True, False])
def test_whom_a_change_would_hit_is_seen_before_it_is_saved(sign_in, floor, programme, htmx):
    data = {"position": [key("technician")], "people": [floor.advisors[0].pk], "unit": "months", "preview": "1"}
    headers = {"HX-Request": "true"} if htmx else {}
    answer = sign_in(floor.supervisor).post(address(programme), data, headers=headers).content.decode()
    assert "3 人" in answer
    assert f"<li>{floor.technicians[1].name} " in answer
    assert f"<li>{floor.advisors[0].name} " in answer
    assert f"<li>{floor.advisors[1].name} " not in answer
    assert ("<!doctype html>" in answer) != htmx
    assert rule_of(programme.audience).asked == {"dealer": (str(floor.dealer.pk),), "track": ("service",)}


def test_what_is_saved_is_what_was_said_and_stands_in_the_log_in_both_languages(sign_in, floor, programme):
    data = {"position": [key("advisor")], "level": ["0"], "most": "12", "unit": "months", "people": [floor.technicians[0].pk]}
    assert sign_in(floor.supervisor).post(address(programme), data)["Location"] == reverse("training_board")
    asked = {"dealer": (str(floor.dealer.pk),), "position": (key("advisor"),), "level": ("0",)}
    programme.audience.refresh_from_db()
    assert rule_of(programme.audience) == Rule(asked, Since(None, 12), frozenset({floor.technicians[0].pk}))
    event = Event.objects.get(verb="training.audience_changed")
    assert event.before == {"audience": {"en": "Staff of Yitong, service-advisor track", "zh": "益通店的员工，服务顾问序列"}}
    assert event.after["audience"]["en"].endswith("hired in the last 12 months; also 1 person by name")
    assert floor.technicians[0].name not in str(event.after)
    sign_in(floor.supervisor).post(address(programme), data)
    assert Event.objects.filter(verb="training.audience_changed").count() == 1, "saving the same again is nothing new"


@pytest.mark.parametrize(
    "wrong",
    [
        {"least": "5", "most": "5"}, {"most": "0"}, {"least": "-1"}, {"least": "x"}, {"position": ["999999"]}, {"position": ["9" * 30]},
        {"track": ["sales"]}, {"unit": "years"}, {"people": ["x"]}, {"people": ["9" * 30]},
    ],
)  # fmt: skip
def test_nonsense_comes_back_with_what_was_typed_and_saves_nothing(sign_in, floor, programme, wrong):
    before = rule_of(programme.audience)
    data = {"level": ["2"], "unit": "months", **wrong}
    page = sign_in(floor.supervisor).post(address(programme), data)
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {next(reversed(wrong))}
    assert page.context["form"]["level"].value() == ["2"]
    assert rule_of(programme.audience) == before
    shown = sign_in(floor.supervisor).post(address(programme), data | {"preview": "1"}, headers={"HX-Request": "true"})
    assert "请先更正表单" in shown.content.decode()


def test_nobody_at_another_dealer_can_be_chosen_or_seen(sign_in, floor, programme):
    there = make_employee("advisor", dealer=make_dealer("YT02"), sign_in=False)
    data = {"people": [there.pk], "unit": "months", "preview": "1"}
    answer = sign_in(floor.supervisor).post(address(programme), data, headers={"HX-Request": "true"}).content.decode()
    assert there.name not in answer
    assert "请先更正表单" in answer


@pytest.mark.parametrize("who", ["advisors", "elsewhere"])
def test_the_page_is_for_whoever_may_open_the_programme(sign_in, floor, programme, who):
    one = floor.advisors[0] if who == "advisors" else make_floor("YT02").supervisor
    assert sign_in(one).get(address(programme)).status_code in (403, 404)


def test_the_page_costs_the_same_for_few_and_many_people(sign_in, floor, programme, django_assert_max_num_queries):
    client = sign_in(floor.supervisor)
    client.get(address(programme))
    for _number in range(12):
        make_employee("advisor", dealer=floor.dealer, sign_in=False)
    with django_assert_max_num_queries(22):
        client.get(address(programme))


# --- What is secret --------------------------------------------------------------------------------------------


@pytest.fixture
def pool(floor):
    """A secret circle of two, which the manager alone knows of."""
    members = frozenset({floor.advisors[1].pk, floor.technicians[0].pk})
    conditions.condition(
        "pool", label="Reserve pool", named_only=True, people=lambda values: Q(pk__in=members), held_by=lambda one: ["all"],
        names=lambda values: {"all": "Reserve pool"}, choices=lambda user: [("all", "All of it")] if user == floor.manager.user else [],
        phrase=lambda names: "in the reserve pool",
    )  # fmt: skip
    yield members
    conditions.forget("pool")


def test_by_a_secret_condition_people_are_named_and_nothing_tells_by_what_they_came_in(sign_in, floor, programme, pool):
    """All that there is to see and keep is the same as if they had been ticked one by one."""
    client = sign_in(floor.manager)
    client.post(address(programme), {"level": ["3"], "pool": ["all"], "unit": "months"})
    secret = rule_of(programme.audience)
    assert secret.people == pool
    assert set(secret.asked) == {"dealer", "level"}
    by_hand = make_audience(rule=Rule(secret.asked, None, pool), by=floor.manager.user)
    assert rule_of(by_hand) == secret
    assert not Condition.objects.filter(name="pool").exists()

    page = sign_in(floor.supervisor).get(address(programme)).content.decode()
    session = make_session(programme)
    change_programme_audience(programme=programme, rule=secret, by=floor.manager.user, at=PLANNED_AT)
    told = [page, str(list(Event.objects.values())), str(list(Notice.objects.values())), *map(str, audience_at(session))]
    for language in ("en", "zh-hans"):
        with override(language):
            told.append(sentence_of(secret, floor.supervisor.user))
    assert all(floor.technicians[0].name in text for text in (page, told[-1]))
    assert not any(word in text.lower() for text in told for word in ("reserve", "pool"))


def test_whoever_may_not_use_it_learns_nothing_by_asking(sign_in, floor, programme, pool):
    ask = {"unit": "months", "level": ["3"], "preview": "1"}
    client = sign_in(floor.supervisor)
    answers = [client.post(address(programme), data, headers={"HX-Request": "true"}).content for data in (ask, ask | {"pool": ["all"]})]
    assert answers[0] == answers[1]
    assert "pool" not in AudienceForm(user=floor.supervisor.user, rule=Rule(), dealer=floor.dealer).fields


def test_no_door_keeps_a_secret_condition(floor, pool):
    with pytest.raises(ValueError, match="keeps no condition “pool”"):
        make_audience(rule=Rule({"dealer": [str(floor.dealer.pk)], "pool": ["all"]}), by=floor.manager.user)
    row = Condition.objects.create(audience=make_audience(rule=Rule(), by=None), name="pool", value="all")
    assert list(conditions_are_known()) == [row]


def test_another_condition_of_a_room_above_is_asked_read_and_said(sign_in, floor, programme):
    chosen = floor.advisors[2]
    conditions.condition(
        "shift", label="Shift", people=lambda values: Q(pk=chosen.pk), held_by=lambda one: ["early"] if one.pk == chosen.pk else [],
        names=lambda values: {"early": "early"}, choices=lambda user: [("early", "Early shift")], phrase=lambda names: f"{names[0]} shift",
    )  # fmt: skip
    try:
        sign_in(floor.manager).post(address(programme), {"position": [key("advisor")], "shift": ["early"], "unit": "months"})
        assert list(audience_at(make_session(programme, on=_tomorrow(9)))) == [chosen]
        assert sentence_of(rule_of(programme.audience)) == "Service advisors of Yitong, early shift"
        assert reverse("session", args=[make_session(programme, on=_tomorrow()).pk]) in _training(sign_in, chosen)
        assert reverse("session", args=[make_session(programme, on=_tomorrow(2)).pk]) not in _training(sign_in, floor.advisors[0])
    finally:
        conditions.forget("shift")


def _tomorrow(days=1):
    return timezone.localdate() + timedelta(days=days)


def _training(sign_in, one):
    return sign_in(one).get(reverse("training")).content.decode()
