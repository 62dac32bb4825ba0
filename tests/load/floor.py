"""The floor that our costs are held against: a bare Django view doing the same number of the same statements as a save.

No middleware, no sign-in, no checks, no translations: the session, the person with dealer, position and group, and the one statement that
keeps an answer, by the same means (ORM, ORM, SQL). Served by the same gunicorn: `gunicorn tests.load.floor`.
"""

import json
import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
django.setup()

from django.contrib.sessions.models import Session  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from assessments.exams.actions.saving import _write  # noqa: E402
from lms.accounts.models import User  # noqa: E402


def save(request):
    now = timezone.now()
    Session.objects.filter(session_key=request.COOKIES[settings.SESSION_COOKIE_NAME], expire_date__gt=now).first()
    employee = User.objects.select_related("employee__dealer", "employee__position", "employee__group").get(pk=request.GET["user"]).employee
    body = json.loads(request.body)
    answers = {body["item"]: (body["sequence"], json.dumps(body["response"]))}
    rows = _write(int(request.GET["attempt"]), employee.pk, answers, now)
    return HttpResponse(json.dumps({"sequence": rows[0][1]}), content_type="application/json")


urlpatterns = [path("floor/", save)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = WSGIHandler()
