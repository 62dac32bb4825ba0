from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Who signs in. Who the person is at work stands on their `people.Employee`."""

    first_name = None
    last_name = None
    language = models.CharField(_("language"), max_length=10, blank=True, help_text=_("Empty: follow the browser."))

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="%(app_label)s_%(class)s_email_is_of_one_person",
            )
        ]

    def get_full_name(self):
        employee = self.__dict__.get("_employee_name")
        return employee or self.username

    def get_short_name(self):
        return self.username
