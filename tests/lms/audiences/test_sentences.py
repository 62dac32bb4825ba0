"""An audience in words: natives' sentences in both languages, and no condition left out."""

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.audiences.rule import DAYS, MONTHS, Rule, Since
from lms.audiences.sentences import sentence_of, sentences_of
from lms.people.models import Position
from tests.factories import make_dealer, make_employee, make_position

pytestmark = pytest.mark.django_db
SAID = {"en": {"track": "technician track"}, "zh-hans": {"track": "维修技师序列"}}


def keys(*codes):
    return [str(make_position(code).pk) for code in codes]


def said(rule, user=None):
    sentences = []
    for language in ("en", "zh-hans"):
        with override(language):
            sentences.append(sentence_of(rule, user))
    return sentences


def test_the_sentence_reads_as_a_native_would_write_it():
    dealer = make_dealer("YT09", name_zh="烟台丰田", name_en="Yantai Toyota")
    rule = Rule({"dealer": [str(dealer.pk)], "position": keys("advisor", "service_supervisor"), "level": ["1", "2"]}, Since(None, 12))
    assert said(rule) == [
        "Service supervisors and service advisors of Yantai Toyota, levels 1–2, hired in the last 12 months",
        "烟台丰田的服务主管和服务顾问，一级至二级，入职不满 12 个月",
    ]


@pytest.mark.parametrize(
    ("rule", "english", "chinese"),
    [
        (Rule(), "Everyone", "所有人"),
        (Rule({"track": ["technical"]}), "Staff, technician track", "员工，维修技师序列"),
        (Rule({"level": ["0", "3"]}), "Staff, not yet graded or level 3", "员工，未评级或三级"),
        (Rule({"level": ["3", "1", "2"]}), "Staff, levels 1–3", "员工，一级至三级"),
        (Rule(since=Since(1, None)), "Staff, here for at least a month", "员工，入职满 1 个月"),
        (Rule(since=Since(30, 90, DAYS)), "Staff, hired 30 to 90 days ago", "员工，入职满 30 天、不满 90 天"),
        (Rule(since=Since(6, 12)), "Staff, hired 6 to 12 months ago", "员工，入职满 6 个月、不满 12 个月"),
        (Rule(since=Since(None, 1, DAYS)), "Staff, hired in the last day", "员工，入职不满 1 天"),
    ],
)
def test_each_condition_has_its_words(rule, english, chinese):
    assert said(rule) == [english, chinese]


def test_department_and_dealer_make_one_place_and_a_post_without_a_translation_is_left_as_it_is():
    dealer = make_dealer("YT09", name_zh="烟台丰田", name_en="")
    washing = Position.objects.create(code="washer", name_zh="洗车员", department=make_position().department)
    rule = Rule(
        {"dealer": [str(dealer.pk)], "department": [str(washing.department_id)], "position": [str(washing.pk), *keys("hr_officer")]}
    )
    assert said(rule) == ["HR officers and 洗车员 of After-sales service, 烟台丰田", "烟台丰田售后服务部的人事专员和洗车员"]


def test_those_named_are_named_to_whoever_may_see_them_and_counted_for_others():
    hr = make_employee("hr_officer")
    here = make_employee(name="李明", dealer=hr.dealer, sign_in=False)
    there = make_employee(name="王芳", dealer=make_dealer("YT02"), sign_in=False)
    rule = Rule(people=frozenset({here.pk, there.pk}))
    assert said(rule, make_employee("group_hr").user) == ["李明 and 王芳", "李明和王芳"]
    assert said(rule, hr.user) == ["李明 and 1 more", "李明，另有 1 人"]
    assert said(rule) == ["2 people by name", "指定的 2 人"]
    assert said(Rule({"level": ["1"]}, None, rule.people), hr.user)[0] == "Staff, level 1; also 李明 and 1 more"


def test_many_names_are_cut_short():
    hr = make_employee("hr_officer")
    rule = Rule(people=frozenset(make_employee(dealer=hr.dealer, sign_in=False).pk for _number in range(9)))
    assert said(rule, hr.user)[0].endswith(" and 3 more")


def test_what_a_condition_named_may_be_gone():
    assert said(Rule({"position": ["987654"]}))[0] == "(no longer there)"


def test_many_sentences_take_as_many_statements_as_one(django_assert_num_queries):
    hr = make_employee("hr_officer")
    person = make_employee(dealer=hr.dealer, sign_in=False)
    rule = Rule({"dealer": [str(hr.dealer_id)], "position": keys("advisor")}, None, frozenset({person.pk}))
    hr.user.get_all_permissions()
    with django_assert_num_queries(3):
        assert len(set(sentences_of({number: rule for number in range(9)}, hr.user).values())) == 1


@pytest.fixture
def frame():
    return make_dealer("YT09", name_zh="烟台丰田", name_en="Yantai Toyota"), make_position("advisor")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    parts=st.sets(st.sampled_from(["dealer", "department", "position", "track", "level", "since"])),
    unit=st.sampled_from([DAYS, MONTHS]),
    language=st.sampled_from(["en", "zh-hans"]),
)
def test_the_sentence_names_every_condition(frame, parts, unit, language):
    dealer, position = frame
    values = {"dealer": str(dealer.pk), "department": str(position.department_id), "position": str(position.pk)}
    values |= {"track": "technical", "level": "2"}
    rule = Rule({name: [values[name]] for name in parts - {"since"}}, Since(7, 19, unit) if "since" in parts else None)
    with override(language):
        sentence = sentence_of(rule)
        words = {
            "dealer": dealer.name,
            "department": position.department.name,
            "position": position.name,
            "track": SAID[language]["track"],
            "level": "level 2" if language == "en" else "二级",
            "since": "19",
        }
    assert {name for name, word in words.items() if word in sentence} == parts
    assert (language == "en") == sentence.isascii() or "–" in sentence
