"""Mentors, and who of them is free."""

from collections import Counter, defaultdict
from datetime import timedelta

from lms.people.choices import Track
from lms.people.models import ComingChange, Leave, Proposal
from lms.people.permissions import dealer_scope
from talent_pool.onboarding.availability import Facts, why_not_free
from talent_pool.onboarding.models import Mentor, TaskBook
from talent_pool.onboarding.permissions import NAME, VIEW, acting_mentors

USUAL_TIME = timedelta(days=90)  # how long a task book is planned for


def mentors_visible_to(user):
    """Appointments at the dealers of who names mentors, or leads there; those that ended too."""
    found = Mentor.objects.filter(dealer_scope(user)) if user.has_perm(NAME) or user.has_perm(VIEW) else Mentor.objects.none()
    return found.select_related("employee__position", "employee__dealer", "dealer", "appointed_by__employee")


def mentors_at(dealer):
    """Who acts as mentor at a dealer now."""
    return acting_mentors().filter(dealer=dealer).select_related("employee__position", "dealer")


def mentors_free(dealer, first, last, track=None, least_level=0):
    """[`Mentor`] who may take a newcomer on from `first` to `last`, each with `load`; who has the fewest comes first."""
    rows = mentors_with_reasons(dealer, first, last, track, least_level)
    return [mentor for mentor, why in sorted(rows, key=lambda row: (row[0].load, row[0].employee.number)) if not why]


def mentors_with_reasons(dealer, first, last, track=None, least_level=0):
    """[(`Mentor` with `load`, why not, or "")] of everyone who acts as mentor at the dealer, in three statements beside theirs."""
    mentors = list(mentors_at(dealer))
    facts = facts_of(mentors, first, last)
    for mentor in mentors:
        mentor.load = facts[mentor.pk].load
    return [(one, why_not_free(facts[one.pk], first, last, track=track or "", least_level=least_level)) for one in mentors]


def why_not(mentor, first, last, track=None, least_level=0):
    """Why this mentor may not take another newcomer on from `first` to `last`, a sentence; empty where they may."""
    mentor = Mentor.objects.select_related("employee__position", "dealer").get(pk=mentor.pk)
    return why_not_free(facts_of([mentor], first, last)[mentor.pk], first, last, track=track or "", least_level=least_level)


def facts_of(mentors, first, last):
    """{appointment id: `Facts`} about a time, in three statements."""
    people = [mentor.employee_id for mentor in mentors]
    loads, away, going = loads_of(people, last), _away(people, first, last), _going(mentors)
    return {one.pk: _facts(one, loads[one.employee_id], away[one.employee_id], going.get(one.employee_id)) for one in mentors}


def _facts(mentor, load, away, gone_on):
    person = mentor.employee
    return Facts(
        name=person.name,
        is_named=mentor.is_open,
        is_here=person.is_here and person.is_staff and person.dealer_id == mentor.dealer_id,
        most=mentor.most_at_once,
        load=load,
        track=person.position.track,
        levels={track.value: person.level_in(track) for track in Track} | {"": person.level},
        away=tuple(away),
        gone_on=gone_on,
    )


def loads_of(people, last=None):
    """{employee id: how many open books they sign}, of those begun by `last`."""
    books = TaskBook.objects.filter(mentor__in=people, closed_at=None)
    return Counter((books.filter(starts_on__lte=last) if last else books).order_by().values_list("mentor", flat=True))


def _away(people, first, last):
    found = defaultdict(list)
    rows = Leave.objects.filter(employee__in=people, starts_on__lte=last, ends_on__gte=first)
    for person, *span in rows.values_list("employee", "starts_on", "ends_on"):
        found[person].append(tuple(span))
    return found


def _going(mentors):
    """{employee id: the first day on which they no longer work at the dealer}, of those who leave or move away on a day to come."""
    dealers, found = {one.employee_id: one.dealer_id for one in mentors}, {}
    coming = ComingChange.objects.filter(employee__in=dealers, status=ComingChange.Status.COMING)
    for one in coming:
        leaves = one.kind == Proposal.Kind.DEPARTURE
        if leaves or one.particulars.get("to", dealers[one.employee_id]) != dealers[one.employee_id]:
            on = one.on + timedelta(days=1) if leaves else one.on
            found[one.employee_id] = min(on, found.get(one.employee_id, on))
    return found
