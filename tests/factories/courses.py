from itertools import count

from wagtail.models import Locale
from wagtail.rich_text import RichText

from courses.catalogue.actions import open_catalogue
from courses.catalogue.models import CoursePage, LessonPage, Topic

_courses = count(1)


def make_course(slug="", *, lessons=1, topic=None, title="", publish=True, translated=False, **values):
    """A published Chinese course with so many lessons without a check; `translated`: with its English translation."""
    slug = slug or f"course-{next(_courses)}"
    values = {"track": "service", "level": 1, "summary": "学会一件事。", "goals": "会做\n会说", **values}
    if topic is None:
        names = {"name_zh": "主题", "name_en": "Topic", "track": values["track"]}
        topic, _new = Topic.objects.get_or_create(code=f"topic-{values['track']}", defaults=names)
    shelf = open_catalogue()
    course = shelf.add_child(instance=CoursePage(slug=slug, title=title or f"课程{slug}", topic=topic, locale=shelf.locale, **values))
    if publish:
        course.save_revision().publish()
    if translated:
        translate_page(course)
    for number in range(1, lessons + 1):
        make_lesson(course, f"lesson-{number}", translated=translated)
    return CoursePage.objects.get(pk=course.pk)


def make_lesson(course, slug, *, publish=True, translated=False, questions=()):
    """A lesson of the course; `questions` end it."""
    lesson = LessonPage(
        slug=slug,
        title=f"课文 {slug}",
        locale=course.locale,
        minutes=5,
        body=[("text", RichText("<p>先看，再做。</p>"))],
        check_questions=[{"type": "question", "value": question.pk} for question in questions],
    )
    lesson = course.__class__.objects.get(pk=course.pk).add_child(instance=lesson)
    if publish:
        lesson.save_revision().publish()
    else:
        LessonPage.objects.filter(pk=lesson.pk).update(live=False)
    if translated:
        translate_page(lesson)
    return LessonPage.objects.get(pk=lesson.pk)


def translate_page(page, title=""):
    """The published English translation of a Chinese page."""
    english = page.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title = title or f"English of {page.slug}"
    english.save_revision().publish()
    return english
