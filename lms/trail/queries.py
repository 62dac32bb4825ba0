"""Whose events a person may read: HR those of their dealer, group HR those of the group, everyone what concerns themselves."""

from django.db.models import Q

from lms.audit.models import Event
from lms.audit.verbs import verbs
from lms.people.models import Dealer, DealerGroup
from lms.people.permissions import employee_of


def events_visible_to(user):
    """The audit log as `user` may read it, newest first. Technical accounts see every event, but no pay (`reading.py`).

    HR reads what happened at their dealer; about themselves no more than anyone else would.
    """
    employee = employee_of(user)
    if not user.is_active or not user.has_perm("audit.view_events"):
        return Event.objects.none()
    if user.is_superuser:
        return _as_shown(Event.objects.all())
    if employee is None:
        return Event.objects.none()
    own = Q(about=employee.pk, verb__in=_not_for_oneself())
    return _as_shown(Event.objects.filter(_reach(user, employee)).exclude(own))


def _reach(user, employee):
    if not user.has_perm("people.view_group_people"):
        return Q(dealer=employee.dealer_id)
    if not DealerGroup.objects.exclude(pk=employee.group_id).exists():
        return Q()  # the only group there is: all of it is theirs, rows from before dealers were kept as well
    dealers = Dealer.objects.filter(group=employee.group_id)
    # What is nobody's in particular, such as reference data and questions: done by people of the group or by technical accounts.
    by_ours = Q(actor__employee__group=employee.group_id) | Q(actor__isnull=False, actor__employee=None)
    return Q(dealer__in=dealers.values("pk")) | (Q(dealer=None, about=None) & by_ours)


def events_about(user):
    """What was recorded about the person behind `user`, looks at their pay included, newest first."""
    employee = employee_of(user)
    if employee is None:
        return Event.objects.none()
    return _as_shown(Event.objects.filter(about=employee.pk).exclude(verb__in=_not_for_oneself()))


def _not_for_oneself():
    return [verb.name for verb in verbs().values() if not verb.own]


def _as_shown(events):
    return events.select_related("actor__employee").order_by("-at", "-pk")
