from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """People come from HR's import, never by themselves."""
        return False

    def set_password(self, user, password):
        """Called when people choose a password themselves: from then on it is their own."""
        user.temporary_until = None
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request):
        return reverse("today")
