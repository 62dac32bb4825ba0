"""Task books with what was signed off in them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from courses.observations.choices import Occasion
from courses.observations.models import ChecklistItem, Observation, ObservedItem
from lms.common.scores import percent_of
from lms.common.zones import zone_named
from lms.people.models import Employee, Leave
from lms.people.permissions import dealer_scope
from talent_pool.onboarding.models import TaskBook
from talent_pool.onboarding.permissions import acting_mentors, books_scope
from talent_pool.onboarding.progress import Sign, Task, marks_of

KIND = "task_book"
LATELY = timedelta(days=60)  # so long after the first day someone is new
A_YEAR = timedelta(days=365)
LONG_AWAY = timedelta(days=7)  # a mentor who is not back within a week is to be stood in for


def occasion_of(book):
    """What the sign-offs of a book are made for."""
    return Occasion(KIND, str(book.pk))


def task_books_visible_to(user):
    """Task books that `user` may see, with what a list shows of them."""
    shown = ("newcomer__position", "newcomer__dealer", "mentor", "checklist", "dealer")
    return TaskBook.objects.filter(books_scope(user)).select_related(*shown)


def open_books_of(newcomer):
    return newcomer.task_books.filter(closed_at=None).select_related("mentor", "checklist", "dealer")


@dataclass(frozen=True)
class Standing:
    """How far a book has come: `rows` are (`ChecklistItem`, `Task`), `marks` days 30, 60 and 90."""

    book: TaskBook
    rows: list
    marks: list

    @property
    def tasks(self):
        return [task for _item, task in self.rows]

    @property
    def alone(self):
        return sum(task.is_alone for task in self.tasks)

    @property
    def of(self):
        return len(self.rows)

    @property
    def share(self):
        return percent_of(self.alone, self.of) if self.rows else 0

    @property
    def behind(self):
        """The last of the marks that lie behind whose tasks are not all done alone, or None."""
        return next((mark for mark in reversed(self.marks) if mark.is_behind), None)

    @property
    def next_mark(self):
        """The next of the days 30, 60 and 90, or None after the last."""
        return next((mark for mark in self.marks if not mark.is_past), None)


def standing_of(book, at):
    return standings_of([book], at)[book.pk]


def standings_of(books, at):
    """{book id: `Standing`} at a time, in two statements. The books have dealer and checklist at hand."""
    books = list(books)
    items, signs = _items(books), _signs(books)
    return {book.pk: _standing(book, items[book.checklist_id], signs[book.pk], at) for book in books}


def _standing(book, items, signs, at):
    rows = [(item, Task(item.pk, item.repetitions, item.expected_by, tuple(signs[item.pk]))) for item in items]
    return Standing(book, rows, marks_of([task for _item, task in rows], book.starts_on, day_at(book.dealer, at)))


def _items(books):
    found = defaultdict(list)
    for item in ChecklistItem.objects.filter(checklist__in={book.checklist_id for book in books}).order_by("order", "pk"):
        found[item.checklist_id].append(item)
    return found


def _signs(books):
    """{book id: {item id: [`Sign`]}} of the sign-offs that hold."""
    zones = {book.pk: book.dealer for book in books}
    found = {pk: defaultdict(list) for pk in zones}
    rows = ObservedItem.objects.filter(
        observation__occasion=KIND, observation__reference__in=[str(pk) for pk in zones], observation__corrected_by=None
    ).order_by("observation__at", "observation")
    for reference, item, step, at in rows.values_list("observation__reference", "item", "value", "observation__at"):
        book = int(reference)
        found[book][item].append(Sign(step, day_at(zones[book], at)))
    return found


def day_at(dealer, at):
    """The day at the dealer."""
    return timezone.localdate(at, timezone=zone_named(dealer.time_zone))


# -- what somebody has to see to ------------------------------------------------------------------------------------------------


def with_attention(books, today):
    """Books with `mentor_acts`, `mentor_away` and `newcomer_gone`: why one has to be handed on, or closed."""
    acts = acting_mentors().filter(employee=OuterRef("mentor"), dealer=OuterRef("dealer"))
    away = Leave.objects.filter(employee=OuterRef("mentor"), starts_on__lte=today, ends_on__gte=today + LONG_AWAY)
    here = Employee.objects.filter(pk=OuterRef("newcomer"), dealer=OuterRef("dealer")).exclude(status=Employee.Status.LEFT)
    return books.annotate(mentor_acts=Exists(acts), mentor_away=Exists(away), newcomer_gone=~Exists(here))


# Of `with_attention`, open ones: those that somebody has to see to.
NEEDS_SOMEBODY = Q(mentor_acts=False) | Q(mentor_away=True) | Q(newcomer_gone=True)


def needing_attention(books, today):
    return with_attention(books.filter(closed_at=None), today).filter(NEEDS_SOMEBODY)


def alone_lately(books, today):
    """Those whose tasks were all done alone within a year."""
    return books.filter(alone_on__gt=today - A_YEAR)


def alone_pairs(books):
    """{dealer id: [(first day, day on which all was done alone)]} of the books where it is."""
    found = defaultdict(list)
    rows = books.exclude(alone_on=None).order_by("dealer", F("alone_on").desc())
    for dealer, starts_on, alone_on in rows.values_list("dealer", "starts_on", "alone_on"):
        found[dealer].append((starts_on, alone_on))
    return dict(found)


# -- one book ---------------------------------------------------------------------------------------------------------------------


def sign_offs_of(book):
    """Every sign-off of the book, taken back or not, the newest first; each has one item, perhaps a correction, perhaps an answer."""
    rows = Observation.objects.filter(occasion=KIND, reference=str(book.pk), corrects=None)
    shown = ("observer__employee", "acceptance", "corrected_by__observer__employee")
    return rows.select_related(*shown).prefetch_related("items__item").order_by("-at", "-pk")


def hand_overs_of(book):
    return book.hand_overs.select_related("from_mentor", "to_mentor", "handed_by__employee")


# -- who has none yet ------------------------------------------------------------------------------------------------------------


def newcomers_without_book(user, today):
    """Interns, people on probation and those hired lately, of the dealers of `user`, who have never had a task book."""
    new = Q(kind=Employee.Kind.INTERN) | Q(status=Employee.Status.PROBATION) | Q(hired_on__gte=today - LATELY, kind=Employee.Kind.STAFF)
    here = Employee.objects.filter(dealer_scope(user), new, position__is_outside=False).exclude(status=Employee.Status.LEFT)
    without = here.filter(~Exists(TaskBook.objects.filter(newcomer=OuterRef("pk")))).exclude(user=user)
    return without.select_related("dealer", "position").order_by("-hired_on", "pk")
