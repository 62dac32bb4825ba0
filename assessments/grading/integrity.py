from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.certification.models import Certificate
from assessments.grading.models import Award, Candidacy, Cycle, MissingSheet, PanelMember
from assessments.grading.queries import judged_by_one
from assessments.practicals.models import Practical, Sheet
from lms.common.integrity import invariant
from lms.people.choices import Track
from lms.people.models import Employee

Status, Outcome = Cycle.Status, Candidacy.Outcome
FINAL = [Status.PUBLISHED, Status.CLOSED]


@invariant("The level on a person's row is what their awards say (G2)")
def levels_equal_awards():
    for track in Track.values:
        reached = Coalesce(Max("awards__to_level", filter=Q(awards__track=track)), 0)
        for employee in Employee.objects.annotate(reached=reached).exclude(**{f"{track}_level": F("reached")}):
            who = f"people.employee {employee.pk} ({employee.number} {employee})"
            yield f"{who}: {track} level {employee.level_in(track)}, awards say {employee.reached}"


@invariant("Awards go up one step at a time, from the level reached, to 3 at most (G2)")
def awards_are_single_steps():
    before = (
        Award.objects.filter(employee=OuterRef("employee"), track=OuterRef("track"), to_level__lt=OuterRef("to_level"))
        .order_by()
        .values("employee")
        .annotate(count=Count("pk"))
        .values("count")
    )
    steps = Award.objects.annotate(before=Coalesce(Subquery(before), 0))
    return steps.exclude(to_level=F("from_level") + 1, from_level=F("before"), to_level__lte=3)


@invariant("Nobody goes up two steps in one quarter (G2)")
def one_step_a_quarter():
    doubles = Award.objects.order_by().values("employee", "track", "year", "quarter").annotate(count=Count("pk")).filter(count__gt=1)
    return [
        f"people.employee {row['employee']}: {row['count']} awards in {row['year']} Q{row['quarter']}, {row['track']}" for row in doubles
    ]


@invariant("An award stands for a candidacy that passed in a published cycle (G5)")
def awards_agree_with_candidacies():
    return Award.objects.exclude(
        candidacy__employee=F("employee"),
        candidacy__cycle=F("cycle"),
        candidacy__to_level=F("to_level"),
        candidacy__from_level=F("from_level"),
        candidacy__outcome=Outcome.PASSED,
        cycle__status__in=FINAL,
        cycle__track=F("track"),
    )


@invariant("Whoever passed in a published cycle has the award (G5)")
def passed_candidates_have_awards():
    return Candidacy.objects.filter(cycle__status__in=FINAL, outcome=Outcome.PASSED, award=None)


@invariant("A published cycle leaves no result open (G5)")
def published_results_are_settled():
    may_sit = Q(is_eligible=True) | ~Q(waived_at=None)
    return Candidacy.objects.filter(may_sit, cycle__status__in=FINAL, outcome=Outcome.PENDING)


@invariant("Nothing is awarded before publication (G5)")
def unpublished_cycles_award_nothing():
    return Cycle.objects.exclude(status__in=FINAL).filter(awards__isnull=False).distinct()


@invariant("An award and its certificate say the same (G9)")
def awards_agree_with_certificates():
    return Award.objects.exclude(certificate__employee=F("employee"), certificate__track=F("track"), certificate__level=F("to_level"))


@invariant("Every certificate of a grading has its award (G9)")
def certificates_have_awards():
    return Certificate.objects.filter(source__startswith="candidacy:", award=None)


@invariant("All three of the panel have signed a published cycle (G3)")
def published_cycles_are_signed():
    signed = PanelMember.objects.filter(cycle=OuterRef("pk")).exclude(signed_at=None).order_by().values("cycle")
    signed = signed.annotate(count=Count("pk")).values("count")
    return Cycle.objects.filter(status__in=FINAL).annotate(signed=Coalesce(Subquery(signed), 0)).exclude(signed=3)


# The rules below came with the flag: cycles opened before it keep the rules that they were opened with.
JUDGED = {
    "cycle__needs_three_sheets": True,
    "cycle__status__in": [Status.RATIFIED, *FINAL],
    "outcome__in": [Outcome.PASSED, Outcome.FAILED],
}


@invariant("All three have judged every result, or it is on record why not (G3)")
def results_are_judged_by_three():
    scored = Sheet.objects.filter(practical=OuterRef("practical"), marker=OuterRef("employee"))
    excused = MissingSheet.objects.filter(candidacy__practical=OuterRef("practical"), examiner=OuterRef("employee"))
    judged = Candidacy.objects.filter(practical=OuterRef("practical"), **JUDGED)
    seats = Practical.markers.through.objects.filter(Exists(judged), ~Exists(scored), ~Exists(excused))
    for practical, examiner in seats.values_list("practical", "employee"):
        yield f"practicals.practical {practical}: no sheet by people.employee {examiner}, and no reason why"


@invariant("No result rests on one examiner's sheet (G3)")
def results_rest_on_two_sheets():
    return judged_by_one(Candidacy.objects.filter(**JUDGED))


@invariant("Nobody sits on the panel of a cycle in which they are a candidate (G3)")
def candidates_do_not_examine():
    sat = Candidacy.objects.filter(cycle=OuterRef("cycle"), employee=OuterRef("examiner"))
    return PanelMember.objects.filter(Exists(sat), cycle__needs_three_sheets=True)


@invariant("What results rest on is sealed from when they are signed (G5)")
def signed_results_are_sealed():
    return Cycle.objects.filter(
        needs_three_sheets=True, status__in=[Status.RATIFIED, *FINAL], sittings__sitting__sealed_at=None, sittings__isnull=False
    ).distinct()
