from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
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

    @property
    def signs_in_as(self):
        """Every name that opens the door with the password: the sign-in name, and the address where it is another."""
        if not self.email or self.email.lower() == self.username.lower():
            return self.username
        return gettext("%(name)s or %(email)s") % {"name": self.username, "email": self.email}

    def get_full_name(self):
        employee = getattr(self, "employee", None)
        return employee.name if employee else self.username

    def get_short_name(self):
        return self.get_full_name()


class EnrolmentCode(models.Model):
    """Shows that whoever sets up a first second factor is who they say: it came by another way than their password.

    Mailed to the address on record, or handed over by somebody else than whoever handed over the password. Only its digest is kept.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("By mail")
        HAND = "hand", _("Handed over")

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="enrolment_codes")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(User, verbose_name=_("issued by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    valid_until = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment code")
        verbose_name_plural = _("enrolment codes")
        indexes = [models.Index(fields=["user", "used_at"], name="accounts_enrolment_open")]

    def __str__(self):
        return f"{self.user} {self.issued_at:%Y-%m-%d %H:%M}"
