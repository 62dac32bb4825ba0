"""Task books: the list with days 30, 60 and 90, one book, opening, handing on and closing."""

from dataclasses import replace

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.acting import attempt, open_to
from lms.common.lists import Column, List
from lms.common.states import require
from lms.people.queries import dealers_visible_to, employees_visible_to, sees_several_dealers
from talent_pool.onboarding.actions.books import close_task_book, hand_on, not_yours, open_task_book
from talent_pool.onboarding.forms import ALONE, ATTENTION, CloseForm, HandOnForm, TaskBookFilter, TaskBookForm
from talent_pool.onboarding.permissions import OPEN, VIEW, may_open
from talent_pool.onboarding.progress import DAYS, days_of, median_days
from talent_pool.onboarding.queries import books as queries
from talent_pool.onboarding.queries.mentors import USUAL_TIME, mentors_with_reasons

MANY = 500
MOST_NEW = 12


def _mark(place):
    """The column of day 30, 60 or 90: done alone by then, and planned."""

    def of(book):
        marks = book.standing.marks
        return f"{marks[place].share}% / {marks[place].planned_share}%" if marks else ""

    def tone(book):
        mark = book.standing.marks[place] if book.standing.marks else None
        return "" if mark is None else "warn" if mark.is_behind else "good" if mark.is_met else ""

    label = {30: gettext_lazy("Day 30"), 60: gettext_lazy("Day 60"), 90: gettext_lazy("Day 90")}[DAYS[place]]
    return Column(f"day_{DAYS[place]}", label, value=of, badge=tone)


def state_words(book):
    if book.closed_at:
        return pgettext("task book", "Closed")
    if book.needs_somebody:
        return _("To be closed") if book.newcomer_gone else _("To be handed on")
    if book.alone_on:
        days = book.days_until_alone
        return ngettext("All alone, %(days)d day", "All alone, %(days)d days", days) % {"days": days}
    return pgettext("task book", "Under way")


def state_tone(book):
    if book.closed_at:
        return ""
    return "warn" if book.needs_somebody else "good" if book.alone_on else "accent"


class TaskBookList(List):
    name = "task-books"
    columns = [
        Column("newcomer.name", gettext_lazy("Newcomer"), sort="newcomer__name", link=lambda book: reverse("task_book", args=[book.pk])),
        Column("newcomer.number", gettext_lazy("Employee number"), shown=False),
        Column("title", gettext_lazy("Task book")),
        Column("dealer.name", gettext_lazy("Dealer"), sort="dealer__code"),
        Column("mentor.name", gettext_lazy("Mentor"), sort="mentor__name"),
        Column("starts_on", gettext_lazy("Begins on"), sort="starts_on"),
        Column("alone", gettext_lazy("Tasks alone"), value=lambda book: f"{book.standing.alone} / {book.standing.of}", shown=False),
        *(_mark(place) for place in range(len(DAYS))),
        Column("days_until_alone", gettext_lazy("Days until alone"), numeric=True, shown=False),
        Column("state", gettext_lazy("State"), value=state_words, badge=state_tone),
    ]
    filterset = TaskBookFilter
    default_sort = "-starts_on"
    empty_icon, empty_title = "mentor", gettext_lazy("No task books yet")
    empty_text = gettext_lazy(
        "Open one for each intern, everyone on probation and whoever is new at a post. Their mentor signs it off on a phone."
    )

    def __init__(self, request, queryset):
        super().__init__(request, queryset)
        if not sees_several_dealers(request.user):
            self.columns = [replace(one, shown=False) if one.name == "dealer.name" else one for one in self.columns]

    @staticmethod
    def records(user):
        return queries.with_attention(queries.task_books_visible_to(user), timezone.localdate())

    @cached_property
    def page(self):
        page = super().page
        _stand(page.rows)
        return page

    def export_rows(self):
        columns = [column for column in self.columns if column.exported]
        for batch in _batches(self.queryset):
            yield from ([column.of(book) for column in columns] for book in _stand(batch))


def _batches(books):
    batch = []
    for book in books.iterator(chunk_size=MANY):
        batch.append(book)
        if len(batch) == MANY:
            yield batch
            batch = []
    yield batch


def _stand(books):
    standings = queries.standings_of(books, timezone.now())
    for book in books:
        book.standing = standings[book.pk]
    return books


@open_to(VIEW)
@require_safe
def task_books(request):
    """All task books of the dealer with days 30, 60 and 90, and how long it takes until someone works alone."""
    user, today = request.user, timezone.localdate()
    books = TaskBookList(request, TaskBookList.records(user))
    seen = queries.task_books_visible_to(user)
    pairs = queries.alone_pairs(queries.alone_lately(seen, today))
    new = list(queries.newcomers_without_book(user, today)[: MOST_NEW + 1]) if user.has_perm(OPEN) else []
    context = {
        "open_count": seen.filter(closed_at=None).count(),
        "attention_count": queries.needing_attention(seen, today).count(),
        "alone_count": sum(map(len, pairs.values())),
        "median": shown_days(median_days([pair for found in pairs.values() for pair in found])),
        "by_dealer": _by_dealer(user, pairs),
        "new": new[:MOST_NEW],
        "has_more_new": len(new) > MOST_NEW,
        "attention": ATTENTION,
        "alone": ALONE,
    }
    return books.response("talent_pool/onboarding/task_books.html", context)


def _by_dealer(user, pairs):
    """Of whoever sees several: each dealer with how many came to work alone, and in how many days."""
    if not pairs or not sees_several_dealers(user):
        return []
    dealers = dealers_visible_to(user).filter(pk__in=pairs)
    rows = [(dealer, len(pairs[dealer.pk]), median_days(pairs[dealer.pk]), max(days_of(pairs[dealer.pk]))) for dealer in dealers]
    rows.sort(key=lambda row: (row[2], row[0].code))
    return [(dealer, count, shown_days(median), longest) for dealer, count, median, longest in rows]


def shown_days(days):
    """A median in days, with a half where there is one; a dash where there is none."""
    return "–" if days is None else f"{days:g}"


@open_to(OPEN)
@require_http_methods(["GET", "POST"])
def task_book_new(request, pk):
    newcomer = get_object_or_404(employees_visible_to(request.user), pk=pk)
    require(may_open(request.user, newcomer, newcomer.dealer), not_yours())
    today = timezone.localdate()
    mentors = mentors_with_reasons(newcomer.dealer, today, today + USUAL_TIME)
    mentors = [row for row in mentors if row[0].employee_id != newcomer.pk]
    form = TaskBookForm(request.POST or None, newcomer=newcomer, mentors=mentors)
    if form.is_valid():
        book = attempt(request, open_task_book, _("The task book is open."), form=form, newcomer=newcomer, **form.cleaned_data)
        if book:
            return redirect("task_book", book.pk)
    return render(request, "talent_pool/onboarding/task_book_new.html", {"newcomer": newcomer, "form": form, **_offered(form, mentors)})


def _offered(form, mentors):
    """Who is not free and why, beside the form; whether there is anything to choose from."""
    return {
        "not_free": [(mentor, why) for mentor, why in mentors if why],
        "has_mentors": any(not why for _mentor, why in mentors),
        "has_checklists": "checklist" not in form.fields or form.fields["checklist"].queryset.exists(),
    }


def _book_to_lead(request, pk):
    book = get_object_or_404(queries.task_books_visible_to(request.user), pk=pk)
    require(may_open(request.user, book.newcomer, book.dealer), not_yours())
    return book


@open_to(OPEN)
@require_http_methods(["GET", "POST"])
def task_book_hand_on(request, pk):
    book = _book_to_lead(request, pk)
    first = max(book.starts_on, timezone.localdate())
    mentors = mentors_with_reasons(book.dealer, first, first + USUAL_TIME)
    mentors = [row for row in mentors if row[0].employee_id not in (book.mentor_id, book.newcomer_id)]
    form = HandOnForm(request.POST or None, mentors=mentors)
    done = _("The task book is handed on.")
    if form.is_valid() and attempt(request, hand_on, done, form=form, book=book, **form.cleaned_data):
        return redirect("task_book", book.pk)
    return render(request, "talent_pool/onboarding/hand_on.html", {"book": book, "form": form, **_offered(form, mentors)})


@open_to(OPEN)
@require_http_methods(["GET", "POST"])
def task_book_close(request, pk):
    book = _book_to_lead(request, pk)
    form = CloseForm(request.POST or None)
    done = _("The task book is closed.")
    if form.is_valid() and attempt(request, close_task_book, done, form=form, book=book, **form.cleaned_data):
        return redirect("task_book", book.pk)
    context = {"book": book, "form": form, "standing": queries.standing_of(book, timezone.now())}
    return render(request, "talent_pool/onboarding/close.html", context)
