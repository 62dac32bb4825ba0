from django.db.models import Exists, OuterRef, Q

from assessments.grading.models import Candidacy, Cycle, PanelMember
from lms.people.choices import Level
from lms.people.models import Dealer
from lms.people.permissions import dealer_scope, employee_of, is_self, may_sign
from lms.people.signers import AFTERWARDS

# From these states on everyone concerned sees results; before, only those who make them.
SHOWN = [Cycle.Status.PUBLISHED, Cycle.Status.CLOSED]
# From the lock to publication: who is in the cycle is being examined.
UNDER_WAY = [Cycle.Status.LOCKED, Cycle.Status.SITTING, Cycle.Status.MARKING, Cycle.Status.RATIFIED]


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

    After publication everyone who sees the candidacy; before it (G5) the panel and those who run the cycle, and nobody of either
    who is a candidate in it: they would see their own result, and where it stands among the others.
    """
    makers = on_panel(user, "cycle")
    if user.has_perm("grading.run_cycles"):
        makers |= dealer_scope(user, "cycle__dealer")
    sat = Candidacy.objects.filter(cycle=OuterRef("cycle"), employee=employee_of(user))
    return Q(cycle__status__in=SHOWN) | (makers & ~Q(Exists(sat)))


def may_open(by, dealer, track):
    """Set up and open a cycle of this track: the right over the dealer, and it decides on nobody's own level."""
    if not may_sign(by) or not by.has_perm("grading.run_cycles") or _would_sit(employee_of(by), dealer, track):
        return False
    return Dealer.objects.filter(dealer_scope(by, ""), pk=dealer.pk).exists()


def may_run(by, cycle):
    """Take this cycle from step to step: the right over its dealer, and neither among its candidates nor on its panel."""
    return may_open(by, cycle.dealer, cycle.track) and not takes_part(by, cycle)


def may_seat(by, cycle, examiner):
    """Give a seat of the panel, or confirm it: whoever runs the cycle, and not to themselves."""
    return may_run(by, cycle) and not is_self(by, examiner)


def may_confirm(by, change):
    """Confirm a seat given again: someone else than who proposed it, with the same right over the dealer."""
    return by is not None and by.pk != change.proposed_by_id and may_seat(by, change.cycle, change.examiner)


def may_sign_for(by, member):
    """Sign the results: each member of the panel for themselves, and never where they are a candidate."""
    return may_sign(by) and by.has_perm("grading.examine") and is_self(by, member.examiner) and not is_candidate(by, member.cycle)


def may_decide(by, employee, dealer_id=None):
    """Renew, let lapse or lower a level: HR with the right over the person's dealer (or the one given), never on themselves."""
    if not may_sign(by) or not by.has_perm("grading.run_cycles") or is_self(by, employee):
        return False
    return Dealer.objects.filter(dealer_scope(by, ""), pk=dealer_id or employee.dealer_id).exists()


def may_correct(by, employee, *, cycle=None, corrected=None):
    """Be one of the two who correct a level: as above, and neither in the cycle, on its panel, nor behind the decision itself (G6).

    A result is corrected where it was examined, wherever the person works by now.
    """
    examined_at = cycle.dealer_id if cycle is not None and corrected is None else None
    if not may_decide(by, employee, examined_at) or (cycle is not None and takes_part(by, cycle)):
        return False
    return corrected is None or by.pk not in (corrected.decided_by_id, corrected.confirmed_by_id)


def is_candidate(by, cycle):
    return Candidacy.objects.filter(cycle=cycle, employee=employee_of(by)).exists()


def takes_part(by, cycle):
    """Whether `by` is a candidate in the cycle or sits on its panel."""
    me = employee_of(by)
    sat = Exists(Candidacy.objects.filter(cycle=OuterRef("pk"), employee=me))
    examines = Exists(PanelMember.objects.filter(cycle=OuterRef("pk"), examiner=me))
    return Cycle.objects.filter(sat | examines, pk=cycle.pk).exists()


def own(user):
    return Q(employee=employee_of(user)) if employee_of(user) else Q(pk__in=[])


def _would_sit(employee, dealer, track):
    """Whether a cycle of the track at the dealer takes this person in as a candidate (G1)."""
    return employee.dealer_id == dealer.pk and employee.position.track == track and employee.level_in(track) < Level.SENIOR
