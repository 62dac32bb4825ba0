from django.db.models import Exists, OuterRef, Q

from assessments.grading.models import Cycle, PanelMember
from lms.people.permissions import dealer_scope, employee_of
from lms.people.signers import AFTERWARDS

# From these states on everyone concerned sees results; before, only those who make them.
SHOWN = [Cycle.Status.PUBLISHED, Cycle.Status.CLOSED]


def on_panel(user, cycle="pk"):
    """A condition: `user` sits on the panel of the cycle."""
    employee = employee_of(user)
    if employee is None or not user.is_active:
        return Q(pk__in=[])
    return Q(Exists(PanelMember.objects.filter(cycle=OuterRef(cycle), examiner=employee)))


def sits_on_a_panel(at):
    """A condition on employees: they sit on the panel of a cycle that is under way, or was published within 90 days (§1, signers)."""
    open_or_lately = Q(cycle__published_at__isnull=True) | Q(cycle__published_at__gt=at - AFTERWARDS)
    return Q(Exists(PanelMember.objects.filter(open_or_lately, examiner=OuterRef("pk"))))


def in_dealer(user, prefix=""):
    """A condition: the cycle is one of the dealers whose cycles `user` sees."""
    if not user.has_perm("grading.view_cycles"):
        return Q(pk__in=[])
    return dealer_scope(user, f"{prefix}dealer")


def results_seen(user):
    """A condition on candidacies: `user` sees scores and outcome.

    After publication everyone who sees the candidacy; before it (G5) the panel and those who run the cycle, and never the candidate.
    """
    employee = employee_of(user)
    makers = on_panel(user, "cycle")
    if user.has_perm("grading.run_cycles"):
        makers |= dealer_scope(user, "cycle__dealer")
    makers &= ~Q(employee=employee)
    return Q(cycle__status__in=SHOWN) | makers


def may_run(user, cycle):
    """May they take this cycle from step to step?"""
    return user.has_perm("grading.run_cycles") and Cycle.objects.filter(dealer_scope(user), pk=cycle.pk).exists()


def own(user):
    return Q(employee=employee_of(user)) if employee_of(user) else Q(pk__in=[])
