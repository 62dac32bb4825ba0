"""What each role may do: Django permissions in groups named as jobs. Each room says in its own `roles.py` who may do what there.

    allow("grading.run_cycles", to=HR_ROLES)
    allow("grading.examine", to=[Role.EXAMINER, …], signs=True)

`sync_roles` puts them into the groups after each `migrate`. A permission marked `signs` makes whoever holds it a signer: someone
who examines, approves or countersigns pay, manages people, or authors; two people appoint, move and let in a signer (§1).
"""

from functools import cache

from django.utils.module_loading import autodiscover_modules

from lms.people.choices import Role

HR_ROLES = [Role.HR, Role.GROUP_HR]
ORGANISERS = [Role.SUPERVISOR, Role.SERVICE_MANAGER]
# Who leads people or looks after them at a dealer.
LEADERS = [*ORGANISERS, Role.GENERAL_MANAGER, *HR_ROLES]
# Whoever works at a dealer: learns, attends, is graded.
AT_A_DEALER = [Role.STAFF, *LEADERS, Role.WATCHER]
# Whoever learns there before they are staff: takes courses; an intern attends training too.
LEARNERS = [Role.STUDENT, Role.INTERN]

_held: dict[str, list[str]] = {role.value: [] for role in Role}
_signing: set[str] = set()


def allow(*permissions, to, signs=False):
    """Give the permissions (`app.codename`) to these roles; `signs`: they make their holder a signer."""
    for role in to:
        _held[Role(role).value] += [name for name in permissions if name not in _held[Role(role).value]]
    if signs:
        _signing.update(permissions)


def edits(*models):
    """To see, add and change records of these models (`app.model`) in the course studio."""
    return [f"{app}.{verb}_{name}" for app, name in (model.split(".") for model in models) for verb in ("view", "add", "change")]


@cache
def role_permissions():
    """{role: its permissions}, of all rooms."""
    autodiscover_modules("roles")
    return _held


def permissions_of(roles):
    """The permissions, as `app.codename`, of someone who holds these roles. A group that is no role gives none."""
    return {permission for role in roles for permission in role_permissions().get(role, ())}


@cache
def signing_permissions():
    """The permissions that make their holder a signer."""
    autodiscover_modules("roles")
    return frozenset(_signing)


@cache
def roles_that_sign():
    """The roles, as text, whose holders are signers."""
    return frozenset(role for role, held in role_permissions().items() if _signing.intersection(held))


def sync_roles():
    """Make one group a role, holding just its permissions. Run after `migrate`; changing nothing the second time."""
    from django.contrib.auth.models import Group, Permission

    known = {f"{app}.{codename}": pk for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")}
    for role, wanted in role_permissions().items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in wanted if name in known])


allow("people.view_dealer_people", to=[*LEADERS, Role.WATCHER])
allow("people.manage_people", to=HR_ROLES, signs=True)
allow("people.view_group_people", *edits("people.department", "people.position", "people.dealer", "people.brand"), to=[Role.GROUP_HR])
allow(*edits("people.holiday"), "people.delete_holiday", to=[Role.GROUP_HR])
# Reference data is edited in the studio. All of it holds for every dealer, the nation's holidays too: it is the group's HR's.
allow("wagtailadmin.access_admin", to=[Role.GROUP_HR, Role.AUTHOR])
