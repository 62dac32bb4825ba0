"""The courses of the demo, in Chinese with an English translation, as pages an author could have written. From `content/courses/`."""

import tomllib
from pathlib import Path

from django.db import transaction
from wagtail.models import Locale
from wagtail.rich_text import RichText

from assessments.questions.models import Question
from courses.catalogue.actions import open_catalogue
from courses.catalogue.models import CoursePage, LessonPage, Topic

CONTENT = Path(__file__).parent / "content"
CHINESE, ENGLISH = "zh-hans", "en"


def _files(folder):
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(CONTENT.glob(f"{folder}/*.toml"))]


@transaction.atomic
def load_topics():
    """One topic a course, in their order; then those that only have questions, and those that have neither. Known by their code.
    Returns how many were added."""
    entries = [(one["slug"], one["track"], [one["track"]], one["zh"]["title"], one["en"]["title"]) for one in _files("courses")]
    entries += [(one["topic"], one["track"], [one["track"]], one["zh"], one["en"]) for one in _files("questions")]
    others = tomllib.loads((CONTENT / "topics.toml").read_text(encoding="utf-8"))["topics"]
    entries += [(one["code"], "", one["kinds"], one["zh"], one["en"]) for one in others]
    there = set(Topic.objects.values_list("code", flat=True))
    added = 0
    for order, (code, track, kinds, zh, en) in enumerate(entries, start=1):
        if code not in there:
            Topic.objects.create(code=code, track=track, kinds=kinds, name_zh=zh, name_en=en, order=order * 10)
            there.add(code)
            added += 1
    return added


@transaction.atomic
def load_courses(*, by):
    """Publish the courses that are not there yet, known by their slug; topics and questions come first. Returns how many were added."""
    shelf = open_catalogue()
    locales = {code: Locale.objects.get(language_code=code) for code in (CHINESE, ENGLISH)}
    topics = {topic.code: topic for topic in Topic.objects.all()}
    questions = dict(Question.objects.non_polymorphic().values_list("key", "pk"))
    there = set(CoursePage.objects.values_list("slug", flat=True))
    new = [entry for entry in _files("courses") if entry["slug"] not in there]
    for entry in new:
        _add_course(entry, shelf, locales, topics[entry["slug"]], questions, by)
    return len(new)


def _add_course(entry, shelf, locales, topic, questions, by):
    course = CoursePage(
        slug=entry["slug"],
        locale=locales[CHINESE],
        topic=topic,
        track=entry["track"],
        level=entry["level"],
        minutes=entry["minutes"],
        required=entry["required"],
        **_course_words(entry["zh"]),
    )
    _publish(shelf.add_child(instance=course), by)
    translation = course.copy_for_translation(locales[ENGLISH])
    _publish(translation, by, **_course_words(entry["en"]))
    for lesson in entry["lessons"]:
        _add_lesson(lesson, course, locales, questions, by)


def _course_words(words):
    return {"title": words["title"], "summary": words["summary"], "goals": "\n".join(words["goals"])}


def _add_lesson(entry, course, locales, questions, by):
    asked = [("question", questions[check["key"]]) for check in entry.get("check", []) if check["key"] in questions]
    lesson = LessonPage(
        slug=entry["slug"],
        locale=locales[CHINESE],
        minutes=entry["minutes"],
        title=entry["zh"]["title"],
        body=_body(entry["zh"]["blocks"]),
        check_questions=[{"type": kind, "value": pk} for kind, pk in asked],
    )
    _publish(course.add_child(instance=lesson), by)
    translation = lesson.copy_for_translation(locales[ENGLISH])
    _publish(translation, by, title=entry["en"]["title"], body=_body(entry["en"]["blocks"]))


def _publish(page, by, **words):
    for name, value in words.items():
        setattr(page, name, value)
    page.save_revision(user=by, clean=False).publish(user=by)


def _body(blocks):
    return [(block["type"], _value(block)) for block in blocks]


def _value(block):
    """A block as written in the content file → as the page's stream field takes it."""
    match block["type"]:
        case "text":
            return RichText(block["value"])
        case "steps":
            return {"title": block["title"], "items": block["items"]}
        case "note":
            return {"kind": block["kind"], "title": block["title"], "value": block["value"]}
        case "dialogue":
            return {"lines": [{"speaker": speaker, "text": text} for speaker, text in block["lines"]]}
        case "facts":
            return {"title": block["title"], "rows": [" | ".join(row) for row in block["rows"]]}
    raise ValueError(f"The content has a block of the unknown type “{block['type']}”.")
