"""Cycles and candidacies: who sees which, and who is in them."""

from django.db.models import Case, CharField, DecimalField, F, Q, Value, When

from assessments.exams.models import Blueprint
from assessments.grading.models import Candidacy, Cycle
from assessments.grading.permissions import in_dealer, on_panel, own, results_seen
from assessments.practicals.models import Rubric
from lms.people.choices import Level
from lms.people.queries import present_staff


def cycles_visible_to(user):
    """Cycles of the dealers whose grading `user` sees, and those on whose panel they sit."""
    return Cycle.objects.filter(in_dealer(user) | on_panel(user)).select_related("dealer")


def candidacies_visible_to(user):
    """Candidacies `user` may see: of those cycles, and their own.

    Results come as `seen_outcome`, `seen_theory` and `seen_practical`: pending and None until this user may see them. The fields
    themselves are left out, so that no page shows them by mistake.
    """
    seen = results_seen(user)
    score = DecimalField(max_digits=5, decimal_places=2)
    return (
        Candidacy.objects.filter(in_dealer(user, "cycle__") | on_panel(user, "cycle") | own(user))
        .select_related("cycle__dealer", "employee__position", "employee__manager")
        .defer("outcome", "theory_score", "practical_score")
        .annotate(
            seen_outcome=Case(When(seen, then=F("outcome")), default=Value("pending"), output_field=CharField()),
            seen_theory=Case(When(seen, then=F("theory_score")), default=None, output_field=score),
            seen_practical=Case(When(seen, then=F("practical_score")), default=None, output_field=score),
        )
    )


def people_in_track(dealer, track):
    """G1: all staff of the dealer in a position of the track, whatever their level."""
    return present_staff(dealer).filter(position__track=track)


def people_not_candidates(cycle):
    """Staff of the track who are not in the cycle because they hold the highest level already."""
    return people_in_track(cycle.dealer, cycle.track).filter(**{f"{cycle.track}_level": Level.SENIOR})


ADMITTED = Q(is_eligible=True) | Q(waived_at__isnull=False)


def admitted(cycle):
    """The candidacies that may sit: eligible, or waived."""
    return cycle.candidacies.filter(ADMITTED)


def levels_admitted(cycle):
    """The levels aimed at by those who may sit, lowest first."""
    return sorted(admitted(cycle).order_by().values_list("to_level", flat=True).distinct())


def blueprint_for(track, level):
    """The blueprint in use for the level; the newest where there are several, None where there is none."""
    return Blueprint.objects.filter(track=track, level=level, in_use=True, frozen_at=None).order_by("-pk").first()


def rubric_for(track, level):
    return Rubric.objects.filter(track=track, level=level, in_use=True, frozen_at=None).order_by("-pk").first()
