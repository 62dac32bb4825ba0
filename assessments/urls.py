from django.urls import include, path

urlpatterns = [
    path("learn/", include("assessments.checks.urls")),
    path("exams/", include("assessments.exams.urls")),
    path("practicals/", include("assessments.practicals.urls")),
    path("", include("assessments.certification.urls")),
    path("", include("assessments.grading.urls")),
]
