"""An option such as “All of the above” stays last, on every paper and in every try."""

from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from assessments.checks.queries import option_order as order_in_check
from assessments.exams import drawing
from assessments.questions.actions import freeze_versions
from assessments.questions.kinds.registry import kind_of
from assessments.questions.marking import mark, order
from courses.catalogue.models import LessonPage
from tests.factories import make_course, make_employee
from tests.factories.assessments import make_blueprint, make_options, make_papers, make_question, make_topic

seeds = st.integers(0, 2**63 - 1)
kinds = st.sampled_from(["single", "multiple"])
CHINESE = [
    "以上都对",
    "以上都不对",
    "以上皆是。",
    "以上均不正确",
    "以上选项都正确",
    "上述全部",
    "以上各项",
    "以上说法都错",
    " 以上三项都是 ",
    "以上全对",
]
ENGLISH = ["All of the above", "None of the above.", "Both of the above", "none of the above is right", "All the options above"]


def content_of(kind, last):
    """A frozen content: one option an element of `last`, which says whether it stays last."""
    options = [{"id": str(n), "zh": f"选项{n}", "en": "", **({"last": True} if stays else {})} for n, stays in enumerate(last, start=1)]
    return {"kind": kind, "stem": {"zh": "？"}, "explanation": {}, "options": options, "key": ["1"]}


@given(kinds, st.lists(st.booleans(), min_size=2, max_size=8), seeds, st.integers(1, 999))
def test_what_stays_last_is_last_for_every_seed_and_the_others_are_a_permutation(kind, last, seed, question):
    content = content_of(kind, last)
    placed = order(content, partial(drawing.option_order, seed=seed, question=question))
    pinned = [str(n) for n, stays in enumerate(last, start=1) if stays]
    free = [str(n) for n, stays in enumerate(last, start=1) if not stays]
    assert placed[len(free) :] == pinned
    assert placed[: len(free)] == drawing.option_order(free, seed, question)
    assert sorted(placed[: len(free)]) == sorted(free)


@given(kinds, st.lists(st.booleans(), min_size=2, max_size=6), st.sets(st.integers(1, 6)))
def test_marking_does_not_ask_what_stays_last(kind, last, chosen):
    response = [str(n) for n in sorted(chosen)] or None
    plain = content_of(kind, [False] * len(last))
    assert mark(content_of(kind, last), response) == mark(plain, response)


def stays_last(number=4, **values):
    """Options of which the one of this number stays last."""
    options = make_options(**values)
    options[number - 1][1]["last"] = True
    return options


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_papers_of_many_candidates_end_with_it_and_differ_before_it(kind):
    topic = make_topic()
    right = (1,) if kind == "single" else (1, 3)
    question = make_question(kind, topic=topic, options=stays_last(2, right=right))
    people = [make_employee("technician") for _n in range(1)]
    people += [make_employee("technician", dealer=people[0].dealer) for _n in range(15)]
    blueprint = make_blueprint([(topic, 1, kind, 1)])
    papers = make_papers(people, bank=False, blueprint=blueprint, dealer=people[0].dealer)
    orders = [paper.items.get(version__question=question).option_order for paper in papers]
    assert {one[-1] for one in orders} == {"2"}
    assert {tuple(sorted(one)) for one in orders} == {("1", "2", "3", "4")}
    assert len(set(map(tuple, orders))) > 2


@pytest.mark.django_db
def test_the_check_of_a_lesson_ends_with_it_in_every_try():
    version = freeze_versions([make_question(options=stays_last(1))], by=None).popitem()[1]
    lesson, employee = LessonPage.objects.child_of(make_course("brakes", lessons=1)).first(), make_employee("technician")
    orders = [order_in_check(version, employee=employee, lesson=lesson, number=number) for number in range(1, 20)]
    assert {one[-1] for one in orders} == {"1"}
    assert len(set(map(tuple, orders))) > 2


@pytest.mark.django_db
def test_a_version_from_before_is_still_equal_to_its_question_and_is_used_again():
    question = make_question()
    version = freeze_versions([question], by=None)[question.pk]
    assert not [option for option in version.content["options"] if "last" in option]
    assert freeze_versions([question], by=None)[question.pk] == version
    question.options = stays_last(4)
    question.save()
    newer = freeze_versions([question], by=None)[question.pk]
    assert (newer.number, newer.content["options"][3].get("last")) == (2, True)


@pytest.mark.django_db
def test_a_question_written_as_plain_text_may_say_it():
    texts = [{"zh": "甲", "en": "", "correct": True}, {"zh": "以上都不对", "en": "", "correct": False, "last": True}]
    values = kind_of({"kind": "single"}).fields_of({"options": texts})
    content = make_question(**values).content
    assert [option.get("last", False) for option in content["options"]] == [False, True]


def form_of(question):
    """What the studio's form sends for a single choice of three options, of which the second stays last."""
    data = {name: getattr(question, name) for name in ("stem_zh", "stem_en", "level", "difficulty", "status", "key")}
    data |= {"topic": question.topic_id, "in_exams": "on", "explanation_zh": "因为。", "explanation_en": "", "options-count": 3}
    for place, text in enumerate(["甲", "以上都对", "丙"]):
        data |= {f"options-{place}-type": "option", f"options-{place}-order": place, f"options-{place}-deleted": ""}
        data |= {f"options-{place}-value-text_zh": text, f"options-{place}-value-text_en": ""}
    return data | {"options-1-value-correct": "on", "options-1-value-last": "on"}


@pytest.mark.django_db
def test_the_author_ticks_it_in_the_studio_and_the_preview_shows_it_last(client):
    client.force_login(make_employee("course_author").user)
    question = make_question()
    names = {what: question.snippet_viewset.get_url_name(what) for what in ("edit", "preview_on_edit")}
    page = client.get(reverse(names["edit"], args=[question.pk]))
    assert "lms/js/options.js" in page.text
    preview = reverse(names["preview_on_edit"], args=[question.pk])
    assert client.post(preview, form_of(question)).json() == {"is_valid": True, "is_available": True}
    shown = client.get(preview, {"mode": ""}).text
    assert max(shown.index(text) for text in ("甲", "丙")) < shown.index("以上都对") < shown.index("因为。")
    answer = client.post(reverse(names["edit"], args=[question.pk]), form_of(question))
    assert answer.status_code == 302, answer.context["form"].errors
    question.refresh_from_db()
    assert [option.get("last", False) for option in question.content["options"]] == [False, True, False]


@pytest.fixture(scope="module")
def says_so():
    """What the studio's script takes for an option that stays last."""
    engine = MiniRacer()
    engine.eval((Path(settings.BASE_DIR) / "lms/static/lms/js/options.js").read_text())
    return lambda text: engine.call("pitlaneOptions.staysLast", text)


@pytest.mark.parametrize("text", [*CHINESE, *ENGLISH])
def test_the_form_proposes_it_for_what_says_so(says_so, text):
    assert says_so(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "两轮均为300 daN以上，判定合格",
        "以上海为例，所有门店都要在每周一开晨会",
        "60 km/h以上",
        "都对",
        "All wheels",
        "above all, stay calm",
        "None",
    ],
)
def test_the_form_proposes_it_for_nothing_else(says_so, text):
    assert not says_so(text)
