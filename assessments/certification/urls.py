from django.urls import path

from assessments.certification import views

urlpatterns = [
    path("certificates/", views.certificates, name="certificates"),
    path("certificates/mine/", views.certificates_mine, name="certificates_mine"),
    path("certificates/staff/", views.certified_staff, name="certified_staff"),
    path("certificates/oem/", views.oem_certificates, name="oem_certificates"),
    path("certificates/oem/new/", views.oem_certificate_new, name="oem_certificate_new"),
    path("certificates/oem/<number:pk>/evidence/", views.oem_evidence, name="oem_evidence"),
    path("certificates/<number:pk>/", views.certificate, name="certificate"),
    path("certificates/<number:pk>/pdf/", views.certificate_file, name="certificate_pdf"),
    path("certificates/<number:pk>/revoke/", views.certificate_revoke, name="certificate_revoke"),
    path("verify/<slug:code>/", views.verify, name="verify"),
]
