from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.exams.actions.sittings import close_sitting, create_sitting, draw_papers, schedule_sitting, set_extra_minutes, show_results
from assessments.exams.models import Paper, PaperItem, Sitting
from assessments.questions.models import Question
from lms.audit.models import Event
from lms.common.states import Refused, WrongState
from lms.jobs.actions import run_job, start_job
from lms.jobs.models import Job
from tests.each import each
from tests.factories import make_dealer, make_employee
from tests.factories.assessments import NINE, make_attempt, make_bank, make_blueprint, make_papers, make_question, make_sitting, make_topic

pytestmark = pytest.mark.django_db


def hr():
    return make_employee("hr_officer").user


def draw(sitting, candidates, seed=7):
    return draw_papers(sitting=sitting, candidates=candidates, by=hr(), at=NINE, seed=seed)


def test_a_sitting_takes_minutes_level_and_pass_mark_from_its_blueprint_and_gets_a_code():
    blueprint = make_blueprint(level=2, minutes=45, pass_mark=70)
    sitting = create_sitting(
        dealer=make_dealer(), blueprint=blueprint, title_zh="考试", opens_at=NINE, closes_at=NINE + timedelta(hours=1), by=hr(), at=NINE
    )
    assert (sitting.level, sitting.minutes, sitting.pass_mark, sitting.status) == (2, 45, 70, Sitting.Status.DRAFT)
    assert len(sitting.access_code) == 6


def test_a_window_shorter_than_the_exam_is_refused_in_words():
    with pytest.raises(match="60"):
        make_sitting(closes_at=NINE + timedelta(minutes=59))
    assert not Sitting.objects.exists()


def test_every_candidate_gets_a_paper_of_their_own_and_of_equal_make_up():
    make_bank(4)
    sitting = make_sitting()
    people = [make_employee("technician") for _ in range(3)]
    assert draw(sitting, people) == 3
    sitting.refresh_from_db()
    assert sitting.status == Sitting.Status.READY
    papers = list(Paper.objects.filter(sitting=sitting))
    contents = [[item.version.content for item in paper.items.select_related("version")] for paper in papers]
    assert all(sorted(content["kind"] for content in paper) == ["multiple", "number", "single", "truefalse"] for paper in each(contents))
    assert len({tuple(content["stem"]["zh"] for content in paper) for paper in contents}) > 1


def test_drawing_again_keeps_what_is_there_and_adds_who_is_new():
    make_bank()
    sitting = make_sitting()
    first, second = make_employee("technician"), make_employee("technician")
    draw(sitting, [first])
    before = list(PaperItem.objects.values_list("pk", "version"))
    assert draw(sitting, [first, second]) == 1
    assert list(PaperItem.objects.filter(paper__candidate=first).values_list("pk", "version")) == before
    assert draw(sitting, [first, second]) == 0


def test_the_recorded_seed_draws_the_same_paper_again():
    make_bank(6)
    person = make_employee("technician")
    one, two = make_sitting(), make_sitting(blueprint=make_blueprint())
    draw(one, [person])
    draw(two, [person])
    papers = [list(paper.items.values_list("version", "option_order")) for paper in person.papers.order_by("pk")]
    assert papers[0] == papers[1]


def test_whoever_sits_again_is_asked_other_questions():
    make_bank(2)  # the blueprint asks for one of each kind
    blueprint, technician = make_blueprint(), make_employee("technician")
    first = make_papers([technician], sitting=make_sitting(blueprint=blueprint), bank=False)[0]
    make_attempt(first)
    again = make_papers([technician], sitting=make_sitting(blueprint=blueprint), bank=False)[0]
    asked = [set(paper.items.values_list("version__question", flat=True)) for paper in (first, again)]
    assert len(asked[0]) == len(asked[1]) == 4
    assert not asked[0] & asked[1]


def test_gaps_of_the_bank_are_named_and_nothing_is_written():
    make_question("single")
    make_question("single", status=Question.Status.DRAFT)
    make_question("single", in_exams=False)
    sitting = make_sitting(blueprint=make_blueprint([(make_topic(), 1, "single", 3), (make_topic(), 2, "", 1)]))
    with pytest.raises(match="制动检查") as refusal:
        draw(sitting, [make_employee("technician")])
    assert all(gap in str(refusal.value) for gap in ("需要 3 题，现有 1 题", "需要 1 题，现有 0 题")), refusal.value
    assert not Paper.objects.exists()


def test_an_empty_blueprint_and_a_closed_sitting_are_refused():
    with pytest.raises(Refused):
        draw(make_sitting(blueprint=make_blueprint([])), [make_employee("technician")])
    make_bank()
    sitting = make_sitting(blueprint=make_blueprint())
    close_sitting(sitting=sitting, by=hr(), at=NINE)
    with pytest.raises(Refused):
        draw(sitting, [make_employee("technician")])


def test_the_statements_of_drawing_do_not_grow_with_the_candidates():
    make_bank(5)

    def cost(count):
        sitting, people = make_sitting(blueprint=make_blueprint()), [make_employee("technician") for _ in range(count)]
        by = hr()
        with CaptureQueriesContext(connection) as queries:
            draw_papers(sitting=sitting, candidates=people, by=by, at=NINE, seed=7)
        return len(queries)

    cost(1)  # freezes the versions
    few, many = cost(20), cost(40)
    assert many <= few + 2


def test_the_job_draws_papers_and_says_how_many():
    make_bank()
    sitting, person = make_sitting(), make_employee("technician")
    params = {"sitting_id": sitting.pk, "candidate_ids": [person.pk], "seed": 7}
    job = start_job(kind="exams.draw_papers", by=hr(), key=str(sitting.pk), params=params)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == (Job.Status.DONE, {"drawn": 1, "kept": 0})
    assert sitting.papers.count() == 1


def test_a_sitting_is_moved_until_someone_begins():
    paper = make_papers()[0]
    moved = {
        "opens_at": NINE + timedelta(hours=1),
        "closes_at": NINE + timedelta(hours=3),
        "room": "B2",
        "invigilator": make_employee("service_supervisor"),
    }
    sitting = schedule_sitting(sitting=paper.sitting, by=hr(), at=NINE, **moved)
    assert (sitting.room, sitting.opens_at) == ("B2", moved["opens_at"])
    paper.sitting = sitting
    make_attempt(paper, at=NINE + timedelta(hours=1))
    with pytest.raises(Refused):
        schedule_sitting(sitting=sitting, by=hr(), at=NINE, **moved)


def test_extra_time_moves_the_clock_of_a_running_attempt():
    paper = make_papers()[0]
    attempt = make_attempt(paper)
    set_extra_minutes(paper=paper, minutes=15, by=hr(), at=NINE + timedelta(minutes=5))
    attempt.refresh_from_db()
    assert attempt.ends_at == NINE + timedelta(minutes=75)
    assert Event.objects.filter(verb="paper.extra_time").exists()


@pytest.mark.parametrize("minutes", [-1, 241])
def test_extra_time_out_of_bounds_is_refused(minutes):
    with pytest.raises(Refused):
        set_extra_minutes(paper=make_papers()[0], minutes=minutes, by=hr(), at=NINE)


def test_extra_time_after_the_end_is_refused():
    attempt = make_attempt()
    with pytest.raises(Refused):
        set_extra_minutes(paper=attempt.paper, minutes=15, by=hr(), at=NINE + timedelta(minutes=61))


def test_a_sitting_closes_once_and_not_while_someone_works():
    attempt = make_attempt()
    sitting = attempt.paper.sitting
    with pytest.raises(Refused):
        close_sitting(sitting=sitting, by=hr(), at=NINE + timedelta(minutes=5))
    close_sitting(sitting=sitting, by=hr(), at=NINE + timedelta(hours=3))
    attempt.refresh_from_db()
    assert attempt.status == attempt.Status.MARKED
    with pytest.raises(WrongState):
        close_sitting(sitting=sitting, by=hr(), at=NINE + timedelta(hours=3))


def test_results_are_shown_from_the_first_time_on():
    sitting = make_papers()[0].sitting
    assert show_results(sittings=[sitting], by=hr(), at=NINE) == 1
    assert show_results(sittings=[sitting], by=hr(), at=NINE + timedelta(days=1)) == 0
    sitting.refresh_from_db()
    assert sitting.results_at == NINE


@pytest.mark.parametrize("minutes", [0, 4, 481, 32767])
def test_a_blueprint_for_an_exam_that_nobody_can_sit_is_refused_when_it_is_saved(minutes):
    blueprint = make_blueprint()
    blueprint.minutes = minutes
    with pytest.raises(ValidationError) as error:
        blueprint.full_clean()
    assert list(error.value.error_dict) == ["minutes"]
    blueprint.minutes = 480
    blueprint.full_clean()
