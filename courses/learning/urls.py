from django.urls import path, re_path

from courses.learning import views

# Page addresses follow their slugs, which may be Chinese; these words are places of our own.
COURSE = r"(?!(?:check|join|assign)/)(?P<{}>[-\w]+)"

urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    re_path(r"^join/(?P<slug>[-\w]+)/$", views.course_join, name="course_join"),
    re_path(r"^assign/(?P<slug>[-\w]+)/$", views.course_assign, name="course_assign"),
    re_path(rf"^{COURSE.format('slug')}/$", views.course, name="course"),
    re_path(rf"^{COURSE.format('course_slug')}/(?P<slug>[-\w]+)/$", views.lesson, name="lesson"),
]
