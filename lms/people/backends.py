from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.db.models import Aggregate, CharField, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from lms.accounts.models import User
from lms.common.compiled import compiled
from lms.common.typed import folded
from lms.people.roles import permissions_of


def users_called(name):
    """Users whose sign-in name or e-mail is `name` (in lower case); both conditions are those of a unique index."""
    users = User.objects.alias(lower_name=Lower("username"), lower_email=Lower("email"))
    return users.filter(Q(lower_name=name) | (Q(lower_email=name) & ~Q(email="")))


def has_lapsed(user):
    """Whether the password is a temporary one whose time is over."""
    return user.temporary_until is not None and user.temporary_until <= timezone.now()


class _Names(Aggregate):
    """Names with a comma between them."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = CharField()

    def as_sqlite(self, compiler, connection):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT")


@compiled
def _signed_in(*, user):
    """The user with the person and, as `role_names`, the roles: all that a request needs to know of who asks."""
    roles = Group.objects.filter(user=OuterRef("pk")).order_by().values("user").annotate(names=_Names("name")).values("names")
    users = User.objects.select_related("employee__dealer", "employee__position", "employee__group")
    return users.filter(pk=user).annotate(role_names=Subquery(roles))


def _roles_of(user):
    if hasattr(user, "role_names"):
        return (user.role_names or "").split(",")
    return user.groups.values_list("name", flat=True)


class EmployeeBackend(ModelBackend):
    """Sign-in by employee number or e-mail; brings the person along in the query that a request needs anyway.

    People may do what their roles give them (`roles.py`); nobody is given a permission of their own, and no group more than its role.
    """

    def authenticate(self, request, username=None, password=None, email=None, **kwargs):
        name = folded(username or email or "").lower()
        if not name or password is None:
            return None
        matches = list(users_called(name)[:2])
        if len(matches) != 1:
            User().set_password(password)  # takes as long as a real check, so that time tells nothing
            return None
        user = matches[0]
        right = user.check_password(password) and self.user_can_authenticate(user)
        return user if right and not has_lapsed(user) else None

    def get_user(self, user_id):
        users = _signed_in(user=user_id)
        return users[0] if users and self.user_can_authenticate(users[0]) else None

    def _get_permissions(self, user_obj, obj, from_name):
        if user_obj.is_superuser or not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return super()._get_permissions(user_obj, obj, from_name)
        return permissions_of(_roles_of(user_obj)) if from_name == "group" else set()
