from django.urls import path

from assessments.exams.views import candidate, mending, saving, watching

urlpatterns = [
    path("papers/<number:pk>/", candidate.exam_start, name="exam_start"),
    path("attempts/<number:pk>/", candidate.exam, name="exam"),
    path("attempts/<number:pk>/save/", saving.exam_save, name="exam_save"),
    path("attempts/<number:pk>/events/", saving.exam_event, name="exam_event"),
    path("attempts/<number:pk>/late/", saving.exam_late, name="exam_late"),
    path("attempts/<number:pk>/submit/", candidate.exam_submit, name="exam_submit"),
    path("attempts/<number:pk>/result/", candidate.exam_result, name="exam_result"),
    path("sittings/<number:pk>/", watching.sitting, name="sitting"),
    path("sittings/<number:pk>/close/", watching.sitting_close, name="sitting_close"),
    path("sittings/<number:pk>/questions/", mending.sitting_questions, name="sitting_questions"),
    path("questions/<number:pk>/", mending.question_mends, name="question_mends"),
    path("mends/new/<number:version>/", mending.mend_new, name="mend_new"),
    path("mends/<number:pk>/", mending.mend, name="mend"),
    path("mends/<number:pk>/confirm/", mending.mend_confirm, name="mend_confirm"),
    path("mends/<number:pk>/withdraw/", mending.mend_withdraw, name="mend_withdraw"),
    path("sittings/papers/<number:pk>/", watching.sitting_paper, name="sitting_paper"),
    path("sittings/papers/<number:pk>/extra-time/", watching.paper_extra_time, name="paper_extra_time"),
    path("sittings/papers/<number:pk>/void/", watching.paper_void, name="paper_void"),
]
