from django.urls import path

from talent_pool.pay import views

urlpatterns = [
    path("", views.pay_changes, name="pay_changes"),
    path("sign/", views.sign, name="pay_changes_sign"),
    path("<number:pk>/reject/", views.reject, name="pay_change_reject"),
    path("export/", views.export, name="payroll_export_new"),
    path("exports/<number:pk>/<str:kind>/", views.export_file, name="payroll_export"),
    path("bands/", views.bands, name="bands"),
    path("bands/new/", views.band_table_new, name="band_table_new"),
    path("mine/", views.my_pay, name="my_pay"),
    path("people/<number:pk>/", views.person_pay, name="person_pay"),
]
