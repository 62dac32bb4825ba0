from django.urls import path

from talent_pool.pay.views import bands, changes, moves, people

urlpatterns = [
    path("", changes.pay_changes, name="pay_changes"),
    path("sign/", changes.sign, name="pay_changes_sign"),
    path("<number:pk>/reject/", changes.reject, name="pay_change_reject"),
    path("export/", changes.export, name="payroll_export_new"),
    path("exports/<number:pk>/<str:kind>/", changes.export_file, name="payroll_export"),
    path("bands/", bands.bands, name="bands"),
    path("bands/new/", bands.band_table_new, name="band_table_new"),
    path("mine/", people.my_pay, name="my_pay"),
    path("mine/looks/", people.my_pay_looks, name="my_pay_looks"),
    path("people/<number:pk>/", people.person_pay, name="person_pay"),
    path("people/<number:pk>/move/", moves.after_move, name="pay_after_move"),
    path("people/<number:pk>/looks/", people.person_pay_looks, name="person_pay_looks"),
]
