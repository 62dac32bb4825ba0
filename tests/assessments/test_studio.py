"""Rubrics and blueprints in the course studio: each edit on record, used versions left alone, nothing deleted."""

import pytest
from django.urls import reverse

from assessments.exams.models import Blueprint
from assessments.practicals.models import Rubric
from lms.accounts.models import User
from lms.audit.models import Event
from lms.common.versions import freeze
from tests.factories import NINE, make_blueprint, make_employee, make_rubric, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    client.force_login(make_employee("course_author").user)
    return client


def rubric_form(rubric, **values):
    """What the studio's form sends: the rubric and its criteria."""
    criteria = list(rubric.criteria.all())
    data = {"name_zh": rubric.name_zh, "name_en": rubric.name_en, "track": rubric.track, "level": rubric.level, "in_use": "on"}
    data |= {"part": rubric.part, "pass_mark": rubric.pass_mark, "criteria-TOTAL_FORMS": len(criteria), "criteria-INITIAL_FORMS": len(criteria)}
    data |= {"criteria-MIN_NUM_FORMS": 1, "criteria-MAX_NUM_FORMS": 1000}
    for place, one in enumerate(criteria):
        fields = {"id": one.pk, "name_zh": one.name_zh, "name_en": one.name_en, "max_points": one.max_points, "order": one.order}
        data |= {f"criteria-{place}-{name}": value for name, value in fields.items()} | {f"criteria-{place}-ORDER": place + 1}
    return data | values


def url_of(record, what="edit"):
    return reverse(record.snippet_viewset.get_url_name(what), args=[record.pk])


def test_an_edit_of_a_rubric_is_on_record_with_what_it_was_before(author):
    rubric = make_rubric()
    answer = author.post(url_of(rubric), rubric_form(rubric, pass_mark=75, **{"criteria-2-max_points": 30}))
    assert answer.status_code == 302, answer.context["form"].errors
    event = Event.objects.get(verb="rubric.changed")
    assert (event.before["pass_mark"], event.after["pass_mark"]) == (60, 75)
    assert [one.rpartition(" ")[2] for one in event.before["criteria"]] == ["10", "10", "5"]
    assert [one.rpartition(" ")[2] for one in event.after["criteria"]] == ["10", "10", "30"]
    assert event.actor.employee.position.code == "course_author"


def test_a_new_blueprint_and_its_edit_are_on_record(author):
    line = {"topic": make_topic().pk, "level": 1, "kind": "", "count": 5, "points": 2, "ORDER": 1, "id": ""}
    form = {"name_zh": "一级", "track": "technical", "level": 1, "minutes": 40, "pass_mark": 60, "in_use": "on"}
    form |= {"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-MIN_NUM_FORMS": 1, "lines-MAX_NUM_FORMS": 1000}
    form |= {f"lines-0-{name}": value for name, value in line.items()}
    assert author.post(reverse(Blueprint.snippet_viewset.get_url_name("add")), form).status_code == 302
    blueprint = Blueprint.objects.get()
    form |= {"lines-INITIAL_FORMS": 1, "lines-0-id": blueprint.lines.get().pk, "lines-0-count": 3, "in_use": ""}
    assert author.post(url_of(blueprint), form).status_code == 302
    created, edited = Event.objects.filter(verb__startswith="blueprint").order_by("pk")
    assert (created.verb, "5 × 2" in created.after["lines"][0]) == ("blueprint.added", True)
    assert ("3 × 2" in edited.after["lines"][0], edited.before["in_use"], edited.after["in_use"]) == (True, True, False)


def test_a_used_version_is_not_edited_and_the_studio_says_so(author):
    rubric = make_rubric()
    version = freeze(rubric, at=NINE)
    listed = author.get(reverse(Rubric.snippet_viewset.get_url_name("list"))).text
    assert url_of(rubric) in listed
    assert url_of(version) not in listed
    for answer in (author.get(url_of(version), follow=True), author.post(url_of(version), rubric_form(version, pass_mark=1), follow=True)):
        assert answer.redirect_chain[0][0] == url_of(rubric)
        assert any("已使用" in str(message) for message in answer.context["messages"])
    version.refresh_from_db()
    assert version.pass_mark == 60
    assert not Event.objects.filter(verb="rubric.changed").exists()


@pytest.mark.parametrize("make", [make_rubric, make_blueprint])
def test_nothing_is_deleted_not_even_by_a_technical_account(client, make):
    record = make()
    client.force_login(User.objects.create(username="root", is_superuser=True, is_staff=True))
    client.post(url_of(record, "delete"))
    assert type(record).objects.filter(pk=record.pk).exists()


def test_the_form_says_what_an_edit_applies_to(author):
    assert "锁定" in author.get(url_of(make_rubric())).text
