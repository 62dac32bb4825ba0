"""Training agreements: signed, renewed, ended early; what both sides owe under them."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.common.days import day
from lms.common.states import Refused, require
from talent_pool.schools.models import Agreement, Duty
from talent_pool.schools.permissions import may_keep_at

WEIGHTS = ("weight_internship", "weight_coursework", "weight_graduation")


def whose_agreement():
    return _("Agreements are kept by HR of the dealer that signed them, and by group HR.")


@transaction.atomic
def sign_agreement(*, school, dealer, by, at, duties=(), file=None, **term):
    """Record an agreement that was signed. `term`: number, signed_on, starts_on, ends_on, quota, majors and the three weights of the
    ranking, percent, which make 100. `duties`: [{"side", "words", "due_on"}]."""
    require(may_keep_at(by, dealer), whose_agreement())
    if school.group_id != dealer.group_id:
        raise Refused(_("%(school)s works with another dealer group.") % {"school": school.name}, field="school")
    agreement = _write(Agreement(school=school, dealer=dealer, **term), file, by, at)
    return _recorded("schools.agreement_signed", agreement, duties, by, at)


@transaction.atomic
def renew_agreement(*, agreement, by, at, duties=(), file=None, **term):
    """A new agreement that names the one before; that one stays as it was. It begins after the old one's last day, and there is one."""
    agreement = _held(agreement, by)
    if agreement.ended_on:
        raise Refused(_("This agreement ended early, so it can't be renewed. Sign a new one with the school."))
    if Agreement.objects.filter(renews=agreement).exists():
        raise Refused(_("This agreement is renewed already. Renew the newest one."))
    if term["starts_on"] <= agreement.ends_on:
        raise Refused(
            _("A renewal begins after the last day of the old agreement, %(day)s. Choose a later day.") % {"day": day(agreement.ends_on)},
            field="starts_on",
        )
    new = _write(Agreement(school=agreement.school, dealer=agreement.dealer, renews=agreement, **term), file, by, at)
    return _recorded("schools.agreement_renewed", new, duties, by, at)


def _held(agreement, by):
    agreement = Agreement.objects.select_for_update(of=("self",)).select_related("school", "dealer").get(pk=agreement.pk)
    require(may_keep_at(by, agreement.dealer), whose_agreement())
    return agreement


def _write(agreement, file, by, at):
    _check(agreement, at)
    agreement.file, agreement.made_at, agreement.made_by = file or "", at, by
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError:
        words = _("An agreement with the number %(number)s is on record at this dealer already. Choose another number.")
        raise Refused(words % {"number": agreement.number}, field="number") from None
    return agreement


def _check(agreement, at):
    if agreement.ends_on < agreement.starts_on:
        raise Refused(_("The last day lies before the first. Correct one of the two."), field="ends_on")
    if agreement.signed_on > timezone.localdate(at):
        raise Refused(_("An agreement is recorded once it is signed; the day can't be ahead."), field="signed_on")
    total = sum(getattr(agreement, name) for name in WEIGHTS)
    if total != 100:
        words = _("The three weights make %(total)d%%. They must make 100%% together.")
        raise Refused(words % {"total": total}, field="weight_graduation")


def _recorded(verb, agreement, duties, by, at):
    rows = Duty.objects.bulk_create([Duty(agreement=agreement, **one) for one in duties])
    names = ("number", "signed_on", "starts_on", "ends_on", "quota", "majors", *WEIGHTS)
    after = {name: getattr(agreement, name) for name in names} | {"file": agreement.file.name, "duties": [one.pk for one in rows]}
    record_event(verb, target=agreement, by=by, at=at, after=after | ({"renews": agreement.renews_id} if agreement.renews_id else {}))
    return agreement


@transaction.atomic
def end_agreement_early(*, agreement, ended_on, reason, by, at):
    """The last day is `ended_on` and no longer the agreed one; once, with a reason. Classes and students stay on record."""
    agreement = _held(agreement, by)
    if agreement.ended_on:
        raise Refused(_("This agreement ended early on %(day)s already.") % {"day": day(agreement.ended_on)})
    if not agreement.starts_on <= ended_on < agreement.ends_on:
        words = _("The agreement runs from %(first)s to %(last)s. An early end lies before its last day.")
        raise Refused(words % {"first": day(agreement.starts_on), "last": day(agreement.ends_on)}, field="ended_on")
    agreement.ended_on, agreement.ended_reason = ended_on, reason
    agreement.save(update_fields=["ended_on", "ended_reason"])
    record_event("schools.agreement_ended", target=agreement, by=by, at=at, after={"ended_on": ended_on, "ended_reason": reason})
    return agreement


@transaction.atomic
def add_duty(*, agreement, side, words, due_on=None, by, at):
    """Something that one of the two sides owes, agreed on later."""
    agreement = _held(agreement, by)
    duty = Duty.objects.create(agreement=agreement, side=side, words=words, due_on=due_on)
    record_event("schools.duty_added", target=duty, by=by, at=at, after={"side": side, "due_on": due_on})
    return duty


@transaction.atomic
def mark_duty_done(*, duty, by, at, done_on=None):
    """Done, once."""
    duty = Duty.objects.select_related("agreement__dealer").get(pk=duty.pk)
    require(may_keep_at(by, duty.agreement.dealer), whose_agreement())
    done_on = done_on or timezone.localdate(at)
    if done_on > timezone.localdate(at):
        raise Refused(_("The day on which it was done can't be ahead."), field="done_on")
    # Of two people who press the same button one wins.
    if not Duty.objects.filter(pk=duty.pk, done_on=None).update(done_on=done_on, done_at=at, done_by=by):
        raise Refused(_("This was recorded as done already."))
    record_event("schools.duty_done", target=duty, by=by, at=at, after={"done_on": done_on})
    duty.refresh_from_db()
    return duty
