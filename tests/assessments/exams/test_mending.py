"""A key that proved wrong is mended before the results are signed: by two people, with marks added, and every figure said beforehand."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db import Error, IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.answers.models import Mark
from assessments.answers.queries import given as given_on
from assessments.exams.actions import mending
from assessments.exams.actions.attempts import _hand_in, submit_attempt, void_attempt
from assessments.exams.actions.marks import mark_unmarked
from assessments.exams.actions.mending import ask_for_mends, confirm_mends, effect_of, propose_mends, withdraw_mends
from assessments.exams.actions.saving import save_answers
from assessments.exams.actions.sealing import seal_sittings
from assessments.exams.actions.sittings import show_results
from assessments.exams.integrity import marks_are_what_the_keys_make, mends_are_of_their_question, scores_are_what_the_marks_make
from assessments.exams.models import Attempt, KeyMend
from assessments.questions.actions import freeze_versions
from assessments.questions.marking import mark
from assessments.questions.mending import Way, mended
from assessments.questions.models import Question
from lms.audit.actions import record_event
from lms.audit.models import Event
from lms.common.states import Refused, WrongHands, WrongState
from lms.jobs.actions import run_job
from lms.jobs.models import Job
from lms.notifications.kinds import kind_of
from lms.notifications.models import Notice
from lms.notifications.wording import words_of
from tests.each import each
from tests.factories import make_cycle, make_dealer, make_employee, opens_at, result_of
from tests.factories.assessments import NINE, items_of, make_attempt, make_blueprint, make_papers, make_question, make_topic

AFTER = NINE + timedelta(hours=3)
_topics = count(1)


def hr_of(dealer):
    return make_employee("hr_officer", dealer=dealer).user


def sat(answers, kind="single", *, others=1, dealer=None, submit=True, **question):
    """A sitting of as many candidates as there are `answers` to one question of the kind; the others are true or false, all right.

    Gives (the version that was asked, the papers).
    """
    topic, dealer = make_topic(f"t{next(_topics)}"), dealer or make_dealer()
    asked = make_question(kind, topic=topic, level=1, **question)
    rest = [make_question("truefalse", topic=topic, level=2) for _n in range(others)]
    lines = [(topic, 1, "", 1), (topic, 2, "", others)] if rest else [(topic, 1, "", 1)]
    people = [make_employee("technician", dealer=dealer) for _answer in answers]
    papers = make_papers(people, bank=False, blueprint=make_blueprint(lines), dealer=dealer)
    for paper, answer in zip(papers, answers, strict=True):
        _sit(paper, asked, answer, submit=submit)
    return papers[0].items.get(version__question=asked).version, papers


def _sit(paper, asked, answer, *, submit):
    attempt, by = make_attempt(paper), paper.candidate.user
    given = {item.pk: answer if item.version.question_id == asked.pk else ["true"] for item in items_of(paper)}
    rows = [(item, 1, response) for item, response in given.items() if response]
    if rows:
        save_answers(attempt_id=attempt.pk, answers=rows, by=by, at=NINE)
    if submit:
        submit_attempt(attempt=attempt, by=by, at=NINE + timedelta(minutes=30))


def scores(papers):
    return [str(score) for score in Attempt.objects.filter(paper__in=papers).order_by("paper").values_list("score", flat=True)]


def propose(version, way="another", answer=("2",), *, by, reason="手册改版，原答案有误。", at=AFTER):
    return propose_mends(version=version, way=way, answer=list(answer) if answer else None, reason=reason, by=by, at=at)


def mend(version, papers, way="another", answer=("2",), **values):
    """Proposed by one of HR, confirmed by another."""
    dealer = papers[0].sitting.dealer
    mends = propose(version, way, answer, by=hr_of(dealer), **values)
    return confirm_mends(mends=mends, by=hr_of(dealer), at=AFTER)


def sound():
    """Nothing that these invariants prove is broken."""
    broken = [*scores_are_what_the_marks_make(), *marks_are_what_the_keys_make(), *mends_are_of_their_question()]
    assert broken == []


# --- What a mended key makes of an answer: plain functions


CONTENTS = {
    "single": {"options": [{"id": str(n), "zh": str(n), "en": ""} for n in range(1, 5)], "key": ["1"]},
    "multiple": {"options": [{"id": str(n), "zh": str(n), "en": ""} for n in range(1, 5)], "key": ["1", "3"]},
    "truefalse": {"key": True},
    "number": {"key": "3.2", "tolerance": "0.1", "unit": "mm"},
}
ANSWERS = {"single": ["2"], "multiple": ["2", "4"], "truefalse": ["false"], "number": ["5"]}
kinds = st.sampled_from(sorted(CONTENTS))


def content_of(kind):
    return {"kind": kind, "stem": {"zh": "？"}, "explanation": {}, **CONTENTS[kind]}


def right(kind):
    return {"single": ["1"], "multiple": ["1", "3"], "truefalse": ["true"], "number": ["3.2"]}[kind]


@given(kinds)
def test_another_answer_is_right_and_the_old_one_no_more(kind):
    content = mended(content_of(kind), Way.ANOTHER, ANSWERS[kind])
    assert (mark(content, ANSWERS[kind]), mark(content, right(kind)), mark(content, None)) == (1, 0, 0)


@given(kinds)
def test_another_answer_is_right_as_well(kind):
    content = mended(content_of(kind), Way.ALSO, ANSWERS[kind])
    assert (mark(content, ANSWERS[kind]), mark(content, right(kind)), mark(content, None)) == (1, 1, 0)


@given(kinds, st.sampled_from([None, ["1"], ["9"], ["true"], ["false"], ["abc"]]))
def test_everyone_gets_the_points_whatever_was_given_or_nothing(kind, response):
    assert mark(mended(content_of(kind), Way.EVERYONE, None), response) == 1


def test_the_tolerance_of_a_number_is_mended_too():
    content = mended(content_of("number"), Way.ANOTHER, ["3.2", "0.3"])
    assert (content["tolerance"], mark(content, ["3.5"]), mark(content, ["3.51"])) == ("0.3", 1, 0)
    kept = mended(content_of("number"), Way.ANOTHER, ["4"])
    assert (kept["tolerance"], mark(kept, ["4.1"])) == ("0.1", 1)


def test_a_key_is_mended_once_more_from_what_it_was_mended_to():
    once = mended(content_of("single"), Way.ALSO, ["2"])
    twice = mended(once, Way.ALSO, ["3"])
    assert [mark(twice, [one]) for one in "1234"] == [1, 1, 1, 0]
    assert [mark(mended(twice, Way.ANOTHER, ["4"]), [one]) for one in "1234"] == [0, 0, 0, 1]
    assert [mark(mended(mended(once, Way.EVERYONE, None), Way.ANOTHER, ["1"]), [one]) for one in "12"] == [1, 0]


@pytest.mark.parametrize(
    ("kind", "way", "answer"),
    [
        *((kind, "another", None) for kind in CONTENTS),
        *((kind, "also", right(kind)) for kind in CONTENTS),
        *((kind, "another", right(kind)) for kind in CONTENTS),
        ("single", "another", ["1", "2"]),
        ("single", "another", ["9"]),
        ("multiple", "also", ["1", "9"]),
        ("truefalse", "another", ["perhaps"]),
        ("number", "another", ["many"]),
        ("number", "another", ["4", "-1"]),
        ("number", "another", ["99999999999"]),
        ("number", "another", ["0.00001"]),
    ],
)
def test_what_can_be_no_key_or_changes_nothing_is_refused(kind, way, answer):
    with pytest.raises(Refused):
        mended(content_of(kind), way, answer)


# --- Through the room


pytestmark = pytest.mark.django_db


def test_two_people_mend_a_key_and_all_who_had_the_question_are_marked_again():
    version, papers = sat([["1"], ["2"], ["2"], None])
    assert scores(papers) == ["100.00", "50.00", "50.00", "50.00"]
    effect = mend(version, papers)
    assert scores(papers) == ["50.00", "100.00", "100.00", "50.00"]
    assert (effect.papers, effect.raised, effect.lowered, effect.passing, effect.failing) == (4, 2, 1, 2, 1)
    sound()


def test_marks_are_added_with_reason_and_key_and_those_from_before_stay():
    version, papers = sat([["1"], ["2"]])
    old = list(Mark.objects.order_by("pk").values())
    mend(version, papers, reason="手册改版。")
    assert list(Mark.objects.filter(pk__in=[row["id"] for row in old]).order_by("pk").values()) == old
    new = Mark.objects.exclude(pk__in=[row["id"] for row in old])
    found = KeyMend.objects.get()
    assert {(one.reason, one.key_id, one.marked_at, one.marker_id) for one in new} == {("手册改版。", found.key_id, AFTER, None)}
    assert sorted(one.earned for one in new) == [0, 1]
    assert found.proposed_by != found.confirmed_by
    assert {one.response.version_id for one in new} == {version.pk}


def test_everyone_gets_the_points_even_who_answered_nothing():
    version, papers = sat([["1"], ["2"], None])
    mend(version, papers, "everyone", None)
    assert scores(papers) == ["100.00", "100.00", "100.00"]
    sound()


def test_several_answers_are_right():
    version, papers = sat([["1"], ["2"], ["3"]])
    effect = mend(version, papers, "also", ["2"])
    assert scores(papers) == ["100.00", "100.00", "50.00"]
    assert (effect.raised, effect.lowered) == (1, 0)
    sound()


@pytest.mark.parametrize(("kind", "answer"), [("multiple", ["2", "4"]), ("truefalse", ["false"]), ("number", ["5"])])
def test_every_kind_with_a_key_is_mended(kind, answer):
    version, papers = sat([answer, right(kind)], kind)
    mend(version, papers, answer=answer)
    assert scores(papers) == ["100.00", "50.00"]
    sound()


def test_what_it_will_do_is_said_before_and_is_what_it_does():
    version, papers = sat([["1"], ["2"], ["2"], None, ["3"]])
    mends = propose(version, by=hr_of(papers[0].sitting.dealer))
    foreseen = effect_of(mends, AFTER)
    assert [(str(one.before), str(one.after), one.crosses) for one in foreseen.changed] == [
        ("100.00", "50.00", "down"),
        ("50.00", "100.00", "up"),
        ("50.00", "100.00", "up"),
    ]
    assert Mark.objects.filter(key=version).count() == 4
    assert scores(papers) == ["100.00", "50.00", "50.00", "50.00", "50.00"]
    assert confirm_mends(mends=mends, by=hr_of(papers[0].sitting.dealer), at=AFTER) == foreseen


def test_the_question_goes_on_with_the_right_key():
    version, papers = sat([["1"]])
    mend(version, papers)
    question = Question.objects.get(pk=version.question_id)
    assert (question.content["key"], question.status) == (["2"], Question.Status.APPROVED)
    found = KeyMend.objects.get()
    assert (question.current_id, found.key.number, found.key.content["key"]) == (found.key_id, 2, ["2"])
    assert freeze_versions([question], by=None)[question.pk] == found.key


@pytest.mark.parametrize(("way", "answer"), [("also", ["2"]), ("everyone", None)])
def test_a_question_without_one_right_answer_is_not_drawn_before_its_author_has_looked(way, answer):
    version, papers = sat([["1"]])
    mend(version, papers, way, answer)
    question = Question.objects.get(pk=version.question_id)
    assert (question.content["key"], question.status) == (["1"], Question.Status.DRAFT)


def rewrite(version, *, right=None, words=None):
    """Its author has another option right by now, or wrote the fourth option anew. Gives the question."""
    question = Question.objects.get(pk=version.question_id)
    for number, option in enumerate(question.options, start=1):
        option.value["correct"] = number == right if right else option.value["correct"]
    if words:
        question.options[3].value["text_zh"] = words
    question.save()
    return question


def bank(version):
    """(key, state) of the author's question."""
    question = Question.objects.get(pk=version.question_id)
    return question.content["key"], question.status


def test_what_its_author_has_put_right_meanwhile_stays_as_it_is():
    version, papers = sat([["1"]])
    rewrite(version, right=2)
    assert not mend(version, papers).is_draft
    assert bank(version) == (["2"], Question.Status.APPROVED)
    assert not Event.objects.filter(verb="question.key_mended").exists()


def test_where_its_author_says_something_else_than_the_mend_the_question_waits_for_a_look():
    version, papers = sat([["1"]])
    rewrite(version, right=3)
    assert mend(version, papers).is_draft
    assert bank(version) == (["3"], Question.Status.DRAFT)
    assert KeyMend.objects.get().key.content["key"] == ["2"]
    assert Event.objects.get(verb="question.key_mended").after["status"] == "draft"


@pytest.mark.parametrize("edited_by", ["first", "someone who left", "nobody"])
def test_the_author_of_a_question_that_became_a_draft_is_told(edited_by):
    first, _second = (make_employee("course_author", name=name) for name in ("甲", "乙"))
    gone = make_employee("course_author", name="丙", status="left", left_on=date(2026, 1, 1))
    version, papers = sat([["1"]])
    question = Question.objects.get(pk=version.question_id)
    if edited_by != "nobody":
        editor = first if edited_by == "first" else gone
        record_event("question.changed", target=question, by=editor.user, before={"level": 1}, after={"level": 2})
    rewrite(version, right=3)
    assert mend(version, papers).is_draft
    told = Notice.objects.filter(kind="question_is_a_draft")
    names = {"甲"} if edited_by == "first" else {"甲", "乙"}
    assert {notice.recipient.employee.name for notice in each(told)} == names
    assert question.key in words_of(told[0])[0]
    assert str(question.pk) in told[0].url
    assert kind_of("question_is_a_draft").done_when(list(told)) == set()
    Question.objects.non_polymorphic().filter(pk=question.pk).update(status=Question.Status.APPROVED)
    assert kind_of("question_is_a_draft").done_when(list(told)) == {notice.pk for notice in told}


def test_other_words_in_an_option_leave_no_wrong_key_in_the_bank():
    """Options may have changed places, so nothing says that the second is still the second."""
    version, papers = sat([["1"], ["2"]])
    rewrite(version, words="改正了一个错字")
    assert mend(version, papers).is_draft
    assert bank(version) == (["1"], Question.Status.DRAFT)


def test_another_tolerance_or_unit_leaves_no_wrong_key_in_the_bank():
    version, papers = sat([["3.2"]], "number")
    question = Question.objects.get(pk=version.question_id)
    question.unit = "cm"
    question.save()
    assert mend(version, papers, answer=["5"]).is_draft
    assert bank(version) == ("3.2", Question.Status.DRAFT)


def test_a_question_out_of_use_stays_out_of_use():
    version, papers = sat([["1"]])
    Question.objects.non_polymorphic().filter(pk=version.question_id).update(status=Question.Status.RETIRED)
    assert not mend(version, papers, "everyone", None).is_draft
    assert bank(version) == (["1"], Question.Status.RETIRED)


def test_a_mended_key_that_is_mended_again_goes_on_in_the_bank():
    version, papers = sat([["1"], ["2"], ["3"]])
    mend(version, papers)
    assert not mend(version, papers, answer=["3"]).is_draft
    assert bank(version) == (["3"], Question.Status.APPROVED)


def test_the_tolerance_of_a_mend_goes_on_with_the_next_one():
    version, papers = sat([["3.2"]], "number")
    mend(version, papers, answer=["3.2", "0.3"])
    mend(version, papers, answer=["4"])
    question = Question.objects.get(pk=version.question_id)
    assert (question.content["key"], question.content["tolerance"], question.status) == ("4", "0.3", "approved")


def test_a_draft_takes_the_key_of_the_next_mend_and_stays_a_draft():
    version, papers = sat([["1"], ["2"], ["3"]])
    assert mend(version, papers, "also", ["2"]).is_draft
    assert not mend(version, papers, answer=["3"]).is_draft
    assert bank(version) == (["3"], Question.Status.DRAFT)


def two_sittings():
    """The same question in two dealers of a group. Gives (the version, the papers of the one, those of the other)."""
    group = make_dealer().group
    version, papers = sat([["1"]], dealer=make_dealer("AA01", group=group))
    other = make_dealer("AA02", group=group)
    blueprint = make_blueprint([(version.question.topic, 1, "", 1)])
    second = make_papers([make_employee("technician", dealer=other)], bank=False, blueprint=blueprint, dealer=other)
    _sit(second[0], version.question, ["2"], submit=True)
    return version, papers, second


def test_who_finds_another_answer_than_the_one_it_was_mended_to_elsewhere_makes_it_a_draft():
    version, papers, second = two_sittings()
    mends = propose(version, by=make_employee("course_author", dealer=papers[0].sitting.dealer).user)
    first = ask_for_mends(mend=mends[0], by=hr_of(papers[0].sitting.dealer), at=AFTER)
    again = ask_for_mends(mend=mends[0], by=hr_of(second[0].sitting.dealer), at=AFTER)
    assert (first.is_draft, again.is_draft, bank(version)) == (False, False, (["2"], "approved"))
    assert not mend(version, papers, answer=["3"]).is_draft
    assert mend(version, second, answer=["4"]).is_draft
    assert bank(version) == (["3"], Question.Status.DRAFT)
    sound()


def test_a_changed_wording_keeps_and_the_key_is_mended_all_the_same():
    version, papers = sat([["1"]])
    Question.objects.non_polymorphic().filter(pk=version.question_id).update(stem_zh="改过的题干？")
    mend(version, papers)
    question = Question.objects.get(pk=version.question_id)
    assert (question.content["key"], question.content["stem"]["zh"]) == (["2"], "改过的题干？")
    assert KeyMend.objects.get().key.content["stem"] == version.content["stem"]


def test_it_is_mended_again_and_the_newest_counts():
    version, papers = sat([["1"], ["2"], ["3"]])
    mend(version, papers)
    mend(version, papers, answer=["3"])
    assert scores(papers) == ["50.00", "50.00", "100.00"]
    assert Mark.objects.filter(response__version=version).count() == 9
    sound()


def test_what_was_handed_in_and_not_marked_yet_is_marked_by_the_mended_key():
    version, papers = sat([["1"], ["2"]], submit=False)
    attempts = [paper.attempt for paper in papers]
    _hand_in(attempts, None, NINE + timedelta(minutes=30), by_clock=True)
    effect = mend(version, papers)
    assert (effect.papers, effect.changed) == (2, [])
    mark_unmarked(at=AFTER)
    assert scores(papers) == ["50.00", "100.00"]
    assert Mark.objects.filter(response__version=version).count() == 2
    sound()


def test_a_voided_attempt_and_papers_without_the_question_are_left_alone():
    version, papers = sat([["1"], ["2"]])
    void_attempt(attempt=papers[1].attempt, reason="考场停电。", by=hr_of(papers[0].sitting.dealer), at=AFTER)
    before = Mark.objects.filter(response__sheet=papers[1].attempt.sheet).count()
    effect = mend(version, papers)
    assert effect.papers == 1
    assert Mark.objects.filter(response__sheet=papers[1].attempt.sheet).count() == before
    sound()


# --- The hands


def test_nobody_supplies_both_signatures():
    version, papers = sat([["1"]])
    by = hr_of(papers[0].sitting.dealer)
    mends = propose(version, by=by)
    with pytest.raises(WrongHands):
        confirm_mends(mends=mends, by=by, at=AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyMend.objects.update(confirmed_at=AFTER, confirmed_by=by, key=version)


def test_an_author_of_the_group_may_say_so_and_hr_confirms():
    version, papers = sat([["1"]])
    author = make_employee("course_author", dealer=papers[0].sitting.dealer).user
    mends = propose(version, by=author)
    with pytest.raises(WrongHands):
        confirm_mends(mends=mends, by=make_employee("course_author", dealer=papers[0].sitting.dealer).user, at=AFTER)
    confirm_mends(mends=mends, by=hr_of(papers[0].sitting.dealer), at=AFTER)
    assert scores(papers) == ["50.00"]


@pytest.mark.parametrize("position", ["technician", "service_manager", "general_manager", "oem_technical_coach"])
def test_nobody_else_says_so(position):
    version, papers = sat([["1"]])
    with pytest.raises(WrongHands):
        propose(version, by=make_employee(position, dealer=papers[0].sitting.dealer).user)


def test_hr_of_another_dealer_neither_proposes_nor_confirms():
    version, papers = sat([["1"]])
    other = hr_of(make_dealer("ZZ09"))
    with pytest.raises(WrongHands):
        propose(version, by=other)
    mends = propose(version, by=hr_of(papers[0].sitting.dealer))
    with pytest.raises(WrongHands):
        confirm_mends(mends=mends, by=other, at=AFTER)


def test_who_sat_it_neither_proposes_nor_confirms():
    version, papers = sat([["1"]])
    dealer = papers[0].sitting.dealer
    hr = make_employee("hr_officer", dealer=dealer)
    mends = propose(version, by=hr_of(dealer))
    papers[0].sitting.papers.create(candidate=hr, seed=1, drawn_at=NINE)
    with pytest.raises(WrongHands):
        confirm_mends(mends=mends, by=hr.user, at=AFTER)
    withdraw_mends(mend=mends[0], by=mends[0].proposed_by, at=AFTER)
    with pytest.raises(WrongHands):
        propose(version, by=hr.user)


def test_a_proposal_that_lay_for_long_is_made_anew():
    version, papers = sat([["1"]])
    mends = propose(version, by=hr_of(papers[0].sitting.dealer))
    with pytest.raises(Refused, match="30"):
        confirm_mends(mends=mends, by=hr_of(papers[0].sitting.dealer), at=AFTER + timedelta(days=30))


# --- The moment


def test_it_waits_until_the_exam_is_over():
    version, papers = sat([["1"], ["2"]], submit=False)
    with pytest.raises(Refused):
        propose(version, by=hr_of(papers[0].sitting.dealer), at=NINE + timedelta(minutes=40))
    submit_attempt(attempt=papers[0].attempt, by=papers[0].candidate.user, at=NINE + timedelta(minutes=40))
    with pytest.raises(Refused):
        propose(version, by=hr_of(papers[0].sitting.dealer), at=NINE + timedelta(hours=2))
    submit_attempt(attempt=papers[1].attempt, by=papers[1].candidate.user, at=NINE + timedelta(minutes=50))
    with pytest.raises(Refused):
        propose(version, by=hr_of(papers[0].sitting.dealer), at=NINE + timedelta(hours=2) - timedelta(seconds=1))
    assert propose(version, by=hr_of(papers[0].sitting.dealer), at=NINE + timedelta(hours=2))


def test_signed_results_are_not_mended_and_the_refusal_names_the_way_back():
    version, papers = sat([["1"]])
    dealer = papers[0].sitting.dealer
    mends = propose(version, by=hr_of(dealer))
    seal_sittings(sittings=[papers[0].sitting_id], at=AFTER)
    with pytest.raises(Refused, match="退回评分"):
        confirm_mends(mends=mends, by=hr_of(dealer), at=AFTER)
    withdraw_mends(mend=mends[0], by=hr_of(dealer), at=AFTER)
    with pytest.raises(Refused, match="退回评分"):
        propose(version, by=hr_of(dealer))
    seal_sittings(sittings=[papers[0].sitting_id], at=None)
    mend(version, papers)
    assert scores(papers) == ["50.00"]


def test_published_results_are_changed_by_an_appeal_alone():
    version, papers = sat([["1"]])
    dealer = papers[0].sitting.dealer
    show_results(sittings=[papers[0].sitting], by=hr_of(dealer), at=AFTER)
    with pytest.raises(Refused, match="申诉"):
        propose(version, by=hr_of(dealer))


def test_the_database_itself_refuses_it_while_the_panel_signs():
    version, papers = sat([["1"]])
    mends = propose(version, by=hr_of(papers[0].sitting.dealer))
    seal_sittings(sittings=[papers[0].sitting_id], at=AFTER)
    with pytest.raises(Error, match="fixed for signing"), transaction.atomic():
        KeyMend.objects.filter(pk=mends[0].pk).update(confirmed_at=AFTER, confirmed_by=hr_of(papers[0].sitting.dealer), key=version)


def test_the_database_keeps_what_was_proposed_and_decided():
    version, papers = sat([["1"]])
    mend(version, papers)
    for change in ({"reason": "x"}, {"withdrawn_at": AFTER}, {"way": "also"}):
        with pytest.raises(Error), transaction.atomic():
            KeyMend.objects.update(**change)
    with pytest.raises(Error, match="stay on record"), transaction.atomic():
        KeyMend.objects.all().delete()


def test_a_sitting_that_is_fixed_is_left_out_and_the_open_one_is_mended():
    version, papers = sat([["1"]])
    dealer = papers[0].sitting.dealer
    blueprint = make_blueprint([(version.question.topic, 1, "", 1)])
    second = make_papers([make_employee("technician", dealer=dealer)], bank=False, blueprint=blueprint, dealer=dealer)
    _sit(second[0], version.question, ["2"], submit=True)
    seal_sittings(sittings=[papers[0].sitting_id], at=AFTER)
    mends = propose(version, by=hr_of(dealer))
    assert [one.sitting_id for one in mends] == [second[0].sitting_id]
    confirm_mends(mends=mends, by=hr_of(dealer), at=AFTER)
    assert scores([*papers, *second]) == ["100.00", "100.00"]


def test_one_proposal_for_all_sittings_and_each_dealer_confirms_its_own():
    version, papers, second = two_sittings()
    other = second[0].sitting.dealer
    mends = propose(version, by=make_employee("course_author", dealer=papers[0].sitting.dealer).user)
    assert len(mends) == 2
    ask_for_mends(mend=mends[0], by=hr_of(other), at=AFTER)
    assert scores([*papers, *second]) == ["100.00", "100.00"]
    assert KeyMend.objects.get(confirmed_at__isnull=False).sitting_id == second[0].sitting_id
    ask_for_mends(mend=mends[0], by=hr_of(papers[0].sitting.dealer), at=AFTER)
    assert scores([*papers, *second]) == ["50.00", "100.00"]
    sound()


def test_the_same_question_waits_for_one_decision_at_a_time():
    version, papers = sat([["1"]])
    dealer = papers[0].sitting.dealer
    first = propose(version, by=hr_of(dealer))[0]
    with pytest.raises(Refused):
        propose(version, answer=["3"], by=hr_of(dealer))
    withdraw_mends(mend=first, by=hr_of(dealer), at=AFTER)
    assert propose(version, answer=["3"], by=hr_of(dealer))
    with pytest.raises(WrongState):
        withdraw_mends(mend=first, by=hr_of(dealer), at=AFTER)


def test_a_reason_is_asked_for():
    version, papers = sat([["1"]])
    with pytest.raises(Refused) as refusal:
        propose(version, by=hr_of(papers[0].sitting.dealer), reason="  ")
    assert refusal.value.field == "reason"


# --- Up to the result of a component, and the record


def test_the_result_of_the_component_follows_by_the_usual_path():
    cycle = make_cycle("marking", people=2)
    passed, failed = cycle.candidacies.order_by("pk")
    paper = result_of(failed).paper
    version = next(item.version for item in items_of(paper) if item.version.content["kind"] == "single")
    at, dealer = opens_at(cycle) + timedelta(hours=3), cycle.dealer
    held = result_of(passed).paper.items.filter(version=version).exists()
    mends = propose(version, answer=["2"], by=hr_of(dealer), at=at)
    confirm_mends(mends=mends, by=hr_of(dealer), at=at)
    from assessments.grading.actions.results import ratify

    ratify(cycle=cycle, by=cycle.opened_by, at=at)
    assert result_of(failed).score == Attempt.objects.get(paper=paper).score == Decimal("25.00")
    assert result_of(passed).score == (Decimal("75.00") if held else Decimal("100.00"))
    sound()


def test_it_is_on_record_who_did_what_and_whose_score_changed():
    version, papers = sat([["1"], ["2"], ["3"]])
    mend(version, papers)
    proposed, confirmed = Event.objects.filter(verb__startswith="mend.").order_by("pk")
    assert (proposed.verb, confirmed.verb) == ("mend.proposed", "mend.confirmed")
    assert proposed.actor != confirmed.actor
    assert {name: confirmed.after[name] for name in ("papers", "raised", "lowered", "passing", "failing")} == {
        "papers": 3,
        "raised": 1,
        "lowered": 1,
        "passing": 1,
        "failing": 1,
    }
    again = Event.objects.filter(verb="attempt.marked_again")
    assert sorted((one.before["score"], one.after["score"]) for one in again) == [("100.00", "50.00"), ("50.00", "100.00")]
    assert Event.objects.filter(verb="question.key_mended").count() == 1


def test_integrity_finds_a_mark_that_the_mended_key_does_not_make():
    version, papers = sat([["1"], ["2"]])
    mend(version, papers)
    sheet = papers[0].attempt.sheet_id
    response = given_on([sheet])[sheet][version.pk].id
    Mark.objects.create(response_id=response, key=version, rule="single-1", earned=1, possible=1, marked_at=AFTER)
    assert len(list(marks_are_what_the_keys_make())) == 1
    assert len(list(scores_are_what_the_marks_make())) == 1


# --- Many papers


def test_many_papers_are_marked_by_a_job_with_progress(monkeypatch):
    monkeypatch.setattr(mending, "MANY", 2)
    version, papers = sat([["1"], ["2"], ["2"]])
    dealer = papers[0].sitting.dealer
    first = propose(version, by=hr_of(dealer), at=timezone.now())[0]
    job = ask_for_mends(mend=first, by=hr_of(dealer), at=timezone.now())
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.done, job.total) == (Job.Status.DONE, 3, 3)
    assert scores(papers) == ["50.00", "100.00", "100.00"]
    sound()


def test_the_statements_do_not_grow_with_the_papers(django_assert_max_num_queries):
    version, papers = sat([["2"]] * 12)
    mends = propose(version, by=hr_of(papers[0].sitting.dealer))
    with django_assert_max_num_queries(20):
        effect_of(mends, AFTER)
