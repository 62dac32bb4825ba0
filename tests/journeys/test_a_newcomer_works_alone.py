"""From the naming of a mentor to an intern who works alone and becomes staff, as those concerned send and read it."""

import pytest
from django.urls import reverse

from lms.common.integrity import findings
from lms.people.actions import become_staff
from lms.people.models import Employee
from talent_pool.onboarding.models import Mentor, TaskBook
from tests.each import each
from tests.factories import hr_of, make_checklist, make_employee, make_newcomer, on_day, tasks_of
from tests.pages import form_at

pytestmark = pytest.mark.django_db
TASKS = [("接待客户", 1, 30), ("开具工单", 2, 60)]


@pytest.fixture
def people():
    first, second, newcomer = make_employee("technician"), make_employee("technician"), make_newcomer()
    return make_employee("hr_officer"), make_employee("service_supervisor"), first, second, newcomer


def url(name, *args):
    return reverse(name, args=args)


def send(client, page, action, **typed):
    """Fill in the form of a page that goes to `action`, and send it; it leads on."""
    form = form_at(client.get(page), action)
    answer = client.post(action, form.data | typed)
    assert answer.status_code == 302
    return client.get(answer.url.partition("#")[0]).content.decode()


@pytest.mark.time_machine("2026-10-08T09:00+08:00")
def test_a_newcomer_learns_task_by_task_and_works_alone(people, sign_in, time_machine):
    hr, supervisor, first, second, newcomer = people
    checklist = make_checklist(TASKS)
    # HR names two mentors.
    for person in (first, second):
        send(sign_in(hr), url("mentor_new"), url("mentor_new"), employee=person.number, most_at_once="1")
    mentors = {mentor.employee: mentor for mentor in Mentor.objects.all()}

    # A supervisor finds who is new, and opens a book.
    client = sign_in(supervisor)
    new = url("task_book_new", newcomer.pk)
    assert new in client.get(url("task_books")).content.decode()
    page = send(client, new, new, checklist=checklist.pk, mentor=mentors[first].pk, starts_on="2026-10-08", station="接待")
    book = TaskBook.objects.get()
    assert "接待" in page
    assert url("task_book", book.pk) in sign_in(newcomer).get(url("today")).content.decode()

    # The mentor signs on a phone, makes a mistake and takes it back.
    client, (receive, write) = sign_in(first), tasks_of(book)
    time_machine.move_to("2026-10-12T09:00+08:00")
    send(client, url("task_book", book.pk), url("task_sign", book.pk, receive.pk), step="1")
    send(client, url("task_book", book.pk), url("task_sign", book.pk, write.pk), step="3")
    wrong = TaskBook.objects.get().newcomer.observations.get(items__item=write)
    correct = url("sign_off_correct", book.pk, wrong.pk)
    assert "点错任务" in send(client, url("sign_off", book.pk, wrong.pk), correct, reason="点错任务")

    # The mentor leaves; the supervisor reads on Today what to hand on, and to whom nobody is handed who is full.
    Employee.objects.filter(pk=first.pk).update(status="left", left_on="2026-10-13")
    client, hand_on = sign_in(supervisor), url("task_book_hand_on", book.pk)
    assert hand_on in client.get(url("today")).content.decode()
    assert second.name in send(client, hand_on, hand_on, mentor=mentors[second].pk, reason="原师傅离职")

    # The second mentor goes on, until every task is done alone.
    client = sign_in(second)
    for day, item in each([("2026-10-20", receive), ("2026-10-28", write), ("2026-11-05", write)]):
        time_machine.move_to(f"{day}T09:00+08:00")
        send(client, url("task_book", book.pk), url("task_sign", book.pk, item.pk), step="3")
    book.refresh_from_db()
    assert book.days_until_alone == 28

    # The figure opens, the book is closed, and whoever becomes staff keeps it.
    client, close = sign_in(supervisor), url("task_book_close", book.pk)
    page = client.get(url("task_books"), {"state": "alone"})
    assert page.context["median"] == "28"
    send(client, close, close, reason="")
    become_staff(employee=newcomer, number="T77001", by=hr_of(book.dealer), at=on_day(28))
    assert list(Employee.objects.get(number="T77001").task_books.all()) == [book]
    assert not [rule.name for rule, _culprit in findings() if rule.name.startswith(("onboarding.", "observations."))]
