"""What the runner sends while someone works. Lean: two statements of sign-in, one that saves."""

import json

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from assessments.exams.actions.attempts import AttemptOver, TooLate, note_events
from assessments.exams.actions.late import keep_late_answers
from assessments.exams.actions.saving import NoSuchAttempt, save_answers
from assessments.exams.queries import own_attempts
from lms.common.acting import open_to
from lms.common.outside import read_json
from lms.common.states import Refused

MOST_KINDS, LONGEST_KIND = 50, 40


@open_to(post=True, keeps=False)
def exam_save(request, pk):
    """`{item, sequence, response}`, or a list of them for what was kept offline, as JSON.

    200: `{saved_at, ends_at, now, visit, sequences: {item: what stands}, notes: {item: what to mend}}`. 409: too late or voided, `{error}`.
    `visit` is that of the page that was opened last; an older one then steps back.
    400: not understood, `{error}`.
    There is no permission to check: whoever holds the attempt has begun it, and the statement that saves asks for its candidate.
    """
    now = timezone.now()
    try:
        answers = [(one["item"], one["sequence"], one["response"]) for one in _messages(request)]
        saved = save_answers(attempt_id=pk, answers=answers, by=request.user, at=now)
    except (TooLate, AttemptOver) as refusal:
        return _json({"error": str(refusal)}, 409)
    except NoSuchAttempt:
        raise Http404 from None
    except (Refused, ValueError, KeyError, TypeError) as error:
        get_object_or_404(own_attempts(request.user), pk=pk)
        return _json({"error": str(error) if isinstance(error, Refused) else "JSON"}, 400)
    sequence = saved.sequences[answers[0][0]] if len(answers) == 1 else max(saved.sequences.values())
    moment = {"saved_at": saved.saved_at.isoformat(), "ends_at": saved.ends_at.isoformat(), "now": int(now.timestamp() * 1000)}
    moment["visit"] = saved.visit
    return _json({**moment, "sequence": sequence, "sequences": saved.sequences, "notes": saved.notes})


@open_to(post=True, keeps=False)
def exam_event(request, pk):
    """`{"kinds": ["focus_lost", …]}`: what the page tells of itself. It is told how things stand: `{over, ends_at, now, visit}`."""
    attempt = get_object_or_404(own_attempts(request.user), pk=pk)
    try:
        kinds = [str(kind)[:LONGEST_KIND] for kind in read_json(request.body)["kinds"][:MOST_KINDS]]
    except (ValueError, KeyError, TypeError):
        return _json({"error": "JSON"}, 400)
    now, running = timezone.now(), attempt.status == attempt.Status.IN_PROGRESS
    if running and kinds:
        note_events(attempt=attempt, kinds=kinds, at=now)
    moment = {"ends_at": attempt.ends_at.isoformat(), "now": int(now.timestamp() * 1000)}
    return _json({"over": not running, **moment, "visit": attempt.visit})


@open_to(post=True, keeps=False)
def exam_late(request, pk):
    """What the device still held at the end, a list as for a save. 200: `{numbers}`, of the questions whose late answers are kept."""
    try:
        answers = [(one["item"], one["sequence"], one["response"]) for one in _messages(request)]
        numbers = keep_late_answers(attempt_id=pk, answers=answers, by=request.user, at=timezone.now())
    except NoSuchAttempt:
        raise Http404 from None
    except (Refused, ValueError, KeyError, TypeError) as error:
        get_object_or_404(own_attempts(request.user), pk=pk)
        return _json({"error": str(error) if isinstance(error, Refused) else "JSON"}, 400)
    return _json({"numbers": numbers})


def _messages(request):
    body = read_json(request.body)
    return body if isinstance(body, list) else [body]


def _json(values, status=200):
    return HttpResponse(json.dumps(values), content_type="application/json", status=status)
