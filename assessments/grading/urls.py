from django.urls import path

from assessments.grading import views

urlpatterns = [
    path("exams/", views.my_exams, name="my_exams"),
    path("scoring/", views.marking_queue, name="marking_queue"),
    path("scoring/<int:pk>/sign/", views.cycle_sign, name="cycle_sign"),
    path("grading/", views.cycles, name="cycles"),
    path("grading/new/", views.cycle_new, name="cycle_new"),
    path("grading/<int:pk>/", views.cycle, name="cycle"),
    path("grading/<int:pk>/step/", views.cycle_step, name="cycle_step"),
    path("grading/<int:pk>/candidates/", views.cycle_candidates, name="cycle_candidates"),
    path("grading/<int:pk>/eligibility/", views.cycle_eligibility, name="cycle_eligibility"),
    path("grading/<int:pk>/panel/", views.cycle_panel, name="cycle_panel"),
    path("grading/<int:pk>/sittings/<int:level>/", views.cycle_sitting, name="cycle_sitting"),
    path("grading/<int:pk>/sittings/<int:level>/draw/", views.cycle_draw, name="cycle_draw"),
    path("grading/<int:pk>/return/", views.cycle_return, name="cycle_return"),
    path("grading/<int:pk>/publish/", views.cycle_publish, name="cycle_publish"),
    path("grading/candidacies/<int:pk>/waive/", views.candidacy_waive, name="candidacy_waive"),
    path("grading/seats/<int:pk>/again/", views.seat_again, name="seat_again"),
    path("grading/seats/<int:pk>/missing-sheets/", views.sheets_excuse, name="sheets_excuse"),
    path("grading/seat-changes/<int:pk>/confirm/", views.seat_confirm, name="seat_confirm"),
    path("grading/seat-changes/<int:pk>/withdraw/", views.seat_withdraw, name="seat_withdraw"),
]
