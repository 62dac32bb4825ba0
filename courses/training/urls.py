from django.urls import path

from courses.training.views import audience, board, hands, mine, planning, room, sessions

urlpatterns = [
    path("", mine.training, name="training"),
    path("board/", board.training_board, name="training_board"),
    path("programmes/new/", planning.programme_new, name="programme_new"),
    path("programmes/<number:pk>/audience/", audience.programme_audience, name="programme_audience"),
    path("programmes/<number:pk>/hands/", hands.programme_hands, name="programme_hands"),
    path("plan/", planning.plan, name="plan_quarter"),
    path("sessions/<number:pk>/", sessions.session, name="session"),
    path("sessions/<number:pk>/material/", sessions.material, name="session_material"),
    path("sessions/<number:pk>/file/", sessions.file, name="session_file"),
    path("sessions/<number:pk>/confirm/", sessions.confirm, name="session_confirm"),
    path("sessions/<number:pk>/start/", sessions.start, name="session_start"),
    path("sessions/<number:pk>/close/", sessions.close, name="session_close"),
    path("sessions/<number:pk>/cancel/", sessions.cancel, name="session_cancel"),
    path("sessions/<number:pk>/move/", sessions.move, name="session_move"),
    path("sessions/<number:pk>/swap/", sessions.swap, name="session_swap"),
    path("sessions/<number:pk>/presenter/", sessions.presenter, name="session_presenter"),
    path("sessions/<number:pk>/roll/", sessions.roll, name="session_roll"),
    path("sessions/<number:pk>/correct/", sessions.correct, name="session_correct"),
    path("sessions/<number:pk>/room/", room.session_room, name="session_room"),
    path("sessions/<number:pk>/room/live/", room.session_room_live, name="session_room_live"),
    path("check-in/<str:token>/", room.check_in, name="check_in"),
    path("reflections/<number:pk>/", mine.reflection, name="reflection"),
    path("reflections/<number:pk>/draft/", mine.reflection_draft, name="reflection_draft"),
    path("reflections/<number:pk>/score/", mine.reflection_score, name="reflection_score"),
]
