from django.urls import path

from assessments.practicals import views

urlpatterns = [
    path("<int:pk>/", views.practical, name="practical"),
    path("<int:pk>/total/", views.practical_total, name="practical_total"),
]
