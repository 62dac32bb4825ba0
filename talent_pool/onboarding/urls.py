from django.urls import path

from talent_pool.onboarding.views import books, mentors, signing

urlpatterns = [
    path("", books.task_books, name="task_books"),
    path("people/<number:pk>/new/", books.task_book_new, name="task_book_new"),
    path("books/<number:pk>/", signing.task_book, name="task_book"),
    path("books/<number:pk>/tasks/<number:item>/", signing.task_sign, name="task_sign"),
    path("books/<number:pk>/signs/<number:observation>/", signing.sign_off_page, name="sign_off"),
    path("books/<number:pk>/signs/<number:observation>/correct/", signing.sign_off_correct, name="sign_off_correct"),
    path("books/<number:pk>/signs/<number:observation>/answer/", signing.sign_off_answer, name="sign_off_answer"),
    path("books/<number:pk>/hand-on/", books.task_book_hand_on, name="task_book_hand_on"),
    path("books/<number:pk>/close/", books.task_book_close, name="task_book_close"),
    path("mine/", signing.mentees, name="mentees"),
    path("mentors/", mentors.mentors, name="mentors"),
    path("mentors/new/", mentors.mentor_new, name="mentor_new"),
    path("mentors/<number:pk>/", mentors.mentor, name="mentor"),
    path("mentors/<number:pk>/load/", mentors.mentor_load, name="mentor_load"),
    path("mentors/<number:pk>/end/", mentors.mentor_end, name="mentor_end"),
]
