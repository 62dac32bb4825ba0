"""What a story cannot wait for or has to look up: run by `DemoServer.arrange` in a process on the server's own database.

Nothing here does what the screens are there for: it moves a session to today, and says who is who and what is right.
"""

import json
import sys
from datetime import timedelta

from django.utils import timezone

from assessments.exams.models import Attempt, Paper, PaperItem
from assessments.grading.actions.candidates import compute_eligibility
from assessments.grading.actions.cycles import lock_cycle, start_sitting
from assessments.grading.actions.sittings import arrange_sitting, draw_sitting_papers
from assessments.grading.models import Cycle
from assessments.questions.models import QuestionVersion
from courses.catalogue.models import CoursePage
from courses.learning.models import Completion
from courses.training import tokens
from courses.training.models import Programme, Session
from lms.common.registries import due_for
from lms.people.models import Employee
from talent_pool.interns.models import Placement
from talent_pool.onboarding.models import TaskBook
from talent_pool.schools.models import Student

ACCESS_CODE = "OPEN2026"


def close_programme(dealer, kind):
    """So that there is one to open."""
    Programme.objects.filter(dealer__code=dealer, kind=kind).update(status=Programme.Status.CLOSED)


def next_session(dealer, kind):
    """The next one whose presenter has not handed in material."""
    coming = Session.objects.filter(dealer__code=dealer, programme__kind=kind, status="planned", presenter__isnull=False, material_at=None)
    session = coming.filter(on__gt=timezone.localdate()).order_by("on").first()
    return {"pk": session.pk, "presenter": session.presenter.number, "on": str(session.on)}


def to_today(pk):
    """The day of the session has come: it begins now."""
    session, now = Session.objects.get(pk=pk), timezone.localtime()
    taken = Session.objects.filter(dealer=session.dealer, on=now.date()).exclude(pk=pk).values_list("half", flat=True)
    half = "am" if "pm" in taken else "pm"
    Session.objects.filter(pk=pk).update(on=now.date(), half=half, starts_at=now, ends_at=now + timedelta(hours=1))


def audience(pk):
    return {"code": code(pk), "numbers": list(Session.objects.get(pk=pk).attendances.values_list("employee__number", flat=True))}


def code(pk):
    """Where the QR code on the wall leads just now."""
    session = Session.objects.get(pk=pk)
    return f"/training/check-in/{tokens.make_token(session.secret, session.pk, timezone.now())}/"


def course_for(number):
    """A course with a check that this person has not completed."""
    employee = Employee.objects.get(number=number)
    done = Completion.objects.filter(employee=employee).values("course")
    courses = CoursePage.objects.live().filter(locale__language_code="zh-hans").exclude(pk__in=done).order_by("track", "path")
    return {"url": f"/learn/{courses.exclude(enrolments__employee=employee)[0].slug}/"}


def keys(*versions):
    """The right answers: {version: [kind, key]}."""
    found = QuestionVersion.objects.filter(pk__in=versions)
    return {version.pk: [version.content["kind"], version.content["key"]] for version in found}


def paper_keys(*items):
    found = PaperItem.objects.filter(pk__in=items).select_related("version")
    return {item.pk: [item.version.content["kind"], item.version.content["key"]] for item in found}


def cycle(dealer, track):
    """The cycle under way, one who may sit in it, and one who may not."""
    cycle = Cycle.objects.get(dealer__code=dealer, track=track, status="open")
    people = {c.employee.number: c.may_sit for c in cycle.candidacies.select_related("employee").order_by("employee__number")}
    admitted = [number for number, may in people.items() if may]
    refused = [number for number, may in people.items() if not may]
    return {"pk": cycle.pk, "candidate": admitted[0], "refused": refused[0] if refused else None}


def exam_now(dealer, track):
    """A theory exam that has just opened, for all who may sit."""
    cycle = Cycle.objects.get(dealer__code=dealer, track=track, status__in=["open", "sitting"])
    if cycle.status == "open":
        _open_exam(cycle, timezone.now())
    papers = Paper.objects.filter(result__component__cycle=cycle).select_related("candidate").order_by("candidate__number")
    return {"code": ACCESS_CODE, "doors": {paper.candidate.number: f"/exams/papers/{paper.pk}/" for paper in papers}}


def _open_exam(cycle, now):
    hr = Employee.objects.get(dealer=cycle.dealer, position__code="hr_officer").user
    before = {"by": hr, "at": now - timedelta(hours=2)}
    compute_eligibility(cycle=cycle, **before)
    lock_cycle(cycle=cycle, **before)
    for component in cycle.components.filter(kind="theory"):
        window = {"opens_at": now - timedelta(minutes=1), "closes_at": now + timedelta(hours=8), "access_code": ACCESS_CODE}
        arranged = arrange_sitting(component=component, room="A", **window, **before)
        draw_sitting_papers(arranged=arranged, seed=component.level, **before)
    start_sitting(cycle=cycle, by=hr, at=now)


def end_the_time(paper):
    """Whoever sits this paper has had their time, grace and all."""
    Attempt.objects.filter(paper=paper).update(ends_at=timezone.now() - timedelta(minutes=5))


def somebody_with_something_due():
    """The first of the staff whose Today has a button."""
    people = Employee.objects.filter(dealer__code="YT01").exclude(position__track="").order_by("number")
    people = people.select_related("position", "dealer", "group", "user")
    return next(one.number for one in people if any(item["url"] for item in due_for(one, timezone.now())))


def student(code):
    return {"url": f"/schools/students/{Student.objects.get(code=code).pk}/"}


def internship(code):
    """The latest placement of a student."""
    placement = Placement.objects.filter(person__student__code=code).order_by("pk").last()
    return {"pk": placement.pk, "url": f"/interns/{placement.pk}/", "batch": placement.batch_id, "starts_on": str(placement.starts_on)}


def of_others(number):
    """Addresses of what belongs to somebody else: another school's for a coordinator, another intern's for an intern."""
    codes = ("YJ2011", "YJ2001") if number.startswith("QJ0") else ("QJ1012", "QJ1012")
    book = TaskBook.objects.exclude(newcomer__student__code=number).first()
    return [student(codes[0])["url"], internship(codes[1])["url"], f"/onboarding/books/{book.pk}/"]


def say(what, arguments):
    sys.stdout.write(json.dumps(globals()[what](*arguments)) + "\n")
