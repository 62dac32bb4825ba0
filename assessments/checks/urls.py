from django.urls import path

from assessments.checks import views

urlpatterns = [
    path("check/<int:pk>/", views.lesson_check, name="lesson_check"),
    path("check/<int:pk>/<int:check>/", views.lesson_check_result, name="lesson_check_result"),
]
