from django.urls import path

from talent_pool.interns.views import batches, board, evaluations, logs, placements, ways

urlpatterns = [
    path("", batches.batches, name="intern_batches"),
    path("board/", board.board, name="intern_board"),
    path("list/", board.placements, name="placements"),
    path("mine/", placements.my_internship, name="my_internship"),
    path("new/", batches.batch_new, name="intern_batch_new"),
    path("batches/<number:pk>/", batches.batch, name="intern_batch"),
    path("batches/<number:pk>/students/", batches.batch_students, name="intern_batch_students"),
    path("batches/<number:pk>/terms/", batches.batch_terms, name="intern_batch_terms"),
    path("batches/<number:pk>/papers/", batches.batch_papers, name="intern_batch_papers"),
    path("batches/<number:pk>/start/", batches.batch_start, name="intern_batch_start"),
    path("logs/", logs.logs, name="weekly_logs"),
    path("logs/mine/", logs.my_logs, name="my_logs"),
    path("<number:pk>/weeks/<number:week>/", logs.week, name="weekly_log"),
    path("<number:pk>/weeks/<number:week>/draft/", logs.draft, name="weekly_log_draft"),
    path("<number:pk>/weeks/<number:week>/answer/", logs.answer, name="weekly_log_answer"),
    path("<number:pk>/rotations/<number:rotation>/<slug:kind>/", evaluations.rotation_evaluate, name="rotation_evaluate"),
    path("<number:pk>/decide/", evaluations.internship_decide, name="internship_decide"),
    path("<number:pk>/record/", logs.record, name="internship_record"),
    path("<number:pk>/record/notes/", logs.note, name="internship_note"),
    path("<number:pk>/", placements.placement, name="placement"),
    path("<number:pk>/terms/", placements.terms, name="placement_terms"),
    path("<number:pk>/papers/", placements.paper_new, name="placement_paper_new"),
    path("<number:pk>/papers/<number:paper_pk>/withdraw/", placements.paper_withdraw, name="placement_paper_withdraw"),
    path("<number:pk>/papers/<number:paper_pk>/file/", placements.paper_file, name="placement_paper_file"),
    path("<number:pk>/start/", placements.start, name="placement_start"),
    path("<number:pk>/finish/", ways.placement_finish, name="placement_finish"),
    path("<number:pk>/<slug:name>/", ways.placement_act, name="placement_act"),
]
