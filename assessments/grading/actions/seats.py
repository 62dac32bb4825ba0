"""After the lock: a seat is given again by two people, and a sheet that will not come is excused by someone else (G3)."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.grading.actions.guarding import check_hands, check_state, not_yours
from assessments.grading.models import Cycle, MissingSheet, PanelMember, SeatChange
from assessments.grading.permissions import may_confirm, may_seat
from assessments.grading.queries.components import practicals_of
from assessments.grading.queries.judging import sat, without_sheet
from assessments.grading.queries.panels import seat_shown, why_not_seated
from assessments.practicals.actions import change_marker
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import names_of
from lms.common.states import Refused, WrongState, require
from lms.notifications.actions import notify
from lms.people.actions.proposals import LASTS, appointed_each_other, no_longer
from lms.people.permissions import paired

# While results are being signed they go back to marking first: who takes the seat has to judge before they sign.
GIVEN_AGAIN = [Cycle.Status.MARKING, Cycle.Status.LOCKED, Cycle.Status.SITTING]


@transaction.atomic
def propose_seat(*, member, examiner, reason, by, at, shown=None):
    """Propose that someone else takes a seat of a locked cycle. It stays as it is until another person confirms it."""
    cycle = member.cycle
    require(may_seat(by, cycle, examiner), not_yours())
    reason = _given(reason)
    if examiner.pk == member.examiner_id:
        raise Refused(_("%(name)s has this seat already.") % {"name": examiner.name}, field="examiner")
    _check_change(cycle, member.seat, examiner)
    check_shown(shown, seat_shown(cycle, member.seat), cycle)
    try:
        with transaction.atomic():
            change = SeatChange.objects.create(
                cycle=cycle, seat=member.seat, leaver=member.examiner, examiner=examiner, reason=reason, proposed_at=at, proposed_by=by
            )
    except IntegrityError:
        raise Refused(_("Another change of this seat waits for its confirmation. Have it confirmed or withdraw it first.")) from None
    record_event("panel.change_proposed", target=cycle, by=by, at=at, after=_words(change))
    return change


@transaction.atomic
def confirm_seat(*, change, by, at):
    """The second person gives the seat: the leaver's sheets count no more, and who takes it scores every practical of the cycle."""
    cycle = change.cycle
    require(
        may_confirm(by, change),
        _("A seat given again is confirmed by a second person: HR of the dealer or the group, who neither proposed nor takes it."),
    )
    _check_first(change, by, at)
    _check_change(cycle, change.seat, change.examiner)
    waiting = SeatChange.objects.filter(pk=change.pk, confirmed_at=None, withdrawn_at=None)
    if not waiting.update(confirmed_at=at, confirmed_by=by):
        raise WrongState(_("This change was decided already; nothing was changed."))
    moved = PanelMember.objects.filter(cycle=cycle, seat=change.seat, examiner=change.leaver_id)
    if not moved.update(examiner=change.examiner_id, signed_at=None, signed_by=None):
        raise WrongState(_("The seat has been given to someone else meanwhile; nothing was changed."))
    change_marker(practicals=practicals_of(cycle), leaver=change.leaver_id, marker=change.examiner_id)
    record_event("panel.changed", target=cycle, by=by, at=at, after={**_words(change), "proposed_by": change.proposed_by_id})
    change.refresh_from_db()
    _tell(change)
    return change


def _tell(change):
    """Who takes the seat, and who gives it up."""
    cycle = change.cycle
    words = {"dealer": names_of(cycle.dealer), "track": cycle.track, "year": cycle.year, "quarter": cycle.quarter, "reason": change.reason}
    for kind, person, url in (("grading_seat_taken", change.examiner, "marking_queue"), ("grading_seat_given_up", change.leaver, "today")):
        notify(kind=kind, people=[person] if person.is_here else [], key=f"seat:{change.pk}", context=words, url=reverse(url))


@transaction.atomic
def withdraw_seat(*, change, by, at):
    """Leave the seat as it is."""
    check_hands(change.cycle, by)
    waiting = SeatChange.objects.filter(pk=change.pk, confirmed_at=None, withdrawn_at=None)
    if not waiting.update(withdrawn_at=at, withdrawn_by=by):
        raise WrongState(_("This change was decided already; nothing was changed."))
    record_event("panel.change_withdrawn", target=change.cycle, by=by, at=at, after=_words(change))
    change.refresh_from_db()
    return change


@transaction.atomic
def excuse_sheets(*, member, reason, by, at):
    """Record why one examiner has not scored whom they have not scored; the panel reads it. Two sheets a candidate it takes all the same.

    Returns how many sheets are excused.
    """
    require(may_seat(by, member.cycle, member.examiner), not_yours())
    reason = _given(reason)
    check_state(member.cycle, Cycle.Status.MARKING)
    left = without_sheet(sat(member.cycle), member.examiner_id)
    rows = [
        MissingSheet(candidacy=candidacy, examiner=member.examiner, reason=reason, recorded_at=at, recorded_by=by) for candidacy in left
    ]
    if not rows:
        raise Refused(
            _("Nothing is missing: %(name)s has scored everyone who sat, or it is excused already.") % {"name": member.examiner.name}
        )
    MissingSheet.objects.bulk_create(rows, batch_size=500)
    after = {"examiner": member.examiner_id, "reason": reason, "candidacies": [row.candidacy_id for row in rows]}
    record_event("panel.sheets_excused", target=member.cycle, by=by, at=at, after=after)
    return len(rows)


def _check_first(change, by, at):
    """The first of the two signatures still counts, beside this second one."""
    first = change.proposed_by
    require(may_seat(first, change.cycle, change.examiner), no_longer(first))
    require(not paired(first, by, at=at), appointed_each_other())
    if change.proposed_at <= at - LASTS:
        raise Refused(_("This was proposed more than %(days)d days ago. Withdraw it and propose it anew.") % {"days": LASTS.days})


def _given(reason):
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why; it stays on record and the panel reads it."), field="reason")
    return reason[:200]


def _check_change(cycle, seat, examiner):
    check_state(cycle, *GIVEN_AGAIN)
    refusal = why_not_seated(cycle, seat, examiner)
    if refusal:
        raise Refused(refusal, field="examiner")


def _words(change):
    return {"seat": change.seat, "leaver": change.leaver_id, "examiner": change.examiner_id, "reason": change.reason}
