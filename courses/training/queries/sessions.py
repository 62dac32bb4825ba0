from django.db.models import Q

from courses.training.kinds import names_unattended
from courses.training.models import Attendance, Programme, Reflection, Session
from lms.audiences.queries import means, meant_by, rule_of
from lms.people.choices import Role
from lms.people.models import Employee
from lms.people.permissions import dealer_scope, employee_of
from lms.people.queries import people_on_leave, present_people, present_staff
from lms.people.roles import ORGANISERS


def programmes_visible_to(user):
    return Programme.objects.filter(dealer_scope(user)).select_related("dealer", "organiser")


def sessions_visible_to(user):
    """The sessions of the own dealer, group HR those of the group; with all that a page or a chip shows."""
    return Session.objects.filter(dealer_scope(user)).select_related(
        "programme__organiser", "programme__audience", "presenter", "topic", "course", "dealer"
    )


def coming_at(dealer, at):
    """What is planned or confirmed at the dealer and has not begun."""
    coming = [Session.Status.PLANNED, Session.Status.CONFIRMED]
    return Session.objects.filter(dealer=dealer, status__in=coming, starts_at__gte=at)


def reflections_visible_to(user):
    """One's own; whoever organises sees those that were handed in at the own dealer."""
    employee = employee_of(user)
    if employee is None or not user.is_active:
        return Reflection.objects.none()
    mine = Q(employee=employee)
    if user.has_perm("training.organise_sessions"):
        mine |= Q(session__dealer=employee.dealer_id, submitted_at__isnull=False)
    return Reflection.objects.filter(mine).select_related("session__programme", "session__dealer", "employee")


def attendances_of(session):
    return (
        Attendance.objects.filter(session=session)
        .select_related("employee__position")
        .prefetch_related("corrections__corrected_by__employee")
        .order_by("employee__position__order", "employee__number")
    )


def audience_at(session):
    """Whom a session is for: those of its dealer's staff whom the programme's audience means on its day; of a lecture given elsewhere
    whoever gives it."""
    if not session.programme.rules.attends:
        return Employee.objects.filter(pk=session.presenter_id)
    return staff_of(session.programme, session.on)


def staff_of(programme, on):
    return present_people(programme.dealer_id).filter(meant_by(rule_of(programme.audience), on)).order_by("number")


def sessions_for(employee, on):
    """A condition on sessions: those at the own dealer that are for this person, as of the day `on`."""
    to_come = ~Q(programme__kind__in=names_unattended()) | Q(presenter=employee)
    return Q(dealer=employee.dealer_id) & to_come & means(employee, on, path="programme__audience")


def excused_from(session, audience):
    """The ids of those of the audience who are away that day by leave."""
    return people_on_leave([one.pk for one in audience], session.on) | {
        one.pk for one in audience if one.status == Employee.Status.ON_LEAVE
    }


def openers_at(dealers):
    """Who may open some programme at one of these dealers (keys): organisers and the general manager, of those who are here."""
    people = Employee.objects.filter(dealer__in=dealers, position__role__in=[*ORGANISERS, Role.GENERAL_MANAGER], user__is_active=True)
    return people.exclude(status=Employee.Status.LEFT).select_related("position", "user") if dealers else []


def other_organisers(by, dealer):
    """Who else organises training at the dealer: to be asked for what nobody does about themselves."""
    organisers = present_staff(dealer).filter(position__role__in=ORGANISERS, user__is_active=True)
    return organisers.exclude(user=by).order_by("position__order", "number")[:3]
