"""Who mentors interns at a dealer, as plain data: the one place where the floor learns of mentors."""

from collections import Counter
from datetime import date, timedelta

from lms.people.models import Employee
from talent_pool.interns.floor import Mentor
from talent_pool.onboarding.models import TaskBook
from talent_pool.onboarding.queries.mentors import facts_of, mentors_at

ONE_DAY, LAST_OF_ALL = timedelta(days=1), date(9998, 12, 31)


def mentors_on_floor(dealer, first, last, certificates):
    """[(`Mentor`, its employee)] of everyone named as mentor who works here, by number. `certificates`: {employee id: {name: last day}}.

    Newcomers who are no interns take their time as well; interns are counted by their rotations. Five statements.
    """
    named = list(mentors_at(dealer))
    facts = facts_of(named, first, last)
    busy = _busy([one.employee_id for one in named])
    return [
        (_mentor(one, facts[one.pk], busy[one.employee_id], certificates.get(one.employee_id, {})), one.employee)
        for one in sorted(named, key=lambda one: (one.employee.number, one.pk))
    ]


def _mentor(named, facts, busy, certificates):
    person, away = named.employee, list(facts.away)
    if person.status == Employee.Status.ON_LEAVE:
        away.append((person.hired_on, LAST_OF_ALL))
    return Mentor(
        person.pk, person.name, levels=facts.levels, certificates=certificates, track=facts.track, most=facts.most, away=tuple(away),
        until=facts.gone_on and facts.gone_on - ONE_DAY, busy=busy,
    )  # fmt: skip


def _busy(people):
    others = TaskBook.objects.filter(mentor__in=people, closed_at=None).exclude(newcomer__kind=Employee.Kind.INTERN)
    return Counter(others.order_by().values_list("mentor", flat=True))
