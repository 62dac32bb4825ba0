from django.urls import path

from assessments.checks import views

urlpatterns = [
    path("check/<number:pk>/", views.lesson_check, name="lesson_check"),
    path("check/<number:pk>/<number:check>/", views.lesson_check_result, name="lesson_check_result"),
]
