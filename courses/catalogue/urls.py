from django.contrib.auth.decorators import login_required
from django.urls import include, path
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from courses.catalogue import views

urlpatterns = [
    path("documents/", include(decorate_urlpatterns(wagtaildocs_urls.urlpatterns, login_required))),
    path("media/images/<str:name>", views.picture, name="picture"),
    path("media/original_images/<str:name>", views.original_picture, name="original_picture"),
]
