"""What each role may do: Django permissions in groups named as jobs. The one place to look and to change it.

Permissions of every room stand here by name; `sync_roles` puts them into the groups after each `migrate`.
"""

from lms.people.choices import Role

_EVERYONE = ["learning.take_courses", "training.attend_sessions", "grading.view_own_grading"]


def _edits(*models):
    """To see, add and change records of these models in the course studio."""
    return [f"{app}.{verb}_{name}" for app, name in (model.split(".") for model in models) for verb in ("view", "add", "change")]


# Reference data that is edited in the studio. All of it holds for every dealer, the nation's holidays too: it is the group's HR's.
_REFERENCE = [
    "wagtailadmin.access_admin",
    *_edits("people.department", "people.position", "people.dealer", "training.holiday"),
    "training.delete_holiday",
]

ROLE_PERMISSIONS = {
    Role.STAFF: [*_EVERYONE],
    Role.SUPERVISOR: [
        *_EVERYONE,
        "people.view_dealer_people",
        "learning.enrol_others",
        "training.view_board",
        "training.open_programmes",
        "training.organise_sessions",
        "grading.view_cycles",
    ],
    Role.SERVICE_MANAGER: [
        *_EVERYONE,
        "people.view_dealer_people",
        "learning.enrol_others",
        "training.view_board",
        "training.open_programmes",
        "training.organise_sessions",
        "grading.view_cycles",
        "grading.examine",
    ],
    Role.GENERAL_MANAGER: [
        *_EVERYONE,
        "people.view_dealer_people",
        "learning.enrol_others",
        "training.view_board",
        "grading.view_cycles",
        "grading.examine",
        "pay.countersign_pay_changes",
    ],
    Role.HR: [
        *_EVERYONE,
        "people.view_dealer_people",
        "learning.enrol_others",
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
        *_REFERENCE,
        "people.view_dealer_people",
        "learning.enrol_others",
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
        "learning.take_courses",
        "wagtailadmin.access_admin",
        *_edits("catalogue.topic"),
        *_edits("questions.question", "questions.singlechoice", "questions.multiplechoice", "questions.truefalse", "questions.number"),
        *_edits("exams.blueprint", "practicals.rubric"),
        "wagtail_localize.submit_translation",
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

    known = {f"{app}.{codename}": pk for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")}
    for role, wanted in ROLE_PERMISSIONS.items():
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set([known[name] for name in wanted if name in known])
