"""An audience is kept by the action of what it belongs to, which says whose hands are right, records what was done, and is the
transaction. Here it is made sure that nobody means people out of their reach, and that what is named only is nowhere kept."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audiences.conditions import kept
from lms.audiences.models import Audience, Condition, NamedPerson
from lms.audiences.permissions import may_mean
from lms.audiences.queries import rule_of
from lms.common.states import require


def make_audience(*, rule, by):
    """Someone new to be meant. Returns the audience."""
    _check(rule, by)
    return make_audiences([rule])[0]


@transaction.atomic
def make_audiences(rules):
    """Audiences for these rules, in their order, from whoever has made sure of them. Three statements, however many."""
    rules = list(rules)
    audiences = Audience.objects.bulk_create([Audience(**_columns(rule)) for rule in rules], batch_size=500)
    _write_rows(zip(audiences, rules, strict=True))
    return audiences


@transaction.atomic
def change_audience(*, audience, rule, by):
    """Mean others from now on. Returns the rule as it was."""
    audience = Audience.objects.select_for_update(no_key=True).get(pk=audience.pk)
    before = rule_of(audience)
    _check(rule, by, before.people)
    Audience.objects.filter(pk=audience.pk).update(**_columns(rule))
    audience.conditions.all().delete()
    audience.named.all().delete()
    _write_rows([(audience, rule)])
    return before


def _check(rule, by, already=frozenset()):
    unknown = set(rule.asked) - set(kept())
    if unknown:
        raise ValueError(f"An audience keeps no condition “{unknown.pop()}”.")
    require(may_mean(by, rule, already), _("You can choose people of the dealers that you see, and name those whose records you see."))


def _columns(rule):
    since = {"since_least": rule.since.least, "since_most": rule.since.most, "since_unit": rule.since.unit} if rule.since else {}
    return {"since_least": None, "since_most": None, "asks": len(rule.asked), "by_name": rule.by_name} | since


def _write_rows(pairs):
    pairs = list(pairs)
    Condition.objects.bulk_create(
        [
            Condition(audience=audience, name=name, value=value)
            for audience, rule in pairs
            for name, values in rule.asked.items()
            for value in values
        ],
        batch_size=500,
    )
    NamedPerson.objects.bulk_create(
        [NamedPerson(audience=audience, person_id=person) for audience, rule in pairs for person in sorted(rule.people)], batch_size=500
    )
