"""Who may read what in the course studio: every address of it, tried by people who are no authors."""

import pytest
from django.urls import URLPattern, get_resolver, reverse
from wagtail.log_actions import log

from assessments.questions.models import Question
from courses.catalogue.middleware import FRAME
from tests.architecture.test_urls import filled
from tests.factories import make_bank, make_course, make_employee

pytestmark = pytest.mark.django_db

# Reference data: what the group's HR keeps in the studio.
OF_GROUP_HR = {"people_brand", "people_dealer", "people_department", "people_position", "people_holiday"}
# What the group's HR and authors both write: the tasks of task books, the points of evaluations.
SHARED = ("wagtailsnippets_observations_checklist:", "wagtailsnippetchoosers_observations_checklist:")
# Wagtail's own: a translation catalogue without records, and a page for developers.
EMPTY = {"wagtail_localize:javascript_catalog"}


def studio(patterns=None, before="/", inside=()):
    """(full name, path) of every address of the studio."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = before + filled(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from studio(pattern.url_patterns, path, (*inside, pattern.namespace) if pattern.namespace else inside)
        elif path.startswith("/studio/"):
            yield ":".join([*inside, pattern.name or ""]), path.replace("987654", "1").replace("nothing", "1")


def opened(client):
    """The names of what answers with a page, to a look or to a form without anything in it."""
    return {name for name, path in studio() if client.get(path).status_code == 200}


def is_reference(name):
    return any(name.startswith((f"wagtailsnippets_{model}:", f"wagtailsnippetchoosers_{model}:")) for model in OF_GROUP_HR)


def test_a_dealers_hr_has_no_way_into_the_studio(sign_in):
    client = sign_in(make_employee("hr_officer"))
    assert opened(client) <= {"wagtailadmin_logout", ""}
    assert reverse("wagtailadmin_home").encode() not in client.get("/").content


def test_the_groups_hr_reads_its_reference_data_and_nothing_else(sign_in):
    make_course("one", lessons=1)
    make_bank(2)
    names = opened(sign_in(make_employee("group_hr")))
    assert {"wagtailsnippets_people_dealer:list", "wagtailsnippets_people_holiday:add"} <= names
    assert not {name for name in names if not is_reference(name) and not name.startswith(SHARED)} - FRAME - {""}


@pytest.mark.parametrize("model", sorted(OF_GROUP_HR))
def test_the_groups_reference_data_is_no_author_s_to_choose_from_or_to_change_by_the_dozen(sign_in, model):
    client = sign_in(make_employee("course_author"))
    assert client.get(reverse(f"wagtailsnippetchoosers_{model}:choose")).status_code == 403
    assert client.get(reverse("wagtail_bulk_action", args=[*model.split("_"), "delete"]), {"id": 1}).status_code == 403


@pytest.mark.parametrize("model", ["question", "singlechoice", "multiplechoice", "truefalse", "numericquestion"])
@pytest.mark.parametrize("view", ["choose", "choose_results", "chosen_multiple", "create"])
def test_the_question_bank_is_paged_through_by_authors_alone(sign_in, model, view):
    make_bank(2)
    address = reverse(f"wagtailsnippetchoosers_questions_{model}:{view}")
    assert sign_in(make_employee("group_hr")).get(address).status_code == 403
    assert sign_in(make_employee("course_author")).get(address).status_code == 200


@pytest.mark.parametrize("view", ["usage", "history", "edit"])
def test_what_became_of_a_question_is_for_authors_alone(sign_in, view):
    make_bank(1)
    question = Question.objects.first()
    address = reverse(f"wagtailsnippets_questions_singlechoice:{view}", args=[question.pk])
    assert sign_in(make_employee("group_hr")).get(address).status_code == 403
    assert sign_in(make_employee("course_author")).get(address).status_code == 200


def test_the_report_of_everybodys_work_names_no_question_to_others(sign_in):
    make_bank(1)
    log(Question.objects.first(), "wagtail.edit")
    address = reverse("wagtailadmin_reports:site_history")
    assert sign_in(make_employee("group_hr")).get(address).status_code == 403
    assert sign_in(make_employee("course_author")).get(address).status_code == 200


def test_many_records_at_once_need_a_right_to_them_too(sign_in):
    address = reverse("wagtail_bulk_action", args=["questions", "question", "delete"])
    assert sign_in(make_employee("group_hr")).get(address, {"id": 1}).status_code == 403
