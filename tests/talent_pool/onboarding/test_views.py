"""The pages of task books, as those who use them send and read them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.observations.models import Acceptance, Observation
from talent_pool.onboarding.models import Mentor, TaskBook
from tests.each import each
from tests.factories import (
    BEGINS,
    hr_of,
    leave_now,
    make_checklist,
    make_dealer,
    make_employee,
    make_mentor,
    make_newcomer,
    make_task_book,
    sign,
    sign_all_alone,
    tasks_of,
)
from tests.pages import form_at, forms_of

pytestmark = pytest.mark.django_db
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def book():
    return make_task_book()


@pytest.fixture
def supervisor():
    return make_employee("service_supervisor")


def text(response):
    return response.content.decode()


def posting(page):
    return [form for form in forms_of(page) if form.method == "post"]


def url(name, *args):
    return reverse(name, args=args)


# -- the mentor's phone ---------------------------------------------------------------------------------------------------------


def test_the_mentor_taps_a_step_of_a_task(book, sign_in):
    client, task = sign_in(book.mentor), tasks_of(book)[1]
    page = client.get(url("task_book", book.pk), **EN)
    form = form_at(page, url("task_sign", book.pk, task.pk))
    answer = client.post(form.action, form.data | {"step": "2", "note": "工单少一项"}, **EN)
    assert answer.url == f"{url('task_book', book.pk)}#task-{task.pk}"
    row = Observation.objects.get()
    assert (row.observer, row.note, row.items.get().value) == (book.mentor.user, "工单少一项", 2)
    assert "Helped" in text(client.get(url("task_book", book.pk), **EN))


def test_each_open_task_has_its_form_and_what_is_alone_has_none(book, sign_in):
    sign(book, 0)
    page = sign_in(book.mentor).get(url("task_book", book.pk))
    actions = [form.action for form in forms_of(page)]
    assert [url("task_sign", book.pk, task.pk) in actions for task in tasks_of(book)] == [False, True, True]


def test_a_second_tap_of_the_same_page_is_told_and_keeps_its_note(book, sign_in):
    client, task = sign_in(book.mentor), tasks_of(book)[1]
    form = form_at(client.get(url("task_book", book.pk), **EN), url("task_sign", book.pk, task.pk))
    client.post(form.action, form.data | {"step": "3"}, **EN)
    again = client.post(form.action, form.data | {"step": "3", "note": "第二次"}, **EN)
    assert "changed meanwhile" in text(again)
    assert "第二次" in text(again)
    assert Observation.objects.count() == 1


def test_a_step_that_is_none_is_refused_where_it_was_tapped(book, sign_in):
    task = tasks_of(book)[0]
    page = sign_in(book.mentor).post(url("task_sign", book.pk, task.pk), {"step": "9"}, **EN)
    assert page.status_code == 200
    assert not Observation.objects.exists()


def test_a_task_of_another_book_is_not_found(book, sign_in):
    other = make_task_book()
    assert sign_in(book.mentor).post(url("task_sign", book.pk, tasks_of(other)[0].pk), {"step": "1"}).status_code == 404


def test_whom_one_mentors_stands_on_one_page(sign_in):
    mentor = make_mentor()
    first, second = make_task_book(mentor=mentor), make_task_book(mentor=mentor)
    other = make_task_book()
    page = text(sign_in(mentor.employee).get(url("mentees")))
    assert first.newcomer.name in page
    assert second.newcomer.name in page
    assert other.newcomer.name not in page


def test_a_mentor_with_nobody_reads_what_will_stand_here(sign_in):
    assert "Nobody is with you now" in text(sign_in(make_mentor().employee).get(url("mentees"), **EN))


def test_whose_appointment_has_ended_reads_why_there_is_nothing_to_sign(book, sign_in):
    Mentor.objects.update(ended_at=timezone.now(), ended_by=hr_of(book.dealer), ended_reason="调岗")
    page = sign_in(book.mentor).get(url("task_book", book.pk), **EN)
    assert "You can't sign this task book off" in text(page)
    assert not [form for form in forms_of(page) if "/tasks/" in form.action]


# -- the newcomer's phone -----------------------------------------------------------------------------------------------------------


def test_the_newcomer_reads_the_book_and_signs_nothing(book, sign_in):
    sign(book, 0, 2, note="再练一次")
    page = sign_in(book.newcomer).get(url("task_book", book.pk), **EN)
    assert "再练一次" in text(page)
    assert not [form for form in posting(page) if "/onboarding/" in form.action]


def test_the_newcomer_accepts_a_sign_off_or_sees_it_otherwise(book, sign_in):
    client, first, second = sign_in(book.newcomer), sign(book, 0, 2), sign(book, 1, 1)
    client.post(url("sign_off_answer", book.pk, first.pk), {"is_accepted": "1"})
    client.post(url("sign_off_answer", book.pk, second.pk), {"words": "我做过一次"})
    assert list(Acceptance.objects.order_by("observation").values_list("is_accepted", "words")) == [(True, ""), (False, "我做过一次")]
    assert "我做过一次" in text(client.get(url("task_book", book.pk)))


def test_an_answer_without_words_is_asked_for_them(book, sign_in):
    row = sign(book)
    assert sign_in(book.newcomer).post(url("sign_off_answer", book.pk, row.pk), {"words": ""}).status_code == 200
    assert not Acceptance.objects.exists()


def test_nobody_answers_for_the_newcomer(book, sign_in, supervisor):
    row = sign(book)
    assert sign_in(supervisor).post(url("sign_off_answer", book.pk, row.pk), {"is_accepted": "1"}).status_code == 403


# -- taking back ----------------------------------------------------------------------------------------------------------------------


def test_the_mentor_takes_back_what_was_signed_by_mistake(book, sign_in):
    client, row = sign_in(book.mentor), sign(book)
    form = form_at(client.get(url("sign_off", book.pk, row.pk)), url("sign_off_correct", book.pk, row.pk))
    assert client.post(form.action, form.data | {"reason": "点错人"}).url == url("task_book", book.pk)
    page = text(client.get(url("task_book", book.pk), **EN))
    assert "点错人" in page
    assert "Taken back by" in page


def test_the_newcomer_finds_no_way_to_take_it_back(book, sign_in):
    row = sign(book)
    client = sign_in(book.newcomer)
    assert not [form for form in forms_of(client.get(url("sign_off", book.pk, row.pk))) if "correct" in form.action]
    assert client.post(url("sign_off_correct", book.pk, row.pk), {"reason": "不对"}).status_code == 403


# -- opening, handing on, closing -------------------------------------------------------------------------------------------------------


def test_a_supervisor_opens_a_book_for_a_newcomer(sign_in, supervisor):
    newcomer, mentor, checklist = make_newcomer(), make_mentor(), make_checklist()
    client = sign_in(supervisor)
    assert newcomer.name in text(client.get(url("task_books")))
    page = client.get(url("task_book_new", newcomer.pk))
    assert mentor.employee.name in text(page)
    typed = {"checklist": checklist.pk, "mentor": mentor.pk, "starts_on": "2026-11-25", "station": "快修"}
    client.post(url("task_book_new", newcomer.pk), typed)
    book = TaskBook.objects.get()
    assert (book.newcomer, book.mentor, book.station, book.checklist.version_of) == (newcomer, mentor.employee, "快修", checklist)


def test_who_is_not_free_stands_there_with_why_and_cant_be_chosen(sign_in, supervisor):
    full, checklist, newcomer = make_mentor(most_at_once=1), make_checklist(), make_newcomer()
    make_task_book(mentor=full)
    client = sign_in(supervisor)
    page = text(client.get(url("task_book_new", newcomer.pk), **EN))
    assert "at most 1 at once" in page
    assert "No mentor is free" in page
    typed = {"checklist": checklist.pk, "mentor": full.pk, "starts_on": "2026-11-25"}
    assert client.post(url("task_book_new", newcomer.pk), typed).status_code == 200
    assert TaskBook.objects.count() == 1


def test_without_a_checklist_the_page_says_who_writes_one(sign_in, supervisor):
    page = text(sign_in(supervisor).get(url("task_book_new", make_newcomer().pk), **EN))
    assert "No checklist of tasks yet" in page


def test_a_refusal_stands_at_its_field_with_what_was_typed(sign_in, supervisor):
    newcomer, mentor, checklist = make_newcomer(), make_mentor(), make_checklist()
    typed = {"checklist": checklist.pk, "mentor": mentor.pk, "starts_on": "2026-09-01", "station": "快修"}
    page = sign_in(supervisor).post(url("task_book_new", newcomer.pk), typed, **EN)
    assert "can&#x27;t begin before" in text(page)
    assert "快修" in text(page)


def test_a_supervisor_hands_a_book_on(book, sign_in, supervisor):
    other = make_mentor()
    leave_now(book.mentor, BEGINS)
    client = sign_in(supervisor)
    assert "no longer signs off here" in text(client.get(url("task_book", book.pk), **EN))
    client.post(url("task_book_hand_on", book.pk), {"mentor": other.pk, "reason": "原师傅离职"})
    assert TaskBook.objects.get().mentor == other.employee
    assert "原师傅离职" in text(client.get(url("task_book", book.pk)))


def test_a_supervisor_closes_a_book(book, sign_in, supervisor):
    client = sign_in(supervisor)
    assert "not done alone yet" in text(client.post(url("task_book_close", book.pk), {"reason": ""}, **EN))
    client.post(url("task_book_close", book.pk), {"reason": "转岗"})
    assert not TaskBook.objects.get().is_open
    assert url("task_book_close", book.pk) not in text(client.get(url("task_book", book.pk)))


# -- the list -----------------------------------------------------------------------------------------------------------------------------


def rows(response):
    return [row["row"] for row in response.context["list"].rows]


def test_the_list_shows_open_books_and_what_was_asked_for(sign_in, supervisor):
    open_one, done, gone = make_task_book(), sign_all_alone(make_task_book()), make_task_book()
    leave_now(gone.newcomer, BEGINS)
    client = sign_in(supervisor)
    assert set(rows(client.get(url("task_books")))) == {open_one, done, gone}
    assert rows(client.get(url("task_books"), {"state": "attention"})) == [gone]
    assert rows(client.get(url("task_books"), {"state": "alone"})) == [done]
    assert rows(client.get(url("task_books"), {"state": "closed"})) == []
    assert rows(client.get(url("task_books"), {"q": open_one.newcomer.name})) == [open_one]


def test_days_30_60_and_90_stand_beside_the_plan(sign_in, supervisor):
    book = make_task_book()
    sign(book, 0, day=10)
    page = sign_in(supervisor).get(url("task_books"))
    cells = {cell.column.name: cell.value for cell in next(page.context["list"].rows)["cells"]}
    assert [cells[f"day_{day}"] for day in (30, 60, 90)] == ["33% / 33%", "33% / 66%", "33% / 100%"]


def test_the_median_of_days_is_that_of_what_its_link_opens(sign_in, supervisor):
    sign_all_alone(make_task_book(), day=20)
    sign_all_alone(make_task_book(), day=31)
    page = sign_in(supervisor).get(url("task_books"), {"state": "alone"})
    assert page.context["median"] == "25.5"
    assert sorted(book.days_until_alone for book in rows(page)) == [20, 31]


def test_group_hr_compares_the_dealers(sign_in):
    sign_all_alone(make_task_book(make_dealer("YT01")), day=30)
    sign_all_alone(make_task_book(make_dealer("YT02")), day=12)
    page = sign_in(make_employee("group_hr")).get(url("task_books"))
    assert [(dealer.code, count, median) for dealer, count, median, _most in page.context["by_dealer"]] == [
        ("YT02", 1, "12"),
        ("YT01", 1, "30"),
    ]


def test_a_file_holds_what_the_list_shows(sign_in, supervisor):
    book = make_task_book()
    sign(book)
    answer = sign_in(supervisor).get(url("task_books"), {"export": "csv"})
    assert "1 / 3" in b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


@pytest.mark.parametrize("name", ["task_books", "mentors"])
def test_a_list_takes_as_many_statements_for_many_as_for_one(name, sign_in, supervisor, django_assert_max_num_queries):
    mentor = make_mentor(most_at_once=9)
    for _number in range(5):
        sign(make_task_book(mentor=mentor))
    client = sign_in(supervisor)
    client.get(url(name))
    with django_assert_max_num_queries(15):
        client.get(url(name))


def test_the_page_of_a_book_takes_at_most_fifteen_statements(book, sign_in, django_assert_max_num_queries):
    for place in range(3):
        sign(book, place, 2)
    for person in each([book.mentor, book.newcomer, make_employee("service_supervisor")]):
        client = sign_in(person)
        client.get(url("task_book", book.pk))
        with django_assert_max_num_queries(15):
            client.get(url("task_book", book.pk))


# -- mentors --------------------------------------------------------------------------------------------------------------------------------


def test_hr_names_a_mentor_by_number(sign_in):
    person, hr = make_employee("technician"), make_employee("hr_officer")
    client = sign_in(hr)
    client.post(url("mentor_new"), {"employee": person.number, "most_at_once": "3"})
    assert (Mentor.objects.get().employee, Mentor.objects.get().most_at_once) == (person, 3)
    assert person.name in text(client.get(url("mentors")))


def test_hr_changes_the_number_and_ends_the_appointment(sign_in):
    mentor = make_mentor()
    client = sign_in(make_employee("hr_officer"))
    form = form_at(client.get(url("mentor", mentor.pk)), url("mentor_load", mentor.pk))
    client.post(form.action, form.data | {"most_at_once": "5"})
    mentor.refresh_from_db()
    assert mentor.most_at_once == 5
    assert client.post(url("mentor_end", mentor.pk), {"reason": ""}).status_code == 200
    client.post(url("mentor_end", mentor.pk), {"reason": "调岗"})
    mentor.refresh_from_db()
    assert not mentor.is_open
    assert rows(client.get(url("mentors"))) == []
    assert rows(client.get(url("mentors"), {"state": "ended"})) == [mentor]


def test_a_mentor_who_left_is_marked(sign_in):
    leave_now(make_mentor().employee, BEGINS)
    assert "No longer works here" in text(sign_in(make_employee("hr_officer")).get(url("mentors"), **EN))


def test_a_supervisor_reads_who_mentors_and_changes_nothing(sign_in, supervisor):
    mentor = make_mentor()
    page = sign_in(supervisor).get(url("mentor", mentor.pk))
    assert mentor.employee.name in text(page)
    assert not [form for form in posting(page) if "/mentors/" in form.action]


def test_newcomers_are_those_who_are_new(sign_in, supervisor):
    today = timezone.localdate()
    intern, probationer = make_newcomer(hired_on=today - timedelta(days=200)), make_newcomer(kind="staff", status="probation")
    make_newcomer(kind="staff", hired_on=today - timedelta(days=200))
    with_book = make_task_book().newcomer
    found = sign_in(supervisor).get(url("task_books")).context["new"]
    assert {intern, probationer} <= set(found)
    assert with_book not in found
