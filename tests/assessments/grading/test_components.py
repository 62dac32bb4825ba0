"""Components: each kind examined in its own way, sat where and when it takes, and all of them make the outcome."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assessments.exams.actions.attempts import void_attempt
from assessments.exams.models import Sitting
from assessments.grading import integrity
from assessments.grading.actions.cycles import start_marking, start_sitting
from assessments.grading.actions.panels import sign_results
from assessments.grading.actions.publication import publish_cycle
from assessments.grading.actions.results import ratify
from assessments.grading.actions.sittings import arrange_sitting, draw_sitting_papers, move_sitting
from assessments.grading.kinds import registry
from assessments.grading.kinds.kind import ByRubric
from assessments.grading.models import Candidacy, Component, ComponentResult, ComponentSitting, LevelDecision
from assessments.grading.queries.guards import missing_for
from assessments.practicals.choices import part_choices
from lms.common import triggers
from lms.common.states import Refused
from lms.notifications.models import Notice
from tests.each import each
from tests.factories import (
    CODE,
    NINE,
    arranged_of,
    make_cycle,
    make_employee,
    make_rubric,
    opens_at,
    paper_of,
    practical_of,
    result_of,
    score_by_all,
    sign_all,
    sit,
    theory_of,
)
from tests.factories.grading import make_means

pytestmark = pytest.mark.django_db


def people_of(cycle):
    return list(cycle.candidacies.select_related("cycle", "employee__user").order_by("pk"))


def arrange(cycle, *, days=20, at=None, **values):
    """A sitting so many days after the opening, with its papers drawn."""
    begins = cycle.opened_at + timedelta(days=days)
    times = {"opens_at": begins, "closes_at": begins + timedelta(hours=2), "access_code": CODE}
    acting = {"by": cycle.opened_by, "at": at or begins - timedelta(hours=1)}
    arranged = arrange_sitting(component=theory_of(cycle), **times, **values, **acting)
    draw_sitting_papers(arranged=arranged, seed=days, **acting)
    return arranged


def finish(cycle, *, days=30):
    """Marking, ratification, signatures, publication."""
    at, by = cycle.opened_at + timedelta(days=days), cycle.opened_by
    if cycle.status == "sitting":
        start_marking(cycle=cycle, by=by, at=at)
    ratify(cycle=cycle, by=by, at=at)
    sign_all(cycle, at=at)
    publish_cycle(cycle=cycle, by=by, at=at)


def holds(*rules):
    return [found for rule in rules for found in rule()] == []


OWN_RULES = (
    integrity.outcomes_are_what_the_components_make,
    integrity.results_are_the_candidates_own,
    integrity.every_component_has_its_result,
    integrity.results_are_judged_by_three,
    integrity.results_rest_on_two_sheets,
    integrity.signed_results_are_sealed,
)


# --- kinds -------------------------------------------------------------------------------------


class Interview(ByRubric):
    name = "interview"
    label = exam = gettext_lazy("Interview with the panel")
    weight = 3
    is_needed = False


@pytest.fixture
def interview():
    """A kind that the product does not know: a line in the registry, and rubrics that say so."""
    kind = Interview()
    registry.register(kind)
    yield kind
    registry.forget(kind)


def test_a_fourth_kind_goes_from_the_lock_to_publication(interview, sign_in):
    make_means("technical", 1)
    make_rubric(part="interview", pass_mark=80).full_clean()
    cycle = make_cycle("sitting", people=2)
    assert list(cycle.components.values_list("kind", "weight", "pass_mark")) == [
        ("theory", 1, 60),
        ("practical", 1, 60),
        ("interview", 3, 80),
    ]
    first, second = people_of(cycle)
    for candidacy in (first, second):
        sit(candidacy)
        score_by_all(candidacy)
    score_by_all(first, kind="interview", share=0.9)
    start_marking(cycle=cycle, by=cycle.opened_by, at=cycle.opened_at + timedelta(days=21))
    missing = " ".join(missing_for(cycle))
    assert (second.employee.name in missing, first.employee.name in missing) == (True, False)
    assert "Interview with the panel" in missing
    score_by_all(second, kind="interview", share=0.5)
    ratify(cycle=cycle, by=cycle.opened_by, at=NINE)
    page = sign_in(cycle.panel.first().examiner).get(reverse("cycle_sign", args=[cycle.pk])).text
    assert "Interview with the panel" in page
    finish_signing(cycle)
    assert [c.outcome for c in people_of(cycle)] == ["passed", "failed"]
    assert LevelDecision.objects.get().employee == first.employee
    listed = sign_in(cycle.opened_by.employee).get(reverse("cycle_candidates", args=[cycle.pk]), {"sort": "seen_interview"})
    assert listed.status_code == 200
    assert "Interview with the panel" in sign_in(first.employee).get(reverse("my_exams")).text
    assert holds(*OWN_RULES)


def finish_signing(cycle):
    sign_all(cycle, at=NINE)
    publish_cycle(cycle=cycle, by=cycle.opened_by, at=NINE)


def test_a_rubric_may_be_for_any_kind_that_is_scored_by_one(interview):
    assert [name for name, _label in part_choices()][:3] == ["practical", "role_play", "interview"]


@pytest.mark.parametrize(("track", "kinds"), [("service", ["theory", "practical", "role_play"]), ("technical", ["theory", "practical"])])
def test_role_play_is_a_component_of_advisors_where_there_is_a_rubric_for_it(track, kinds):
    make_means(track, 1)
    rubric = make_rubric(track=track, part="role_play")
    cycle = make_cycle("published", track=track, people=2)
    assert list(cycle.components.values_list("kind", flat=True)) == kinds
    first, last = people_of(cycle)
    assert [first.outcome, last.outcome] == ["passed", "failed"]
    roles = [kind for kind in kinds if kind == "role_play"]
    scored = [(practical_of(first, kind).rubric.version_of, result_of(first, kind).score) for kind in roles]
    assert scored == [(rubric, 100)] * len(roles)
    assert holds(*OWN_RULES)


def test_without_a_rubric_for_it_advisors_have_theory_and_practical_alone():
    cycle = make_cycle("locked", track="service", people=1)
    assert list(cycle.components.values_list("kind", flat=True)) == ["theory", "practical"]


def test_whoever_fails_the_role_play_alone_does_not_pass_and_without_its_sheets_nothing_is_fixed():
    make_means("service", 1)
    make_rubric(track="service", part="role_play")
    cycle = make_cycle("sitting", track="service", people=1)
    (one,) = people_of(cycle)
    sit(one)
    score_by_all(one)
    start_marking(cycle=cycle, by=cycle.opened_by, at=cycle.opened_at + timedelta(days=21))
    with pytest.raises(Refused, match="情景演练"):
        ratify(cycle=cycle, by=cycle.opened_by, at=NINE)
    score_by_all(one, kind="role_play", share=0.4)
    ratify(cycle=cycle, by=cycle.opened_by, at=NINE)
    assert Candidacy.objects.get().outcome == "failed"


# --- several sittings --------------------------------------------------------------------------


def test_a_component_is_sat_in_two_rooms_by_whom_each_was_set_for(sign_in, time_machine):
    cycle = make_cycle("locked", people=3)
    time_machine.move_to(cycle.opened_at + timedelta(days=3))
    first, second, third = people_of(cycle)
    with pytest.raises(Refused):
        start_sitting(cycle=cycle, by=cycle.opened_by, at=NINE)
    one = arrange(cycle, days=20, candidacies=[first, second], room="A")
    assert third.employee.name in " ".join(missing_for(cycle))
    two = arrange(cycle, days=22, at=cycle.opened_at + timedelta(days=2), room="B")
    assert [sorted(found.sitting.papers.values_list("candidate", flat=True)) for found in (one, two)] == [
        [first.employee_id, second.employee_id],
        [third.employee_id],
    ]
    page = sign_in(cycle.opened_by.employee).get(reverse("cycle", args=[cycle.pk]))
    (line,) = page.context["arranged"]
    assert [(row.sitting.room, row.papers, row.places) for row in line["rows"]] == [("A", 2, 2), ("B", 1, 1)]
    assert line["waiting"] == 0
    assert page.text.count(reverse("sitting", args=[two.sitting_id])) == 1
    start_sitting(cycle=cycle, by=cycle.opened_by, at=NINE)
    for candidacy in (first, second, third):
        sit(candidacy)
        score_by_all(candidacy)
    finish(cycle)
    assert set(cycle.candidacies.values_list("outcome", flat=True)) == {"passed"}
    assert holds(*OWN_RULES)


def test_nobody_is_given_a_second_date_while_the_first_is_to_come_or_was_sat():
    cycle = make_cycle("sitting", people=2)
    first, second = people_of(cycle)
    with pytest.raises(Refused, match="改期"):
        arrange(cycle, days=25, at=opens_at(cycle) - timedelta(days=1))
    sit(first)
    later = opens_at(cycle) + timedelta(days=1)
    with pytest.raises(Refused, match="重新打开"):
        arrange(cycle, days=25, at=later, candidacies=[first])
    arrange(cycle, days=25, at=later)
    assert result_of(second).sitting.sitting.opens_at == cycle.opened_at + timedelta(days=25)
    assert ComponentSitting.objects.count() == 2


def test_who_missed_the_date_sits_another_one_and_the_first_stays_on_record():
    cycle = make_cycle("sitting", people=2)
    first, second = people_of(cycle)
    sit(first)
    missed = paper_of(second)
    arrange(cycle, days=25, at=opens_at(cycle) + timedelta(days=1))
    assert paper_of(second) != missed
    assert Notice.objects.filter(kind="grading_sitting", recipient=second.employee.user).count() == 2
    assert Notice.objects.filter(kind="grading_sitting", recipient=first.employee.user).count() == 1
    waits = "还有人没有开始"
    assert any(waits in sentence for sentence in missing_for(cycle, at=opens_at(cycle) + timedelta(days=1)))
    sit(second)
    for candidacy in (first, second):
        score_by_all(candidacy)
    finish(cycle)
    assert set(cycle.candidacies.values_list("outcome", flat=True)) == {"passed"}
    replaced = ComponentResult.objects.exclude(voided_at=None).get()
    assert (replaced.paper, replaced.voided_by, bool(replaced.voided_reason)) == (missed, cycle.opened_by, True)
    assert holds(*OWN_RULES)


@pytest.mark.parametrize("state", ["sitting", "marking"])
def test_a_voided_attempt_is_sat_again_with_another_paper(state, sign_in):
    make_means("technical", 1)
    cycle = make_cycle("sitting", people=2)
    first, second = people_of(cycle)
    for candidacy in (first, second):
        sit(candidacy)
        score_by_all(candidacy)
    at = opens_at(cycle) + timedelta(days=1)
    if state == "marking":
        start_marking(cycle=cycle, by=cycle.opened_by, at=at)
    old = paper_of(second)
    void_attempt(attempt=old.attempt, reason="断电", by=invigilator_of(old), at=at)
    page = sign_in(cycle.opened_by.employee).get(reverse("cycle", args=[cycle.pk]))
    assert page.context["arranged"][0]["waiting"] == 1
    assert reverse("cycle_sitting", args=[cycle.pk, 1]) in page.text
    arrange(cycle, days=25, at=at)
    new = paper_of(second)
    assert (new.sitting == old.sitting, new.seed == old.seed) == (False, False)
    with pytest.raises(Refused):
        ratify(cycle=cycle, by=cycle.opened_by, at=at) if state == "marking" else finish(cycle, days=22)
    sit(second, right=False)
    finish(cycle)
    assert [c.outcome for c in people_of(cycle)] == ["passed", "failed"]
    assert ComponentResult.objects.exclude(voided_at=None).get().voided_reason == "断电"
    assert holds(*OWN_RULES)


def invigilator_of(paper):
    """Somebody who watches over the sitting: an attempt is voided by one, another date given by another."""
    watching = make_employee("information_assistant", dealer=paper.sitting.dealer)
    Sitting.objects.filter(pk=paper.sitting_id).update(invigilator=watching)
    paper.refresh_from_db()
    return watching.user


def test_nobody_gives_another_date_to_whose_attempt_they_voided(sign_in):
    make_means("technical", 1)
    cycle = make_cycle("sitting", people=3)
    failed, missed, _third = people_of(cycle)
    sit(failed, right=False)
    at = opens_at(cycle) + timedelta(days=1)
    void_attempt(attempt=paper_of(failed).attempt, reason="再给一次机会", by=cycle.opened_by, at=at)
    for chosen in each([(), (failed,), (failed, missed)]):
        with pytest.raises(Refused, match=failed.employee.name) as refusal:
            arrange(cycle, days=25, at=at, candidacies=chosen)
        assert refusal.value.field == "candidacies"
    assert not ComponentResult.objects.exclude(voided_at=None).exists()
    arrange(cycle, days=25, at=at, candidacies=[missed])  # whoever else waits is not held up
    second = make_employee("group_hr", dealer=cycle.dealer).user
    begins = cycle.opened_at + timedelta(days=26)
    times = {"opens_at": begins, "closes_at": begins + timedelta(hours=2), "by": second, "at": at}
    arrange_sitting(component=theory_of(cycle), candidacies=[failed], **times)
    assert ComponentResult.objects.get(candidacy=failed, voided_at__isnull=False).voided_by == second


def test_a_void_that_nobody_sits_again_is_a_miss_as_before():
    cycle = make_cycle("marking", people=2)
    first, _second = people_of(cycle)
    void_attempt(attempt=paper_of(first).attempt, reason="代考", by=cycle.opened_by, at=NINE)
    ratify(cycle=cycle, by=cycle.opened_by, at=NINE)
    assert Candidacy.objects.get(pk=first.pk).outcome == "missed"
    assert result_of(first).score is None


def test_a_sitting_that_somebody_was_taken_out_of_is_not_moved_and_one_to_come_is(sign_in):
    cycle = make_cycle("sitting", people=1)
    first = arranged_of(cycle)
    second = arrange(cycle, days=25, at=opens_at(cycle) + timedelta(days=1))
    begins = cycle.opened_at + timedelta(days=26)
    times = {"opens_at": begins, "closes_at": begins + timedelta(hours=2), "by": cycle.opened_by, "at": begins - timedelta(days=2)}
    with pytest.raises(Refused, match="另设一场"):
        move_sitting(arranged=first, **times)
    move_sitting(arranged=second, **times)
    second.sitting.refresh_from_db()
    assert second.sitting.opens_at == begins
    assert sign_in(cycle.opened_by.employee).get(reverse("sitting_move", args=[second.pk])).status_code == 200


def test_the_form_sets_a_sitting_for_those_ticked_and_refuses_strangers(sign_in, django_capture_on_commit_callbacks):
    cycle = make_cycle("locked", people=3)
    first, second, third = people_of(cycle)
    client, url = sign_in(cycle.opened_by.employee), reverse("cycle_sitting", args=[cycle.pk, 1])
    facts = {"opens_at": "2030-01-01T09:00", "closes_at": "2030-01-01T12:00", "room": "A"}
    assert client.post(url, {**facts, "candidacies": [999999]}).context["form"].errors["candidacies"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {**facts, "candidacies": [first.pk, third.pk]})
    assert [paper.candidate_id for paper in arranged_of(cycle).sitting.papers.order_by("candidate")] == [
        first.employee_id,
        third.employee_id,
    ]
    left = client.get(url).context["form"].fields["candidacies"].choices
    assert [value for value, _name in left] == [second.pk]


def test_a_candidate_finds_the_new_date_under_my_exams(sign_in, time_machine):
    cycle = make_cycle("sitting", people=1)
    (one,) = people_of(cycle)
    at = opens_at(cycle) + timedelta(days=1)
    arrange(cycle, days=25, at=at)
    time_machine.move_to(at)
    (exam,) = sign_in(one.employee).get(reverse("my_exams")).context["exams"]
    assert exam["sitting"].opens_at == cycle.opened_at + timedelta(days=25)
    assert not exam["is_open"]


# --- what the database holds -------------------------------------------------------------------


MEDDLING = {
    "score": lambda result: ComponentResult.objects.filter(pk=result.pk).update(score=99),
    "no score": lambda result: ComponentResult.objects.filter(pk=result.pk).update(score=None),
    "void": lambda result: ComponentResult.objects.filter(pk=result.pk).update(
        voided_at=NINE, voided_by=result.component.cycle.opened_by, voided_reason="x"
    ),
    "another paper": lambda result: ComponentResult.objects.filter(pk=result.pk).update(paper=None),
    "outcome": lambda result: Candidacy.objects.update(outcome="missed"),
}


@pytest.mark.parametrize("state", ["ratified", "published"])
@pytest.mark.parametrize("what", MEDDLING)
def test_results_stay_once_they_are_signed_or_published(state, what):
    cycle = make_cycle(state, people=2)
    if state == "ratified":
        member = cycle.panel.select_related("examiner__user", "cycle__dealer").first()
        sign_results(member=member, by=member.examiner.user, at=NINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        MEDDLING[what](result_of(people_of(cycle)[0]))


def test_a_missing_score_is_not_put_in_under_the_signatures():
    cycle = make_cycle("sitting", people=2)
    first, second = people_of(cycle)
    sit(first)
    score_by_all(first)
    start_marking(cycle=cycle, by=cycle.opened_by, at=opens_at(cycle) + timedelta(days=1))
    ratify(cycle=cycle, by=cycle.opened_by, at=NINE)
    sign_all(cycle, at=NINE)
    with pytest.raises(IntegrityError, match="fixed for signing"), transaction.atomic():
        ComponentResult.objects.filter(pk=result_of(second).pk).update(score=100)


def test_a_result_is_the_candidates_own():
    cycle = make_cycle("sitting", people=2)
    other = make_cycle("locked", track="service", people=1)
    first, second = people_of(cycle)
    theirs, mine = result_of(second), result_of(first)
    foreign = {
        "another's paper": lambda: ComponentResult.objects.create(candidacy=first, component=theory_of(other), sitting=mine.sitting),
        "another's practical": lambda: ComponentResult.objects.filter(pk=result_of(first, "practical").pk).update(
            practical=practical_of(second)
        ),
        "another component": lambda: ComponentResult.objects.filter(pk=theirs.pk).update(component=cycle.components.last()),
        "a second that counts": lambda: ComponentResult.objects.create(candidacy=first, component=theory_of(cycle)),
    }
    for act in each(foreign.values()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_the_integrity_check_names_an_outcome_that_the_components_do_not_make():
    cycle = make_cycle("published", people=2)
    assert holds(*OWN_RULES)
    triggers.drop_all()
    first, last = people_of(cycle)
    ComponentResult.objects.filter(pk=result_of(first).pk).update(score="59.99")
    ComponentResult.objects.filter(pk=result_of(last).pk).update(practical=None, paper=None, candidacy=last, component=theory_of(cycle))
    assert list(integrity.outcomes_are_what_the_components_make()) == [first]
    Component.objects.filter(kind="practical").update(level=2)
    assert len(integrity.results_are_the_candidates_own()) == 2
    assert len(integrity.every_component_has_its_result()) == 2


def test_what_was_signed_is_kept_with_the_overall_figure():
    from lms.audit.models import Event

    make_means("technical", 1)
    cycle = make_cycle("ratified", people=2)
    sign_all(cycle)
    first, last = people_of(cycle)
    signed = Event.objects.filter(verb="panel.signed").first().after["results"]
    assert signed[str(first.pk)] == {"outcome": "passed", "overall": "100", "scores": {"theory": "100.00", "practical": "100.00"}}
    assert signed[str(last.pk)]["outcome"] == "failed"


def test_the_console_and_sign_page_cost_the_same_however_many_sittings(sign_in, django_assert_max_num_queries):
    cycle = make_cycle("locked", people=3)
    client, url = sign_in(cycle.opened_by.employee), reverse("cycle", args=[cycle.pk])
    client.get(url)
    for number, candidacy in enumerate(people_of(cycle)):
        arrange(cycle, days=20 + number, at=cycle.opened_at + timedelta(days=2), candidacies=[candidacy])
    with django_assert_max_num_queries(25):
        client.get(url)
