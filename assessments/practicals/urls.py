from django.urls import path

from assessments.practicals import views

urlpatterns = [
    path("<number:pk>/", views.practical, name="practical"),
    path("<number:pk>/total/", views.practical_total, name="practical_total"),
]
