from itertools import groupby

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.certification.models import Certificate
from assessments.grading.models import (
    Candidacy,
    Component,
    ComponentResult,
    ComponentSitting,
    Cycle,
    Finding,
    LevelDecision,
    MissingSheet,
    PanelMember,
    Waiver,
)
from assessments.grading.models.components import LIVE
from assessments.grading.queries.judging import judged_by_one
from assessments.grading.queries.ladder import rests_on
from assessments.grading.queries.records import ADMITTED
from assessments.practicals.models import Practical, ScoreSheet
from lms.common.integrity import invariant
from lms.people.choices import Track
from lms.people.models import Employee

Status, Outcome = Cycle.Status, Candidacy.Outcome
FINAL = [Status.PUBLISHED, Status.CLOSED]
GIVEN_BY_A_DECISION = Q(source__startswith="candidacy:") | Q(source__startswith="renewal:") | Q(source__startswith="correction:")


@invariant("The level on a person's row is what the newest decision says (G2)")
def levels_equal_decisions():
    for track in Track.values:
        newest = LevelDecision.objects.filter(employee=OuterRef("pk"), track=track).order_by("-number").values("to_level")[:1]
        decided = Employee.objects.annotate(decided=Coalesce(Subquery(newest), 0))
        for employee in decided.exclude(**{f"{track}_level": F("decided")}):
            who = f"people.employee {employee.pk} ({employee.number} {employee})"
            yield f"{who}: {track} level {employee.level_in(track)}, decisions say {employee.decided}"


@invariant("Each level decision continues from the one before it, from no level on, and is one step at most (G2)")
def decisions_continue():
    before = LevelDecision.objects.filter(employee=OuterRef("employee"), track=OuterRef("track"), number=OuterRef("number") - 1)
    steps = LevelDecision.objects.annotate(before=Subquery(before.values("to_level")[:1]))
    continues = Q(number=1, from_level=0) | Q(number__gt=1, from_level=F("before"))
    is_step = Q(to_level__gte=F("from_level") - 1, to_level__lte=F("from_level") + 1) & Q(to_level__lte=3)
    return steps.exclude(continues & is_step)


@invariant("Nobody goes up two steps in one quarter (G2)")
def one_step_a_quarter():
    doubles = LevelDecision.objects.exclude(cycle=None).order_by().values("employee", "track", "year", "quarter")
    return [
        f"people.employee {row['employee']}: {row['count']} steps in {row['year']} Q{row['quarter']}, {row['track']}"
        for row in doubles.annotate(count=Count("pk")).filter(count__gt=1)
    ]


@invariant("An award stands for a candidacy that passed in a published cycle, a correction for one that did not (G5)")
def decisions_agree_with_candidacies():
    outcome = Q(kind="award", candidacy__outcome=Outcome.PASSED) | Q(
        kind="correction", candidacy__outcome__in=[Outcome.FAILED, Outcome.MISSED]
    )
    return LevelDecision.objects.exclude(candidacy=None).exclude(
        outcome,
        candidacy__employee=F("employee"),
        candidacy__cycle=F("cycle"),
        candidacy__to_level=F("to_level"),
        candidacy__from_level=F("from_level"),
        cycle__status__in=FINAL,
        cycle__track=F("track"),
    )


@invariant("A correction takes back a decision on the same person and track (G7)")
def corrections_take_one_back():
    return LevelDecision.objects.exclude(corrects=None).exclude(
        corrects__employee=F("employee"), corrects__track=F("track"), corrects__from_level=F("to_level"), corrects__to_level=F("from_level")
    )


@invariant("Decisions are taken back newest first (G7)")
def decisions_are_taken_back_newest_first():
    corrected = LevelDecision.objects.exclude(corrects=None)
    about = LevelDecision.objects.filter(employee__in=corrected.values("employee")).select_related("corrects")
    for _whose, decisions in groupby(
        about.order_by("employee", "track", "number"), key=lambda decision: (decision.employee_id, decision.track)
    ):
        before = []
        for decision in decisions:
            if decision.corrects_id and decision.corrects_id not in rests_on(before):
                yield decision
            before.append(decision)


@invariant("Whoever passed in a published cycle has the award (G5)")
def passed_candidates_have_awards():
    return Candidacy.objects.filter(cycle__status__in=FINAL, outcome=Outcome.PASSED, decision=None)


@invariant("Who may sit is what the newest findings say, and a waiver in force names what it waives (G4)")
def admissions_agree_with_findings():
    newest = Finding.objects.filter(candidacy=OuterRef("pk"), number=OuterRef("computations"))
    waived = Waiver.objects.filter(finding__candidacy=OuterRef("candidacy"))
    last = waived.order_by("-finding__number").values("finding__number")[:1]
    covers = waived.filter(finding__rule=OuterRef("rule"), finding__number=OuterRef("in_force"))
    uncovered = newest.filter(met=False).annotate(in_force=Subquery(last)).filter(~Exists(covers))
    rows = Candidacy.objects.exclude(computed_at=None).annotate(is_found=Exists(newest), is_open=Exists(newest.filter(met=False)))
    fits = Q(is_found=True) & (Q(is_eligible=True, is_open=False) | Q(is_eligible=False, is_open=True))
    return rows.annotate(is_uncovered=Exists(uncovered)).exclude(fits & (Q(waived_at=None) | Q(is_uncovered=False)))


@invariant("A published cycle leaves no result open (G5)")
def published_results_are_settled():
    may_sit = Q(is_eligible=True) | ~Q(waived_at=None)
    return Candidacy.objects.filter(may_sit, cycle__status__in=FINAL, outcome=Outcome.PENDING)


@invariant("Nothing is awarded before publication (G5)")
def unpublished_cycles_award_nothing():
    return Cycle.objects.exclude(status__in=FINAL).filter(decisions__isnull=False).distinct()


@invariant("A level decision and its certificate say the same (G9)")
def decisions_agree_with_certificates():
    return LevelDecision.objects.exclude(certificate=None).exclude(
        certificate__employee=F("employee"), certificate__track=F("track"), certificate__level=F("to_level")
    )


@invariant("Every certificate of a grading has its decision (G9)")
def certificates_have_decisions():
    return Certificate.objects.filter(GIVEN_BY_A_DECISION, decision=None)


@invariant("Nobody holds a valid certificate of a level that a decision took (G7, G9)")
def lowered_levels_have_no_valid_certificate():
    taken = LevelDecision.objects.filter(kind__in=["lowering", "correction"], to_level__lt=F("from_level"))
    before = taken.filter(employee=OuterRef("employee"), track=OuterRef("track"), from_level=OuterRef("level"))
    return Certificate.objects.filter(Exists(before.filter(decided_at__gt=OuterRef("issued_at"))), revoked_at=None)


@invariant("All three of the panel have signed a published cycle (G3)")
def published_cycles_are_signed():
    signed = PanelMember.objects.filter(cycle=OuterRef("pk")).exclude(signed_at=None).order_by().values("cycle")
    signed = signed.annotate(count=Count("pk")).values("count")
    return Cycle.objects.filter(status__in=FINAL).annotate(signed=Coalesce(Subquery(signed), 0)).exclude(signed=3)


# The rules below came with the flag: cycles opened before it keep the rules that they were opened with.
JUDGED = {
    "component__cycle__needs_three_sheets": True,
    "component__cycle__status__in": [Status.RATIFIED, *FINAL],
    "candidacy__outcome__in": [Outcome.PASSED, Outcome.FAILED],
}


@invariant("All three have judged every result, or it is on record why not (G3)")
def results_are_judged_by_three():
    scored = ScoreSheet.objects.filter(practical=OuterRef("practical"), marker=OuterRef("employee"))
    excused = MissingSheet.objects.filter(candidacy__results__practical=OuterRef("practical"), examiner=OuterRef("employee"))
    judged = ComponentResult.objects.filter(LIVE, practical=OuterRef("practical"), **JUDGED)
    seats = Practical.markers.through.objects.filter(Exists(judged), ~Exists(scored), ~Exists(excused))
    for practical, examiner in seats.values_list("practical", "employee"):
        yield f"practicals.practical {practical}: no sheet by people.employee {examiner}, and no reason why"


@invariant("No result rests on one examiner's sheet (G3)")
def results_rest_on_two_sheets():
    return judged_by_one(ComponentResult.objects.filter(LIVE, **JUDGED))


@invariant("A fixed outcome is what the components make of whoever was admitted: all passed, one not passed, or one not sat")
def outcomes_are_what_the_components_make():
    results = ComponentResult.objects.filter(LIVE, candidacy=OuterRef("pk"))
    lacks = Exists(results.filter(score=None)) | ~Exists(results)
    fixed = Candidacy.objects.filter(cycle__status__in=[Status.RATIFIED, *FINAL]).annotate(
        lacks=lacks, fails=Exists(results.filter(score__lt=F("component__pass_mark")))
    )
    sat = Q(lacks=False, fails=False, outcome=Outcome.PASSED) | Q(lacks=False, fails=True, outcome=Outcome.FAILED)
    missed = Q(ADMITTED, lacks=True, outcome=Outcome.MISSED)
    not_admitted = ~ADMITTED & Q(outcome__in=[Outcome.NOT_ADMITTED, Outcome.MISSED])  # older cycles had one word for both
    return fixed.exclude(Q(ADMITTED) & sat | missed | not_admitted | Q(outcome=Outcome.WITHDRAWN))


@invariant("A result is of a component of the candidate's own cycle and level, and of their own paper or practical")
def results_are_the_candidates_own():
    own = Q(component__cycle=F("candidacy__cycle"), component__level=F("candidacy__to_level"))
    paper = Q(paper=None) | Q(paper__candidate=F("candidacy__employee"), paper__sitting=F("sitting__sitting"))
    return ComponentResult.objects.exclude(own & paper & (Q(practical=None) | Q(practical__candidate=F("candidacy__employee"))))


@invariant("Whoever may sit in a locked cycle has a result, come or to come, in each component of the level")
def every_component_has_its_result():
    there = ComponentResult.objects.filter(LIVE, candidacy=OuterRef("pk")).order_by().values("candidacy")
    asked = Component.objects.filter(cycle=OuterRef("cycle"), level=OuterRef("to_level")).order_by().values("level")
    counted = {"results_there": there, "asked": asked}
    counts = {name: Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0) for name, rows in counted.items()}
    locked = Candidacy.objects.filter(ADMITTED).exclude(cycle__locked_at=None)
    return locked.annotate(**counts).exclude(results_there=F("asked"), asked__gt=0)


@invariant("Nobody sits on the panel of a cycle in which they are a candidate (G3)")
def candidates_do_not_examine():
    sat = Candidacy.objects.filter(cycle=OuterRef("cycle"), employee=OuterRef("examiner"))
    return PanelMember.objects.filter(Exists(sat), cycle__needs_three_sheets=True)


@invariant("What results rest on is sealed from when they are signed (G5)")
def signed_results_are_sealed():
    unsealed = ComponentSitting.objects.filter(component__cycle=OuterRef("pk"), sitting__sealed_at=None)
    return Cycle.objects.filter(Exists(unsealed), needs_three_sheets=True, status__in=[Status.RATIFIED, *FINAL])
