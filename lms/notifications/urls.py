from django.urls import path

from lms.notifications import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notices_read, name="notices_read"),
    path("notices/<number:pk>/", views.notice, name="notice"),
]
