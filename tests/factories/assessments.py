import re
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from itertools import count
from zoneinfo import ZoneInfo

from assessments.answers.queries import given
from assessments.exams.actions.attempts import start_attempt
from assessments.exams.actions.sittings import create_sitting, draw_papers
from assessments.exams.models import Attempt, Blueprint, BlueprintLine, Sitting
from assessments.questions.kinds.registry import kind_of
from assessments.questions.models import Question
from courses.catalogue.models import Topic
from tests.factories.people import make_dealer, make_employee

NINE = datetime(2026, 3, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # when the sittings of these tests open
CODE = "7K2P9M"
_serial = count(1)


def make_topic(code="brakes", track="technical", **values):
    return Topic.objects.get_or_create(code=code, defaults={"track": track, "name_zh": "制动检查", "name_en": "Brakes", **values})[0]


def make_options(right=(1,), count=4):
    return [("option", {"text_zh": f"选项{n}", "text_en": f"Option {n}", "correct": n in right}) for n in range(1, count + 1)]


ANSWERS = {
    "single": lambda: {"options": make_options()},
    "multiple": lambda: {"options": make_options(right=(1, 3))},
    "truefalse": lambda: {"answer": True},
    "number": lambda: {"value": Decimal("3.2"), "tolerance": Decimal("0.1"), "unit": "mm"},
}


def make_question(kind="single", *, topic=None, level=1, **values):
    """An approved question. By itself: single → option 1 is right, multiple → options 1 and 3, truefalse → true, number → 3.2 ± 0.1 mm."""
    serial = next(_serial)
    answer = ANSWERS[kind]() if kind in ANSWERS else {}
    words = {
        "stem_zh": f"第{serial}题？",
        "stem_en": f"Question {serial}?",
        "explanation_zh": f"第{serial}题的解释。",
        "explanation_en": f"Why of question {serial}.",
    }
    common = {"key": f"q{serial}", "topic": topic or make_topic(), "level": level, "status": Question.Status.APPROVED}
    return kind_of({"kind": kind}).model.objects.create(**{**common, **words, **answer, **values})


RIGHT = {"single": ["1"], "multiple": ["1", "3"], "truefalse": ["true"], "number": ["3.2"]}
WRONG = {"single": ["2"], "multiple": ["1", "2"], "truefalse": ["false"], "number": ["9"]}


def make_bank(each=3, *, topic=None, level=1):
    """`each` approved questions of every kind."""
    return [make_question(kind, topic=topic, level=level) for kind in RIGHT for _ in range(each)]


def make_blueprint(lines=None, *, track="technical", level=1, **values):
    """A blueprint of `lines`: (topic, level, kind, count) or with points as a fifth. Without: one question of each kind on brakes."""
    blueprint = Blueprint.objects.create(**{"name_zh": "一级试卷", "name_en": "Level 1", "track": track, "level": level, **values})
    lines = lines if lines is not None else [(make_topic(), level, kind, 1) for kind in RIGHT]
    for topic, line_level, kind, number, *points in lines:
        BlueprintLine.objects.create(blueprint=blueprint, topic=topic, level=line_level, kind=kind, count=number, points=(points or [1])[0])
    return blueprint


def make_sitting(*, blueprint=None, dealer=None, by=None, **values):
    """A sitting on the morning of `NINE`, open for two hours, an hour allowed; no papers yet."""
    dealer = dealer or make_dealer()
    by = by or make_employee("hr_officer", dealer=dealer).user
    defaults = {
        "title_zh": "理论考试",
        "title_en": "Theory exam",
        "level": 1,
        "opens_at": NINE,
        "closes_at": NINE + timedelta(hours=2),
        "minutes": 60,
        "room": "培训室",
        "access_code": CODE,
    }
    return create_sitting(
        dealer=dealer,
        blueprint=blueprint or make_blueprint(),
        by=by,
        at=NINE - timedelta(days=7),
        **{**defaults, **values},
    )


def make_papers(candidates=None, *, sitting=None, bank=True, **values):
    """The papers of `candidates` (one technician by itself) at a sitting, drawn from a fresh bank of three questions a kind."""
    if bank:
        make_bank()
    sitting = sitting or make_sitting(**values)
    candidates = candidates or [make_employee("technician", dealer=sitting.dealer)]
    hr = make_employee("hr_officer", dealer=sitting.dealer).user
    draw_papers(sitting=sitting, candidates=candidates, by=hr, at=NINE - timedelta(days=1), seed=7)
    return list(sitting.papers.select_related("sitting", "candidate__user").order_by("pk"))


def make_attempt(paper=None, *, at=NINE, **values):
    """An attempt begun when the doors open."""
    paper = paper or make_papers(**values)[0]
    return start_attempt(paper=paper, access_code=CODE, by=paper.candidate.user, at=at)


def items_of(paper):
    """The items of a paper in order, with their versions."""
    return list(paper.items.select_related("version"))


def shown_in(page, item):
    """What the runner's page shows as answered at an item, whatever its kind: what is ticked, or what stands in the field."""
    fields = re.findall(r"<input\b[^>]*>", page.split(f'data-item="{item.pk}"')[1].split("</section>")[0])
    given = [field for field in fields if " checked" in field or 'type="text"' in field]
    return sorted(unescape(value) for field in given if (value := re.search(r'value="([^"]*)"', field)[1]))


def answers_to(attempt):
    """{item's pk: what counts of the answers given to it, with its share}"""
    there = given([attempt.sheet_id])[attempt.sheet_id]
    return {item.pk: there[item.version_id] for item in items_of(attempt.paper) if item.version_id in there}


def responses_given(attempt):
    """{item's pk: the response that counts}"""
    return {item: one.response for item, one in answers_to(attempt).items()}


def responses(paper, table=RIGHT):
    """{item's pk: a response} for all items; right ones by themselves."""
    return {item.pk: table[item.version.content["kind"]] for item in items_of(paper)}


__all__ = [
    "CODE",
    "NINE",
    "RIGHT",
    "WRONG",
    "Attempt",
    "Sitting",
    "answers_to",
    "items_of",
    "make_attempt",
    "make_bank",
    "make_blueprint",
    "make_options",
    "make_papers",
    "make_question",
    "make_sitting",
    "make_topic",
    "responses",
    "responses_given",
]
