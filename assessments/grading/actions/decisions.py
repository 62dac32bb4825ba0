"""What makes a level what it is (G2, G7): awards by publication, everything else by a written decision."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.certification.actions import issue_certificate, revoke_certificate
from assessments.certification.models import Certificate
from assessments.grading.models import Candidacy, LevelDecision
from assessments.grading.permissions import SHOWN, UNDER_WAY, may_correct, may_decide
from assessments.grading.queries.ladder import decisions_held_by
from assessments.grading.queries.records import steps_of_the_quarter
from lms.audit.actions import event_of, record_events
from lms.common.states import Refused, WrongState, require
from lms.people.models import Employee
from lms.people.permissions import paired

Kind = LevelDecision.Kind
NOT_PASSED = [Candidacy.Outcome.FAILED, Candidacy.Outcome.MISSED]
VERBS = {
    Kind.AWARD: "award.made",
    Kind.RENEWAL: "level.renewed",
    Kind.LAPSE: "level.lapsed",
    Kind.LOWERING: "level.lowered",
    Kind.CORRECTION: "level.corrected",
}


def lock_people(people):
    """Keep the levels of these employees (ids) from changing until the transaction ends; always in one order."""
    list(Employee.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=people).order_by("pk").values_list("pk"))


def record_decisions(*, decisions, by, at):
    """Add the decisions, about people who are locked, and let their levels follow. The only place that writes a level."""
    last = _last_numbers(decisions)
    for decision in decisions:
        decision.number = last.get((decision.employee_id, decision.track), 0) + 1
        decision.decided_at, decision.decided_by = at, by
        decision.effective_on = decision.effective_on or timezone.localdate(at)
    made = LevelDecision.objects.bulk_create(decisions)
    for track, level in {(decision.track, decision.to_level) for decision in made}:
        people = [d.employee_id for d in made if (d.track, d.to_level) == (track, level)]
        Employee.objects.filter(pk__in=people).update(**{f"{track}_level": level})
    record_events([_event(decision, by, at) for decision in made])
    return made


def _last_numbers(decisions):
    """{(employee id, track): the number of the newest decision so far}."""
    people = [decision.employee_id for decision in decisions]
    rows = LevelDecision.objects.filter(employee__in=people).order_by().values_list("employee", "track").annotate(last=Max("number"))
    return {(person, track): last for person, track, last in rows}


def _event(decision, by, at):
    after = {"level": decision.to_level, "track": decision.track}
    if decision.kind != Kind.AWARD:
        after |= {"reason": decision.reason, "effective_on": decision.effective_on}
    if decision.confirmed_by_id:
        after["confirmed_by"] = decision.confirmed_by_id
    return event_of(VERBS[decision.kind], target=decision, by=by, at=at, before={"level": decision.from_level}, after=after)


@transaction.atomic
def renew_level(*, employee, track, from_level, reason, by, at):
    """The level held is passed again and stays, with a new certificate (G7)."""
    level = _begin(employee, track, from_level, by)
    reason = _given(reason)
    source = f"renewal:{employee.pk}:{track}:{employee.level_decisions.filter(track=track).count() + 1}"
    certificate = issue_certificate(employee=employee, track=track, level=level, source=source, by=by, at=at)
    return _decide(Kind.RENEWAL, employee, track, level, level, reason, by, at, certificate=certificate)


@transaction.atomic
def lapse_level(*, employee, track, from_level, reason, by, at):
    """A level whose certificate has expired without a renewal goes down one step (G7). Pay stays as it is."""
    level = _begin(employee, track, from_level, by)
    reason = _given(reason)
    certificate = (
        Certificate.objects.filter(employee=employee, track=track, level=level, revoked_at=None).order_by("-issued_at", "-pk").first()
    )
    if certificate is None or certificate.state_on(timezone.localdate(at)) != "expired":
        raise Refused(
            _("The certificate of this level has not expired, so the level does not lapse. To take it away for a reason, lower it.")
        )
    _check_no_exam(employee, track)
    return _decide(Kind.LAPSE, employee, track, level, level - 1, reason, by, at)


@transaction.atomic
def lower_level(*, employee, track, from_level, reason, by, at):
    """One step down by a written decision (G7): the certificate of the level is revoked with it. Pay stays as it is."""
    level = _begin(employee, track, from_level, by)
    reason = _given(reason)
    _check_no_exam(employee, track)
    made = _decide(Kind.LOWERING, employee, track, level, level - 1, reason, by, at)
    _revoke_above(made, by, at)
    return made


def _begin(employee, track, from_level, by):
    """The head of what HR decides on a level; returns the level held, which stays until the end of the transaction.

    `from_level` is the one that was decided on: what is asked for twice is done once.
    """
    require(may_decide(by, employee), _whose())
    level = _level_now(employee, track)
    if not level:
        raise Refused(_("%(name)s holds no level on this track.") % {"name": employee.name})
    if level != from_level:
        raise WrongState(_("%(name)s holds level %(level)d now; nothing was changed.") % {"name": employee.name, "level": level})
    return level


def _level_now(employee, track):
    lock_people([employee.pk])
    return Employee.objects.get(pk=employee.pk).level_in(track)


def _whose():
    return _("Levels are decided on by HR of the person's dealer or of the group, and never one's own.")


def _given(reason):
    reason = reason.strip()
    if not reason:
        raise Refused(_("Write down the reason: it stays on record, and the person reads it."), field="reason")
    return reason[:200]


def _check_no_exam(employee, track):
    """What a cycle under way examines for must still stand when it is published."""
    seats = Candidacy.objects.filter(employee=employee, cycle__track=track, cycle__status__in=UNDER_WAY).select_related("cycle")
    for candidacy in seats:
        if candidacy.may_sit:
            raise Refused(
                _("%(name)s is being examined in “%(cycle)s”. Decide on the level once its results are published.")
                % {"name": employee.name, "cycle": candidacy.cycle}
            )


def _decide(kind, employee, track, start, end, reason, by, at, **more):
    decision = LevelDecision(kind=kind, employee=employee, track=track, from_level=start, to_level=end, reason=reason, **more)
    (made,) = record_decisions(decisions=[decision], by=by, at=at)
    return made


def _revoke_above(decision, by, at):
    """Nobody shows a valid certificate of a level that a decision took."""
    left = Certificate.objects.filter(
        employee=decision.employee, track=decision.track, level__gt=decision.to_level, revoked_at=None
    ).select_related("employee")
    for certificate in left:
        revoke_certificate(certificate=certificate, reason=decision.reason, by=by, at=at)


@transaction.atomic
def correct_result(*, candidacy, reason, confirmed_by, by, at):
    """After an appeal: who did not pass is given the step that would have been (G6). Two people decide, who did not examine."""
    cycle, employee = candidacy.cycle, candidacy.employee
    _two_hands(employee, by, confirmed_by, at, cycle=cycle)
    reason = _given(reason)
    level = _level_now(employee, cycle.track)
    candidacy = Candidacy.objects.select_related("cycle").get(pk=candidacy.pk)
    if candidacy.cycle.status not in SHOWN or not candidacy.may_sit or candidacy.outcome not in NOT_PASSED:
        raise Refused(_("Only a published result that was not passed, of someone who was admitted, is corrected to a step up."))
    if level != candidacy.from_level or LevelDecision.objects.filter(candidacy=candidacy).exists():
        raise Refused(_("The level has changed since that result, so there is no step left to give for it."))
    if steps_of_the_quarter(cycle).filter(employee=employee).exists():
        raise Refused(_("%(name)s has had a step in that quarter already, and nobody rises twice in one.") % {"name": employee.name})
    _check_no_exam(employee, cycle.track)
    source, dealer = f"correction:candidacy:{candidacy.pk}", cycle.dealer
    certificate = issue_certificate(
        employee=employee, track=cycle.track, level=candidacy.to_level, source=source, dealer=dealer, by=by, at=at
    )
    rests_on = {"candidacy": candidacy, "cycle": cycle, "year": cycle.year, "quarter": cycle.quarter, "certificate": certificate}
    on = timezone.localdate(candidacy.cycle.published_at)
    rests_on |= {"confirmed_by": confirmed_by, "effective_on": on}
    return _decide(Kind.CORRECTION, employee, cycle.track, level, candidacy.to_level, reason, by, at, **rests_on)


@transaction.atomic
def correct_decision(*, decision, reason, confirmed_by, by, at):
    """Take a decision back to what would have been without it. Where others followed, those are taken back first, newest first."""
    employee, track = decision.employee, decision.track
    _two_hands(employee, by, confirmed_by, at, cycle=decision.cycle, corrected=decision)
    reason = _given(reason)
    level = _level_now(employee, track)
    is_undone = decision.kind == Kind.RENEWAL or LevelDecision.objects.filter(corrects=decision).exists()
    if is_undone or decision.pk not in decisions_held_by(employee, track):
        raise Refused(
            _("This decision is not what the level rests on now: it was corrected already, kept the level, or others followed it.")
        )
    _check_no_exam(employee, track)
    more = {"corrects": decision, "confirmed_by": confirmed_by, "effective_on": decision.effective_on}
    if decision.is_downward:
        source = f"correction:{decision.pk}"
        more["certificate"] = issue_certificate(employee=employee, track=track, level=decision.from_level, source=source, by=by, at=at)
    made = _decide(Kind.CORRECTION, employee, track, level, decision.from_level, reason, by, at, **more)
    _revoke_above(made, by, at)
    return made


def _two_hands(employee, by, confirmed_by, at, *, cycle, corrected=None):
    for one in (by, confirmed_by):
        require(
            may_correct(one, employee, cycle=cycle, corrected=corrected),
            _("A level is corrected by two people of HR, none of whom examined, decided what is corrected, or is the person concerned."),
        )
    require(
        by.pk != confirmed_by.pk and not paired(by, confirmed_by, at=at), _("The second signature comes from another, independent person.")
    )
