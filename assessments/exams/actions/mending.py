"""A key that proved wrong after an exam (§4): one person says so with a reason, another confirms it, and every paper that holds the
question is marked again. Marks are added; those from before stay. Until the results are fixed for signing, and not after.
"""

from django.db import IntegrityError, transaction

from assessments.answers.actions import add_marks
from assessments.answers.queries import given
from assessments.exams.actions.effects import Change, Effect, effect_shown
from assessments.exams.actions.marks import BATCH, items_marked_by, reckon
from assessments.exams.actions.sealing import check_open, lock_sittings
from assessments.exams.models import Attempt, KeyMend, Sitting
from assessments.exams.permissions import may_confirm_mend, may_propose_mend
from assessments.exams.queries import holding, mended_keys, past, proposed_together, sittings_mended_by
from assessments.questions.actions import carry_key_over, version_of
from assessments.questions.mending import MarkedSoAlready, Way, mended
from lms.audit.actions import event_of, record_event, record_events
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import gettext as _
from lms.common.states import Refused, WrongState, require
from lms.jobs.actions import start_job
from lms.jobs.progress import Quiet
from lms.people.actions.proposals import LASTS, appointed_each_other, no_longer
from lms.people.permissions import paired

MANY = 300  # papers from which on a job does it
OPEN = {"confirmed_at": None, "withdrawn_at": None}
COUNTED = [Attempt.Status.SUBMITTED, Attempt.Status.MARKED]


@transaction.atomic
def propose_mends(*, version, way, answer, reason, by, at):
    """Say that the key of a frozen question was wrong: for each sitting of theirs whose results are open. Nothing changes yet.

    A sitting that is marked so already, by an earlier mend, is left out; refuses where none is left.
    `answer` is what is right, as a candidate gives it. Returns the mends, one a sitting, to be confirmed together.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why; whoever confirms it reads it, and after publication the candidates do."), field="reason")
    sittings = lock_sittings([one.pk for one in sittings_to_mend(version, by, at)])
    require(bool(sittings) and all(may_propose_mend(by, one) for one in sittings), _whose())
    response = None if way == Way.EVERYONE else answer
    values = {"version": version, "way": way, "response": response, "reason": reason[:200], "proposed_at": at, "proposed_by": by}
    mends = _that_change([KeyMend(sitting=one, **values) for one in sittings])
    try:
        with transaction.atomic():
            mends = KeyMend.objects.bulk_create(mends)
    except IntegrityError:
        raise Refused(_("This question waits for a decision already. Have it confirmed or withdraw it first.")) from None
    record_events([event_of("mend.proposed", target=one, by=by, at=at, after=_words(one)) for one in mends])
    return mends


def _that_change(mends):
    changing, same = [], None
    for mend in mends:
        try:
            new_content(mend)
        except MarkedSoAlready as refusal:
            same = refusal
        else:
            changing.append(mend)
    if same and not changing:
        raise same
    return changing


def sittings_to_mend(version, by, at):
    """The sittings that `by` may have the key mended in now; refuses where there is none, and names the way back."""
    held = holding(sittings_mended_by(by), version)
    over = past(held, at).order_by("pk")
    still_open = [one for one in over if one.sealed_at is None and one.results_at is None]
    if not still_open:
        for one in over:
            check_open(one)
        if held:
            raise Refused(_("The exam is not over yet. Once everyone has handed in, the key can be mended."))
    return still_open


def new_content(mend):
    """The content by which the papers of the sitting are to be marked; refuses where nothing would change."""
    return mended(marked_by(mend.version, mend.sitting_id), mend.way, mend.response)


def marked_by(version, sitting):
    """The content by which a version is marked in a sitting (its pk) now: its key may have been mended before."""
    key = mended_keys([sitting]).get((sitting, version.pk))
    return key.content if key else version.content


def effect_of(mends, at):
    """What confirming would do, before it is done."""
    effect = Effect()
    for mend in mends:
        for change in _changes(mend, new_content(mend), mend.version_id, at):
            effect.count(change)
    return effect


def papers_of(mends):
    """How many attempts would be marked again."""
    return sum(_attempts(mend).count() for mend in mends)


def _attempts(mend):
    marked = Attempt.objects.filter(paper__sitting=mend.sitting_id, status__in=COUNTED, paper__items__version=mend.version_id)
    return marked.select_related("paper__sitting", "paper__candidate").order_by("pk")


def _changes(mend, content, key, at):
    attempts = list(_attempts(mend))
    for start in range(0, len(attempts), BATCH):
        batch = attempts[start : start + BATCH]
        items, sheets = items_marked_by([one.paper_id for one in batch]), given([one.sheet_id for one in batch])
        for one in batch:
            asked = [item._replace(content=content, key=key) if item.version == mend.version_id else item for item in items[one.paper_id]]
            score, marks = reckon(asked, sheets[one.sheet_id], at, again={mend.version_id}, reason=mend.reason)
            if one.status != Attempt.Status.MARKED:  # what else it waits for is marked in its time
                score, marks = one.score, [mark for mark in marks if mark.key_id == key]
            yield Change(one, one.score, score, marks)


@transaction.atomic
def ask_for_mends(*, mend, by, at, shown=None):
    """Confirm a proposal in all its sittings that are theirs, at once or by a job where many papers hold it.

    `shown` is what the page said that it would do; where it would do something else now, nothing is done.
    Returns the `Effect`, or the job.
    """
    mends = _waiting(mend, by, at)
    for sitting in lock_sittings([one.sitting_id for one in mends]):
        check_open(sitting)
    check_shown(shown, effect_shown(effect_of(mends, at)), mend)
    if papers_of(mends) <= MANY:
        return confirm_mends(mends=mends, by=by, at=at)
    params = {"mends": [one.pk for one in mends], "mend": mend.pk}
    return start_job(kind="exams.mend_key", key=f"mend:{mend.pk}", params=params, by=by)


def _waiting(mend, by, at):
    """What waits of the proposal, after a look at whether this is the second pair of hands."""
    together = proposed_together(mend).filter(sitting__in=sittings_mended_by(by))
    mends = list(together.select_related("sitting__dealer", "version", "proposed_by__employee"))
    if not mends:
        raise WrongState(_("This was decided already; nothing was changed."))
    _check_hands(mends, by, at)
    return mends


def _check_hands(mends, by, at):
    require(
        all(may_confirm_mend(by, one) for one in mends),
        _("A mended key is confirmed by a second person: HR of the dealer or the group, who neither proposed it nor sits the exam."),
    )
    first = mends[0].proposed_by
    require(all(may_propose_mend(first, one.sitting) for one in mends), no_longer(first))
    require(not paired(first, by, at=at), appointed_each_other())
    if mends[0].proposed_at <= at - LASTS:
        raise Refused(_("This was proposed more than %(days)d days ago. Withdraw it and propose it anew.") % {"days": LASTS.days})


@transaction.atomic
def confirm_mends(*, mends, by, at, progress=None):
    """The second person mends the key: all attempts that hold the question are marked again, the author's question goes on with it.

    The sittings are locked first, so that their results are fixed for signing before or after, never between. Returns the `Effect`.
    """
    _check_hands(mends, by, at)
    sittings = lock_sittings([one.sitting_id for one in mends])
    for sitting in sittings:
        check_open(sitting)
    if past(Sitting.objects.filter(pk__in=[one.pk for one in sittings]), at).count() < len(sittings):
        raise Refused(_("The exam is not over yet. Once everyone has handed in, the key can be mended."))
    progress, effect = progress or Quiet(), Effect()
    progress.total(papers_of(mends))
    first = mends[0]
    contents = {one.pk: new_content(one) for one in mends}
    stood = [marked_by(one.version, one.sitting_id) for one in mends]
    effect.is_draft = carry_key_over(version=first.version, stood=stood, way=first.way, response=first.response, by=by, at=at)
    for mend in mends:
        _confirm(mend, contents[mend.pk], by, at, progress, effect)
    return effect


def _confirm(mend, content, by, at, progress, effect):
    key = version_of(version=mend.version, content=content, by=by)
    own = Effect()
    # What is being marked at this moment is waited for, and then marked again.
    list(Attempt.objects.select_for_update().filter(paper__sitting=mend.sitting_id, status__in=COUNTED).order_by("pk").values_list("pk"))
    changes = []
    for change in _changes(mend, content, key.pk, at):
        changes.append(change)
        own.count(change)
        effect.count(change)
        progress.advance()
    waiting = KeyMend.objects.filter(pk=mend.pk, **OPEN)
    if not waiting.update(confirmed_at=at, confirmed_by=by, key=key):
        raise WrongState(_("This was decided already; nothing was changed."))
    add_marks([mark for change in changes for mark in change.marks])
    _keep_scores(own.changed, mend, by, at)
    after = {**_words(mend), "proposed_by": mend.proposed_by_id, **own.numbers}
    record_event("mend.confirmed", target=mend, by=by, at=at, after=after)
    mend.refresh_from_db()


def _keep_scores(changes, mend, by, at):
    for change in changes:
        Attempt.objects.filter(pk=change.attempt.pk).update(score=change.after)
    record_events(
        [
            event_of(
                "attempt.marked_again",
                target=change.attempt,
                by=by,
                at=at,
                before={"score": change.before},
                after={"score": change.after, "reason": mend.reason},
            )
            for change in changes
        ]
    )


@transaction.atomic
def withdraw_mends(*, mend, by, at):
    """Leave the key as it is, in all sittings of the proposal that are theirs: whoever proposed it, or may confirm it."""
    mends = list(proposed_together(mend).filter(sitting__in=sittings_mended_by(by)).select_related("sitting__dealer"))
    require(
        all(by.pk == one.proposed_by_id or may_confirm_mend(by, one) for one in mends),
        _("A proposal is withdrawn by whoever made it, or by HR of the dealer or the group."),
    )
    done = KeyMend.objects.filter(pk__in=[one.pk for one in mends], **OPEN).update(withdrawn_at=at, withdrawn_by=by)
    if not done:
        raise WrongState(_("This was decided already; nothing was changed."))
    record_events([event_of("mend.withdrawn", target=one, by=by, at=at, after=_words(one)) for one in mends])
    return done


def _whose():
    return _(
        "A wrong key is named by the authors of questions or by HR of the dealer or the group, and never by someone who sits the exam."
    )


def _words(mend):
    return {"way": mend.way, "reason": mend.reason}
