from django.urls import path

from lms.jobs import views

urlpatterns = [
    path("jobs/<number:pk>/", views.job_detail, name="job"),
    path("jobs/<number:pk>/cancel/", views.job_cancel, name="job_cancel"),
    path("jobs/<number:pk>/file/", views.job_file, name="job_file"),
]
