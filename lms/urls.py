from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

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
    path("studio/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

handler400 = "lms.home.views.bad_request"
handler403 = "lms.home.views.forbidden"
handler404 = "lms.home.views.not_found"
handler500 = "lms.home.views.server_error"
