"""Who may see and sign pay: HR of the dealer, the general manager or group HR beside them, and each person their own.

Every signature is a person's at work, for a dealer of theirs, never on their own pay and never twice on one change. Technical
accounts see sums only.
"""

from django.db.models import Q

from lms.people.permissions import dealer_scope, employee_of, is_self, is_technical, may_sign, people_scope

APPROVE, COUNTERSIGN, VIEW = "pay.approve_pay_changes", "pay.countersign_pay_changes", "pay.view_pay"


def may_propose(by, employee, dealer):
    """Propose a change by hand, whatever its cause but a promotion: HR of the dealer or the group, never for themselves."""
    return _acts_at(by, dealer, APPROVE) and not is_self(by, employee)


def may_approve(by, change):
    """The first signature: HR of the change's dealer, or group HR."""
    return _signs(by, change, APPROVE)


def may_countersign(by, change):
    """The second signature: the general manager or, in their place, group HR; another person than the first."""
    return _signs(by, change, COUNTERSIGN) and change.approved_by_id != by.pk


def may_reject(by, change):
    """Before the second signature: whoever may give the one that is wanted next, and HR what HR approved."""
    return may_approve(by, change) or (change.status == "approved" and may_countersign(by, change))


def may_export(by, dealer):
    """Hands the dealer's countersigned changes to payroll: HR. Both signatures stand by then, the exporter's own change has them too."""
    return _acts_at(by, dealer, APPROVE)


def may_make_bands(by, dealer):
    """Sets what each level earns at the dealer: HR, but nobody whom that table itself would pay."""
    return _acts_at(by, dealer, APPROVE) and not is_paid_by_table(employee_of(by), dealer)


def is_paid_by_table(employee, dealer):
    return employee.dealer_id == dealer.pk and bool(employee.position.track)


def _signs(by, change, permission):
    return _acts_at(by, change.dealer, permission) and not is_self(by, change.employee)


def _acts_at(by, dealer, permission):
    return may_sign(by) and by.has_perm(permission) and _is_over(by, dealer)


def _is_over(by, dealer):
    """`dealer_scope` for one dealer at hand."""
    employee = employee_of(by)
    return employee.dealer_id == dealer.pk or (by.has_perm("people.view_group_people") and employee.group_id == dealer.group_id)


def changes_scope(user):
    """A condition on pay changes that `user` may see in the lists: HR all of the dealer, the countersigner only what comes to them."""
    if is_technical(user):
        return Q(pk__in=[])
    if user.has_perm(VIEW):
        return dealer_scope(user)
    if user.has_perm(COUNTERSIGN):
        return dealer_scope(user) & (Q(status="approved") | Q(countersigned_by=user))
    return Q(pk__in=[])


def sums_scope(user):
    """A condition on the pay changes that `user` may see added up, without whose they are."""
    return dealer_scope(user) if is_technical(user) and user.has_perm(VIEW) else changes_scope(user)


def exports_scope(user):
    return dealer_scope(user) if user.has_perm(VIEW) and not is_technical(user) else Q(pk__in=[])


def pay_scope(user):
    """A condition on employees whose pay `user` may look at: HR the dealer's, everyone the own."""
    own = Q(user=user)
    return own | people_scope(user) if user.has_perm(VIEW) and not is_technical(user) else own
