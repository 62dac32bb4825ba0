"""What a decision rests on stays from the lock on: nothing that an author, HR or a person at the database does turns results (G5)."""

import pytest
from django.db import IntegrityError, transaction

from assessments.exams.actions.attempts import void_attempt
from assessments.exams.actions.sittings import close_sitting, draw_papers, schedule_sitting, set_extra_minutes
from assessments.exams.models import Attempt, Blueprint, BlueprintLine, PaperItem, Sitting
from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.actions.cycles import start_marking
from assessments.grading.actions.panels import sign_results
from assessments.grading.actions.results import ratify, return_to_marking
from assessments.grading.integrity import signed_results_are_sealed
from assessments.grading.models import Candidacy, Component, ComponentResult, Cycle, PanelMember
from assessments.practicals.models import Criterion, Practical, Rubric, ScoreSheet
from lms.common.states import Refused, WrongState
from lms.common.versions import freeze
from lms.people.models import Employee
from tests.each import each
from tests.factories import (
    NINE,
    arranged_of,
    bring_to,
    make_cycle,
    make_dealer,
    make_employee,
    opens_at,
    paper_of,
    practical_of,
    score_by_all,
    sign_all,
    sit,
    theory_of,
)
from tests.factories.grading import make_means

pytestmark = pytest.mark.django_db


def edit(pass_mark=100):
    """What an author does in the studio: harder marks, other criteria, other lines."""
    for model in (Rubric, Blueprint):
        model.objects.filter(frozen_at=None).update(pass_mark=pass_mark)
    Criterion.objects.filter(rubric__frozen_at=None).update(max_points=1)
    BlueprintLine.objects.filter(blueprint__frozen_at=None).update(points=9)


@pytest.mark.parametrize("state", ["locked", "sitting", "marking"])
@pytest.mark.parametrize("pass_mark", [0, 100])
def test_no_edit_after_the_lock_turns_a_result(state, pass_mark):
    make_means("technical", 1)
    cycle = make_cycle(state, people=3)
    theory, practical = basis = list(cycle.components.all())
    edit(pass_mark)
    bring_to(cycle, "ratified", by=cycle.opened_by)
    assert sorted(cycle.candidacies.values_list("outcome", flat=True)) == ["failed", "passed", "passed"]
    assert list(cycle.components.all()) == basis
    assert {practical_of(row).rubric for row in cycle.candidacies.all()} == {practical.rubric}
    assert arranged_of(cycle).sitting.blueprint == theory.blueprint
    assert (theory.pass_mark, practical.pass_mark) == (60, 60)


def test_an_edit_applies_from_the_next_lock_on():
    make_means("technical", 1)
    first = make_cycle("locked", people=2)
    Rubric.objects.filter(frozen_at=None).update(pass_mark=80)
    second = make_cycle("locked", people=0, quarter=2, dealer=other_dealer_with_two())
    assert (rubric_of(first).pass_mark, rubric_of(second).pass_mark) == (60, 80)
    assert [second.components.get(kind=kind).pass_mark for kind in ("theory", "practical")] == [60, 80]
    assert theory_of(second).blueprint == theory_of(first).blueprint, "what was not edited is one version"


def rubric_of(cycle):
    return cycle.components.get(kind="practical").rubric


def other_dealer_with_two():
    dealer = make_dealer("YT02")
    for _number in range(2):
        make_employee("technician", dealer=dealer)
    return dealer


CHANGES = {
    "rubric": lambda c: Rubric.objects.exclude(frozen_at=None).update(pass_mark=1),
    "rubric gone": lambda c: Rubric.objects.exclude(frozen_at=None).delete(),
    "rubric thawed": lambda c: Rubric.objects.exclude(frozen_at=None).update(frozen_at=None),
    "criterion": lambda c: Criterion.objects.exclude(rubric__frozen_at=None).update(max_points=99),
    "criterion moved": lambda c: Criterion.objects.filter(rubric__frozen_at=None).update(rubric=rubric_of(c)),
    "criterion moved out": lambda c: Criterion.objects.exclude(rubric__frozen_at=None).update(rubric=Rubric.objects.get(frozen_at=None)),
    "criterion gone": lambda c: Criterion.objects.exclude(rubric__frozen_at=None)[0].delete(),
    "criterion more": lambda c: Criterion.objects.create(rubric=rubric_of(c), name_zh="外加", max_points=5),
    "blueprint": lambda c: Blueprint.objects.exclude(frozen_at=None).update(pass_mark=1),
    "line": lambda c: BlueprintLine.objects.exclude(blueprint__frozen_at=None).update(points=20),
    "rubric of the component": lambda c: Component.objects.filter(kind="practical").update(rubric=Rubric.objects.get(frozen_at=None)),
    "pass mark of the component": lambda c: Component.objects.update(pass_mark=1),
    "weight of the component": lambda c: Component.objects.update(weight=9),
    "component more": lambda c: Component.objects.create(cycle=c, level=1, kind="role_play", rubric=rubric_of(c)),
    "component gone": lambda c: Component.objects.all()._raw_delete("default"),
    "result gone": lambda c: ComponentResult.objects.all()._raw_delete("default"),
    "result of another": lambda c: ComponentResult.objects.filter(candidacy=c.candidacies.first()).update(candidacy=c.candidacies.last()),
    "pass mark of the sitting": lambda c: Sitting.objects.update(pass_mark=1),
    "blueprint of the sitting": lambda c: Sitting.objects.update(blueprint=Blueprint.objects.get(frozen_at=None)),
    "rubric of the practical": lambda c: Practical.objects.update(rubric=Rubric.objects.get(frozen_at=None)),
    "candidate of the practical": lambda c: Practical.objects.filter(pk=Practical.objects.first().pk).update(
        candidate=c.opened_by.employee
    ),
    "questions of the paper": lambda c: PaperItem.objects.update(points=7),
    "rules": lambda c: Cycle.objects.update(min_attendance=0),
    "admission": lambda c: Candidacy.objects.update(is_eligible=False),
    "findings": lambda c: Candidacy.objects.update(findings=[]),
    "waiver": lambda c: Candidacy.objects.update(waived_at=NINE, waived_by=c.opened_by),
    "level aimed at": lambda c: Candidacy.objects.update(from_level=1, to_level=2),
    "candidate more": lambda c: Candidacy.objects.create(cycle=c, employee=make_employee("technician"), from_level=0, to_level=1),
    "panel": lambda c: PanelMember.objects.filter(seat="service_manager").update(examiner=make_employee("service_manager")),
    "panel more": lambda c: PanelMember.objects.create(cycle=c, seat="general_manager", examiner=make_employee("general_manager")),
    "panel gone": lambda c: PanelMember.objects.all().delete(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_database_refuses_what_would_turn_a_locked_cycle(what):
    cycle = make_cycle("sitting", people=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        CHANGES[what](cycle)


RULES = {"track": "service", "year": 2027, "quarter": 2, "min_attendance": 0}
SWITCHES = dict.fromkeys(["needs_reflections", "needs_courses", "needs_three_sheets"], False)


def test_every_single_rule_of_a_locked_cycle_and_all_that_its_sitting_asks_for_stays():
    make_cycle("sitting", people=1)
    elsewhere = {"dealer": make_dealer("YT09")}
    for rule, value in each({**RULES, **SWITCHES, **elsewhere}.items()):
        with pytest.raises(IntegrityError, match="rules of a cycle"), transaction.atomic():
            Cycle.objects.update(**{rule: value})
    for what, value in each({"level": 2, "minutes": 5, **elsewhere}.items()):
        with pytest.raises(IntegrityError, match="sitting keeps"), transaction.atomic():
            Sitting.objects.update(**{what: value})


def test_who_was_let_in_and_why_is_not_rewritten_after_the_lock():
    cycle = make_cycle(people=2)
    waived = cycle.candidacies.order_by("pk").first()
    Employee.objects.filter(pk=waived.employee_id).update(status="on_leave")
    compute_eligibility(cycle=cycle, by=cycle.opened_by, at=NINE)
    waive(candidacy=waived, reason="请准", by=cycle.opened_by, at=NINE)
    bring_to(cycle, "locked", by=cycle.opened_by)
    other = make_cycle(people=1, dealer=make_dealer("YT09"))
    for change in each([{"waived_reason": "另有原因"}, {"employee": make_employee("technician")}, {"cycle": other}]):
        with pytest.raises(IntegrityError, match="Who may sit is fixed"), transaction.atomic():
            Candidacy.objects.filter(pk=waived.pk).update(**change)


def test_a_live_rubric_or_blueprint_begins_nothing():
    cycle = make_cycle("sitting", people=1)
    candidate = cycle.candidacies.get().employee
    with pytest.raises(IntegrityError), transaction.atomic():
        Practical.objects.create(candidate=candidate, rubric=Rubric.objects.get(frozen_at=None))
    sitting = arranged_of(cycle).sitting
    sitting.pk, sitting.blueprint = None, Blueprint.objects.get(frozen_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        sitting.save(force_insert=True)


def test_a_version_that_nothing_refers_to_yet_is_not_deleted_either():
    make_means("technical", 1)
    for record in each([Rubric.objects.get(), Blueprint.objects.get()]):
        version = freeze(record, at=NINE)
        with pytest.raises(IntegrityError, match="new version"), transaction.atomic():
            type(record).objects.filter(pk=version.pk)._raw_delete("default")


def test_freezing_twice_is_one_version_and_an_edit_makes_another():
    make_means("technical", 1)
    rubric = Rubric.objects.get()
    one = freeze(rubric, at=NINE)
    assert freeze(rubric, at=NINE) == freeze(one, at=NINE) == one
    rubric.criteria.filter(max_points=5).update(max_points=6)
    two = freeze(Rubric.objects.get(pk=rubric.pk), at=NINE)
    assert two != one
    assert [list(v.criteria.values_list("max_points", flat=True)) for v in (one, two)] == [[10, 10, 5], [10, 10, 6]]
    assert not one.in_use
    assert one.version_of == two.version_of == rubric


# --- after the signatures ----------------------------------------------------------------------


@pytest.fixture
def ratified():
    return make_cycle("ratified", people=2)


def meddling(cycle):
    """{what: call} of all that would change an exam whose results are being signed."""
    hr, sitting = cycle.opened_by, arranged_of(cycle).sitting
    paper = sitting.papers.select_related("attempt", "candidate").first()
    newcomer = make_employee("technician")
    times = {"opens_at": opens_at(cycle), "closes_at": sitting.closes_at, "room": "B", "invigilator": None}
    return {
        "void": lambda: void_attempt(attempt=paper.attempt, reason="作弊", by=hr, at=NINE),
        "time": lambda: set_extra_minutes(paper=paper, minutes=30, by=hr, at=NINE),
        "schedule": lambda: schedule_sitting(sitting=sitting, **times, by=hr, at=NINE),
        "draw": lambda: draw_papers(sitting=sitting, candidates=[newcomer], by=hr, at=NINE, seed=1),
    }


@pytest.mark.parametrize("signatures", [0, 1, 3])
def test_while_results_are_signed_nothing_of_the_exam_changes_and_the_way_back_is_named(ratified, signatures):
    for member in ratified.panel.select_related("examiner__user", "cycle__dealer")[:signatures]:
        sign_results(member=member, by=member.examiner.user, at=NINE)
    for call in each(meddling(ratified).values()):
        with pytest.raises(Refused, match="退回"):
            call()
    with pytest.raises(WrongState):
        close_sitting(sitting=arranged_of(ratified).sitting, by=ratified.opened_by, at=NINE)
    assert set(Attempt.objects.values_list("status", flat=True)) == {"marked"}
    assert ratified.panel.exclude(signed_at=None).count() == signatures


@pytest.mark.parametrize(
    "change",
    [
        lambda: Attempt.objects.update(status="voided"),
        lambda: Attempt.objects.update(score=100),
        lambda: ScoreSheet.objects.create(
            practical=Practical.objects.first(), marker=Practical.objects.first().candidate, score=1, marked_at=NINE, marked_by_id=1
        ),
    ],
)
def test_the_database_refuses_it_too(ratified, change):
    assert not signed_results_are_sealed().exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_no_attempt_is_added_to_results_being_signed_or_taken_out_of_them():
    cycle = make_cycle("sitting", people=2)
    first, second = cycle.candidacies.select_related("cycle", "employee__user").order_by("pk")
    sit(first)
    score_by_all(first)
    start_marking(cycle=cycle, by=cycle.opened_by, at=opens_at(cycle).replace(hour=23))
    ratify(cycle=cycle, by=cycle.opened_by, at=opens_at(cycle).replace(hour=23))
    late = {"paper": paper_of(second), "started_at": NINE, "ends_at": NINE}
    for act in each([lambda: Attempt.objects.create(**late), lambda: Attempt.objects.all()._raw_delete("default")]):
        with pytest.raises(IntegrityError, match="fixed for signing"), transaction.atomic():
            act()


def test_an_attempt_is_voided_once_the_results_are_back_in_marking_and_then_it_counts_not(ratified):
    sign_all(ratified)
    return_to_marking(cycle=ratified, reason="发现代考", by=ratified.opened_by, at=NINE)
    first = ratified.candidacies.order_by("pk").first()
    void_attempt(attempt=paper_of(first).attempt, reason="代考", by=ratified.opened_by, at=NINE)
    ratify(cycle=ratified, by=ratified.opened_by, at=NINE)
    assert Candidacy.objects.get(pk=first.pk).outcome == "missed"
    assert not ratified.panel.exclude(signed_at=None).exists()


def test_the_three_who_signed_and_their_signatures_stand_on_record_after_publication():
    cycle = make_cycle("published", people=1)
    member = PanelMember.objects.filter(seat="service_manager")
    changes = {
        "another examiner": lambda: member.update(examiner=make_employee("service_manager")),
        "no examiner": member.delete,
        "no signature": lambda: member.update(signed_at=None, signed_by=None),
        "signed by another": lambda: member.update(signed_by=cycle.opened_by),
        "signed at another time": lambda: member.update(signed_at=NINE),
    }
    for change in each(changes.values()):
        with pytest.raises(IntegrityError, match="G3"), transaction.atomic():
            change()


@pytest.mark.parametrize("state", ["locked", "published"])
def test_nobody_is_taken_out_of_a_cycle_after_the_lock(state):
    cycle = make_cycle(state, people=2)
    with pytest.raises(IntegrityError, match="taken out"), transaction.atomic():
        Candidacy.objects.filter(cycle=cycle, outcome__in=["pending", "failed"])._raw_delete("default")


def test_a_voiding_after_publication_names_the_appeal():
    cycle = make_cycle("published", people=2)
    with pytest.raises(Refused, match="申诉"):
        void_attempt(
            attempt=Attempt.objects.select_related("paper__sitting", "paper__candidate").first(), reason="x", by=cycle.opened_by, at=NINE
        )
