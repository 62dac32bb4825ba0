from django.urls import path

from assessments.exams.views import candidate, saving, watching

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
    path("sittings/papers/<number:pk>/", watching.sitting_paper, name="sitting_paper"),
    path("sittings/papers/<number:pk>/extra-time/", watching.paper_extra_time, name="paper_extra_time"),
    path("sittings/papers/<number:pk>/void/", watching.paper_void, name="paper_void"),
]
