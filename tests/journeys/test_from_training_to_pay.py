"""The main job from end to end, by screens: a weekly session, courses, the quarter's grading, a certificate, a pay change.

One story over one autumn at one dealer. Everything is done by posting the forms that people fill in; what each sees is looked at.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from assessments.exams.models import Paper
from assessments.grading.models import Candidacy, ComponentSitting, Cycle, LevelDecision
from assessments.practicals.models import Practical
from assessments.questions.kinds.registry import kind_of
from courses.catalogue.models import CoursePage, LessonPage, Topic
from courses.learning.models import Completion
from courses.training import tokens
from courses.training.models import Attendance, Programme, Session
from lms.accounts.models import User
from lms.audit.models import Event
from lms.demo.grading import make_bands
from lms.demo.seed import build_world
from lms.notifications.models import Notice
from lms.people.models import Employee
from talent_pool.pay.models import PayChange, PayrollExport
from tests.each import each

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """The wall clock of the story."""

    def __init__(self, monkeypatch):
        self.at = None
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def set(self, *moment):
        self.at = datetime(*moment, tzinfo=SHANGHAI)
        return self.at


class Person:
    """Someone at a screen."""

    def __init__(self, number):
        self.employee = Employee.objects.select_related("user", "position").get(number=number)
        self._client = Client()

    @property
    def client(self):
        """Signed in anew: weeks pass in this story, and a session ends after two of them."""
        self._client.force_login(self.employee.user)
        return self._client

    def posts(self, name, *args, **data):
        """Post a form and let what follows the commit happen, as it does outside of a test."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            return self.client.post(reverse(name, args=args), data, follow=True)

    def sees(self, name, *args, **query):
        response = self.client.get(reverse(name, args=args), query)
        assert response.status_code == 200, (name, args, response.status_code)
        return response.content.decode()

    def does(self, name, *args, expect="", **data):
        """Post a form; follow where it leads; no refusal may have come of it."""
        response = self.posts(name, *args, **data)
        page = response.content.decode()
        assert response.status_code == 200, (name, args, response.status_code)
        refusals = [str(m) for m in (response.context or {}).get("messages", []) if m.level_tag == "error"]
        assert not refusals, refusals
        assert "Not saved yet." not in page, page[-3000:]
        assert expect in page, (expect, page[-3000:])
        return page


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def world(clock):
    at = clock.set(2026, 10, 8, 9, 0)
    world = build_world(seed=3, at=at)
    make_bands(world)
    User.objects.update(language="en")
    return world


def test_a_weekly_session_leads_through_courses_and_grading_to_a_pay_change(world, clock):
    supervisor, advisor, colleague = Person("YT01003"), Person("YT01011"), Person("YT01012")
    hr, manager = Person("YT01006"), Person("YT01001")

    session = the_supervisor_plans_the_quarter(supervisor)
    the_presenter_hands_in_material(session)
    clock.set(2026, session.on.month, session.on.day, 16, 25)
    the_session_is_held(session, supervisor, [advisor, colleague], clock)
    a_course_is_taken(advisor)
    a_course_is_taken(colleague)
    cycle = hr_opens_the_cycle(hr)
    clock.set(2026, 12, 1, 10, 0)
    what_was_not_held_is_cancelled(supervisor, clock)
    hr_admits_the_eligible_and_draws_papers(hr, cycle, clock)
    clock.set(2026, 12, 8, 9, 5)
    the_theory_paper_is_sat(advisor, right=True)
    the_theory_paper_is_sat(colleague, right=False)
    clock.set(2026, 12, 8, 18, 5)
    the_practical_is_scored_and_the_panel_signs(hr, cycle)
    nothing_is_seen_before_publication(advisor, colleague)
    hr_publishes(hr, cycle)
    the_candidate_sees_level_certificate_and_band(advisor, colleague)
    pay_is_approved_countersigned_and_exported_once(hr, manager, advisor)
    call_command("check_integrity")


def the_supervisor_plans_the_quarter(supervisor):
    """T1, T3: a programme is opened, its dates are looked at, then planned; holidays are avoided and turns are fair."""
    supervisor.does(
        "programme_new",
        kind="service",
        organiser=supervisor.employee.pk,
        weekday=3,
        starts_at="16:30",
        minutes=60,
        room="Training room",
        gap_days=2,
        guest_every_month="on",
        opens_before=30,
        closes_before=0,
    )
    programme = Programme.objects.get()
    preview = supervisor.sees("plan_quarter", programme=programme.pk, quarter="2026-4")
    assert not Session.objects.exists(), "looking at a plan saves nothing"
    seen = re.search(r'name="seen" value="([^"]*)"', preview)[1]
    supervisor.does("plan_quarter", programme=programme.pk, quarter="2026-4", seen=seen)
    sessions = list(Session.objects.order_by("on"))
    assert len(sessions) in (11, 12, 13)
    presenters = [session.presenter_id for session in sessions if session.presenter_id]
    counts = [presenters.count(one) for one in set(presenters)]
    assert max(counts) - min(counts) <= 1
    assert any(session.is_guest for session in sessions)
    return next(session for session in sessions if session.presenter_id and session.starts_at > timezone.now())


def the_presenter_hands_in_material(session):
    presenter = Person(session.presenter.number)
    topic = Topic.objects.get(code="complaints")
    course = CoursePage.objects.get(slug="complaints", locale__language_code="zh-hans")
    data = {"topic": topic.pk, "title": "The first three minutes", "outline": "Listen, repeat, offer", "course": course.pk}
    presenter.does("session_material", session.pk, **data)
    session.refresh_from_db()
    assert session.material_at
    assert session.course_id == course.pk
    assert reverse("course", args=["complaints"]) in presenter.sees("session", session.pk)


def the_session_is_held(session, supervisor, attendees, clock):
    """T5, T8: a code on the wall for those who scan it, the roll for the rest; then it is closed."""
    supervisor.does("session_confirm", session.pk)
    supervisor.does("session_start", session.pk)
    session.refresh_from_db()
    assert "<svg" in supervisor.sees("session_room", session.pk)
    old = tokens.make_token(session.secret, session.pk, clock.at - timedelta(seconds=60))
    fresh = tokens.make_token(session.secret, session.pk, clock.at)
    for person in each(attendees):
        late = person.client.post(reverse("check_in", args=[old]), follow=True)
        assert not Attendance.objects.filter(employee=person.employee, state="present").exists(), late
        person.does("check_in", fresh)
    rest = Attendance.objects.filter(session=session, state="expected").exclude(employee=supervisor.employee)
    supervisor.does("session_roll", session.pk, **{f"state-{row.employee_id}": "absent" for row in rest})
    clock.at = session.ends_at
    supervisor.does("session_close", session.pk)
    states = dict(Attendance.objects.filter(session=session).values_list("employee__number", "state"))
    assert {states[person.employee.number] for person in attendees} == {"present"}
    assert "expected" not in states.values()


def a_course_is_taken(person):
    """Every lesson of the courses that level 1 asks for, each ended by its check; the revision is remembered."""
    assert "Greeting the customer" in person.sees("catalogue")
    for course in each(CoursePage.objects.filter(required=True, level=1, track="service", locale__language_code="zh-hans")):
        person.sees("course", course.slug)
        for lesson in LessonPage.objects.child_of(course).live():
            person.sees("lesson", course.slug, lesson.slug)
            page = person.sees("lesson_check", lesson.pk)
            data = hidden_fields(page)
            for block in lesson.check_questions:
                data |= right_answer(block.value.get_real_instance())
            person.does("lesson_check", lesson.pk, **data)
        completion = Completion.objects.get(employee=person.employee, course=course)
        assert completion.revision_id
    assert Completion.objects.filter(employee=person.employee).count() == 3


def hidden_fields(page):
    return dict(re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', page))


def right_answer(question):
    return {f"v{question.current_id}": kind_of(question.content).right(question.content)}


def hr_opens_the_cycle(hr):
    """G1, G3, G4: candidates come in by themselves, the panel is seated, eligibility is computed with reasons."""
    hr.does(
        "cycle_new",
        dealer=hr.employee.dealer_id,
        track="service",
        year=2026,
        quarter=4,
        min_attendance=80,
        needs_reflections="on",
        needs_courses="on",
    )
    cycle = Cycle.objects.get()
    assert cycle.candidacies.count() == 9
    for seat, number in (("general_manager", "YT01001"), ("oem_service_coach", "EX001"), ("service_manager", "YT01002")):
        hr.does("cycle_panel", cycle.pk, seat=seat, examiner=Employee.objects.get(number=number).pk)
    hr.does("cycle_eligibility", cycle.pk)
    assert cycle.candidacies.filter(is_eligible=True).count() == 2
    assert "required courses open" in hr.sees("cycle_candidates", cycle.pk)
    assert "Required courses done" in Person("YT01011").sees("my_exams")
    return cycle


def what_was_not_held_is_cancelled(supervisor, clock):
    """G4: only closed sessions count, so none of the quarter is left open at the lock."""
    for session in Session.objects.filter(status="planned", ends_at__lt=clock.at):
        supervisor.does("session_cancel", session.pk, reason="Nobody could come.")


def hr_admits_the_eligible_and_draws_papers(hr, cycle, clock):
    hr.does("cycle_step", cycle.pk, step="locked")
    hr.does("cycle_sitting", cycle.pk, 1, opens_at="2026-12-08T09:00", closes_at="2026-12-08T18:00", room="A")
    hr.does("sitting_draw", ComponentSitting.objects.get().pk)
    papers = list(Paper.objects.prefetch_related("items"))
    assert len(papers) == 2
    assert len({tuple(item.version_id for item in paper.items.all()) for paper in papers}) == 2, "each has a paper of their own"
    assert {paper.items.count() for paper in papers} == {20}
    hr.does("cycle_step", cycle.pk, step="sitting")


def the_theory_paper_is_sat(person, *, right):
    paper = Paper.objects.select_related("sitting").get(candidate=person.employee)
    refused = person.client.post(reverse("exam_start", args=[paper.pk]), {"access_code": "wrong"}, follow=True)
    assert not hasattr(Paper.objects.get(pk=paper.pk), "attempt"), refused.status_code
    person.does("exam_start", paper.pk, access_code=paper.sitting.access_code)
    attempt = Paper.objects.get(pk=paper.pk).attempt
    runner = person.sees("exam", attempt.pk)
    assert "explanation" not in runner
    for number, item in enumerate(each(paper.items.select_related("version")), start=1):
        kind = kind_of(item.version.content)
        response = kind.right(item.version.content) if right else kind.wrong(item.version.content)[0]
        saved = person.client.post(
            reverse("exam_save", args=[attempt.pk]),
            {"item": item.pk, "sequence": number, "response": response},
            content_type="application/json",
        )
        assert saved.status_code == 200, saved.content
    person.does("exam_submit", attempt.pk)
    attempt.refresh_from_db()
    assert attempt.submitted_at


def the_practical_is_scored_and_the_panel_signs(hr, cycle):
    hr.does("cycle_step", cycle.pk, step="marking")
    for number in ("EX001", "YT01001", "YT01002"):
        hr.posts("cycle_step", cycle.pk, step="ratified")
        assert Cycle.objects.get().status == "marking", "no result stands before all three have judged"
        the_examiner_scores_everyone(Person(number), cycle)
    hr.does("cycle_step", cycle.pk, step="ratified")
    hr.posts("cycle_publish", cycle.pk)
    assert not LevelDecision.objects.exists(), "no result stands before all three have signed"
    for number in ("EX001", "YT01001", "YT01002"):
        Person(number).does("cycle_sign", cycle.pk)
    assert not cycle.panel.filter(signed_at=None).exists()


def the_examiner_scores_everyone(examiner, cycle):
    for practical in each(Practical.objects.filter(result__component__cycle=cycle)):
        assert practical.candidate.name in examiner.sees("marking_queue")
        points = {f"c{criterion.pk}": round(criterion.max_points * 0.8) for criterion in practical.rubric.criteria.all()}
        examiner.does("practical", practical.pk, **points)


def nothing_is_seen_before_publication(advisor, colleague):
    for person in (advisor, colleague):
        attempt = Paper.objects.get(candidate=person.employee).attempt
        refused = person.client.get(reverse("exam_result", args=[attempt.pk]))
        assert refused.status_code in (302, 403, 404) or "explanation" not in refused.content.decode()
        assert "Passed" not in person.sees("my_exams")


def hr_publishes(hr, cycle):
    assert advisor_name() in hr.sees("cycle_publish", cycle.pk)
    hr.posts("cycle_publish", cycle.pk)


def advisor_name():
    return Employee.objects.get(number="YT01011").name


def the_candidate_sees_level_certificate_and_band(advisor, colleague):
    """G2, G5, G9: one step up for who passed, nothing for who did not; a certificate that anyone can verify."""
    advisor.employee.refresh_from_db()
    colleague.employee.refresh_from_db()
    assert (advisor.employee.service_level, colleague.employee.service_level) == (1, 0)
    award = LevelDecision.objects.get()
    assert award.certificate.number in advisor.sees("growth")
    pdf = advisor.client.get(reverse("certificate_pdf", args=[award.certificate_id]))
    assert b"".join(pdf.streaming_content if pdf.streaming else [pdf.content]).startswith(b"%PDF")
    public = Client().get(reverse("verify", args=[award.certificate.code])).content.decode()
    assert award.certificate.number in public
    assert advisor.employee.name not in public, "the public page shows no more than it must"
    assert Notice.objects.filter(recipient=advisor.employee.user, kind="grading_result").count() == 1
    assert Notice.objects.filter(recipient=colleague.employee.user, kind="grading_result").count() == 1
    assert Candidacy.objects.get(employee=colleague.employee).outcome == "failed"


def pay_is_approved_countersigned_and_exported_once(hr, manager, advisor):
    """P2: proposed at publication, approved by HR, countersigned by the general manager, exported once."""
    change = PayChange.objects.get()
    assert change.monthly_difference == Decimal(500)
    assert f"{change.effective_on}" == "2027-01-01"
    assert Person("YT01012").client.get(reverse("pay_changes")).status_code == 403
    hr.does("pay_changes_sign", signs="approve", change=change.pk)
    manager.does("pay_changes_sign", signs="countersign", change=change.pk)
    change.refresh_from_db()
    assert change.status == "countersigned"
    hr.posts("payroll_export_new", dealer=change.dealer_id, kind="csv")
    hr.posts("payroll_export_new", dealer=change.dealer_id, kind="csv")
    export = PayrollExport.objects.get()
    assert export.changes.get() == change
    assert "S1" in advisor.sees("growth")
    assert Event.objects.filter(verb="pay.viewed", actor=advisor.employee.user).exists()
    assert not mail.outbox, "nobody of the cast has an address"
