from allauth.account import forms as allauths
from allauth.account.adapter import get_adapter
from django.db.models.functions import Lower

from lms.accounts.models import User
from lms.common.typed import folded


class ResetPasswordForm(allauths.ResetPasswordForm):
    """A new password goes to the address on a person's record and nowhere else.

    allauth keeps a table of addresses that people have had and lets each of them reset the password; an address that two people
    took away from someone would open the door for ever.
    """

    def clean_email(self):
        given = get_adapter().clean_email(folded(self.cleaned_data["email"]))
        self.users = list(User.objects.alias(lower=Lower("email")).filter(lower=given.lower(), is_active=True))
        return self.users[0].email if self.users else given
