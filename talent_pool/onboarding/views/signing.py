"""One task book as its newcomer, its mentor and who leads read it; signing off on a phone."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.observations.actions import answer_observation
from courses.observations.choices import Step
from courses.observations.permissions import may_answer
from lms.common.acting import attempt, form_on, open_to
from lms.people.permissions import employee_of
from talent_pool.onboarding.actions.signing import correct_sign_off, sign_off
from talent_pool.onboarding.forms import AnswerForm, CorrectForm, SignForm
from talent_pool.onboarding.permissions import SIGN, may_correct, may_open, may_sign_off
from talent_pool.onboarding.queries import books as queries

LATEST, MOST_SHOWN = 6, 60  # sign-offs below the tasks: in sight, and altogether


# -- the book -----------------------------------------------------------------------------------------------------------------------


@open_to()
@require_safe
def task_book(request, pk):
    return _page(request, _book(request, pk))


def _book(request, pk):
    return get_object_or_404(queries.task_books_visible_to(request.user), pk=pk)


def _page(request, book, bound=None):
    """The book as it is now; `bound` is the form of a task whose sign-off was refused."""
    user, at = request.user, timezone.now()
    standing = queries.standing_of(book, at)
    signs = book.is_open and may_sign_off(user, book)
    leads = may_open(user, book.newcomer, book.dealer)
    sign_offs = list(queries.sign_offs_of(book)[: MOST_SHOWN + 1])
    context = {
        "book": book,
        "standing": standing,
        "rows": [_row(item, task, signs and book.starts_on <= timezone.localdate(), bound) for item, task in standing.rows],
        "steps": Step.choices,
        "signs": signs,
        "leads": leads and book.is_open,
        "is_own": employee_of(user) == book.newcomer,
        "is_mentor": employee_of(user) == book.mentor,
        "corrects": book.is_open and (signs or leads),
        "latest": sign_offs[:LATEST],
        "earlier": sign_offs[LATEST:MOST_SHOWN],
        "has_more": len(sign_offs) > MOST_SHOWN,
        "hand_overs": list(queries.hand_overs_of(book)),
        "attention": _attention(book, at) if leads and book.is_open else None,
    }
    return render(request, "talent_pool/onboarding/task_book.html", context)


def _attention(book, at):
    return queries.needing_attention(queries.TaskBook.objects.filter(pk=book.pk), queries.day_at(book.dealer, at)).first()


def _row(item, task, signs, bound):
    form = None
    if signs and not task.is_alone:
        form = bound if bound is not None and bound.item == item else SignForm(item=item, task=task)
    return {"item": item, "task": task, "counts": [(step, task.counts[step]) for step in Step], "form": form}


@open_to(SIGN)
@form_on(lambda request, pk, item: task_book(request, pk))
def task_sign(request, pk, item):
    """The mentor's tap."""
    book = _book(request, pk)
    rows = queries.standing_of(book, timezone.now()).rows
    found = next(((one, task) for one, task in rows if one.pk == item), None)
    if found is None:
        raise Http404
    form = SignForm(request.POST, item=found[0], task=found[1])
    if form.is_valid() and attempt(request, sign_off, _signed(found[0]), form=form, book=book, item=found[0], **form.cleaned_data):
        return redirect(f"{reverse('task_book', args=[pk])}#task-{item}")
    return _page(request, book, bound=form)


def _signed(item):
    return lambda row: _("Signed off: %(task)s, %(step)s.") % {"task": item.name, "step": Step(row.items.get().value).label}


# -- one sign-off ---------------------------------------------------------------------------------------------------------------------


@open_to()
@require_safe
def sign_off_page(request, pk, observation):
    """Taking it back, for the mentor and who leads; answering it, for the newcomer."""
    return _sign_off_page(request, *_sign_off(request, pk, observation))


def _sign_off(request, pk, observation):
    book = _book(request, pk)
    return book, get_object_or_404(queries.sign_offs_of(book), pk=observation)


def _sign_off_page(request, book, row, correct_form=None, answer_form=None):
    user = request.user
    stands, answered = not hasattr(row, "corrected_by"), hasattr(row, "acceptance")
    context = {
        "book": book,
        "row": row,
        "item": row.items.all()[0],
        "correct_form": (correct_form or CorrectForm()) if stands and book.is_open and may_correct(user, book) else None,
        "answer_form": (answer_form or AnswerForm()) if stands and not answered and may_answer(user, row) else None,
    }
    return render(request, "talent_pool/onboarding/sign_off.html", context)


@open_to()
@form_on(sign_off_page)
def sign_off_correct(request, pk, observation):
    book, row = _sign_off(request, pk, observation)
    form = CorrectForm(request.POST)
    done = _("The sign-off is taken back. It stays on record and counts no more.")
    if form.is_valid() and attempt(request, correct_sign_off, done, form=form, book=book, observation=row, **form.cleaned_data):
        return redirect("task_book", pk)
    return _sign_off_page(request, book, row, correct_form=form)


@open_to()
@form_on(sign_off_page)
def sign_off_answer(request, pk, observation):
    """Accepted as it is, or seen otherwise."""
    book, row = _sign_off(request, pk, observation)
    if request.POST.get("is_accepted"):
        if attempt(request, answer_observation, _("You have accepted this sign-off."), observation=row, is_accepted=True):
            return redirect("task_book", pk)
        return _sign_off_page(request, book, row)
    form = AnswerForm(request.POST)
    done = _("Your response is on record. Your mentor and supervisor can read it.")
    if form.is_valid() and attempt(request, answer_observation, done, form=form, observation=row, is_accepted=False, **form.cleaned_data):
        return redirect("task_book", pk)
    return _sign_off_page(request, book, row, answer_form=form)


# -- whom I mentor ---------------------------------------------------------------------------------------------------------------------


@open_to(SIGN)
@require_safe
def mentees(request):
    """The mentor's own page: whom they mentor, what is to be signed, and who was with them before."""
    employee, at = employee_of(request.user), timezone.now()
    if employee is None:
        raise Http404
    books = queries.task_books_visible_to(request.user).filter(mentor=employee)
    open_books, closed = list(books.filter(closed_at=None)), list(books.exclude(closed_at=None)[:MOST_SHOWN])
    standings = queries.standings_of(open_books, at)
    rows = sorted(standings.values(), key=lambda one: (one.behind is None, one.book.starts_on, one.book.pk))
    return render(request, "talent_pool/onboarding/mentees.html", {"standings": rows, "closed": closed})
