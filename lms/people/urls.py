from django.urls import path

from lms.people.views import directory, importing, person

urlpatterns = [
    path("people/", directory.people, name="people"),
    path("people/new/", person.person_new, name="person_new"),
    path("people/import/", importing.people_import, name="people_import"),
    path("people/import/template.<str:kind>", importing.import_template, name="people_import_template"),
    path("people/import/<number:pk>/", importing.import_result, name="people_import_result"),
    path("people/import/<number:pk>/apply/", importing.import_apply, name="people_import_apply"),
    path("people/<number:pk>/", person.person, name="person"),
    path("people/<number:pk>/first-password/", person.first_password, name="person_first_password"),
    path("people/<number:pk>/leave/<number:leave_pk>/withdraw/", person.leave_withdraw, name="leave_withdraw"),
    path("people/<number:pk>/<slug:name>/", person.person_act, name="person_act"),
]
