"""What a candidate sees: the door, the runner, the calm page after it, the result."""

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments.answers.queries import given
from assessments.exams.actions.attempts import TooLate, reopen_attempt, start_attempt, submit_attempt, submit_if_over
from assessments.exams.actions.late import late_numbers, takes_no_more
from assessments.exams.actions.saving import save_answers
from assessments.exams.forms import StartForm, answers_of
from assessments.exams.models import Attempt
from assessments.exams.queries import items_of_paper, mends_of, own_attempts, own_papers, results_visible_to
from assessments.exams.timing import is_open, late_words
from assessments.questions.kinds.response import response_of
from assessments.questions.marking import asked, mark, note, solved
from lms.common.acting import attempt as act
from lms.common.acting import form_on, is_filled_in_again, open_to
from lms.common.bilingual import listed
from lms.common.scores import score_of
from lms.common.states import Refused

SITS = "grading.view_own_grading"
SETTLED = 10  # seconds after the start from which opening the page means coming back to it


@open_to(SITS, keeps=False)
@never_cache
def exam_start(request, pk):
    paper = get_object_or_404(own_papers(request.user), pk=pk)
    found, now = getattr(paper, "attempt", None), timezone.now()
    form = StartForm(request.POST or None)
    if request.method == "POST" and (found or form.is_valid()):
        code = request.POST.get("access_code", "")
        begun = act(request, start_attempt, form=form, paper=paper, access_code=code)
        if begun:
            return redirect("exam", pk=begun.pk)
    elif found is not None and found.status != Attempt.Status.IN_PROGRESS:
        return redirect("exam", pk=found.pk)
    sitting, late = paper.sitting, late_words(paper, now)
    if request.htmx:
        return render(request, "assessments/exams/_time_left.html", {"paper": paper, "late": late})
    context = {"paper": paper, "sitting": sitting, "attempt": found, "form": form, "late": late}
    context |= {"is_open": is_open(sitting, now), "is_early": now < sitting.opens_at, "minutes": sitting.minutes + paper.extra_minutes}
    context["count"] = paper.items.count()
    return render(request, "assessments/exams/exam_start.html", context)


@require_GET
@open_to(SITS)
@never_cache
def exam(request, pk):
    now = timezone.now()
    attempt = submit_if_over(attempt=get_object_or_404(own_attempts(request.user), pk=pk), at=now)
    if attempt.status != Attempt.Status.IN_PROGRESS:
        return _after(request, attempt)
    if (now - attempt.started_at).total_seconds() > SETTLED:
        reopen_attempt(attempt=attempt, at=now)
    return HttpResponse(_runner(request, attempt, now))


def _runner(request, attempt, now, sent=None):
    """The whole paper in one response, with what was saved or, of a form that was `sent` too late, what it said. Rendered without the
    frame of other pages, which would ask the database for what is not shown."""
    language = get_language()
    answers = given([attempt.sheet_id], marked=False)[attempt.sheet_id]
    questions, items = [], list(items_of_paper(attempt.paper))
    typed = {pk: response_of(values) for pk, _sequence, values in answers_of(sent, items, 0)} if sent else {}
    for item in items:
        one, content = answers.get(item.version_id), item.version.content
        response, sequence = (one.response, one.sequence) if one else (None, 0)
        response = typed.get(item.pk, response)
        shown = asked(content, language, order=item.option_order, response=response, name=f"a{item.pk}")
        questions.append({**shown, "item": item, "stem_id": f"s{item.number}", "sequence": sequence, "note": note(content, response)})
    sitting = attempt.paper.sitting
    context = {
        "attempt": attempt,
        "sitting": sitting,
        "questions": questions,
        "answered": sum(bool(question["response"]) for question in questions),
        "now_ms": int(now.timestamp() * 1000),
        "ends_ms": int(attempt.ends_at.timestamp() * 1000),
        "zone": timezone.get_current_timezone_name(),
        "language": language,
        "request": request,
        "csrf_token": get_token(request),
        "messages": messages.get_messages(request),
    }
    return get_template("assessments/exams/exam.html").render(context)


def _after(request, attempt):
    """The calm page. What counts is said question by question where this device, or another, still held something at the end."""
    answers = given([attempt.sheet_id], marked=False)[attempt.sheet_id]
    items = list(attempt.paper.items.order_by("number").values_list("pk", "number", "version"))
    counts = {pk: [number, answers[version].sequence if version in answers else 0] for pk, number, version in items}
    late = late_numbers(attempt)
    total, answered = len(items), sum(bool(one.response) for one in answers.values())
    shown = attempt.status == Attempt.Status.MARKED and attempt.paper.sitting.results_at is not None
    context = {"attempt": attempt, "sitting": attempt.paper.sitting, "total": total, "answered": answered, "results_shown": shown}
    context |= {"counts": counts, "late": listed(late), "is_closed": takes_no_more(attempt.paper.sitting)}
    return render(request, "assessments/exams/exam_over.html", context)


@open_to(SITS)
@form_on(exam)
def exam_submit(request, pk):
    """Hand in; or, from the form that works without JavaScript, save everything and stay, or save everything and hand in."""
    now = timezone.now()
    attempt = get_object_or_404(own_attempts(request.user), pk=pk)
    if is_filled_in_again(request):
        return _as_it_was_typed(request, submit_if_over(attempt=attempt, at=now), now)
    try:
        if "with_answers" in request.POST:
            _save_form(request, attempt, now)
        if request.POST.get("do") != "save":
            submit_attempt(attempt=attempt, by=request.user, at=now)
    except Refused as refusal:
        if not isinstance(refusal, TooLate) or attempt.status == Attempt.Status.IN_PROGRESS:
            messages.error(request, str(refusal))
    return redirect("exam", pk=attempt.pk)


def _as_it_was_typed(request, attempt, now):
    """The session had ended before it was sent: the form again, to be sent as long as there is time."""
    if attempt.status != Attempt.Status.IN_PROGRESS:
        return redirect("exam", pk=attempt.pk)
    return HttpResponse(_runner(request, attempt, now, sent=request.POST if "with_answers" in request.POST else None))


def _save_form(request, attempt, now):
    items = list(items_of_paper(attempt.paper))
    answers = answers_of(request.POST, items, int(now.timestamp() * 1000))
    saved = save_answers(attempt_id=attempt.pk, answers=answers, by=request.user, at=now)
    left_open = [str(item.number) for item, (_pk, _sequence, sent) in zip(items, answers, strict=True) if not response_of(sent)]
    if request.POST.get("do") == "save":
        for item in items:
            if item.pk in saved.notes:
                place = _("Question %(number)d:") % {"number": item.number}
                messages.warning(request, f"{place} {saved.notes[item.pk]}")
        words = _("Saved %(time)s.") % {"time": timezone.localtime(now).strftime("%H:%M:%S")}
        if left_open:
            words += " " + _("Still unanswered: %(numbers)s.") % {"numbers": listed(left_open)}
        messages.success(request, words)


@require_GET
@open_to(SITS)
def exam_result(request, pk):
    attempt = get_object_or_404(results_visible_to(request.user), pk=pk)
    answers = given([attempt.sheet_id])[attempt.sheet_id]
    questions, mends = [], mends_of(attempt.paper.sitting_id)
    for item in items_of_paper(attempt.paper):
        one, mend = answers.get(item.version_id), mends.get(item.version_id)
        content = mend.key.content if mend else item.version.content
        shown = solved(content, get_language(), order=item.option_order, response=one and one.response)
        share = one.share or 0 if one else mark(content, None)
        questions.append({**shown, "item": item, "mend": mend, "earned": score_of(share * item.points), "right": share == 1})
    context = {
        "attempt": attempt,
        "sitting": attempt.paper.sitting,
        "candidate": attempt.paper.candidate,
        "questions": questions,
        "right": sum(question["right"] for question in questions),
        "passed": attempt.score >= attempt.paper.sitting.pass_mark,
    }
    return render(request, "assessments/exams/exam_result.html", context)
