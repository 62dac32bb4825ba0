from django.urls import include, path

urlpatterns = [
    path("learn/", include("courses.learning.urls")),
    path("training/", include("courses.training.urls")),
]
