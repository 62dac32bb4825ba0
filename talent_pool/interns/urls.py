from django.urls import path

from talent_pool.interns.views import logs

urlpatterns = [
    path("logs/", logs.logs, name="weekly_logs"),
    path("logs/mine/", logs.my_logs, name="my_logs"),
    path("<number:pk>/weeks/<number:week>/", logs.week, name="weekly_log"),
    path("<number:pk>/weeks/<number:week>/draft/", logs.draft, name="weekly_log_draft"),
    path("<number:pk>/weeks/<number:week>/answer/", logs.answer, name="weekly_log_answer"),
    path("<number:pk>/record/", logs.record, name="internship_record"),
    path("<number:pk>/record/notes/", logs.note, name="internship_note"),
]
