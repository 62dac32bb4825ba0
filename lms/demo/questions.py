"""The question bank of the demo: 240 exam questions and those that end the lessons, from `content/`."""

import tomllib
from pathlib import Path

from django.db import transaction

from assessments.questions.kinds.registry import kind_of
from assessments.questions.models import Question
from courses.catalogue.models import Topic

CONTENT = Path(__file__).parent / "content"


@transaction.atomic
def load_questions(*, by):
    """Add the questions that are not there yet, approved. Known by their key. Returns how many were added."""
    there = set(Question.objects.non_polymorphic().values_list("key", flat=True))
    added = 0
    for topic, entry, in_exams in _entries():
        if entry["key"] not in there:
            _question(entry, topic, in_exams).save(force_insert=True)
            there.add(entry["key"])
            added += 1
    return added


def _entries():
    """(topic, question as written, whether exams draw it) for every question in the content files."""
    for path in sorted(CONTENT.glob("questions/*.toml")):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        topic = _topic(file["topic"], file["track"], file["zh"], file["en"])
        for entry in file["questions"]:
            yield topic, entry, True
    for path in sorted(CONTENT.glob("courses/*.toml")):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        topic = _topic(file["slug"], file["track"], file["zh"]["title"], file["en"]["title"])
        for lesson in file["lessons"]:
            for entry in lesson.get("check", []):
                yield topic, entry, False


def _topic(code, track, name_zh, name_en):
    return Topic.objects.get_or_create(code=code, defaults={"track": track, "kinds": [track], "name_zh": name_zh, "name_en": name_en})[0]


def _question(entry, topic, in_exams):
    kind = kind_of({"kind": entry["type"]})
    return kind.model(
        key=entry["key"],
        topic=topic,
        level=entry["level"],
        difficulty=entry["difficulty"],
        status=Question.Status.APPROVED,
        in_exams=in_exams,
        stem_zh=entry["zh"]["stem"],
        stem_en=entry["en"]["stem"],
        explanation_zh=entry["zh"]["explanation"],
        explanation_en=entry["en"]["explanation"],
        **kind.fields_of(entry),
    )
