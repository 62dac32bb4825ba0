"""What each role may do: Django permissions in groups named as jobs. The one place to look and to change it.

Permissions of every room stand here by name; `sync_roles` puts them into the groups after each `migrate`.
"""

from lms.people.choices import Role

_EVERYONE = ["learning.take_courses", "training.attend_sessions", "grading.view_own_grading"]

ROLE_PERMISSIONS = {
    Role.STAFF: [*_EVERYONE],
    Role.SUPERVISOR: [
        *_EVERYONE,
        "people.view_dealer_people",
        "training.organise_sessions",
        "grading.view_cycles",
    ],
    Role.SERVICE_MANAGER: [
        *_EVERYONE,
        "people.view_dealer_people",
        "training.organise_sessions",
        "training.open_programmes",
        "grading.view_cycles",
        "grading.examine",
    ],
    Role.GENERAL_MANAGER: [
        *_EVERYONE,
        "people.view_dealer_people",
        "training.view_board",
        "grading.view_cycles",
        "grading.examine",
        "pay.countersign_pay_changes",
    ],
    Role.HR: [
        *_EVERYONE,
        "people.view_dealer_people",
        "people.manage_people",
        "training.view_board",
        "exams.manage_sittings",
        "certification.manage_certificates",
        "grading.view_cycles",
        "grading.run_cycles",
        "pay.view_pay",
        "pay.approve_pay_changes",
    ],
    Role.GROUP_HR: [
        *_EVERYONE,
        "people.view_dealer_people",
        "people.view_group_people",
        "people.manage_people",
        "training.view_board",
        "exams.manage_sittings",
        "certification.manage_certificates",
        "grading.view_cycles",
        "grading.run_cycles",
        "pay.view_pay",
        "pay.approve_pay_changes",
    ],
    Role.WATCHER: [*_EVERYONE, "people.view_dealer_people", "training.view_board"],
    Role.EXAMINER: ["grading.examine"],
    Role.AUTHOR: [
        "wagtailadmin.access_admin",
        "catalogue.view_topic",
        "catalogue.add_topic",
        "catalogue.change_topic",
        "questions.view_question",
        "questions.add_question",
        "questions.change_question",
        "exams.view_blueprint",
        "exams.add_blueprint",
        "exams.change_blueprint",
        "practicals.view_rubric",
        "practicals.add_rubric",
        "practicals.change_rubric",
        "wagtailimages.add_image",
        "wagtailimages.change_image",
        "wagtailimages.choose_image",
        "wagtaildocs.add_document",
        "wagtaildocs.change_document",
        "wagtaildocs.choose_document",
    ],
}


def permissions_of(roles):
    """The permissions, as `app.codename`, of someone who holds these roles."""
    return {permission for role in roles for permission in ROLE_PERMISSIONS[Role(role)]}


def sync_roles():
    """Make one group a role, holding just its permissions. Run after `migrate`; changing nothing the second time."""
    from django.contrib.auth.models import Group, Permission

    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for role, wanted in ROLE_PERMISSIONS.items():
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set([known[name] for name in wanted if name in known])
