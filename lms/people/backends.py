from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from lms.accounts.models import User
from lms.common.typed import folded


def users_called(name):
    """Users whose sign-in name or e-mail is `name` (in lower case); both conditions are those of a unique index."""
    users = User.objects.alias(lower_name=Lower("username"), lower_email=Lower("email"))
    return users.filter(Q(lower_name=name) | (Q(lower_email=name) & ~Q(email="")))


def has_lapsed(user):
    """Whether the password is a temporary one whose time is over."""
    return user.temporary_until is not None and user.temporary_until <= timezone.now()


class EmployeeBackend(ModelBackend):
    """Sign-in by employee number or e-mail; brings the person along in the query that a request needs anyway."""

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
        user = User.objects.select_related("employee__dealer", "employee__position", "employee__group").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def _get_user_permissions(self, user_obj):
        """None: people get what their roles give them (`roles.py`), nobody is given a permission of their own."""
        return Permission.objects.none()
