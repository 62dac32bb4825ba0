"""Checklists in the course studio: who writes them, and what stays as it was used."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from courses.observations.models import Checklist
from lms.audit.models import Event
from lms.common.versions import freeze
from tests.factories import NINE, make_checklist, make_dealer, make_employee, make_group

pytestmark = pytest.mark.django_db
VALUES = {"code": "reception", "name_zh": "接待", "name_en": "Reception", "scale": "steps", "dealer": "", "in_use": "on"}


def line(**values):
    return {"name_zh": "环车检查", "name_en": "", "repetitions": "3", "expected_by": "30", "weight": "1", "order": "1", **values}


def sent(*lines, initial=0, **values):
    return nested_form_data({**VALUES, **values, "items": inline_formset(list(lines), initial=initial)})


def url(name, *args):
    return reverse(f"wagtailsnippets_observations_checklist:{name}", args=args)


@pytest.fixture(params=["group_hr", "course_author"])
def editor(request, client):
    employee = make_employee(request.param)
    client.force_login(employee.user)
    return employee


def test_group_hr_and_authors_write_a_checklist(editor, client):
    assert client.post(url("add"), sent(line(), line(name_zh="交车讲解", expected_by="90", order="2"))).status_code == 302
    checklist = Checklist.objects.get()
    assert [(item.name_zh, item.repetitions, item.expected_by) for item in checklist.items.all()] == [
        ("环车检查", 3, 30),
        ("交车讲解", 3, 90),
    ]
    assert Event.objects.get(verb="checklist.added").after["items"] == ["环车检查 · 3 · 30 · 1", "交车讲解 · 3 · 90 · 1"]


@pytest.mark.parametrize("position", ["hr_officer", "service_supervisor", "technician"])
def test_nobody_else_gets_in(position, client):
    client.force_login(make_employee(position).user)
    assert client.get(url("list")).status_code == 403


@pytest.mark.parametrize("wrong", [{"repetitions": "0"}, {"repetitions": "21"}, {"weight": "0"}, {"expected_by": "45"}])
def test_an_item_stays_within_its_bounds(editor, client, wrong):
    assert client.post(url("add"), sent(line(**wrong))).status_code == 200
    assert not Checklist.objects.exists()


def test_a_code_is_of_one_checklist(editor, client):
    make_checklist(code="reception")
    assert client.post(url("add"), sent(line())).status_code == 200
    assert Checklist.objects.count() == 1


def test_what_was_used_stays_and_leads_to_the_one_that_is_edited(editor, client):
    checklist = make_checklist()
    version = freeze(checklist, at=NINE)
    assert client.get(url("edit", version.pk)).url == url("edit", checklist.pk)
    assert client.get(url("edit", checklist.pk)).status_code == 200
    assert version.code in client.get(url("list")).content.decode()
    assert client.get(url("delete", checklist.pk)).status_code == 302
    assert Checklist.objects.count() == 2


def test_an_edit_reaches_the_one_that_is_edited_and_not_its_version(editor, client):
    checklist = make_checklist([("环车检查", 3, 30)], code="reception")
    version, item = freeze(checklist, at=NINE), checklist.items.get()
    answer = client.post(url("edit", checklist.pk), sent(line(id=item.pk, repetitions="5"), initial=1))
    assert answer.status_code == 302
    assert [one.items.get().repetitions for one in (Checklist.objects.get(pk=checklist.pk), Checklist.objects.get(pk=version.pk))] == [5, 3]


def test_nobody_sees_or_chooses_a_dealer_of_another_group(client):
    theirs = make_dealer("ZZ01", make_group("zz"), name_zh="别家店")
    other = make_checklist(dealer=theirs)
    client.force_login(make_employee("group_hr", dealer=make_dealer()).user)
    assert other.code not in client.get(url("list")).content.decode()
    assert "别家店" not in client.get(url("add")).content.decode()
    assert client.post(url("add"), sent(line(), dealer=theirs.pk)).status_code == 200
    assert not Checklist.objects.filter(code="reception").exists()
