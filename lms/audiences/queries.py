"""Whom an audience means, and what means a person. `Q`s that take no row twice, so they may be joined to any other condition."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy

from lms.audiences.conditions import kept
from lms.audiences.models import Audience, Condition, NamedPerson
from lms.audiences.rule import DAYS, MONTHS, Rule, Since, spans
from lms.audiences.sentences import sentence_of
from lms.common.shown import fact
from lms.people.models import Employee
from lms.people.permissions import people_scope


def rules_of(audiences):
    """{audience's key: its `Rule`}. Two statements, however many."""
    rows = {one.pk: one for one in audiences}
    asked, people = defaultdict(lambda: defaultdict(list)), defaultdict(set)
    for pk, name, value in Condition.objects.filter(audience__in=rows).values_list("audience", "name", "value"):
        asked[pk][name].append(value)
    for pk, person in NamedPerson.objects.filter(audience__in=rows).values_list("audience", "person"):
        people[pk].add(person)
    return {pk: _rule(one, asked[pk], people[pk]) for pk, one in rows.items()}


def _rule(audience, asked, people):
    return Rule(dict(asked), Since(audience.since_least, audience.since_most, audience.since_unit), frozenset(people))


def rule_of(audience):
    return rules_of([audience])[audience.pk]


def rule_shown(rule, user=None):
    """What a page shows of whom a rule means: a fact for `lms.common.shown`."""
    said = [sorted((name, sorted(values)) for name, values in rule.asked.items()), repr(rule.since), sorted(rule.people)]
    return {"rule": fact(gettext_lazy("who is meant"), repr(said), sentence_of(rule, user))}


def meant_by(rule, on):
    """A condition on employees: whoever the rule means on that day.

    Conditions speak of whoever holds a dealer's own post, interns too; people from outside are named.
    """
    named = Q(pk__in=rule.people)
    if rule.by_name:
        return named & _here(on)
    staff = Q(position__is_outside=False) & _since(rule.since, on)
    for name, values in rule.asked.items():
        staff &= _known(name, values)
    return (staff | named if rule.people else staff) & _here(on)


def _here(on):
    return ~Q(status=Employee.Status.LEFT) & Q(hired_on__lte=on)


def _known(name, values):
    """A condition of a room that is no more holds for nobody."""
    kind = kept().get(name)
    return kind.people(list(values)) if kind else Q(pk__in=[])


def _since(since, on):
    found = Q()
    if since and since.least is not None:
        found &= Q(hired_on__lte=since.before(on, since.least))
    if since and since.most is not None:
        found &= Q(hired_on__gt=since.before(on, since.most))
    return found


def people_in(audience, on):
    """The people whom an audience means on the day `on`. Three statements."""
    return Employee.objects.filter(meant_by(rule_of(audience), on)).select_related("position")


def means(employee, on, path="audience"):
    """The other way round, for what many people look at at once: a condition on records that lead to an audience by `path` (empty:
    on audiences), true of those that mean this person on that day. It costs no statement of its own, and one look a record."""
    field, outer = (f"{path}__", path) if path else ("", "pk")
    named = Q(Exists(NamedPerson.objects.filter(audience=OuterRef(outer), person=employee)))
    if employee.position.is_outside:
        return named
    here = spans(employee.hired_on, on)
    met = Condition.objects.filter(_held_by(employee), audience=OuterRef(outer)).order_by().values("audience")
    all_met = Q(**{f"{field}asks": Subquery(met.annotate(number=Count("name", distinct=True)).values("number"))})
    return Q(**{f"{field}by_name": False}) & _fits(field, here) & (Q(**{f"{field}asks": 0}) | all_met) | named


def _held_by(employee):
    """The rows of conditions that this person meets."""
    found = Q(pk__in=[])
    for name, kind in kept().items():
        found |= Q(name=name, value__in=kind.held_by(employee))
    return found


def _fits(field, here):
    """Nothing is asked about the time since hire, or it is met, in days or in months."""

    def bound(of):
        least, most = f"{field}since_least", f"{field}since_most"
        return (Q(**{f"{least}__isnull": True}) | Q(**{f"{least}__lte": of})) & (Q(**{f"{most}__isnull": True}) | Q(**{f"{most}__gt": of}))

    return Q(**{f"{field}since_unit": DAYS}) & bound(here.days) | Q(**{f"{field}since_unit": MONTHS}) & bound(here.months)


def audiences_of(employee, on):
    """The audiences that mean this person on that day."""
    return Audience.objects.filter(means(employee, on, path=""))


@dataclass(frozen=True)
class Preview:
    """Whom a rule hits, before it is saved: of those whom its reader may see."""

    number: int
    people: list


MOST_SHOWN = 60


def preview_of(rule, user, on):
    people = Employee.objects.filter(meant_by(rule, on)).filter(people_scope(user)).select_related("position")
    shown = list(people.order_by("dealer__code", "position__order", "number")[: MOST_SHOWN + 1])
    return Preview(len(shown) if len(shown) <= MOST_SHOWN else people.count(), shown[:MOST_SHOWN])
