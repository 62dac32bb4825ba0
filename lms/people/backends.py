from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q

from lms.accounts.models import User


class EmployeeBackend(ModelBackend):
    """Sign-in by employee number or e-mail; brings the person along in the query that a request needs anyway."""

    def authenticate(self, request, username=None, password=None, email=None, **kwargs):
        name = (username or email or "").strip()
        if not name or password is None:
            return None
        matches = list(User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name))[:2])
        if len(matches) != 1:
            User().set_password(password)  # takes as long as a real check, so that time tells nothing
            return None
        user = matches[0]
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_user(self, user_id):
        user = (
            User.objects.select_related("employee__dealer", "employee__position", "employee__group").filter(pk=user_id).first()
        )
        return user if user and self.user_can_authenticate(user) else None

    def _get_user_permissions(self, user_obj):
        """None: people get what their roles give them (`roles.py`), nobody is given a permission of their own."""
        return Permission.objects.none()
