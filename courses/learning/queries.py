from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page

from courses.catalogue.models import CoursePage, LessonPage
from courses.learning.models import Completion, Enrolment, LessonProgress
from lms.common.compiled import compiled
from lms.people.permissions import people_scope
from lms.people.queries import present_people

NOT_STARTED, UNDER_WAY, COMPLETED = "new", "begun", "done"


# --- One page, several languages ----------------------------------------------------------------


def main_language():
    """The language whose pages are canonical: enrolments and progress point to them."""
    return settings.WAGTAIL_CONTENT_LANGUAGES[0][0]


def readers_language():
    try:
        return get_supported_content_language_variant(get_language() or settings.LANGUAGE_CODE)
    except LookupError:
        return main_language()


def canonical(page):
    """The page of the main language that `page` translates; itself where it is that page, or stands alone."""
    if page.locale.language_code == main_language():
        return page
    return type(page).objects.filter(translation_key=page.translation_key, locale__language_code=main_language()).first() or page


def in_reader_language(pages):
    """The same pages in the same order, each in the reader's language where its translation is live. One query, or none."""
    pages, language = list(pages), readers_language()
    wanted = [page.translation_key for page in pages if page.locale.language_code != language]
    if not wanted:
        return pages
    translations = type(pages[0]).objects.live().filter(translation_key__in=wanted, locale__language_code=language)
    by_key = {page.translation_key: page for page in translations.select_related("locale")}
    return [by_key.get(page.translation_key, page) for page in pages]


def _in_languages(queryset, language):
    """Of these pages the live ones in the main language and in this one."""
    return queryset.live().filter(locale__language_code__in={main_language(), language}).select_related("locale")


def _paired(found):
    """[(canonical, shown)] of pages in two languages, in their order; a translation without a canonical page is left out."""
    shown = {page.translation_key: page for page in found if page.locale.language_code == readers_language()}
    return [(page, shown.get(page.translation_key, page)) for page in found if page.locale.language_code == main_language()]


# --- What one person learns ---------------------------------------------------------------------


@dataclass
class Lesson:
    """A lesson as one person sees it: `page` holds its place in the records, `shown` is read."""

    page: LessonPage
    shown: LessonPage
    course_slug: str
    done: bool = False
    score: int | None = None

    @property
    def url(self):
        return reverse("lesson", args=[self.course_slug, self.page.slug])


@dataclass
class Course:
    """A course as one person sees it: the page, how far they are, by when."""

    page: CoursePage
    shown: CoursePage
    lessons: list = field(default_factory=list)
    enrolment: Enrolment | None = None
    completion: Completion | None = None
    total: int = 0
    done: int = 0
    own_track: str = ""  # of whoever looks

    @property
    def is_required(self):
        """For a grading that the reader can sit: that of their own track."""
        return self.page.required and self.page.track == self.own_track

    @property
    def url(self):
        return reverse("course", args=[self.page.slug])

    @property
    def state(self):
        if self.completion:
            return COMPLETED
        return UNDER_WAY if self.enrolment else NOT_STARTED

    @property
    def due_on(self) -> date | None:
        return self.enrolment.due_on if self.enrolment and not self.completion else None

    @property
    def next_lesson(self):
        """Where to go on reading."""
        if not self.lessons:
            return None
        ids = [lesson.page.pk for lesson in self.lessons]
        done = {lesson.page.pk for lesson in self.lessons if lesson.done}
        wanted = place_to_go_on(ids, done, self.enrolment.last_lesson_id if self.enrolment else None)
        return self.lessons[ids.index(wanted)]


def place_to_go_on(lesson_ids, done, last):
    """The first lesson not done, looking on from the last one opened; the first of all where everything is done."""
    start = lesson_ids.index(last) if last in lesson_ids else 0
    return next((pk for pk in lesson_ids[start:] + lesson_ids[:start] if pk not in done), lesson_ids[0])


def catalogue_for(employee):
    """All courses with the progress of `employee` (None: a visitor without a record). Six queries, however many courses."""
    pages = CoursePage.objects.select_related("topic").order_by("track", "level", "topic__order", "path")
    own_track = employee.position.track if employee else ""
    courses = [Course(*pair, own_track=own_track) for pair in _paired(_in_languages(pages, readers_language()))]
    lessons = live_lessons_by_course()
    enrolments, completions, done = _records_of(employee)
    for course in courses:
        ids = lessons[course.page.path]
        course.total, course.done = len(ids), sum(pk in done for pk in ids)
        course.enrolment, course.completion = enrolments.get(course.page.pk), completions.get(course.page.pk)
    return courses


def live_lessons_by_course(course_paths=None):
    """{path of a canonical course: {id: slug} of its live lessons, in order}"""
    lessons = LessonPage.objects.live().filter(locale__language_code=main_language()).order_by("path")
    if course_paths is not None:
        lessons = lessons.filter(_under(course_paths))
    found = defaultdict(dict)
    for pk, slug, path in lessons.values_list("pk", "slug", "path"):
        found[path[: -Page.steplen]][pk] = slug
    return found


def _under(course_paths):
    condition = Q(pk__in=[])
    for path in course_paths:
        condition |= Q(path__startswith=path)
    return condition


def _records_of(employee):
    if employee is None:
        return {}, {}, set()
    enrolments = {one.course_id: one for one in Enrolment.objects.filter(employee=employee)}
    completions = {one.course_id: one for one in Completion.objects.filter(employee=employee)}
    done = LessonProgress.objects.filter(enrolment__employee=employee, done_at__isnull=False)
    return enrolments, completions, set(done.values_list("lesson_id", flat=True))


def course_for(employee, slug):
    """The live course of this slug with its lessons and the person's progress, or None. At most five queries."""
    pairs = _paired(_course_pages(readers_language(), slug=slug))
    if not pairs:
        return None
    course = Course(*pairs[0], own_track=employee.position.track if employee else "")
    pages = _lesson_pages(readers_language(), course=course.page.path, depth=course.page.depth + 1)
    course.lessons = [Lesson(page, shown, course.page.slug) for page, shown in _paired(pages)]
    course.total = len(course.lessons)
    if employee is not None:
        _add_progress(course, employee)
    return course


@compiled
def _course_pages(language, *, slug):
    """The live course of this slug, in both languages."""
    same = CoursePage.objects.filter(slug=slug, locale__language_code=main_language(), live=True).values("translation_key")
    return _in_languages(CoursePage.objects.filter(translation_key__in=same).select_related("topic"), language)


@compiled
def _lesson_pages(language, *, course, depth):
    """A course's (path's) live lessons in both languages, without their text, which only the lesson's own page needs."""
    same = LessonPage.objects.live().filter(path__startswith=course, depth=depth).values("translation_key")
    pages = LessonPage.objects.filter(translation_key__in=same).order_by("path").defer("body", "check_questions")
    return _in_languages(pages, language)


def _add_progress(course, employee):
    whose = {"employee": employee.pk, "course": course.page.pk}
    course.enrolment, course.completion = next(iter(_enrolment(**whose)), None), next(iter(_completion(**whose)), None)
    progress = {one.lesson_id: one for one in _progress(enrolment=course.enrolment.pk)} if course.enrolment else {}
    for lesson in course.lessons:
        one = progress.get(lesson.page.pk)
        lesson.done, lesson.score = bool(one and one.done_at), one.score if one else None
    course.done = sum(lesson.done for lesson in course.lessons)


@compiled
def _enrolment(*, employee, course):
    return Enrolment.objects.filter(employee=employee, course=course)


@compiled
def _completion(*, employee, course):
    return Completion.objects.filter(employee=employee, course=course)


@compiled
def _progress(*, enrolment):
    return LessonProgress.objects.filter(enrolment=enrolment)


def live_lesson(pk):
    """The canonical live lesson of this number in a live course, or None."""
    lesson = LessonPage.objects.live().filter(pk=pk, locale__language_code=main_language()).select_related("locale").first()
    return lesson if lesson and CoursePage.objects.live().parent_of(lesson).exists() else None


def course_of(lesson):
    """The canonical course of a lesson in any language."""
    return CoursePage.objects.select_related("locale").get(path=canonical(lesson).path[: -Page.steplen])


def titles_of(course):
    """The title in both languages, as notices hold it: {"zh": …, "en": …}."""
    titles = dict(Page.objects.live().filter(translation_key=course.translation_key).values_list("locale__language_code", "title"))
    return {"zh": titles.get("zh-hans", course.title), "en": titles.get("en", course.title)}


# --- For other rooms ----------------------------------------------------------------------------


def enrolments_visible_to(user):
    return Enrolment.objects.filter(people_scope(user, "employee__"))


def required_courses(employee_ids, *, track, level):
    """{employee id: {"missing": ids of the courses required for `level` of `track`, "completions": ids of those that there are}}.
    Two queries."""
    required, ids = _required(track, level), list(employee_ids)
    done = {pk: {} for pk in ids}
    rows = Completion.objects.filter(employee__in=ids, course__in=required).order_by("pk")
    for person, course, pk in rows.values_list("employee_id", "course_id", "pk"):
        done[person][course] = pk
    return {
        pk: {"missing": [course.pk for course in required if course.pk not in done[pk]], "completions": list(done[pk].values())}
        for pk in ids
    }


def _required(track, level):
    """The canonical courses required for a level."""
    pages = CoursePage.objects.live().filter(track=track, level=level, required=True, locale__language_code=main_language())
    return list(pages.select_related("locale").order_by("topic__order", "path"))


def required_courses_missing(employee_ids, *, track, level):
    """{employee id: [canonical courses required for `level` of `track` that the person has not completed]}. Two queries."""
    required, ids = _required(track, level), list(employee_ids)
    done = set(Completion.objects.filter(employee__in=ids, course__in=required).values_list("employee_id", "course_id"))
    return {pk: [course for course in required if (pk, course.pk) not in done] for pk in ids}


def people_to_enrol(user, dealer):
    """The people whom `user` may enrol: staff of the dealer whose records they see."""
    return present_people(dealer).filter(people_scope(user)).exclude(pk=user.employee.pk).order_by("position__order", "number")


def unfinished_enrolments(employee):
    """Enrolments without a completion, with the title in the reader's language as `title`."""
    return _unfinished(readers_language(), employee=employee.pk)


@compiled
def _unfinished(language, *, employee):
    unfinished = Enrolment.objects.filter(employee=employee, course__live=True).exclude(
        course__in=Completion.objects.filter(employee=employee).values("course")
    )
    return with_title(unfinished, language).prefetch_related("lessons")


def with_title(enrolments, language=None):
    """Brings the course along, and its title in the language, the reader's, as `title`, where there is one."""
    language = language or readers_language()
    titles = Page.objects.live().filter(translation_key=OuterRef("course__translation_key"), locale__language_code=language)
    return enrolments.select_related("course").annotate(title=Subquery(titles.values("title")[:1]))
