"""The course studio: who gets in, what stands in its menu, and an author's work from page to question to blueprint."""

import re

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from assessments.exams.models import Blueprint
from assessments.practicals.models import Criterion, Rubric
from assessments.questions.kinds.single.model import SingleChoice
from courses.catalogue.actions import open_catalogue
from courses.catalogue.models import CataloguePage, CoursePage, LessonPage, Topic
from courses.catalogue.queries import topics_for
from lms.people.models import Dealer, Holiday
from tests.factories import make_course, make_dealer, make_employee, make_group, make_lesson, make_practical

pytestmark = pytest.mark.django_db


def signed_in(client, position, language="en"):
    employee = make_employee(position)
    employee.user.language = language
    employee.user.save()
    client.force_login(employee.user)
    return employee


@pytest.fixture
def author(client):
    open_catalogue()
    return signed_in(client, "course_author")


@pytest.fixture
def topic():
    return Topic.objects.create(code="brakes", name_zh="制动", name_en="Brakes", track="technical")


def test_a_time_zone_that_is_no_place_is_not_on_offer_in_the_studio(client, author):
    """`localtime` stands among the machine's zones, and every later page of its chooser would stop."""
    account = reverse("wagtailadmin_account")
    offered = re.findall(r'<option value="([^"]+)"', client.get(account).text)
    assert "Asia/Shanghai" in offered
    assert not {"localtime", "Factory", "Etc/GMT-8"} & set(offered)
    values = {"locale-preferred_language": "en", "locale-current_time_zone": "localtime", "theme-theme": "system", "theme-contrast": "system",
              "theme-density": "default", "theme-keyboard_shortcuts": "on"}  # fmt: skip
    assert "localtime is not one of the available choices" in client.post(account, values).text
    assert client.get(reverse("wagtailadmin_home")).status_code == 200


def menu(client):
    page = client.get("/studio/")
    assert page.status_code == 200
    return page.content.decode()


def test_an_author_finds_the_menu_in_english(client, author):
    page = menu(client)
    places = ["Back to Pitlane", "Courses", "Topics", "Question bank", "Blueprints", "Rubrics", "Images", "Documents"]
    found = [page.index(f'"{name}"') for name in places]
    assert found == sorted(found)
    assert "lms/css/admin" in page
    for name in ("Reports", "Help", "Settings", "Holidays", "Positions", "Snippets"):
        assert f'"{name}"' not in page


def test_the_studio_speaks_the_language_of_the_person(client, author):
    author.user.language = "zh-hans"
    author.user.save()
    page = menu(client)
    assert 'lang="zh-hans"' in page
    client.post(reverse("set_language"), {"language": "en"})
    assert 'lang="en"' in menu(client)


def test_a_language_chosen_inside_the_studio_yields_to_a_newer_choice(client, author):
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=author.user, defaults={"preferred_language": "en"})
    client.post(reverse("set_language"), {"language": "zh-hans"})
    assert 'lang="zh-hans"' in menu(client)


@pytest.mark.parametrize("position", ["advisor", "service_supervisor", "general_manager", "technical_director", "hr_officer"])
def test_who_has_no_work_in_the_studio_is_not_let_in(client, position):
    signed_in(client, position)
    assert client.get("/studio/").status_code == 403
    assert client.get(reverse("wagtailsnippets_questions_question:list")).status_code == 403


def test_the_groups_hr_finds_the_holidays_and_nothing_of_the_authors(client):
    signed_in(client, "group_hr")
    page = menu(client)
    assert '"Holidays"' in page
    for name in ("Courses", "Question bank", "Blueprints"):
        assert f'"{name}"' not in page
    assert client.get(reverse("wagtailsnippets_questions_question:list")).status_code == 403
    values = {"on": "2027-02-06", "name": "春节", "is_workday": ""}
    assert client.post(reverse("wagtailsnippets_people_holiday:add"), values).status_code == 302
    assert Holiday.objects.get().name == "春节"


@pytest.mark.parametrize("on", ["1066-10-14", "9999-12-31", "2026-13-45"])
def test_a_day_that_is_none_or_of_another_age_is_no_holiday(client, on):
    signed_in(client, "group_hr")
    assert client.post(reverse("wagtailsnippets_people_holiday:add"), {"on": on, "name": "x", "is_workday": ""}).status_code == 200
    assert not Holiday.objects.exists()


def test_a_dealers_hr_changes_no_holiday_of_the_whole_nation(client):
    signed_in(client, "hr_officer")
    values = {"on": "2027-02-06", "name": "春节", "is_workday": ""}
    assert client.post(reverse("wagtailsnippets_people_holiday:add"), values).status_code == 403
    assert not Holiday.objects.exists()


def test_an_author_publishes_a_course(client, author, topic):
    shelf = CataloguePage.objects.get(locale=Locale.objects.get(language_code="zh-hans"))
    url = reverse("wagtailadmin_pages:add", args=["catalogue", "coursepage", shelf.pk])
    assert client.get(url).status_code == 200
    values = {
        "title": "制动液检查",
        "slug": "brake-fluid",
        "summary": "十分钟学会检查制动液。",
        "goals": "会看液位",
        "topic": topic.pk,
        "track": "technical",
        "level": "1",
        "minutes": "20",
        "comments": inline_formset([]),
        "action-publish": "yes",
    }
    response = client.post(url, nested_form_data(values))
    assert response.status_code == 302
    course = CoursePage.objects.get(slug="brake-fluid")
    assert course.live
    assert course.owner == author.user


def test_a_lesson_with_a_question_is_edited_and_published(client, author):
    question = make_single(Topic.objects.create(code="fluid", name_zh="油液", track="technical"))
    lesson = make_lesson(make_course(lessons=0), "first", questions=[question])
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    assert client.get(url).status_code == 200
    values = {
        "title": "第一课",
        "slug": "first",
        "minutes": "6",
        "body": streamfield([("text", rich_text("<p>先看，再做。</p>"))]),
        "check_questions": streamfield([("question", str(question.pk))]),
        "comments": inline_formset([]),
        "action-publish": "yes",
    }
    assert client.post(url, nested_form_data(values)).status_code == 302
    lesson = LessonPage.objects.get(pk=lesson.pk)
    assert (lesson.title, lesson.minutes, lesson.check_question_ids) == ("第一课", 6, [question.pk])


def test_an_author_says_which_training_a_topic_serves(client, author):
    url = reverse("wagtailsnippets_catalogue_topic:add")
    page = client.get(url).content.decode()
    assert all(f'value="{kind}"' in page for kind in ("service", "technical", "management"))
    said = {"name_zh": "带队", "name_en": "Leading", "code": "leading", "track": "", "kinds": ["management"], "order": 5}
    assert client.post(url, said | {"kinds": ["sales"]}).status_code == 200
    assert client.post(url, said).status_code == 302
    topic = Topic.objects.get(code="leading")
    assert (topic.serves("management"), topic.serves("service")) == (True, False)
    assert list(topics_for("management")) == [topic]
    assert topic not in topics_for("service")


def make_single(topic, key="colour"):
    options = [("option", {"text_zh": "红", "text_en": "Red", "correct": True}), ("option", {"text_zh": "蓝", "text_en": "Blue"})]
    return SingleChoice.objects.create(key=key, topic=topic, level=1, stem_zh="什么颜色？", stem_en="Which colour?", options=options)


def single_choice_form(topic, *right, **values):
    options = [
        ("option", {"text_zh": text, "text_en": "", **({"correct": "on"} if number in right else {})})
        for number, text in enumerate(["两年", "十年"], start=1)
    ]
    return nested_form_data(
        {
            "stem_zh": "制动液多久更换？",
            "stem_en": "",
            "explanation_zh": "",
            "explanation_en": "",
            "options": streamfield(options),
            "topic": topic.pk,
            "level": "1",
            "difficulty": "2",
            "status": "draft",
            "key": "brake-fluid-age",
            "in_exams": "on",
            **values,
        }
    )


def test_an_author_adds_a_question(client, author, topic):
    url = reverse("wagtailsnippets_questions_singlechoice:add")
    assert client.get(url).status_code == 200
    assert client.post(url, single_choice_form(topic, 1)).status_code == 302
    question = SingleChoice.objects.get(key="brake-fluid-age")
    assert question.content["key"] == ["1"]


@pytest.mark.parametrize(("right", "count"), [((), 0), ((1, 2), 2)])
def test_a_single_choice_without_just_one_right_option_is_refused_with_a_sentence(client, author, topic, right, count):
    page = client.post(reverse("wagtailsnippets_questions_singlechoice:add"), single_choice_form(topic, *right))
    assert f"Mark exactly one option as right; {count} are." in page.content.decode()
    assert not SingleChoice.objects.exists()


@pytest.mark.parametrize("values", [{"key": "not a slug"}, {"level": "9"}, {"difficulty": "6"}, {"stem_zh": ""}])
def test_a_question_with_a_wrong_value_is_refused(client, author, topic, values):
    page = client.post(reverse("wagtailsnippets_questions_singlechoice:add"), single_choice_form(topic, 1, **values))
    assert page.status_code == 200
    assert not SingleChoice.objects.exists()


def test_the_list_of_all_questions_leads_to_the_form_of_the_type(client, author, topic):
    question = make_single(topic)
    own = reverse("wagtailsnippets_questions_singlechoice:edit", args=[question.pk])
    assert own in client.get(reverse("wagtailsnippets_questions_question:list")).content.decode()
    assert client.get(own).status_code == 200
    assert client.get(reverse("wagtailsnippets_questions_question:edit", args=[question.pk])).url == own


def test_the_bank_is_searched_and_narrowed(client, author, topic):
    make_single(topic)
    url = reverse("wagtailsnippets_questions_question:list")
    found = [
        client.get(url, query).content.decode().count("Which colour?") for query in ({"q": "colour"}, {"level": 1}, {"topic": topic.pk})
    ]
    assert all(found)
    assert "Which colour?" not in client.get(url, {"q": "gearbox"}).content.decode()
    assert "Which colour?" not in client.get(url, {"status": "retired"}).content.decode()


def test_the_lesson_chooser_offers_questions_of_every_type(client, author, topic):
    make_single(topic)
    page = client.get(reverse("wagtailsnippetchoosers_questions_question:choose"))
    assert page.status_code == 200
    assert "Which colour?" in page.json()["html"]
    results = reverse("wagtailsnippetchoosers_questions_question:choose_results")
    for query in ({"q": "COLOUR"}, {"q": "颜色"}, {"topic": topic.pk}):
        assert "Which colour?" in client.get(results, query).content.decode()
    for query in ({"q": "gearbox"}, {"topic": Topic.objects.create(code="other", name_zh="别的", track="service").pk}):
        assert "Which colour?" not in client.get(results, query).content.decode()


def test_a_question_without_a_type_is_not_added(client, author):
    assert client.get(reverse("wagtailsnippets_questions_question:add")).status_code == 302


def test_an_author_edits_a_blueprint_and_its_lines(client, author, topic):
    blueprint = Blueprint.objects.create(name_zh="初级", track="technical", level=1)
    url = reverse("wagtailsnippets_exams_blueprint:edit", args=[blueprint.pk])
    assert client.get(url).status_code == 200
    line = {"topic": topic.pk, "level": "1", "kind": "", "count": "10", "points": "2"}
    values = {"name_zh": "初级理论", "name_en": "", "track": "technical", "level": "1", "minutes": "45", "pass_mark": "60", "in_use": "on"}
    assert client.post(url, nested_form_data({**values, "lines": inline_formset([line])})).status_code == 302
    blueprint.refresh_from_db()
    assert (blueprint.name_zh, blueprint.minutes, blueprint.lines.get().count) == ("初级理论", 45, 10)
    page = client.post(url, nested_form_data({**values, "lines": inline_formset([{**line, "count": "0"}])}))
    assert page.status_code == 200


def test_a_criterion_goes_from_the_rubric_and_stays_in_what_somebody_is_scored_by(client, author):
    rubric = Rubric.objects.create(name_zh="接待", track="service", level=1)
    criterion = Criterion.objects.create(rubric=rubric, name_zh="问候", name_en="Greeting")
    practical = make_practical(rubric=rubric)
    url = reverse("wagtailsnippets_practicals_rubric:edit", args=[rubric.pk])
    lines = [
        {"id": criterion.pk, "name_zh": "问候", "name_en": "", "max_points": "10", "order": "1", "DELETE": "1"},
        {"name_zh": "倾听", "name_en": "", "max_points": "10", "order": "2"},
    ]
    values = {"name_zh": "接待", "name_en": "", "track": "service", "level": "1", "part": "practical", "pass_mark": "60", "in_use": "on"}
    assert client.post(url, nested_form_data({**values, "criteria": inline_formset(lines, initial=1)})).status_code == 302
    assert [one.name_zh for one in rubric.criteria.all()] == ["倾听"]
    assert [one.name_zh for one in practical.rubric.criteria.all()] == ["问候"]


def test_group_hr_edits_the_dealers_of_the_own_group_only(client):
    signed_in(client, "group_hr")
    own, other = make_dealer(), make_dealer("ZZ01", make_group("zz"))
    assert '"Reference data"' in menu(client)
    page = client.get(reverse("wagtailsnippets_people_dealer:list")).content.decode()
    assert own.code in page
    assert other.code not in page
    assert client.get(reverse("wagtailsnippets_people_dealer:edit", args=[own.pk])).status_code == 200
    assert client.get(reverse("wagtailsnippets_people_dealer:edit", args=[other.pk])).status_code == 302
    values = {"name_zh": "三店", "name_en": "", "code": "YT03", "city": "", "time_zone": "Asia/Shanghai", "group": other.group_id}
    assert client.post(reverse("wagtailsnippets_people_dealer:add"), values).status_code == 302
    assert Dealer.objects.get(code="YT03").group == own.group


def test_nothing_that_was_decided_can_be_edited_in_the_studio():
    from wagtail.snippets.models import get_snippet_models

    ours = {model._meta.label for model in get_snippet_models() if not model._meta.label.startswith("wagtail")}
    assert ours == {
        "catalogue.Topic",
        "questions.Question",
        "questions.SingleChoice",
        "questions.MultipleChoice",
        "questions.TrueFalse",
        "questions.NumericQuestion",
        "exams.Blueprint",
        "practicals.Rubric",
        "observations.Checklist",
        "people.Holiday",
        "people.Department",
        "people.Position",
        "people.Dealer",
        "people.DealerGroup",
        "people.Brand",
    }
