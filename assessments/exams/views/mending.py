"""A key that proved wrong: how the questions of an exam went, what would be right, what that changes, and the second person's word."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.exams.actions.effects import Effect, effect_shown, effect_words
from assessments.exams.actions.mending import ask_for_mends, effect_of, marked_by, new_content, propose_mends, withdraw_mends
from assessments.exams.actions.sealing import check_open
from assessments.exams.forms import ConfirmMendForm, MendForm
from assessments.exams.permissions import may_confirm_mend, may_manage
from assessments.exams.queries import (
    holding,
    how_questions_went,
    mended_keys,
    mends_visible_to,
    papers_to_come,
    past,
    proposed_together,
    sittings_mended_by,
    with_running,
)
from assessments.questions.marking import asked, key_control, solved
from assessments.questions.mending import is_mendable
from assessments.questions.models import Question, QuestionVersion
from lms.common.acting import attempt, first_error, open_to
from lms.common.states import Refused

WHO = ["exams.manage_sittings", "questions.change_question"]  # `sittings_mended_by` decides which


@require_safe
@open_to(*WHO)
def sitting_questions(request, pk):
    """How each question of an exam that is over went; those that fewest had right come first."""
    sitting = get_object_or_404(past(sittings_mended_by(request.user), timezone.now()), pk=pk)
    language, mended = get_language(), mended_keys([sitting.pk])
    rows = how_questions_went(sitting)
    for row in rows:
        version = row["version"]
        row |= {"stem": asked(version.content, language)["stem"], "is_mended": (sitting.pk, version.pk) in mended}
        row["may_mend"] = is_mendable(version.content) and not _why_fixed(sitting)
    context = {"sitting": sitting, "rows": rows, "fixed": _why_fixed(sitting), "watches": request.user.has_perm(WHO[0])}
    return render(request, "assessments/exams/sitting_questions.html", context)


def _why_fixed(sitting):
    """Why nothing of the sitting can be changed any more, with the way back; "" where it can."""
    try:
        check_open(sitting)
    except Refused as refusal:
        return str(refusal)
    return ""


@require_safe
@open_to(*WHO)
def question_mends(request, pk):
    """Where a question of the bank was asked, in which versions, and what was said of its key. For HR, once an exam with it is over."""
    question = get_object_or_404(Question.objects.non_polymorphic(), pk=pk)
    sittings, now = sittings_mended_by(request.user), timezone.now()
    versions = list(question.versions.order_by("-number"))
    for version in versions:
        version.asked_in = list(with_running(holding(sittings, version)).order_by("-opens_at")[:50])
        version.is_over = past(holding(sittings, version), now).exists()
    if not request.user.has_perm("questions.change_question") and not any(version.is_over for version in versions):
        raise Http404
    context = {
        "question": question,
        "versions": [version for version in versions if version.asked_in],
        "mends": mends_visible_to(request.user).filter(version__question=question).order_by("-pk"),
    }
    return render(request, "assessments/exams/question_mends.html", context)


@open_to(*WHO)
def mend_new(request, version):
    """Say that a key was wrong, and what is right."""
    found = get_object_or_404(QuestionVersion, pk=version)
    over = list(past(holding(sittings_mended_by(request.user), found), timezone.now()).order_by("-opens_at"))
    if not over or not is_mendable(found.content):
        raise Http404
    form = MendForm(request.POST or None)
    if form.is_valid():
        made = attempt(request, propose_mends, _proposed(), form=form, version=found, **form.cleaned_data)
        if made:
            return redirect("mend", pk=made[0].pk)
    sittings = [(one, _why_fixed(one)) for one in over]
    stands = marked_by(found, over[0].pk)  # in the newest of them
    shown = asked(found.content, get_language(), response=form.answer, name="answer")
    context = {"version": found, "form": form, "q": shown, "control": key_control(found.content), "sittings": sittings}
    context |= {
        "solved": solved(stands, get_language()),
        "for_everyone": stands.get("everyone", False),
        "can_be": any(not why for _one, why in sittings),
    }
    return render(request, "assessments/exams/mend_new.html", context)


def _proposed():
    return _("Proposed. No mark changes before a second person has confirmed it.")


@require_safe
@open_to(*WHO)
def mend(request, pk):
    """One proposal: what was right until now, what would be, whose score changes; and the buttons of the second person."""
    found = get_object_or_404(mends_visible_to(request.user), pk=pk)
    together = list(_together(request.user, found))
    effect, refused, content = _foreseen(found, together)
    language = get_language()
    manages = all(may_manage(request.user, one.sitting) for one in together)
    context = {
        "mend": found,
        "sittings": [one.sitting for one in together] or [found.sitting],
        "before": solved(_before(found), language),
        "after": solved(content, language) if content else None,
        "effect": effect,
        "words": effect_words(effect) if effect else "",
        "form": ConfirmMendForm(facts=effect_shown(effect)) if effect else None,
        "to_come": _to_come(request.user, found),
        "changed": sorted(effect.changed, key=lambda change: change.attempt.paper.candidate.number) if effect and manages else [],
        "refused": refused,
        "is_draft": found.confirmed_at and found.version.question.status == Question.Status.DRAFT,
        "may_confirm": bool(together) and not refused and all(may_confirm_mend(request.user, one) for one in together),
        "may_withdraw": bool(together) and (found.proposed_by_id == request.user.pk or manages),
    }
    return render(request, "assessments/exams/mend.html", context)


def _to_come(user, found):
    """How many papers of exams that are not over hold the wrong key too, in a sentence; "" for none."""
    count = 0 if found.withdrawn_at else papers_to_come(sittings_mended_by(user), found.version_id, timezone.now())
    words = ngettext(
        "%(count)d paper of an exam that is not over yet holds this key too. It is mended after its exam; Today reminds HR of it.",
        "%(count)d papers of exams that are not over yet hold this key too. They are mended after their exam; Today reminds HR of it.",
        count,
    )
    return words % {"count": count} if count else ""


def _together(user, found):
    """What waits of the proposal in the sittings that are the user's."""
    mine = proposed_together(found).filter(sitting__in=sittings_mended_by(user))
    return mine.select_related("sitting__dealer", "version") if found.is_open else mine.none()


def _foreseen(found, together):
    """(what it would do, why it can't be done, the content by which to mark); of one that was decided, only the content."""
    if not together:
        return None, "", found.key and found.key.content
    try:
        for one in together:
            check_open(one.sitting)
        return effect_of(together, timezone.now()), "", new_content(found)
    except Refused as refusal:
        return None, str(refusal), None


def _before(found):
    """The content by which the papers were marked until this mend."""
    earlier = type(found).objects.filter(sitting=found.sitting_id, version=found.version_id, pk__lt=found.pk, confirmed_at__isnull=False)
    last = earlier.select_related("key").order_by("-pk").first()
    return last.key.content if last else found.version.content


@open_to("exams.manage_sittings", post=True)
def mend_confirm(request, pk):
    found = get_object_or_404(mends_visible_to(request.user), pk=pk)
    form = ConfirmMendForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect("mend", pk=pk)
    done = attempt(request, ask_for_mends, _done, mend=found, **form.cleaned_data)
    if done and not isinstance(done, Effect):
        return redirect("job", pk=done.pk)
    return redirect("mend", pk=pk)


def _done(result):
    if not isinstance(result, Effect):
        return ""
    draft = [_("The question is a draft now: its author has to look at it before it is drawn again.")] if result.is_draft else []
    return " ".join([_("The key is mended."), effect_words(result), *draft])


@open_to(*WHO, post=True)
def mend_withdraw(request, pk):
    found = get_object_or_404(mends_visible_to(request.user), pk=pk)
    attempt(request, withdraw_mends, _("Withdrawn: the key stays as it is."), mend=found)
    return redirect("mend", pk=pk)
