from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Who signs in. Who the person is at work stands on their `people.Employee`."""

    first_name = None
    last_name = None
    language = models.CharField(_("language"), max_length=10, blank=True, help_text=_("Empty: follow the browser."))
    temporary_until = models.DateTimeField(
        _("temporary password until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Set while the password is one that HR handed over: it must be changed at once and stops working then."),
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="%(app_label)s_%(class)s_email_is_of_one_person",
            ),
            models.UniqueConstraint(Lower("username"), name="%(app_label)s_%(class)s_name_is_of_one_person"),
        ]

    def __str__(self):
        """The person's name where it is at hand, else the sign-in name: text must not cost a query."""
        employee = self._state.fields_cache.get("employee")
        return employee.name if employee else self.username

    def get_full_name(self):
        employee = getattr(self, "employee", None)
        return employee.name if employee else self.username

    def get_short_name(self):
        return self.get_full_name()
