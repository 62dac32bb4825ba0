"""What the course studio does is in the audit log, with what was and what is."""

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from assessments.exams.models import Blueprint
from assessments.practicals.models import Rubric
from courses.catalogue.models import CataloguePage, CoursePage, Topic
from lms.accounts.models import User
from lms.audit.models import Event
from lms.people.models import Dealer, Holiday, Position
from tests.factories import make_course, make_dealer, make_employee, make_position, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    author = make_employee("course_author")
    client.force_login(author.user)
    return author


def edit(client, record, values):
    kind = f"{record._meta.app_label}_{record._meta.model_name}"
    response = client.post(reverse(f"wagtailsnippets_{kind}:edit", args=[record.pk]), nested_form_data(values))
    assert response.status_code == 302, response.context["form"].errors


def position_form(position, **values):
    names = ("name_zh", "name_en", "code", "track", "role", "order")
    return {name: getattr(position, name) for name in names} | {"department": position.department_id} | values


def test_a_changed_position_is_recorded_before_and_after(client):
    group_hr, position = make_employee("group_hr"), make_position("advisor")
    client.force_login(group_hr.user)
    edit(client, position, position_form(position, name_en="Adviser"))
    event = Event.objects.get(verb="position.changed")
    assert Position.objects.get(pk=position.pk).name_en == "Adviser"
    assert (event.before, event.after) == ({"name_en": "Service advisor"}, {"name_en": "Adviser"})
    assert (event.actor, event.target_id, event.dealer) == (group_hr.user, str(position.pk), None)


def test_saving_without_a_change_is_no_event(client):
    client.force_login(make_employee("group_hr").user)
    position = make_position("advisor")
    edit(client, position, position_form(position))
    assert not Event.objects.filter(verb__startswith="position.").exists()


def test_a_dealers_event_is_that_dealers(client):
    dealer = make_dealer()
    client.force_login(make_employee("group_hr").user)
    values = {"name_zh": "一店", "name_en": dealer.name_en, "code": dealer.code, "city": "苏州", "time_zone": dealer.time_zone}
    edit(client, dealer, values)
    event = Event.objects.get(verb="dealer.changed")
    assert event.dealer == dealer.pk
    assert event.after == {"name_zh": "一店", "city": "苏州"}
    assert Dealer.objects.get(pk=dealer.pk).city == "苏州"


def test_a_pass_mark_and_a_criterion_of_a_rubric_are_recorded(client, author):
    rubric = Rubric.objects.create(name_zh="接待", track="service", level=1, pass_mark=60)
    lines = [{"name_zh": "倾听", "name_en": "", "max_points": "10", "order": "1"}]
    values = {"name_zh": "接待", "name_en": "", "track": "service", "level": "1", "part": "practical", "pass_mark": "80", "in_use": "on"}
    edit(client, rubric, {**values, "criteria": inline_formset(lines)})
    event = Event.objects.get(verb="rubric.changed")
    assert event.before == {"pass_mark": 60, "criteria": []}
    assert event.after == {"pass_mark": 80, "criteria": ["倾听 · 10"]}
    assert event.actor == author.user


def test_lines_of_a_blueprint_are_recorded(client, author):
    topic = Topic.objects.create(code="brakes", name_zh="制动", track="technical")
    blueprint = Blueprint.objects.create(name_zh="初级", track="technical", level=1)
    line = {"topic": topic.pk, "level": "1", "kind": "", "count": "10", "points": "2"}
    values = {"name_zh": "初级", "name_en": "", "track": "technical", "level": "1", "minutes": "45", "pass_mark": "60", "in_use": "on"}
    edit(client, blueprint, {**values, "lines": inline_formset([line])})
    assert Event.objects.get(verb="blueprint.changed").after["lines"] == ["brakes · 1 · * · 10 × 2"]


def test_a_question_that_is_corrected_keeps_both_answers(client, author):
    question = make_question("truefalse", stem_zh="制动液要更换？")
    was = question.answer
    values = {
        "stem_zh": question.stem_zh, "stem_en": "", "explanation_zh": "", "explanation_en": "", "topic": question.topic_id,
        "level": question.level, "difficulty": question.difficulty, "status": question.status, "key": question.key, "in_exams": "on",
        "answer": str(not was),
    }  # fmt: skip
    edit(client, question, values)
    event = Event.objects.get(verb="question.changed")
    assert (event.before["answer"], event.after["answer"]) == (was, not was)
    assert event.target_label == question.key


def test_what_is_added_and_removed_is_recorded_whole(client):
    hr = make_employee("group_hr")
    client.force_login(hr.user)
    client.post(reverse("wagtailsnippets_people_holiday:add"), {"on": "2027-02-06", "name": "春节", "is_workday": ""})
    holiday = Holiday.objects.get()
    client.post(reverse("wagtailsnippets_people_holiday:delete", args=[holiday.pk]))
    said = {"on": "2027-02-06", "name": "春节", "is_workday": False}
    assert not Holiday.objects.exists()
    assert Event.objects.get(verb="holiday.added").after == said
    assert Event.objects.get(verb="holiday.removed").before == said


def test_what_a_superuser_changes_bears_their_name(client):
    root = User.objects.create_superuser("root", password="Steady-hands-42")
    client.force_login(root)
    position = make_position("advisor")
    edit(client, position, position_form(position, name_en="Adviser"))
    assert Event.objects.get(verb="position.changed").actor == root


def test_a_published_page_is_recorded_with_its_revision_and_a_draft_is_not(client, author):
    shelf = CataloguePage.objects.get(locale=Locale.objects.get(language_code="zh-hans"))
    topic = Topic.objects.create(code="brakes", name_zh="制动", track="technical")
    values = {
        "title": "制动液检查", "slug": "brake-fluid", "summary": "十分钟。", "goals": "会看液位", "topic": topic.pk, "track": "technical",
        "level": "1", "minutes": "20", "comments": inline_formset([]),
    }  # fmt: skip
    client.post(reverse("wagtailadmin_pages:add", args=["catalogue", "coursepage", shelf.pk]), nested_form_data(values))
    page = CoursePage.objects.get(slug="brake-fluid")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.post(url, nested_form_data({**values, "title": "制动液"}))
    assert not Event.objects.filter(verb="page.published").exists()
    client.post(url, nested_form_data({**values, "title": "制动液", "action-publish": "yes"}))
    page.refresh_from_db()
    assert Event.objects.get(verb="page.added").target_label == "制动液检查"
    event = Event.objects.get(verb="page.published")
    assert (event.target_type, event.target_id, event.actor) == ("wagtailcore.page", str(page.pk), author.user)
    assert event.after == {"revision": page.live_revision_id}


def test_what_nobody_does_is_no_event():
    make_course("brakes", lessons=1)
    assert not Event.objects.exists()


def test_a_file_that_is_renamed_is_recorded_by_what_was_done(client, author):
    from django.core.files.base import ContentFile
    from wagtail.documents import get_document_model

    document = get_document_model().objects.create(title="手册", file=ContentFile(b"x", "a.pdf"), uploaded_by_user=author.user)
    client.post(reverse("wagtaildocs:edit", args=[document.pk]), {"title": "维修手册", "collection": document.collection_id, "tags": ""})
    document.refresh_from_db()
    event = Event.objects.get(verb="studio.did")
    assert document.title == "维修手册"
    assert (event.target_type, event.after) == ("wagtaildocs.document", {"action": "wagtail.edit"})
