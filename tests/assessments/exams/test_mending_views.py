"""The screens of a mended key: from the studio, from the sitting, from Today; and what a candidate reads in the end."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override

from assessments.exams.actions.attempts import void_attempt
from assessments.exams.actions.effects import Effect, effect_shown, effect_words
from assessments.exams.actions.mending import confirm_mends, effect_of, propose_mends
from assessments.exams.actions.sealing import seal_sittings
from assessments.exams.actions.sittings import show_results
from assessments.exams.due import due_for
from assessments.exams.models import Attempt, KeyMend
from lms.jobs.models import Job
from tests.assessments.exams.test_mending import hr_of, sat
from tests.factories import arranged_of, make_cycle, make_dealer, make_employee
from tests.factories.assessments import make_blueprint, make_papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam():
    """(the version that was asked, its papers): the first candidate gave what the key says, the others another answer."""
    return sat([["1"], ["2"], ["2"]])


def propose(version, by, **values):
    sent = {"way": "another", "answer": ["2"], "reason": "手册改版。", **values}
    return propose_mends(version=version, by=by, at=timezone.now(), **sent)


def shown_on(page):
    return page.context["form"]["shown"].value()


def test_what_became_other_than_it_was_shown_is_told_and_nothing_is_mended(exam, sign_in):
    version, papers = exam
    dealer = papers[0].sitting.dealer
    mend = propose(version, hr_of(dealer))[0]
    client = sign_in(hr_of(dealer).employee)
    page = client.get(reverse("mend", args=[mend.pk]))
    assert escape(shown_on(page)) in page.text
    void_attempt(attempt=papers[1].attempt, reason="考场停电。", by=hr_of(dealer), at=timezone.now())
    told = client.post(reverse("mend_confirm", args=[mend.pk]), {"shown": shown_on(page)}, follow=True)
    assert "3 份试卷有这道题；2 人分数上升" in told.text
    assert "→ 2 份试卷有这道题；1 人分数上升" in told.text
    assert KeyMend.objects.get().is_open
    client.post(reverse("mend_confirm", args=[mend.pk]), {"shown": shown_on(told)})
    assert not KeyMend.objects.get().is_open


def test_the_same_numbers_of_other_people_are_told_too(exam):
    version, papers = exam
    effect = effect_of(propose(version, hr_of(papers[0].sitting.dealer)), timezone.now())
    _first, one, other = effect.changed
    values = {effect_shown(Effect(**effect.numbers, changed=[change]))["effect"].value for change in (one, other)}
    assert len(values) == 2


def test_a_page_that_carries_nonsense_mends_nothing(exam, sign_in):
    version, papers = exam
    mend = propose(version, hr_of(papers[0].sitting.dealer))[0]
    client = sign_in(hr_of(papers[0].sitting.dealer).employee)
    assert client.post(reverse("mend_confirm", args=[mend.pk]), {"shown": "{"}, follow=True).status_code == 200
    assert KeyMend.objects.get().is_open


def test_it_is_said_that_the_question_became_a_draft(exam, sign_in):
    version, papers = exam
    mend = propose(version, hr_of(papers[0].sitting.dealer), way="everyone", answer=None)[0]
    client = sign_in(hr_of(papers[0].sitting.dealer).employee)
    done = client.post(reverse("mend_confirm", args=[mend.pk]), follow=True)
    assert "该题已转为草稿" in done.text
    assert "该题现为草稿" in client.get(reverse("mend", args=[mend.pk])).text


def test_papers_of_an_exam_to_come_are_counted_and_hr_is_reminded_once_it_is_over(exam, sign_in, time_machine):
    version, papers = exam
    dealer, now = papers[0].sitting.dealer, timezone.now()
    hr = hr_of(dealer)
    blueprint = make_blueprint([(version.question.topic, 1, "", 1)])
    people = [make_employee("technician", dealer=dealer) for _n in range(2)]
    times = {"opens_at": now + timedelta(days=1), "closes_at": now + timedelta(days=1, hours=2)}
    later = make_papers(people, bank=False, blueprint=blueprint, dealer=dealer, **times)
    mend = propose(version, hr_of(dealer))[0]
    client = sign_in(hr.employee)
    page = client.get(reverse("mend", args=[mend.pk]))
    assert "另有 2 份尚未结束的考试的试卷也用着这个答案" in page.text
    client.post(reverse("mend_confirm", args=[mend.pk]), {"shown": shown_on(page)})
    assert due_for(hr.employee, timezone.now()) == []
    time_machine.move_to(now + timedelta(days=1, hours=3))
    at = timezone.now()
    (item,) = due_for(hr.employee, at)
    assert (item["url"], str(later[0].sitting) in item["title"]) == (reverse("mend_new", args=[version.pk]), True)
    assert due_for(hr_of(make_dealer("ZZ08")).employee, at) == []
    assert due_for(people[0], at) == []
    assert "尚未结束的考试的试卷" not in client.get(reverse("mend", args=[mend.pk])).text
    own = propose(version, hr_of(dealer))
    assert [one.sitting_id for one in own] == [later[0].sitting_id]  # the other is marked so already
    (item,) = due_for(hr.employee, at)
    assert item["url"] == reverse("mend", args=[own[-1].pk])
    seal_sittings(sittings=[later[0].sitting_id, papers[0].sitting_id], at=at)
    assert due_for(hr.employee, at) == []


def test_from_the_sitting_to_the_question_to_the_proposal_to_the_second_person(exam, client, sign_in):
    version, papers = exam
    sitting, dealer = papers[0].sitting, papers[0].sitting.dealer
    first, second = hr_of(dealer), hr_of(dealer)
    client = sign_in(first.employee)
    assert reverse("sitting_questions", args=[sitting.pk]) in client.get(reverse("sitting", args=[sitting.pk])).text
    questions = client.get(reverse("sitting_questions", args=[sitting.pk]))
    assert [(row["papers"], row["answered"], row["right"]) for row in questions.context["rows"]] == [(3, 3, 1), (3, 3, 3)]
    new = reverse("mend_new", args=[version.pk])
    assert new in questions.text
    assert "选项1" in client.get(new).text
    again = client.post(new, {"way": "another", "answer": "2", "reason": ""})
    assert again.status_code == 200
    assert ' value="2" checked' in again.text
    posted = client.post(new, {"way": "another", "answer": "2", "reason": "手册改版。"})
    mend = KeyMend.objects.get()
    assert posted.url == reverse("mend", args=[mend.pk])
    own = client.get(posted.url)
    assert not own.context["may_confirm"]
    assert own.context["may_withdraw"]
    assert client.post(reverse("mend_confirm", args=[mend.pk])).status_code == 403
    client = sign_in(second.employee)
    page = client.get(posted.url)
    assert page.context["may_confirm"]
    with override("zh-hans"):
        assert page.context["words"] == "3 份试卷有这道题；2 人分数上升，1 人下降；2 人变为合格，1 人变为不合格。"
    assert [change.attempt.paper.candidate.name in page.text for change in page.context["changed"]] == [True] * 3
    done = client.post(reverse("mend_confirm", args=[mend.pk]), {"shown": shown_on(page)}, follow=True)
    assert "2 人分数上升" in done.text
    assert "草稿" not in done.text
    assert sorted(Attempt.objects.values_list("score", flat=True)) == [50, 100, 100]
    assert client.get(posted.url).context["effect"] is None


def test_the_words_in_english():
    with override("en"):
        assert effect_words(Effect(37, 12, 3, 2, 0)) == (
            "37 papers hold the question; 12 scores rise, 3 fall; 2 now pass, 0 no longer pass."
        )
        assert effect_words(Effect(1, 1, 0, 1, 0)) == "1 paper holds the question; 1 score rises, 0 fall; 1 now passes, 0 no longer pass."


def test_an_author_comes_from_the_studio_and_sees_numbers_but_no_names(exam, client):
    version, papers = exam
    author = make_employee("course_author", dealer=papers[0].sitting.dealer)
    client.force_login(author.user)
    question = version.question
    where = reverse("question_mends", args=[question.pk])
    assert where in client.get(reverse(question.snippet_viewset.get_url_name("edit"), args=[question.pk])).text
    assert reverse("mend_new", args=[version.pk]) in client.get(where).text
    mend = propose(version, author.user)[0]
    page = client.get(reverse("mend", args=[mend.pk]))
    assert page.context["effect"].papers == 3
    assert page.context["changed"] == []
    assert not [paper for paper in papers if paper.candidate.name in page.text]
    assert client.get(where).context["mends"].get() == mend


def test_no_key_is_seen_before_the_exam_is_over(sign_in):
    now = timezone.now()
    papers = make_papers(opens_at=now - timedelta(minutes=5), closes_at=now + timedelta(hours=2))
    version = papers[0].items.first().version
    client = sign_in(hr_of(papers[0].sitting.dealer).employee)
    for name, argument in [
        ("sitting_questions", papers[0].sitting_id),
        ("mend_new", version.pk),
        ("question_mends", version.question_id),
    ]:
        assert client.get(reverse(name, args=[argument])).status_code == 404


@pytest.mark.parametrize("post", ["advisor", "general_manager", "service_manager", "information_assistant"])
def test_nobody_else_sees_a_key(exam, sign_in, post):
    version, papers = exam
    mend = propose(version, hr_of(papers[0].sitting.dealer))[0]
    client = sign_in(make_employee(post, dealer=papers[0].sitting.dealer))
    for name, argument in [("mend", mend.pk), ("mend_new", version.pk), ("sitting_questions", papers[0].sitting_id)]:
        assert client.get(reverse(name, args=[argument])).status_code in {403, 404}


def test_today_asks_the_second_person_and_not_the_first(exam):
    version, papers = exam
    first, second = hr_of(papers[0].sitting.dealer), hr_of(papers[0].sitting.dealer)
    mend = propose(version, first)[0]
    now = timezone.now()
    assert due_for(first.employee, now) == []
    (item,) = due_for(second.employee, now)
    assert (item["url"], item["now"]) == (reverse("mend", args=[mend.pk]), True)
    seal_sittings(sittings=[mend.sitting_id], at=now)
    assert due_for(second.employee, now) == []


def test_while_the_panel_signs_every_page_names_the_way_back(exam, sign_in):
    version, papers = exam
    dealer = papers[0].sitting.dealer
    mend = propose(version, hr_of(dealer))[0]
    seal_sittings(sittings=[papers[0].sitting_id], at=timezone.now())
    client = sign_in(hr_of(dealer).employee)
    for url in (
        reverse("mend", args=[mend.pk]),
        reverse("mend_new", args=[version.pk]),
        reverse("sitting_questions", args=[mend.sitting_id]),
    ):
        assert "退回评分" in client.get(url).text
    assert not client.get(reverse("mend", args=[mend.pk])).context["may_confirm"]
    assert "退回评分" in client.post(reverse("mend_confirm", args=[mend.pk]), follow=True).text
    assert KeyMend.objects.get().is_open


def test_it_can_be_withdrawn(exam, sign_in):
    version, papers = exam
    first = hr_of(papers[0].sitting.dealer)
    mend = propose(version, first)[0]
    client = sign_in(first.employee)
    client.post(reverse("mend_withdraw", args=[mend.pk]))
    mend.refresh_from_db()
    assert mend.withdrawn_by == first
    page = client.get(reverse("mend", args=[mend.pk]))
    assert (page.context["may_confirm"], page.context["may_withdraw"]) == (False, False)


@pytest.mark.parametrize(
    ("way", "answer", "said", "rights"),
    [
        ("another", ["2"], "另一个答案才正确", [False, True]),
        ("also", ["2"], "另一个答案也算正确", [True, True]),
        ("everyone", None, "所有人都得分", [True, True]),
    ],
)
def test_candidates_read_after_publication_that_the_key_was_mended(exam, client, way, answer, said, rights):
    version, papers = exam
    dealer, now = papers[0].sitting.dealer, timezone.now()
    confirm_mends(mends=propose(version, hr_of(dealer), way=way, answer=answer, reason="手册第三版已改。"), by=hr_of(dealer), at=now)
    result = [reverse("exam_result", args=[paper.attempt.pk]) for paper in papers]
    client.force_login(papers[0].candidate.user)
    assert client.get(result[0]).status_code == 404
    show_results(sittings=[papers[0].sitting], by=hr_of(dealer), at=now)
    for place in (0, 1):
        client.force_login(papers[place].candidate.user)
        page = client.get(result[place])
        assert said in page.text
        assert "手册第三版已改。" in page.text
        assert page.text.count("手册第三版已改。") == 1
        (question,) = [one for one in page.context["questions"] if one["item"].version == version]
        assert question["right"] == rights[place]
        assert page.context["right"] == 1 + rights[place]


def test_who_answered_nothing_reads_that_the_points_were_given(client):
    version, papers = sat([["1"], None])
    dealer, now = papers[0].sitting.dealer, timezone.now()
    confirm_mends(mends=propose(version, hr_of(dealer), way="everyone", answer=None), by=hr_of(dealer), at=now)
    show_results(sittings=[papers[0].sitting], by=hr_of(dealer), at=now)
    client.force_login(papers[1].candidate.user)
    page = client.get(reverse("exam_result", args=[papers[1].attempt.pk]))
    assert "已给分" in page.text
    assert page.context["right"] == 2


def test_many_papers_lead_to_the_page_of_the_job(exam, sign_in, monkeypatch):
    from assessments.exams.actions import mending

    monkeypatch.setattr(mending, "MANY", 2)
    version, papers = exam
    mend = propose(version, hr_of(papers[0].sitting.dealer))[0]
    answer = sign_in(hr_of(papers[0].sitting.dealer).employee).post(reverse("mend_confirm", args=[mend.pk]))
    assert answer.url == reverse("job", args=[Job.objects.get(kind="exams.mend_key").pk])


def test_a_number_is_mended_by_value_and_tolerance(sign_in):
    version, papers = sat([["3.2"], ["3.4"]], "number")
    client = sign_in(hr_of(papers[0].sitting.dealer).employee)
    new = reverse("mend_new", args=[version.pk])
    assert client.get(new).text.count('name="answer"') == 2
    assert client.post(new, {"way": "another", "answer": ["x", ""], "reason": "手册改版。"}).status_code == 200
    client.post(new, {"way": "another", "answer": ["3.2", "0.2"], "reason": "手册改版。"})
    page = client.get(reverse("mend", args=[KeyMend.objects.get().pk]))
    assert (page.context["before"]["answer"], page.context["after"]["answer"]) == ("3.2 mm (± 0.1)", "3.2 mm (± 0.2)")
    assert page.context["effect"].raised == 1


def test_the_console_of_a_cycle_leads_to_the_questions_while_it_is_marked(sign_in):
    cycle = make_cycle("marking", people=2)
    page = sign_in(cycle.opened_by.employee).get(reverse("cycle", args=[cycle.pk])).text
    assert reverse("sitting_questions", args=[arranged_of(cycle).sitting_id]) in page


def test_a_key_that_was_mended_before_is_shown_as_it_stands_now(exam, sign_in):
    version, papers = exam
    dealer = papers[0].sitting.dealer
    confirm_mends(mends=propose(version, hr_of(dealer)), by=hr_of(dealer), at=timezone.now())
    page = sign_in(hr_of(dealer).employee).get(reverse("mend_new", args=[version.pk]))
    assert "选项2" in page.context["solved"]["answer"]
