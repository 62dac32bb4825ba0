from django.urls import path

from assessments.grading import views

urlpatterns = [
    path("exams/", views.my_exams, name="my_exams"),
    path("scoring/", views.marking_queue, name="marking_queue"),
    path("scoring/<number:pk>/sign/", views.cycle_sign, name="cycle_sign"),
    path("grading/", views.cycles, name="cycles"),
    path("grading/people/<number:pk>/", views.person_levels, name="person_levels"),
    path("grading/new/", views.cycle_new, name="cycle_new"),
    path("grading/<number:pk>/", views.cycle, name="cycle"),
    path("grading/<number:pk>/step/", views.cycle_step, name="cycle_step"),
    path("grading/<number:pk>/candidates/", views.cycle_candidates, name="cycle_candidates"),
    path("grading/<number:pk>/eligibility/", views.cycle_eligibility, name="cycle_eligibility"),
    path("grading/<number:pk>/panel/", views.cycle_panel, name="cycle_panel"),
    path("grading/<number:pk>/sittings/<number:level>/", views.cycle_sitting, name="cycle_sitting"),
    path("grading/<number:pk>/return/", views.cycle_return, name="cycle_return"),
    path("grading/<number:pk>/publish/", views.cycle_publish, name="cycle_publish"),
    path("grading/sittings/<number:pk>/", views.sitting_move, name="sitting_move"),
    path("grading/sittings/<number:pk>/draw/", views.sitting_draw, name="sitting_draw"),
    path("grading/candidacies/<number:pk>/waive/", views.candidacy_waive, name="candidacy_waive"),
    path("grading/seats/<number:pk>/again/", views.seat_again, name="seat_again"),
    path("grading/seats/<number:pk>/missing-sheets/", views.sheets_excuse, name="sheets_excuse"),
    path("grading/seat-changes/<number:pk>/confirm/", views.seat_confirm, name="seat_confirm"),
    path("grading/seat-changes/<number:pk>/withdraw/", views.seat_withdraw, name="seat_withdraw"),
]
