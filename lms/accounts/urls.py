from allauth.account import views
from django.urls import path, re_path

from lms.accounts import views as own

# Only what we offer: nobody signs up, and an address is changed by HR.
urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("account/confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("account/sessions/", own.my_sessions, name="my_sessions"),
    path("account/sessions/end-others/", own.sessions_end_others, name="sessions_end_others"),
    path("account/sessions/<number:pk>/end/", own.session_end, name="session_end"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        # The person ends at the first hyphen, the key has hyphens of its own.
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,12})-(?P<key>[^/]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
