"""People leave, and their team goes over to someone."""

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.audit.actions import event_of, record_events
from lms.audit.meanwhile import check_shown
from lms.common.days import day
from lms.common.shown import facts_of
from lms.common.states import Refused
from lms.people.actions import rules
from lms.people.actions.coming import is_ahead, plan_change, takes_effect, withdraw_for_leaver
from lms.people.actions.proposals import carries_out, propose
from lms.people.actions.records import day_of, hold_lines, locked, remember, require_person, save_changes
from lms.people.actions.writing import line_of, remember_all
from lms.people.models import Employee, EmploymentEvent, Proposal
from lms.people.queries import PLACE_SHOWN, team_of
from lms.people.signers import is_signer

Kind = EmploymentEvent.Kind
Status = Employee.Status


@transaction.atomic
def record_departure(*, employee, left_on, leaving="", reason="", hand_over_to=None, by, at, shown=None):
    """The person leaves: no session of theirs lives on, and their team goes to `hand_over_to`, else to the manager above them.

    With a last day to come it is kept until that is over: then this gives the `ComingChange`. Of a signer this gives the `Proposal`
    that waits for a second person.
    """
    hold_lines(employee.group_id)
    employee = locked(employee)
    require_person(by, employee)
    check_shown(shown, facts_of(employee, *PLACE_SHOWN), employee)
    going = {"left_on": left_on, "leaving": leaving, "reason": reason, "hand_over_to": hand_over_to}
    _check_departure(employee, going)
    if is_signer(employee, at):
        return propose(
            kind=Proposal.Kind.DEPARTURE, dealer=employee.dealer, employee=employee, number=employee.number, name=employee.name,
            by=by, at=at, **going,
        )  # fmt: skip
    return _now_or_then(employee, going, by, at)


def _now_or_then(employee, going, by, at, confirmed_by=None):
    if is_ahead(going["left_on"], at):
        ahead = {"kind": Proposal.Kind.DEPARTURE, "on": going["left_on"], "values": going}
        return plan_change(employee=employee, **ahead, by=by, at=at, confirmed_by=confirmed_by)
    return _depart(employee, going, confirmed_by or by, at)


def _check_departure(employee, going):
    rules.refuse(
        not employee.is_here and _("%(employee)s left on %(day)s already.") % {"employee": employee.name, "day": day(employee.left_on)},
        rules.why_not_day(going["left_on"], employee, ahead=True),
        rules.why_not_before(going["left_on"], employee, {"status"}),
    )
    team, successor = list(team_of(employee)), going["hand_over_to"] or employee.manager
    if team and (successor is None or successor == employee or not successor.is_here):
        raise Refused(
            _("%(count)d people report to %(employee)s, and nobody stands above to take them over. Say who is to lead them.")
            % {"count": len(team), "employee": employee.name},
            field="hand_over_to",
        )
    rules.refuse(*(rules.why_not_manager(member, successor) for member in team if member != successor))


def _depart(employee, going, by, at):
    before = rules.particulars(employee)
    team = list(team_of(employee).select_for_update(of=("self",)))
    if team:
        _hand_over(employee, team, going["hand_over_to"] or employee.manager, by, at)
    employee.status, employee.left_on = Status.LEFT, going["left_on"]
    why = {"leaving": going["leaving"]} if going["leaving"] else {}
    save_changes("person.left", employee, before, ["status", "left_on"], by, at, **why)
    remember(employee, Kind.LEFT, going["left_on"], by, status=Status.LEFT, leaving=going["leaving"], reason=going["reason"])
    withdraw_for_leaver(employee, by, at)
    if employee.user:
        # The password ends with the sessions: a browser left signed in somewhere is not let in again when the person returns.
        User.objects.filter(pk=employee.user_id).update(is_active=False, password=make_password(None))
        for session in UserSession.objects.filter(user=employee.user_id):
            session.end()
    return employee


@carries_out(Proposal.Kind.DEPARTURE)
def _depart_as_proposed(proposal, going, by, at):
    hold_lines(proposal.employee.group_id)
    employee = locked(proposal.employee)
    going.setdefault("leaving", "")  # proposals of before it was asked
    _check_departure(employee, going)
    if by is None:  # at the console, on the day alone
        rules.refuse(rules.why_not_day(going["left_on"], employee))
        return _depart(employee, going, by, at)
    return _now_or_then(employee, going, proposal.proposed_by, at, confirmed_by=by)


@takes_effect(Proposal.Kind.DEPARTURE)
def _depart_as_planned(change, going, by, at):
    _check_departure(change.employee, going)
    return _depart(change.employee, going, by, at)


def _hand_over(employee, team, successor, by, at):
    after = {member.pk: successor if member != successor else employee.manager for member in team}
    for member in team:
        member.manager = after[member.pk]
    Employee.objects.bulk_update(team, ["manager"])
    remember_all([line_of(member, Kind.MANAGER, day_of(member, at), by, says={"manager"}) for member in team])
    record_events(
        event_of(
            "person.moved", target=member, by=by, at=at,
            before={"manager": employee.number}, after={"manager": member.manager.number if member.manager else ""},
        )
        for member in team
    )  # fmt: skip
