"""Who writes and publishes what is learnt: authors on their shelves, by role; nobody else, whatever else they are."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, Page

from courses.catalogue.actions import open_catalogue
from courses.catalogue.models import CataloguePage, CoursePage
from lms.people.choices import Role
from tests.factories import make_course, make_employee

pytestmark = pytest.mark.django_db
NOT_AUTHORS = ["advisor", "service_supervisor", "service_manager", "general_manager", "hr_officer", "group_hr", "oem_service_coach"]


@pytest.fixture
def course():
    open_catalogue()
    return make_course("greeting", lessons=1)


def test_page_and_file_rights_come_by_role_and_are_the_authors():
    open_catalogue()
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
    for model in (GroupPagePermission, GroupCollectionPermission):
        assert set(model.objects.values_list("group__name", flat=True)) == {"author"}
    assert set(GroupPagePermission.objects.values_list("page", flat=True)) == set(CataloguePage.objects.values_list("pk", flat=True))


def test_what_an_author_submits_is_approved_by_an_author():
    open_catalogue()
    assert list(GroupApprovalTask.objects.values_list("groups__name", flat=True)) == ["author"]


def test_opening_the_catalogue_again_takes_rights_given_past_the_roles_away():
    moderators = Group.objects.create(name="Moderators")
    make_employee("advisor").user.groups.add(moderators)
    open_catalogue()
    open_catalogue()
    assert not Group.objects.filter(name="Moderators").exists()


@pytest.mark.parametrize("position", NOT_AUTHORS)
def test_nobody_else_reads_edits_or_publishes_in_the_studio(client, course, position):
    client.force_login(make_employee(position).user)
    shelf = course.get_parent()
    for url in (
        reverse("wagtailadmin_explore", args=[shelf.pk]),
        reverse("wagtailadmin_pages:edit", args=[course.pk]),
        reverse("wagtailadmin_pages:add", args=["catalogue", "coursepage", shelf.pk]),
        reverse("wagtailadmin_pages:unpublish", args=[course.pk]),
        reverse("wagtailadmin_pages:delete", args=[course.pk]),
        reverse("wagtailadmin_pages:history", args=[course.pk]),
    ):
        for response in (client.get(url), client.post(url, {"action-publish": "yes", "title": "x"})):
            assert response.status_code in {302, 403, 404}
    course.refresh_from_db()
    assert (course.live, CoursePage.objects.count()) == (True, 1)


def test_an_author_writes_on_the_shelves_and_nowhere_above_them(course):
    author = make_employee("course_author").user
    assert course.permissions_for_user(author).can_publish()
    root = Page.get_first_root_node()
    assert not root.permissions_for_user(author).can_add_subpage()
    assert not root.permissions_for_user(author).can_edit()
    advisor = make_employee("advisor").user
    assert not course.permissions_for_user(advisor).can_edit()
