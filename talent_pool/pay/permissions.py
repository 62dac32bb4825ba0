"""Who may see and sign pay: HR of the dealer, the general manager for what is to be countersigned, and each person their own."""

from django.db.models import Q

from lms.people.permissions import dealer_scope, employee_of, people_scope


def changes_scope(user):
    """A condition on pay changes that `user` may see in the lists: HR all of the dealer, the countersigner only what comes to them."""
    if user.has_perm("pay.view_pay"):
        return dealer_scope(user)
    if user.has_perm("pay.countersign_pay_changes"):
        return dealer_scope(user) & (Q(status="approved") | Q(countersigned_by=user))
    return Q(pk__in=[])


def pay_scope(user):
    """A condition on employees whose pay `user` may look at: HR the dealer's, everyone the own."""
    own = Q(user=user)
    return own | people_scope(user) if user.has_perm("pay.view_pay") else own


def is_own(change, user):
    employee = employee_of(user)
    return employee is not None and change.employee_id == employee.pk
