from django.urls import path

from lms.people.views import directory, importing, person, proposals

urlpatterns = [
    path("people/", directory.people, name="people"),
    path("people/new/", person.person_new, name="person_new"),
    path("people/import/", importing.people_import, name="people_import"),
    path("people/import/template.<str:kind>", importing.import_template, name="people_import_template"),
    path("people/import/<int:pk>/", importing.import_result, name="people_import_result"),
    path("people/import/<int:pk>/apply/", importing.import_apply, name="people_import_apply"),
    path("people/proposals/", proposals.proposals, name="proposals"),
    path("people/proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("people/proposals/<int:pk>/confirm/", proposals.proposal_confirm, name="proposal_confirm"),
    path("people/proposals/<int:pk>/take-up/", proposals.proposal_take_up, name="proposal_take_up"),
    path("people/proposals/<int:pk>/decline/", proposals.proposal_decline, name="proposal_decline"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/first-password/", person.first_password, name="person_first_password"),
    path("people/<int:pk>/leave/<int:leave_pk>/withdraw/", person.leave_withdraw, name="leave_withdraw"),
    path("people/<int:pk>/<slug:name>/", person.person_act, name="person_act"),
]
