"""A kind of question is one folder, one migration and one line of the registry: a fifth, which stands beside this file, goes all the way."""

import json
import re
import sys
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as real
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from assessments.checks.models import Check
from assessments.exams.actions.sittings import show_results
from assessments.exams.models import Attempt
from assessments.questions import verbs, wagtail_hooks
from assessments.questions.actions import freeze_versions
from assessments.questions.kinds import registry
from assessments.questions.models import Question
from lms.audit.verbs import concern_of, edited_of
from tests.each import each
from tests.factories import make_course, make_employee, make_lesson
from tests.factories.assessments import items_of, make_attempt, make_blueprint, make_papers, make_question, make_sitting, make_topic
from tests.load.scale.papers import ready_papers

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WORDS = ["disc", "pad", "fluid"]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def gaps(django_db_setup, django_db_blocker):
    """The line of the registry and the table; both gone again afterwards."""
    from tests.assessments.questions.gaps.kind import Gaps

    kind = Gaps()
    registry.register(kind)
    registry.load_models()
    model = kind.model
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(model)
        yield kind
        with connection.schema_editor() as editor:
            editor.delete_model(model)
    registry.forget(kind)
    del apps.all_models["questions"]["gaptext"]
    apps.clear_cache()
    with suppress(AttributeError):
        del Question.gaptext
    del sys.modules[type(kind).__module__], sys.modules[model.__module__]


@pytest.fixture(autouse=True)
def _templates(gaps, settings):
    """The folder of kinds is where its template is found; this one stands among the tests."""
    templates = deepcopy(real.TEMPLATES)
    templates[0]["DIRS"].append(HERE)
    settings.TEMPLATES = templates
    yield
    ContentType.objects.clear_cache()


def make_gaps(**values):
    return make_question("gaps", words="\n".join(WORDS), **values)


def test_it_stands_in_the_bank_and_its_version_holds_what_is_right():
    question = make_gaps()
    (version,) = freeze_versions([question], by=None).values()
    assert (version.content["kind"], version.content["key"]) == ("gaps", WORDS)
    assert type(Question.objects.get(pk=question.pk)) is type(question)


def test_the_studio_has_a_list_and_a_form_of_it_and_the_log_knows_it(gaps):
    bank = wagtail_hooks.bank_of(gaps)
    assert (bank.model, bank.menu_label) == (gaps.model, "Gap text")
    assert "words" in str([panel.clean_name for group in bank.panels for panel in group.children])
    verbs.declare(gaps)
    assert concern_of("questions.gaptext").model is gaps.model
    assert "words" in edited_of("questions.gaptext").fields


def test_a_file_of_questions_may_hold_it(gaps):
    assert gaps.model(**gaps.fields_of({"words": WORDS})).answer_content() == {"key": WORDS}


def test_a_lesson_asks_it_and_marks_each_gap(sign_in):
    lesson = make_lesson(make_course("gapped", lessons=0), "first", questions=[make_gaps()])
    client, url = sign_in(make_employee()), reverse("lesson_check", args=[lesson.pk])
    page = client.get(url)
    field = f"v{page.context['questions'][0]['version'].pk}"
    assert page.content.decode().count(f'name="{field}"') == 3
    assert "Each gap counts for itself." in page.content.decode()
    form = {"versions": page.context["versions"], "try": page.context["number"]}
    result = client.post(url, {**form, field: ["disc", "", "fluid"]}, follow=True).content.decode()
    assert (Check.objects.get().score, Check.objects.get().passed) == (67, True)
    assert "disc / pad / fluid" in result
    with translation.override("zh-hans"):
        client.post(url, {**form, "try": "2", field: ["", "", "fluid"]})
    assert list(Check.objects.order_by("number").values_list("score", flat=True)) == [67, 33]


def test_an_exam_draws_it_keeps_it_and_marks_each_gap(sign_in):
    now, topic = timezone.now(), make_topic()
    for _number in range(3):
        make_gaps()
    blueprint = make_blueprint([(topic, 1, "gaps", 2, 5)])
    blueprint.lines.get().full_clean()
    sitting = make_sitting(blueprint=blueprint, opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(hours=2))
    attempt = make_attempt(make_papers(sitting=sitting, bank=False)[0], at=now)
    client = sign_in(attempt.paper.candidate)
    first, second = items_of(attempt.paper)
    page = client.get(reverse("exam", args=[attempt.pk])).text
    assert page.count(f'name="a{first.pk}"') == 3
    assert "pad" not in re.sub(r"<[^>]*>", " ", page)
    for item, words in each([(first, WORDS), (second, ["disc", "", "?"])]):
        body = json.dumps({"item": item.pk, "sequence": 1, "response": words})
        assert client.post(reverse("exam_save", args=[attempt.pk]), body, content_type="application/json").status_code == 200
    client.post(reverse("exam_submit", args=[attempt.pk]))
    attempt.refresh_from_db()
    assert (attempt.status, str(attempt.score)) == (Attempt.Status.MARKED, "66.67")
    show_results(sittings=[sitting], by=make_employee("hr_officer").user, at=now)
    result = client.get(reverse("exam_result", args=[attempt.pk])).text
    assert "disc / pad / fluid" in result
    assert "1.67" in result


def test_the_demo_s_people_answer_it():
    topic = make_topic()
    for _number in range(2):
        make_gaps()
    item = ready_papers(make_blueprint([(topic, 1, "gaps", 2)]), 7)[0].items[0]
    assert (item.right, item.wrong) == (WORDS, ["?"] * 3)


# -- and nothing else asks which kind it is

KINDS = "single|multiple|truefalse|number"
MODELS = "SingleChoice|MultipleChoice|TrueFalse|NumericQuestion"
NAMED = re.compile(rf"""kind\W{{1,8}}(?:in\W{{1,4}})?["'](?:{KINDS})["']|\b(?:{MODELS})\b""")


def test_nothing_outside_the_folders_of_kinds_asks_for_one_by_name():
    folders = [ROOT / name for name in ("assessments", "lms/demo", "lms/home", "lms/static", "templates")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".html", ".js"}]
    own = [path for path in files if not {"kinds", "migrations"} & set(path.parts)]
    assert not [f"{path.relative_to(ROOT)}: {match.group(0)}" for path in own for match in NAMED.finditer(path.read_text())]
