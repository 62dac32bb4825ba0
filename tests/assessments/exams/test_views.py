import json
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.answers.models import MOST_RESPONSES, Response
from assessments.exams.actions.attempts import submit_attempt
from assessments.exams.actions.saving import save_answers
from assessments.exams.actions.sittings import draw_papers, show_results
from assessments.exams.due import due_for
from assessments.exams.models import Attempt
from tests.each import each
from tests.factories import make_dealer, make_employee
from tests.factories.assessments import (
    CODE,
    RIGHT,
    items_of,
    make_attempt,
    make_bank,
    make_blueprint,
    make_papers,
    make_sitting,
    make_topic,
    responses,
    responses_given,
    shown_in,
)
from tests.pages import forms_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    """A paper of an exam that is open now."""
    now = timezone.now()
    return make_papers(opens_at=now - timedelta(minutes=5), closes_at=now + timedelta(hours=2))[0]


@pytest.fixture
def attempt(paper):
    return make_attempt(paper, at=timezone.now())


def save(client, attempt, body):
    return client.post(reverse("exam_save", args=[attempt.pk]), json.dumps(body), content_type="application/json")


def finish(attempt, table=RIGHT):
    by, now = attempt.paper.candidate.user, timezone.now()
    answers = [(item, 1, response) for item, response in responses(attempt.paper, table).items()]
    save_answers(attempt_id=attempt.pk, answers=answers, by=by, at=now)
    return submit_attempt(attempt=attempt, by=by, at=now)


# -- the door


def test_the_door_names_time_room_and_rules_and_the_code_opens_it(paper, sign_in):
    client = sign_in(paper.candidate)
    page = client.get(reverse("exam_start", args=[paper.pk]))
    assert "培训室" in page.text
    refused = client.post(reverse("exam_start", args=[paper.pk]), {"access_code": "WRONG1"})
    assert refused.status_code == 200
    assert not Attempt.objects.exists()
    assert not client.post(reverse("exam_start", args=[paper.pk]), {"access_code": ""}).context["form"].is_valid()
    opened = client.post(reverse("exam_start", args=[paper.pk]), {"access_code": CODE})
    assert opened.url == reverse("exam", args=[Attempt.objects.get().pk])


def test_coming_back_through_the_door_asks_for_no_code(attempt, sign_in):
    client = sign_in(attempt.paper.candidate)
    assert "access_code" not in client.get(reverse("exam_start", args=[attempt.paper_id])).text
    assert client.post(reverse("exam_start", args=[attempt.paper_id])).url == reverse("exam", args=[attempt.pk])


def test_before_it_opens_and_after_it_closes_there_is_no_button(sign_in):
    now = timezone.now()
    early = make_papers(opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=3))[0]
    late = make_papers(
        [early.candidate], opens_at=now - timedelta(hours=3), closes_at=now - timedelta(hours=1), blueprint=make_blueprint()
    )[0]
    client = sign_in(early.candidate)
    for paper in (early, late):
        assert "access_code" not in client.get(reverse("exam_start", args=[paper.pk])).text
        client.post(reverse("exam_start", args=[paper.pk]), {"access_code": CODE})
    assert not Attempt.objects.exists()


# -- the runner


def test_the_runner_shows_all_questions_with_what_was_answered_and_no_key_or_explanation(attempt, sign_in):
    client = sign_in(attempt.paper.candidate)
    one = next(item for item in items_of(attempt.paper) if item.version.content["kind"] == "single")
    save(client, attempt, {"item": one.pk, "sequence": 1, "response": "3"})
    page = client.get(reverse("exam", args=[attempt.pk])).text
    for item in each(items_of(attempt.paper)):
        content = item.version.content
        assert content["stem"]["zh"] in page or content["stem"]["en"] in page
        assert content["explanation"]["zh"] not in page
        assert content["explanation"]["en"] not in page
    assert re.search(rf'name="a{one.pk}" value="3" checked', page)
    assert page.count(" checked") == 1
    assert "key" not in re.findall(r'data-[a-z-]*key|"key"', page)
    assert "3.2" not in page  # the number asked for


def test_a_saved_answer_is_answered_with_its_time_and_nothing_of_the_key(attempt, sign_in):
    item = items_of(attempt.paper)[0].pk
    answer = save(sign_in(attempt.paper.candidate), attempt, {"item": item, "sequence": 3, "response": "2"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"saved_at", "ends_at", "now", "visit", "sequence", "sequences", "notes"}
    assert answer.json()["sequence"] == 3
    assert Response.objects.get().response == ["2"]


@pytest.mark.parametrize("kind", RIGHT)
def test_after_a_reload_the_page_shows_what_was_saved_whatever_the_kind(attempt, sign_in, kind):
    client, page = sign_in(attempt.paper.candidate), reverse("exam", args=[attempt.pk])
    item = next(item for item in items_of(attempt.paper) if item.version.content["kind"] == kind)
    assert shown_in(client.get(page).text, item) == []
    save(client, attempt, {"item": item.pk, "sequence": 1, "response": RIGHT[kind]})
    assert shown_in(client.get(page).text, item) == RIGHT[kind]


def test_what_was_kept_offline_is_saved_as_a_list(attempt, sign_in):
    items = items_of(attempt.paper)
    body = [{"item": item.pk, "sequence": number, "response": "1"} for number, item in enumerate(items, start=1)]
    assert save(sign_in(attempt.paper.candidate), attempt, body).json()["sequences"] == {str(item.pk): n for n, item in enumerate(items, 1)}


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "{}", "3", "null", '[{"item": 1}]', '{"item": "x", "sequence": 1, "response": null}', "[" * 2000]
)
def test_what_is_no_answer_is_refused_with_400(attempt, sign_in, body):
    answer = sign_in(attempt.paper.candidate).post(reverse("exam_save", args=[attempt.pk]), body, content_type="application/json")
    assert answer.status_code == 400
    assert "error" in answer.json()


def test_a_save_asks_three_statements(attempt, sign_in):
    client, item = sign_in(attempt.paper.candidate), items_of(attempt.paper)[0].pk
    with CaptureQueriesContext(connection) as queries:
        save(client, attempt, {"item": item, "sequence": 1, "response": "2"})
    assert len(queries) <= 3  # session (none where Redis keeps it), person, answer


def test_after_the_end_a_save_is_refused_and_the_page_hands_in(attempt, sign_in):
    client, item = sign_in(attempt.paper.candidate), items_of(attempt.paper)[0].pk
    Attempt.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    late = save(client, attempt, {"item": item, "sequence": 1, "response": "2"})
    assert (late.status_code, Response.objects.count()) == (409, 0)
    client.get(reverse("exam", args=[attempt.pk]))
    attempt.refresh_from_db()
    assert (attempt.status, attempt.by_clock) == (Attempt.Status.MARKED, True)


def test_a_save_without_a_token_is_refused(attempt):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(attempt.paper.candidate.user)
    assert save(strict, attempt, {"item": 1, "sequence": 1, "response": "2"}).status_code == 403


def test_the_log_notes_what_the_page_tells_and_the_page_learns_how_the_time_stands(attempt, sign_in):
    client, url = sign_in(attempt.paper.candidate), reverse("exam_event", args=[attempt.pk])
    told = client.post(url, json.dumps({"kinds": ["focus_lost"]}), content_type="application/json").json()
    assert (told["over"], set(told)) == (False, {"over", "ends_at", "now", "visit"})
    assert attempt.events.filter(kind="focus_lost").count() == 1
    assert client.post(url, "nonsense", content_type="application/json").status_code == 400
    finish(attempt)
    assert client.post(url, json.dumps({"kinds": []}), content_type="application/json").json()["over"]


def test_a_page_that_is_opened_later_has_a_higher_visit_and_an_older_one_hears_of_it_with_each_answer(attempt, sign_in):
    client, page = sign_in(attempt.paper.candidate), reverse("exam", args=[attempt.pk])

    def visit():
        return int(re.search(r'data-visit="(\d+)"', client.get(page).text)[1])

    assert visit() == 1, "the page that follows the start"
    Attempt.objects.update(started_at=timezone.now() - timedelta(minutes=1))
    older, newer = visit(), visit()
    assert (older, newer) == (2, 3)
    item = items_of(attempt.paper)[0].pk
    told = save(client, attempt, {"item": item, "sequence": 1, "response": ["2"]}).json()
    assert (told["visit"], told["sequences"]) == (newer, {str(item): 1}), "what the older page still held is taken"
    assert save(client, attempt, {"item": item, "sequence": 1, "response": ["2"]}).json()["visit"] == newer
    assert client.post(reverse("exam_event", args=[attempt.pk]), '{"kinds": []}', content_type="application/json").json()["visit"] == newer
    client.post(reverse("exam_start", args=[attempt.paper_id]))
    attempt.refresh_from_db()
    assert attempt.visit == 4, "to resume counts even in the first seconds"


def test_a_full_sheet_says_so_and_what_was_saved_stays(attempt, sign_in):
    client = sign_in(attempt.paper.candidate)
    first, second, *_rest = [item.pk for item in items_of(attempt.paper)]
    fill(attempt, MOST_RESPONSES - 1)
    both = [{"item": item, "sequence": 10**6, "response": ["1"]} for item in (first, second)]
    refused = save(client, attempt, both)
    assert (refused.status_code, str(MOST_RESPONSES) in refused.json()["error"]) == (400, True)
    assert attempt.sheet.responses.count() == MOST_RESPONSES
    assert save(client, attempt, both[0]).status_code == 200, "what there was room for is acknowledged when it comes again"
    assert save(client, attempt, both[1]).status_code == 400
    assert responses_given(attempt)[first] == ["1"]
    with pytest.raises(IntegrityError, match="not_endless"), transaction.atomic():
        fill(attempt, 1)


def fill(attempt, rows):
    """So many more changes to the first question."""
    version, sheet = items_of(attempt.paper)[0].version_id, attempt.sheet
    begun = sheet.responses.count()
    values = {"sheet": sheet, "version_id": version, "response": ["2"], "saved_at": timezone.now(), "digest": "x", "chain": "x"}
    Response.objects.bulk_create([Response(number=n, sequence=n, **values) for n in range(begun + 1, begun + rows + 1)])


def test_without_javascript_the_form_saves_says_what_is_open_and_hands_in(attempt, sign_in):
    client, url = sign_in(attempt.paper.candidate), reverse("exam_submit", args=[attempt.pk])
    fields = {"with_answers": "1"}
    for item, response in responses(attempt.paper).items():
        fields[f"a{item}"] = response
    left_out = f"a{items_of(attempt.paper)[1].pk}"
    saved = client.post(url, {name: value for name, value in fields.items() if name != left_out} | {"do": "save"}, follow=True)
    assert "2" in next(str(message) for message in saved.context["messages"])
    attempt.refresh_from_db()
    assert attempt.status == Attempt.Status.IN_PROGRESS
    client.post(url, fields | {"do": "submit"})
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score) == (Attempt.Status.MARKED, 100)


@pytest.mark.parametrize("do", ["save", "submit"])
def test_what_was_answered_without_javascript_is_there_again_after_the_session_ended(attempt, sign_in, do):
    client, url = sign_in(attempt.paper.candidate), reverse("exam_submit", args=[attempt.pk])
    (form,) = [one for one in forms_of(client.get(reverse("exam", args=[attempt.pk]))) if "with_answers" in one.data]
    typed = {f"a{item}": response for item, response in responses(attempt.paper).items()}
    client.logout()
    away = client.post(url, form.data | typed | {"do": do})
    assert away.url.startswith(reverse("account_login"))
    client = sign_in(attempt.paper.candidate)
    page = client.get(url)
    (again,) = [one for one in forms_of(page) if "with_answers" in one.data]
    assert {name: sorted(again.data[name]) for name in typed} == {name: sorted(values) for name, values in typed.items()}
    assert any("内容尚未提交" in str(message) for message in page.context["messages"])
    attempt.refresh_from_db()
    assert attempt.status == Attempt.Status.IN_PROGRESS
    assert not any(responses_given(attempt).values()), "it is sent by its sender, not by itself"
    client.post(url, again.data | {"do": "submit"})
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score) == (Attempt.Status.MARKED, 100)


def test_what_was_answered_after_the_time_is_not_filled_in(attempt, sign_in):
    client, url = sign_in(attempt.paper.candidate), reverse("exam_submit", args=[attempt.pk])
    (form,) = [one for one in forms_of(client.get(reverse("exam", args=[attempt.pk]))) if "with_answers" in one.data]
    client.logout()
    client.post(url, form.data | {"do": "submit"})
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=attempt.started_at - timedelta(hours=5), ends_at=attempt.ends_at - timedelta(hours=5)
    )
    client = sign_in(attempt.paper.candidate)
    assert client.get(url, follow=True).templates[0].name == "assessments/exams/exam_over.html"


def test_the_address_of_handing_in_is_the_exam_again_for_whoever_opens_it(attempt, sign_in):
    client = sign_in(attempt.paper.candidate)
    assert client.get(reverse("exam_submit", args=[attempt.pk])).templates[0].name == "assessments/exams/exam.html"


def test_a_number_that_is_none_is_told_while_it_can_be_mended_and_stays_as_it_was_typed(attempt, sign_in):
    client = sign_in(attempt.paper.candidate)
    item = next(item for item in items_of(attempt.paper) if item.version.content["kind"] == "number")
    told = save(client, attempt, {"item": item.pk, "sequence": 1, "response": ["abc"]}).json()
    assert "abc" in told["notes"][str(item.pk)]
    page = client.get(reverse("exam", args=[attempt.pk])).text
    assert told["notes"][str(item.pk)] in page
    assert 'value="abc"' in page
    form = {"with_answers": "1", "do": "save", f"a{item.pk}": "abc"}
    said = client.post(reverse("exam_submit", args=[attempt.pk]), form, follow=True).context["messages"]
    assert any("abc" in str(message) and str(item.number) in str(message) for message in said)
    assert responses_given(attempt)[item.pk] == ["abc"]


def test_handing_in_twice_leads_to_the_same_calm_page(attempt, sign_in):
    client, url = sign_in(attempt.paper.candidate), reverse("exam_submit", args=[attempt.pk])
    for _press in range(2):
        page = client.post(url, follow=True)
        assert page.templates[0].name == "assessments/exams/exam_over.html"
    assert attempt.events.filter(kind="submitted").count() == 1


def test_the_runner_of_forty_questions_stays_small_and_its_statements_do_not_grow(sign_in):
    topic, now = make_topic(), timezone.now()
    make_bank(10)
    client = None
    costs = []
    for count in (1, 10):
        window = {"opens_at": now - timedelta(minutes=1), "closes_at": now + timedelta(hours=2)}
        sitting = make_sitting(blueprint=make_blueprint([(topic, 1, kind, count) for kind in RIGHT]), **window)
        attempt = make_attempt(make_papers(sitting=sitting, bank=False)[0], at=now)
        client = sign_in(attempt.paper.candidate)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("exam", args=[attempt.pk]))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8
    assert page.text.count("data-item=") == 40
    assert len(page.content) < 60_000


# -- the result


def test_the_result_is_shown_once_it_is_published_with_what_was_right_and_why(attempt, sign_in):
    client = sign_in(attempt.paper.candidate)
    finish(attempt)
    assert client.get(reverse("exam_result", args=[attempt.pk])).status_code == 404
    assert reverse("exam_result", args=[attempt.pk]) not in client.get(reverse("exam", args=[attempt.pk])).text
    show_results(sittings=[attempt.paper.sitting], by=make_employee("hr_officer").user, at=timezone.now())
    page = client.get(reverse("exam_result", args=[attempt.pk]))
    assert (page.context["right"], page.context["passed"]) == (4, True)
    for item in each(items_of(attempt.paper)):
        assert item.version.content["explanation"]["zh"] in page.text or item.version.content["explanation"]["en"] in page.text


@pytest.mark.parametrize(("score", "passed"), [("59.99", False), ("60", True), ("60.01", True)])
def test_the_pass_mark_itself_passes_on_the_candidate_s_page(attempt, sign_in, score, passed):
    finish(attempt)
    Attempt.objects.update(score=score)
    show_results(sittings=[attempt.paper.sitting], by=make_employee("hr_officer").user, at=timezone.now())
    page = sign_in(attempt.paper.candidate).get(reverse("exam_result", args=[attempt.pk]))
    assert page.context["sitting"].pass_mark == 60
    assert page.context["passed"] == passed


# -- who may


def test_signed_out_people_are_sent_to_sign_in(attempt, client):
    for name, pk in [
        ("exam_start", attempt.paper_id),
        ("exam", attempt.pk),
        ("exam_result", attempt.pk),
        ("sitting", attempt.paper.sitting_id),
    ]:
        assert client.get(reverse(name, args=[pk])).status_code == 302
    assert save(client, attempt, {}).status_code == 302


def test_nobody_sees_or_touches_the_exam_of_someone_else(attempt, sign_in):
    hr = make_employee("hr_officer", dealer=attempt.paper.sitting.dealer)
    for person in (make_employee("technician"), make_employee("service_manager"), hr):
        client = sign_in(person)
        for name, pk in [("exam_start", attempt.paper_id), ("exam", attempt.pk), ("exam_result", attempt.pk)]:
            assert client.get(reverse(name, args=[pk])).status_code == 404
        for name in ("exam_submit", "exam_event"):
            assert client.post(reverse(name, args=[attempt.pk])).status_code == 404
        assert save(client, attempt, {"item": items_of(attempt.paper)[0].pk, "sequence": 1, "response": "1"}).status_code == 404
        assert save(client, attempt, {}).status_code == 404
    assert not Response.objects.exists()


def test_the_sitting_is_watched_by_hr_of_the_dealer_and_its_invigilator_only(attempt, sign_in):
    sitting, paper = attempt.paper.sitting, attempt.paper
    elsewhere = make_employee("hr_officer", dealer=make_dealer("YT02"))
    invigilator = make_employee("oem_service_coach")
    urls = [("sitting", sitting.pk, True), ("sitting_paper", paper.pk, True), ("sitting_close", sitting.pk, False)]
    urls += [("paper_extra_time", paper.pk, False), ("paper_void", paper.pk, False)]
    for person in (paper.candidate, make_employee("service_manager"), elsewhere, invigilator):
        client = sign_in(person)
        for name, pk, is_page in urls:
            assert (client.get if is_page else client.post)(reverse(name, args=[pk])).status_code == 404
    sitting.invigilator = invigilator
    sitting.save()
    for person in (make_employee("hr_officer"), make_employee("group_hr"), invigilator):
        page = sign_in(person).get(reverse("sitting", args=[sitting.pk]))
        assert CODE in page.text
        assert sign_in(person).get(reverse("sitting_paper", args=[paper.pk])).status_code == 200


# -- in the room


def test_extra_time_is_given_and_a_senseless_number_is_refused(attempt, sign_in):
    client, url = sign_in(make_employee("hr_officer")), reverse("paper_extra_time", args=[attempt.paper_id])
    for minutes in ("", "-5", "999", "abc"):
        client.post(url, {"minutes": minutes})
    attempt.paper.refresh_from_db()
    assert attempt.paper.extra_minutes == 0
    client.post(url, {"minutes": "15"})
    before = attempt.ends_at
    attempt.refresh_from_db()
    assert attempt.ends_at - before == timedelta(minutes=15)


def test_nobody_allows_themselves_extra_time(paper, sign_in):
    paper.sitting.invigilator = paper.candidate
    paper.sitting.save()
    sign_in(paper.candidate).post(reverse("paper_extra_time", args=[paper.pk]), {"minutes": "15"})
    paper.refresh_from_db()
    assert paper.extra_minutes == 0


def test_an_attempt_is_voided_with_a_reason_only(attempt, sign_in):
    client, url = sign_in(make_employee("hr_officer")), reverse("paper_void", args=[attempt.paper_id])
    client.post(url, {"reason": " "})
    attempt.refresh_from_db()
    assert attempt.status == Attempt.Status.IN_PROGRESS
    client.post(url, {"reason": "使用手机"})
    attempt.refresh_from_db()
    assert attempt.status == Attempt.Status.VOIDED
    assert "使用手机" in sign_in(attempt.paper.candidate).get(reverse("exam", args=[attempt.pk])).text


def test_closing_waits_for_those_who_work(attempt, sign_in):
    client, url = sign_in(make_employee("hr_officer")), reverse("sitting_close", args=[attempt.paper.sitting_id])
    client.post(url)
    attempt.paper.sitting.refresh_from_db()
    assert attempt.paper.sitting.status == "ready"
    finish(attempt)
    client.post(url)
    attempt.paper.sitting.refresh_from_db()
    assert attempt.paper.sitting.status == "closed"


def test_the_sitting_costs_the_same_for_one_and_for_thirty_candidates(sign_in):
    now = timezone.now()
    make_bank()
    client, costs = None, []
    hr = make_employee("hr_officer")
    for count in (1, 30):
        window = {"opens_at": now - timedelta(minutes=1), "closes_at": now + timedelta(hours=2)}
        sitting = make_sitting(blueprint=make_blueprint(), **window)
        papers = make_papers([make_employee("technician") for _ in range(count)], sitting=sitting, bank=False)
        for paper in papers[::2]:
            make_attempt(paper, at=now)
        client = sign_in(hr)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("sitting", args=[sitting.pk]))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 15


def test_what_just_missed_the_mark_is_not_shown_as_the_mark(attempt, sign_in):
    done = finish(attempt)
    Attempt.objects.filter(pk=done.pk).update(score="59.95")
    hr = make_employee("hr_officer").user
    show_results(sittings=[done.paper.sitting], by=hr, at=timezone.now())
    client = sign_in(done.paper.candidate)
    page = client.get(reverse("exam_result", args=[done.pk]))
    assert not page.context["passed"]
    assert "<b>59.95<small>" in page.text
    person = client.get(reverse("person", args=[done.paper.candidate_id])).text
    assert ">59.95</span>" in person


def test_today_tells_of_exams_to_begin_to_go_on_with_and_to_come(paper):
    now, person = timezone.now(), paper.candidate
    (due,) = due_for(person, now)
    assert (due["url"], due["now"]) == (reverse("exam_start", args=[paper.pk]), True)
    (ahead,) = due_for(person, paper.sitting.opens_at - timedelta(days=2))
    assert not ahead["now"]
    attempt = make_attempt(paper, at=now)
    (due,) = due_for(person, now)
    assert (due["url"], due["now"]) == (reverse("exam", args=[attempt.pk]), True)
    finish(attempt)
    assert due_for(person, now) == []


def test_papers_of_a_draft_are_not_there_yet(sign_in):
    make_bank()
    sitting = make_sitting()
    person = make_employee("technician")
    draw_papers(sitting=sitting, candidates=[person], by=make_employee("hr_officer").user, at=timezone.now(), seed=1)
    sitting.status = "draft"
    sitting.save()
    assert sign_in(person).get(reverse("exam_start", args=[person.papers.get().pk])).status_code == 404
