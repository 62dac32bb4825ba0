from django.urls import path

from lms.trail import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/mine/", views.audit_mine, name="audit_mine"),
]
