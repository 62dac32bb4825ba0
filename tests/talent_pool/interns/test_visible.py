"""Who sees which interns: HR and supervisors the dealer's, a mentor theirs, a coordinator the school's, the intern the own, nobody else."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from talent_pool.interns.permissions import sees_terms
from talent_pool.interns.queries.batches import batches_visible_to
from talent_pool.interns.queries.placements import placements_visible_to
from tests.factories import (
    make_batch,
    make_coordinator,
    make_dealer,
    make_employee,
    make_paper,
    make_placement,
    make_rotation,
    make_school,
    make_student,
)

pytestmark = pytest.mark.django_db
PAY = Decimal(4321)
POSTS = ["hr_officer", "workshop_supervisor", "service_manager", "general_manager"]


@pytest.fixture
def world():
    """Two dealers with a batch each, of two schools; the first has two interns, one with a mentor."""
    here, there = make_dealer("YT01"), make_dealer("YT02")
    batch = make_batch(dealer=here)
    far_school = make_school("DH", name_zh="东海技校")
    far = make_batch(dealer=there)
    type(far).objects.filter(pk=far.pk).update(school=far_school, agreement=None, targeted_class=None)
    far.refresh_from_db()
    mine, other = (make_placement(batch, monthly_pay=PAY) for _each in range(2))
    student = make_student(school=far_school, dealer=there)
    theirs = make_placement(far, student, monthly_pay=PAY)
    mentor = make_employee("technician", dealer=here)
    make_rotation(mine, mentor=mentor)
    return SimpleNamespace(here=here, there=there, batch=batch, far=far, mine=mine, other=other, theirs=theirs, mentor=mentor)


def seen(user):
    return set(placements_visible_to(user))


@pytest.mark.parametrize("post", POSTS)
def test_hr_and_whoever_leads_see_those_of_their_dealer(world, post):
    user = make_employee(post, dealer=world.here).user
    assert seen(user) == {world.mine, world.other}
    assert set(batches_visible_to(user)) == {world.batch}


def test_group_hr_sees_those_of_the_group(world):
    user = make_employee("group_hr", dealer=world.here).user
    assert seen(user) == {world.mine, world.other, world.theirs}
    assert set(batches_visible_to(user)) == {world.batch, world.far}


def test_a_mentor_sees_those_with_a_rotation_of_theirs_and_no_batch(world):
    assert seen(world.mentor.user) == {world.mine}
    assert not batches_visible_to(world.mentor.user)


def test_an_intern_sees_the_own_placement_alone(world):
    assert seen(world.mine.person.user) == {world.mine}
    assert not batches_visible_to(world.mine.person.user)


def test_a_coordinator_sees_the_students_of_the_own_school_wherever_they_are(world):
    coordinator = make_coordinator(world.batch.school, dealer=world.here)
    assert seen(coordinator.user) == {world.mine, world.other}
    assert set(batches_visible_to(coordinator.user)) == {world.batch}


def test_whoever_is_contact_no_longer_sees_nobody(world):
    coordinator = make_coordinator(world.batch.school, dealer=world.here)
    coordinator.school_contact.ended_on = date(2026, 1, 31)
    coordinator.school_contact.save()
    assert seen(coordinator.user) == set()


@pytest.mark.parametrize("post", ["advisor", "information_assistant", "technical_director", "course_author"])
def test_nobody_else_sees_any(world, post):
    user = make_employee(post, dealer=world.here).user
    assert seen(user) == set()
    assert not batches_visible_to(user)


def test_whoever_was_shut_out_sees_nothing(world):
    user = make_employee("hr_officer", dealer=world.here).user
    user.is_active = False
    assert seen(user) == set()


def test_pay_is_seen_by_hr_and_the_intern_alone(world):
    who = {
        "hr": make_employee("hr_officer", dealer=world.here), "supervisor": make_employee("workshop_supervisor", dealer=world.here),
        "coordinator": make_coordinator(world.batch.school, dealer=world.here), "mentor": world.mentor, "intern": world.mine.person,
    }  # fmt: skip
    assert {name for name, person in who.items() if sees_terms(person.user, world.mine)} == {"hr", "intern"}


@pytest.mark.parametrize(
    ("name", "reads_pay"), [("hr", True), ("supervisor", False), ("coordinator", False), ("mentor", False), ("intern", True)]
)
def test_the_page_shows_pay_and_files_to_those_alone_who_may(world, client, name, reads_pay):
    who = {
        "hr": lambda: make_employee("hr_officer", dealer=world.here),
        "supervisor": lambda: make_employee("workshop_supervisor", dealer=world.here),
        "coordinator": lambda: make_coordinator(world.batch.school, dealer=world.here),
        "mentor": lambda: world.mentor,
        "intern": lambda: world.mine.person,
    }
    paper = make_paper(world.mine, "agreement", file=ContentFile(b"%PDF-1.4", "a.pdf"))
    client.force_login(who[name]().user)
    page = client.get(reverse("placement", args=[world.mine.pk]))
    assert page.status_code == 200
    assert ("4,321" in page.content.decode()) is reads_pay
    file = client.get(reverse("placement_paper_file", args=[world.mine.pk, paper.pk]))
    assert file.status_code == (200 if reads_pay else 404)
    file.close()


PAGES = ["placement_terms", "placement_paper_new", "placement_start", "placement_finish"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["mentor", "coordinator", "intern", "supervisor"])
def test_whoever_only_reads_changes_nothing(world, client, name, who):
    people = {
        "mentor": lambda: world.mentor, "coordinator": lambda: make_coordinator(world.batch.school, dealer=world.here),
        "intern": lambda: world.mine.person, "supervisor": lambda: make_employee("workshop_supervisor", dealer=world.here),
    }  # fmt: skip
    client.force_login(people[who]().user)
    url = reverse(name, args=[world.mine.pk])
    assert client.post(url).status_code == 403
    assert client.get(url).status_code in (403, 405)


@pytest.mark.parametrize("name", ["placement", "intern_batch"])
def test_a_coordinator_finds_nothing_of_another_school(world, client, name):
    client.force_login(make_coordinator(world.batch.school, dealer=world.here).user)
    record = world.theirs if name == "placement" else world.far
    assert client.get(reverse(name, args=[record.pk])).status_code == 404


def test_an_intern_finds_nothing_of_a_colleague(world, client):
    client.force_login(world.mine.person.user)
    assert client.get(reverse("placement", args=[world.other.pk])).status_code == 404
    assert client.get(reverse("intern_batch", args=[world.batch.pk])).status_code == 403
    assert client.get(reverse("placements")).status_code == 403
