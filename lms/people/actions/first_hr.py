"""A group's first two people of HR come from the console; whoever signs after them takes two people (§1)."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.audit.running import whoever
from lms.common.states import Refused
from lms.people.actions.hiring import bring_in
from lms.people.actions.sign_in import hand_over_password
from lms.people.models import DealerGroup, Employee
from lms.people.roles import HR_ROLES

FIRST = 2


@transaction.atomic
def appoint_first_hr(*, dealer, position, number, name, hired_on, email="", at):
    """Bring in one of the group's first two people of HR. Returns the person and a first password to hand over."""
    group = DealerGroup.objects.select_for_update().get(pk=dealer.group_id)
    if position.role not in HR_ROLES:
        raise Refused(_("%(position)s is no post of HR. Only a group's first people of HR come from here.") % {"position": position.name})
    there = Employee.objects.filter(group=group, position__role__in=HR_ROLES).exclude(status=Employee.Status.LEFT).count()
    if there >= FIRST:
        raise Refused(
            _("%(group)s has %(count)d people of HR. They bring in everyone else on screen, two of them whoever signs.")
            % {"group": group.name, "count": there}
        )
    employee = bring_in(dealer=dealer, position=position, number=number, name=name, hired_on=hired_on, email=email, by=None, at=at)
    password = hand_over_password(employee, None, at)
    record_event("person.appointed_from_console", target=employee, by=None, at=at, after={"run_by": whoever()})
    return employee, password
