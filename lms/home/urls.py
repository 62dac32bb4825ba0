from django.urls import path

from lms.home import views

urlpatterns = [
    path("", views.today, name="today"),
    path("account/", views.account, name="account"),
    path("coming/", views.coming, name="coming"),
    path("growth/", views.growth, name="growth"),
    path("people/<number:pk>/", views.person, name="person"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("language/", views.set_language, name="set_language"),
    path("healthz", views.health, name="health"),
]
