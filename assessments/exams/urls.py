from django.urls import path

from assessments.exams.views import candidate, saving, watching

urlpatterns = [
    path("papers/<int:pk>/", candidate.exam_start, name="exam_start"),
    path("attempts/<int:pk>/", candidate.exam, name="exam"),
    path("attempts/<int:pk>/save/", saving.exam_save, name="exam_save"),
    path("attempts/<int:pk>/events/", saving.exam_event, name="exam_event"),
    path("attempts/<int:pk>/submit/", candidate.exam_submit, name="exam_submit"),
    path("attempts/<int:pk>/result/", candidate.exam_result, name="exam_result"),
    path("sittings/<int:pk>/", watching.sitting, name="sitting"),
    path("sittings/<int:pk>/close/", watching.sitting_close, name="sitting_close"),
    path("sittings/papers/<int:pk>/", watching.sitting_paper, name="sitting_paper"),
    path("sittings/papers/<int:pk>/extra-time/", watching.paper_extra_time, name="paper_extra_time"),
    path("sittings/papers/<int:pk>/void/", watching.paper_void, name="paper_void"),
]
