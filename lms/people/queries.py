from collections import defaultdict
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Greatest
from django.utils import timezone

from lms.common.compiled import compiled
from lms.common.shown import fact, said
from lms.people.ahead import coming_lines
from lms.people.calendar import known_days
from lms.people.choices import Role, Track
from lms.people.models import ComingChange, Dealer, Employee, EmploymentEvent, Holiday, Leave, Position, Proposal
from lms.people.permissions import dealer_scope, employee_of, may_confirm, people_scope
from lms.people.signers import GROUP_ROLES, has_group_hr, signers
from lms.people.standing import LEFT, PLACE, Line, Standing, standing_on

PLACE_SHOWN = ("dealer", "position", "manager", "status")
DETAILS_SHOWN = ("name", "hired_on", "email", "phone")
DATES = ("probation_until", "contract_from", "contract_until")

# `Employee.level` as the database computes it, to sort and filter by.
CURRENT_LEVEL = Case(
    When(position__track=Track.SERVICE, then=F("service_level")),
    When(position__track=Track.TECHNICAL, then=F("technical_level")),
    default=Greatest("service_level", "technical_level"),
)


def employees_visible_to(user):
    """Employees whose records `user` may see, with dealer, position and manager at hand."""
    return Employee.objects.filter(people_scope(user)).select_related("dealer", "position", "manager")


def with_leave(people, day):
    """With `leave_now`: the kind of the approved leave that covers the day, empty where none was said, None of whoever is not away."""
    away = Leave.objects.filter(employee=OuterRef("pk"), starts_on__lte=day, ends_on__gte=day)
    return people.annotate(leave_now=Subquery(away.values("kind")[:1]))


def person_for_page(user, at):
    """`employees_visible_to` with what a person's page says: `is_signer`, `has_factor`, `has_proposals`, `has_coming`."""
    strong = Authenticator.objects.filter(user=OuterRef("user")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    waiting = Proposal.objects.filter(employee=OuterRef("pk"), status=Proposal.Status.WAITING)
    signs = Case(When(signers(at), then=True), default=False, output_field=BooleanField())
    found = employees_visible_to(user).select_related("dealer", "group", "user", "position__department", "manager")
    coming = ComingChange.objects.filter(employee=OuterRef("pk"), status=ComingChange.Status.COMING)
    found = with_leave(found, timezone.localdate(at)).annotate(has_coming=Exists(coming))
    return found.annotate(is_signer=signs, has_factor=Exists(strong), has_proposals=Exists(waiting))


def dealers_visible_to(user):
    """The dealers whose records `user` may see: the own one, or all of the group."""
    return Dealer.objects.filter(dealer_scope(user, field=""))


def team_of(employee):
    """Who reports to the employee and has not left."""
    return employee.reports.exclude(status=Employee.Status.LEFT).select_related("position", "dealer").order_by("position__order", "number")


def team_coming_under(proposal):
    """Who will report to the person whom this proposal brings in: those that a file names, are here and have no manager by then."""
    here = Employee.objects.filter(group=proposal.dealer.group_id, number__in=proposal.team, manager=None)
    return here.exclude(status=Employee.Status.LEFT).select_related("dealer", "position").order_by("number")


def leaders_near(employee):
    """Who may be meant as a line manager at the person's dealer: present holders of posts with more than staff's role."""
    if employee is None:
        return Employee.objects.none()
    return present_staff(employee.dealer).exclude(position__role=Role.STAFF).order_by("position__order", "number")[:60]


def leaves_visible_to(user, employee):
    """A person's leave, for themselves and HR; why someone is away is nobody else's business."""
    if user.has_perm("people.manage_people") or employee == employee_of(user):
        return employee.leaves.all()
    return employee.leaves.none()


def history_visible_to(user, employee):
    """The lines of a person's history; those of nothing but contract and probation for themselves and HR."""
    lines = employee.history.select_related("dealer", "position", "manager", "recorded_by__employee")
    if user.has_perm("people.manage_people") or employee == employee_of(user):
        return lines
    return lines.exclude(kind=EmploymentEvent.Kind.CONTRACT)


def positions_given_by(user):
    """The posts that `user` puts people into: the group's own ones are given by group HR, as long as there is one."""
    if user.has_perm("people.view_group_people"):
        return Position.objects.all()
    employee = employee_of(user)
    kept = GROUP_ROLES if employee and has_group_hr(employee.group_id) else {Role.GROUP_HR}
    return Position.objects.exclude(role__in=kept)


def present_people(dealer):
    """Whoever holds one of the dealer's own posts and has not left, interns too: training, exams and courses go by the post."""
    here = Employee.objects.filter(dealer=dealer, position__is_outside=False).exclude(status=Employee.Status.LEFT)
    return here.select_related("position")


def present_staff(dealer):
    """Those of them who are staff: for figures, and for whoever leads, organises or watches."""
    return present_people(dealer).filter(kind=Employee.Kind.STAFF)


def staff_within(scope):
    """Staff who are here, of the dealers that a `dealer_scope` means: the own one, or the group's. What a leader's figures count."""
    return Employee.objects.filter(scope, position__is_outside=False, kind=Employee.Kind.STAFF).exclude(status=Employee.Status.LEFT)


def sees_several_dealers(user):
    """Whether what they read is of more than one dealer, so that each thing has to name its own. Asked for once a request."""
    if not (user.is_superuser or user.has_perm("people.view_group_people")):
        return False
    if not hasattr(user, "_sees_several_dealers"):
        user._sees_several_dealers = dealers_visible_to(user)[:2].count() > 1
    return user._sees_several_dealers


def called_at(words, dealer, user):
    """What is of one dealer, with the dealer's name for whoever reads of several."""
    return f"{words} · {dealer.name}" if sees_several_dealers(user) else words


def people_on_leave(employees, on):
    """The ids among `employees` (ids) who have approved leave on the day `on`."""
    return set(Leave.objects.filter(employee__in=employees, starts_on__lte=on, ends_on__gte=on).values_list("employee_id", flat=True))


def leaves_on(employees, on):
    """{employee id: ids of the approved leave} of those among `employees` (ids) who are away on the day `on`."""
    found = {}
    rows = Leave.objects.filter(employee__in=employees, starts_on__lte=on, ends_on__gte=on).order_by("pk")
    for person, pk in rows.values_list("employee_id", "pk"):
        found.setdefault(person, []).append(pk)
    return found


def lines_of_people(people):
    """{employee id: the lines of their history}, of `people` (ids, or a query of them), in one statement."""
    found = defaultdict(list)
    rows = EmploymentEvent.objects.filter(employee__in=people).annotate(hired_on=F("employee__hired_on"))
    for row in rows.values("employee_id", "hired_on", *_TOLD):
        found[row["employee_id"]].append(_line(row))
    return found


_SAYS = {f"says_{name}": name for name in PLACE}
_FACTS = [*PLACE, "status", "person_kind", "probation_until", "contract_from", "contract_until"]
_TOLD = ["pk", "kind", "on", *_SAYS, *_FACTS]
_RECORDED = ["dealer", "position", "manager", "status", "kind", "left_on"]


def line_of(event, hired_on):
    """The `Line` that a loaded event stands for."""
    row = {name: getattr(event, f"{name}_id" if name in PLACE else name) for name in _TOLD}
    return _line(row | {"hired_on": hired_on})


def _line(row):
    on = row["hired_on"] if row["kind"] == EmploymentEvent.Kind.HIRED else row["on"]
    says = frozenset(name for column, name in _SAYS.items() if row[column])
    return Line(on=on, number=row["pk"], kind=row["kind"], says=says, **{name: row[name] for name in _FACTS})


def standings_on(people, day):
    """As of `day`: {employee id: `Standing`} of those of `people` (ids, or a query of them) who had begun by then.

    Whoever has no history at all stands where the record puts them, from the day of hiring on.
    """
    lines, bare = _lines_and_bare(people)
    if day > timezone.localdate():
        for pk, line in coming_lines(people):
            lines[pk].append(line)
    found = {pk: standing_on(theirs, day) for pk, theirs in lines.items()}
    found |= {pk: _as_on_record(record, day) for pk, record in bare.items() if record["hired_on"] <= day}
    return {pk: standing for pk, standing in found.items() if standing}


def _lines_and_bare(people):
    """({employee id: the lines of their history}, {employee id: the record of whoever has none}), in one statement."""
    lines, bare = defaultdict(list), {}
    rows = Employee.objects.filter(pk__in=people).order_by()
    for row in rows.values("pk", "hired_on", *_RECORDED, *(f"history__{name}" for name in _TOLD)):
        if row["history__pk"] is None:
            bare[row["pk"]] = row
        else:
            told = {name: row[f"history__{name}"] for name in _TOLD}
            lines[row["pk"]].append(_line(told | {"hired_on": row["hired_on"]}))
    return lines, bare


def contract_of(person):
    standing = standings_on([person.pk], date.max).get(person.pk)
    return {name: getattr(standing, name, None) for name in DATES}


def contract_shown(person):
    label = EmploymentEvent._meta.get_field
    return {name: fact(label(name).verbose_name, day, said(day)) for name, day in contract_of(person).items()}


def _as_on_record(record, day):
    gone = record["left_on"] is not None and record["left_on"] <= day
    status = record["status"] if gone or record["status"] != LEFT else ""
    return Standing(record["dealer"], record["position"], record["manager"], status, record["kind"])


def staff_on(dealer, day):
    """{employee id: `Standing`} of the dealer's own staff as of `day`, whoever has gone since and whatever they do now."""
    return _staff_on(dealer, day, Position.objects.in_bulk())


def tracked_staff_on(dealer, day):
    """{employee id: their `Position` then} of those of `staff_on` whose position has a track. Two statements."""
    posts = Position.objects.in_bulk()
    tracked = {pk: post for pk, post in posts.items() if post.track}
    return {pk: tracked[one.position] for pk, one in _staff_on(dealer, day, posts).items() if one.position in tracked}


def _staff_on(dealer, day, posts):
    now = Employee.objects.filter(dealer=dealer).order_by().values("pk")
    at_some_time = now.union(EmploymentEvent.objects.filter(dealer=dealer).order_by().values("employee"))  # an OR would look at everyone
    outside = {pk for pk, post in posts.items() if post.is_outside}
    standings = standings_on(at_some_time, day)
    own = {pk: one for pk, one in standings.items() if one.dealer == dealer.pk and one.is_here and one.position not in outside}
    others = _others_on(own)
    return {pk: one for pk, one in own.items() if pk not in others}


def _others_on(standings):
    """The ids of those who are not staff by what their standing says; where it says nothing of it, by their record."""
    said = {pk for pk, one in standings.items() if one.person_kind not in ("", Employee.Kind.STAFF)}
    unsaid = [pk for pk, one in standings.items() if not one.person_kind]
    if not unsaid:
        return said
    return said | set(Employee.objects.filter(pk__in=unsaid).exclude(kind=Employee.Kind.STAFF).values_list("pk", flat=True))


def chain_above(managers):
    """Who stands above these people (ids), up to the top: {id: manager's id}. One query a level, however many people."""
    above, level = {}, {pk for pk in managers if pk}
    while level:
        found = dict(Employee.objects.filter(pk__in=level).values_list("pk", "manager_id"))
        above |= found
        level = {pk for pk in found.values() if pk} - above.keys()
    return above


def proposals_visible_to(user):
    """Proposals about signers at the dealers of whoever looks after people there, and of a general manager who confirms them."""
    return _with_hands(_proposals_scope(user))


def _proposals_scope(user):
    if user.has_perm("people.manage_people"):
        return dealer_scope(user)
    employee = employee_of(user)
    confirms = employee and employee.position.role == Role.GENERAL_MANAGER and not has_group_hr(employee.group_id)
    return dealer_scope(user) if confirms else Q(pk__in=[])


def _with_hands(scope):
    return Proposal.objects.filter(scope).select_related("dealer", "employee__position", "proposed_by__employee", "decided_by__employee")


# More than these need no counting: the page of them says how many there are.
MOST_TO_DECIDE = 50


def proposals_to_decide(user):
    """Those that wait and that `user`'s signature, or word against them, may end; not their own, and none about themselves."""
    waiting = _waiting(scope=_proposals_scope(user), user=user.pk)
    return [one for one in waiting if one.proposed_by_id is None or may_confirm(user, one)]


@compiled
def _waiting(*, scope, user):
    waiting = _with_hands(scope).filter(status=Proposal.Status.WAITING)
    return waiting.exclude(proposed_by=user).exclude(employee__user=user)[:MOST_TO_DECIDE]


def holidays_between(first, last):
    """The calendar's rows: day → (name, is a make-up working day): what HR entered, else what is published, else what is off by law."""
    return known_days(first, last) | {row.on: (row.name, row.is_workday) for row in Holiday.objects.filter(on__range=(first, last))}
