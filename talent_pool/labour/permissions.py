"""Who sees what the rule check found, and who sets its limits: group HR alone those of rules, HR of the dealer its minimum wage."""

from django.db.models import Q

from lms.people.permissions import dealer_scope, employee_of, is_technical, may_sign

VIEW, SET_THRESHOLDS, SET_WAGES = "labour.view_findings", "labour.set_thresholds", "labour.set_minimum_wages"


def may_set_thresholds(by, group_id):
    """Group HR, at work, for their own group."""
    return may_sign(by) and by.has_perm(SET_THRESHOLDS) and employee_of(by).group_id == group_id


def may_set_wage(by, dealer):
    """HR of the dealer, or of its group."""
    if not (may_sign(by) and by.has_perm(SET_WAGES)):
        return False
    employee = employee_of(by)
    return employee.dealer_id == dealer.pk or (by.has_perm("people.view_group_people") and employee.group_id == dealer.group_id)


def findings_scope(user):
    """A condition on findings: those of the dealers that `user` sees. None of a technical account: a finding may say what is paid."""
    return dealer_scope(user) if user.has_perm(VIEW) and not is_technical(user) else Q(pk__in=[])
