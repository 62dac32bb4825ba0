"""Who of a class is how far in which of its courses."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from courses.learning.models import Completion, Enrolment, LessonProgress
from courses.learning.queries import in_reader_language, live_lessons_by_course
from lms.people.models import Employee
from talent_pool.schools.models import ClassCourse, Student

HERE = ~Q(person__status=Employee.Status.LEFT)


def courses_that_lack_someone():
    """Courses of classes on which somebody who is in the class and here is not enrolled."""
    enrolled = Enrolment.objects.filter(employee=OuterRef("person"), course=OuterRef(OuterRef("course")))
    missing = Student.objects.filter(HERE, ~Exists(enrolled), targeted_class=OuterRef("targeted_class"))
    return ClassCourse.objects.filter(Exists(missing), course__live=True)


@dataclass
class Progress:
    """How far one person is in one course."""

    course: object  # the class's
    title: str
    done: int = 0
    total: int = 0
    completed_at: datetime | None = None
    is_enrolled: bool = False
    is_late: bool = False


@dataclass
class Row:
    """A student of a class, with a cell for each of its courses."""

    student: Student
    cells: list[Progress] = field(default_factory=list)

    @property
    def completed(self):
        return sum(1 for cell in self.cells if cell.completed_at)


def courses_of(classes):
    """{class id: [its courses, with `title` in the reader's language]}. Two statements at most."""
    rows = list(ClassCourse.objects.filter(targeted_class__in=classes).select_related("course__locale").order_by("pk"))
    for one, page in zip(rows, in_reader_language([one.course for one in rows]), strict=True):
        one.title = page.title
    return {pk: [one for one in rows if one.targeted_class_id == pk] for pk in {one.targeted_class_id for one in rows}}


def progress_of(students, courses, today):
    """[`Row`]: of each student, how far they are in each of these courses of a class. Four statements however many there are."""
    people, pages = [one.person_id for one in students], [one.course_id for one in courses]
    lessons = live_lessons_by_course([one.course.path for one in courses]) if courses else {}
    about = {"employee__in": people, "course__in": pages}
    enrolled = set(Enrolment.objects.filter(**about).values_list("employee", "course"))
    completed = {
        (person, course): at for person, course, at in Completion.objects.filter(**about).values_list("employee", "course", "completed_at")
    }
    of_those = {f"enrolment__{name}": ids for name, ids in about.items()}
    lines = LessonProgress.objects.filter(done_at__isnull=False, lesson__live=True, **of_those).values_list(
        "enrolment__employee", "enrolment__course"
    )
    done = {(person, course): count for person, course, count in lines.annotate(count=Count("pk")).order_by()}

    def cell(person, one):
        key, total = (person, one.course_id), len(lessons.get(one.course.path, ()))
        is_late = bool(one.due_on and one.due_on < today and key not in completed)
        return Progress(one, one.title, min(done.get(key, 0), total), total, completed.get(key), key in enrolled, is_late)

    return [Row(student, [cell(student.person_id, one) for one in courses]) for student in students]


def with_counts(classes):
    """Classes with `size`: those in it who are here; and `courses_set`."""
    size = Count("students", filter=~Q(students__person__status=Employee.Status.LEFT), distinct=True)
    return classes.annotate(size=size, courses_set=Count("courses", distinct=True))
