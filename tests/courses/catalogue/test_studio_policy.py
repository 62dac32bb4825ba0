"""The studio's Content-Security-Policy: no inline script but those that only set widgets up, no style attribute."""

import base64
import hashlib
import re

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource

from courses.catalogue.middleware import is_setting_up
from tests.each import each
from tests.factories import make_blueprint, make_course, make_employee

pytestmark = pytest.mark.django_db

INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")([^>]*)>(.*?)</script>", re.S)


@pytest.fixture
def author(sign_in):
    return sign_in(make_employee("course_author"))


@pytest.fixture
def lesson():
    return make_course("one", lessons=1).get_children().get()


@pytest.fixture
def screens(lesson):
    """The studio's main screens, with a page for each widget that sets itself up inline."""
    source, _new = TranslationSource.get_or_create_from_instance(lesson.specific)
    translation = Translation.objects.create(source=source, target_locale=Locale.objects.get(language_code="en"))
    translation.save_target(publish=False)
    return [
        "/studio/",
        "/studio/images/",
        "/studio/images/add/",
        "/studio/documents/multiple/add/",
        reverse("wagtailadmin_explore", args=[lesson.get_parent().pk]),
        reverse("wagtailadmin_pages:edit", args=[lesson.pk]),
        reverse("wagtailadmin_pages:edit", args=[translation.get_target_instance().pk]),
        reverse("wagtail_localize:submit_page_translation", args=[make_course("two", lessons=0).pk]),
        reverse("wagtailsnippets_exams_blueprint:edit", args=[make_blueprint().pk]),
        reverse("wagtailsnippets_questions_singlechoice:add"),
    ]


def policy_of(answer):
    return {
        name: values.split()
        for name, _space, values in (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    }


def digest(script):
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def test_every_inline_script_of_the_studio_is_one_that_its_policy_lets_run(author, screens):
    marked, stopped = 0, []
    for path in each(screens):
        answer = author.get(path)
        assert answer.status_code == 200, path
        allowed = policy_of(answer)["script-src"]
        for attributes, script in INLINE.findall(answer.content.decode()):
            nonce = re.search(r'nonce="([^"]+)"', attributes)
            runs = f"'nonce-{nonce[1]}'" in allowed if nonce else digest(script) in allowed
            marked += bool(nonce)
            stopped += [] if runs else [f"{path}: {digest(script)} {script[:80]}"]
    assert not stopped
    assert marked > 5


def test_no_policy_lets_every_inline_script_run(author, screens):
    for path in each([*screens, "/", reverse("notices")]):
        policy = policy_of(author.get(path))
        assert "'unsafe-inline'" not in policy["script-src"] + policy["style-src"], path
        assert "'unsafe-eval'" not in policy["script-src"], path


def test_only_the_editor_of_pages_takes_style_elements(author, screens):
    loose = [path for path in [*screens, "/"] if "style-src-elem" in policy_of(author.get(path))]
    assert loose == [path for path in screens if path.startswith(("/studio/pages/", "/studio/localize/"))]


def test_each_answer_has_a_nonce_of_its_own(author, lesson):
    path = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    first, second = (policy_of(author.get(path))["script-src"] for _time in range(2))
    assert first != second


@pytest.mark.parametrize(
    "script",
    [
        'new SnippetChooser("id_topic", {"modalUrl": "/studio/x/", "state": null});',
        'new PageChooser("id_parent", {"canChooseRoot": false});',
        'initDateChooser("id_on", {"dayOfWeekStart": 1, "format": "Y-m-d"});',
        '(function() {\n    var panel = new InlinePanel(JSON.parse("\\u0022a\\u0022"));\n })();',
    ],
)
def test_a_call_with_nothing_but_data_in_it_sets_a_widget_up(script):
    assert is_setting_up(script)


@pytest.mark.parametrize(
    "script",
    [
        "alert(1)",
        "fetch('/studio/')",
        'new Function("a", "alert(1)");',
        'new SnippetChooser("id", alert(1));',
        'new SnippetChooser("id", {"a": alert(1)});',
        'new SnippetChooser("id", {}); alert(1);',
        'new SnippetChooser("id", {});\nnew SnippetChooser("id", {}); alert("x");',
        'initDateChooser("a", {}) || alert(1);',
        'eval("", "1");',
        'setTimeout("alert", 1);',
        '(function() { var panel = new InlinePanel(JSON.parse("x")); alert(1); })();',
        '(function() { var panel = new InlinePanel(JSON.parse("x" + alert(1) + "")); })();',
        '(function() { var panel = new InlinePanel(JSON.parse("\\x22"));alert("")); })();',
        "",
    ],
)
def test_whatever_acts_does_not(script):
    assert not is_setting_up(script)


def test_a_script_that_somebody_wrote_into_a_page_does_not_run(author, lesson):
    lesson.title = '<script>alert("x")</script>'
    lesson.save()
    answer = author.get(reverse("wagtailadmin_explore", args=[lesson.get_parent().pk]))
    assert '<script>alert("x")' not in answer.content.decode()
    assert not re.search(r'<script nonce="[^"]*">alert', answer.content.decode())
