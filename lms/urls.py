from allauth.account.views import logout as sign_out
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls

from lms.people.views.person import accounts_are_kept_under_people

urlpatterns = [
    path("", include("lms.home.urls")),
    path("", include("lms.accounts.urls")),
    path("", include("lms.jobs.urls")),
    path("", include("lms.people.urls")),
    path("", include("lms.trail.urls")),
    path("", include("lms.notifications.urls")),
    path("", include("courses.urls")),
    path("", include("assessments.urls")),
    path("", include("talent_pool.urls")),
    # Wagtail's own pages for accounts and roles would be a second way to appoint people and give out passwords.
    path("studio/users/", accounts_are_kept_under_people),
    path("studio/users/<path:rest>", accounts_are_kept_under_people),
    path("studio/groups/", accounts_are_kept_under_people),
    path("studio/groups/<path:rest>", accounts_are_kept_under_people),
    # One way in: Wagtail's own sign-in, sign-out and password pages lead to ours.
    path("studio/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("studio/logout/", sign_out),
    re_path("^studio/password_reset/", RedirectView.as_view(url="/password/reset/")),
    path("studio/", include(wagtailadmin_urls)),
    path("", include("courses.catalogue.urls")),
]

handler400 = "lms.home.views.bad_request"
handler403 = "lms.home.views.forbidden"
handler404 = "lms.home.views.not_found"
handler500 = "lms.home.views.server_error"
