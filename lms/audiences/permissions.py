"""Whom someone may mean. Who may change an audience at all is for the record to say that it belongs to."""

from lms.people.models import Employee
from lms.people.permissions import is_technical, people_scope
from lms.people.queries import dealers_visible_to


def people_to_name(user):
    """Whom `user` may put down by name: those whose records they see, who have not left."""
    return Employee.objects.filter(people_scope(user)).exclude(status=Employee.Status.LEFT)


def may_mean(user, rule, already=frozenset()):
    """Whether `user` may mean these people: at dealers that they see, and by name those they see besides whoever is named `already`.

    None is the system itself. Nobody with a dealer means people everywhere.
    """
    if user is None:
        return True
    new = rule.people - already
    return _within_reach(user, rule) and people_to_name(user).filter(pk__in=new).count() == len(new)


def _within_reach(user, rule):
    asked = set(rule.asked.get("dealer", ()))
    if not asked:
        return rule.by_name or is_technical(user)
    return asked <= {str(pk) for pk in dealers_visible_to(user).values_list("pk", flat=True)}
