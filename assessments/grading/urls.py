from django.urls import path

from assessments.grading.views import candidates, console, examiner, levels, mine, results, seats, sittings

urlpatterns = [
    path("exams/", mine.my_exams, name="my_exams"),
    path("scoring/", examiner.marking_queue, name="marking_queue"),
    path("scoring/<number:pk>/sign/", examiner.cycle_sign, name="cycle_sign"),
    path("grading/", console.cycles, name="cycles"),
    path("grading/people/<number:pk>/", levels.person_levels, name="person_levels"),
    path("grading/new/", console.cycle_new, name="cycle_new"),
    path("grading/<number:pk>/", console.cycle, name="cycle"),
    path("grading/<number:pk>/step/", console.cycle_step, name="cycle_step"),
    path("grading/<number:pk>/candidates/", candidates.cycle_candidates, name="cycle_candidates"),
    path("grading/<number:pk>/eligibility/", candidates.cycle_eligibility, name="cycle_eligibility"),
    path("grading/<number:pk>/panel/", console.cycle_panel, name="cycle_panel"),
    path("grading/<number:pk>/sittings/<number:level>/", sittings.cycle_sitting, name="cycle_sitting"),
    path("grading/<number:pk>/return/", results.cycle_return, name="cycle_return"),
    path("grading/<number:pk>/publish/", results.cycle_publish, name="cycle_publish"),
    path("grading/sittings/<number:pk>/", sittings.sitting_move, name="sitting_move"),
    path("grading/sittings/<number:pk>/draw/", sittings.sitting_draw, name="sitting_draw"),
    path("grading/candidacies/<number:pk>/waive/", candidates.candidacy_waive, name="candidacy_waive"),
    path("grading/seats/<number:pk>/again/", seats.seat_again, name="seat_again"),
    path("grading/seats/<number:pk>/missing-sheets/", seats.sheets_excuse, name="sheets_excuse"),
    path("grading/seat-changes/<number:pk>/confirm/", seats.seat_confirm, name="seat_confirm"),
    path("grading/seat-changes/<number:pk>/withdraw/", seats.seat_withdraw, name="seat_withdraw"),
]
