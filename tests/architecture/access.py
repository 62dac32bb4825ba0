"""The world of the access matrix: two dealers with the same people and records, and who tries to look."""

from datetime import UTC, datetime, time
from types import SimpleNamespace

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile

from assessments.answers.actions import open_sheet
from assessments.certification.models import Certificate, OEMCertificate
from assessments.checks.models import Check
from assessments.exams.models import KeyMend, Paper
from assessments.grading.models import Candidacy, SeatChange
from assessments.questions.actions import freeze_versions
from courses.catalogue.models import LessonPage
from courses.training.actions.programmes import open_programme
from courses.training.models import Reflection
from lms.jobs.models import Job
from lms.notifications.models import Notice
from lms.people.actions import correct_details
from lms.people.models import ComingChange, Leave
from talent_pool.onboarding.actions.naming import name_mentor
from talent_pool.onboarding.actions.signing import sign_off
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.proposing import propose_pay_changes
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.models import PayChange
from talent_pool.schools.models import ClassCourse, Contact, Duty, Student
from tests.factories import (
    arranged_of,
    make_agreement,
    make_bands,
    make_batch,
    make_course,
    make_cycle,
    make_dealer,
    make_employee,
    make_finished_batch,
    make_offered,
    make_paper,
    make_passed,
    make_placement,
    make_programme,
    make_question,
    make_ranking,
    make_rotation,
    make_school,
    make_session,
    make_station,
    make_student,
    make_targeted_class,
    make_task_book,
    practical_of,
)

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
# Who tries: positions at the first dealer. “owner” is the advisor whose records they are, “colleague” another advisor.
PERSONAS = {
    "colleague": "advisor",
    "supervisor": "service_supervisor",
    "manager": "service_manager",
    "gm": "general_manager",
    "hr": "hr_officer",
    "group_hr": "group_hr",
    "watcher": "information_assistant",
    "examiner": "oem_service_coach",
    "stranger": "technical_director",  # an examiner who sits on no panel here
    "author": "course_author",
    "mentor": "technician",  # named as mentor, of the owner's task book
    "student": "student",
    "intern": "intern",
    "coordinator": "school_coordinator",  # of the school whose students they are, wherever the dealer
}
# Who holds a second job beside the post: what they may is what either may, and never more.
TWO_ROLES = {
    "supervisor_and_hr": ("service_supervisor", "supervisor", "hr"),
    "examiner_and_hr": ("oem_service_coach", "stranger", "hr"),
    "advisor_and_author": ("advisor", "colleague", "author"),
}


def build_house(code):
    """One dealer with everyone and one record of every kind, belonging to `owner`."""
    dealer = make_dealer(code)
    house = SimpleNamespace(dealer=dealer, owner=make_employee("advisor", dealer=dealer))
    for persona, position in PERSONAS.items():
        setattr(house, persona, make_employee(position, dealer=dealer))
    for persona, (position, _first, second) in TWO_ROLES.items():
        setattr(house, persona, with_role(make_employee(position, dealer=dealer), second))
    third = make_employee("advisor", dealer=dealer)
    make_bands(dealer, by=house.hr.user)
    house.cycle = make_cycle("published", track="service", people=[house.owner, house.colleague, third], dealer=dealer, by=house.hr.user)
    propose_pay_changes(cycle_id=house.cycle.pk, at=NOW)
    _sign_one(house)
    _train(house)
    _mentor(house)
    _teach(house)
    _gather(house)
    _select(house)
    return house


def with_role(employee, role):
    employee.user.groups.add(Group.objects.get(name=role))
    return employee


def _sign_one(house):
    changes = {change.employee_id: change for change in PayChange.objects.filter(dealer=house.dealer)}
    signed = [changes[house.colleague.pk]]
    approve_pay_changes(changes=signed, by=house.hr.user, at=NOW)
    countersign_pay_changes(changes=signed, by=house.gm.user, at=NOW)
    house.export = export_payroll(dealer=house.dealer, key=f"test:{house.dealer.code}", by=house.hr.user, at=NOW)
    house.pay_change = changes[house.owner.pk]


def _train(house):
    floor = SimpleNamespace(dealer=house.dealer, supervisor=house.supervisor, manager=house.manager)
    programme = make_programme(floor)
    house.programme = programme
    house.lectures = open_programme(
        dealer=house.dealer, kind="lecture", organiser=house.manager, starts_at=time(14), by=house.hr.user, at=NOW
    )
    house.session = make_session(programme, presenter=house.owner)
    house.reflection = Reflection.objects.create(session=house.session, employee=house.owner, due_at=NOW, submitted_at=NOW)


def _mentor(house):
    house.mentorship = name_mentor(employee=house.mentor, by=house.hr.user, at=NOW)
    house.book = make_task_book(newcomer=house.owner, mentor=house.mentorship, starts_on=NOW.date(), by=house.hr.user, at=NOW)
    house.task = house.book.checklist.items.first()
    house.sign = sign_off(book=house.book, item=house.task, step=1, by=house.mentor.user, at=NOW)


def _teach(house):
    """A school with a class of the dealer's agreement. “owner” is no student: theirs are those of `house.student_record`, someone else."""
    code = house.dealer.code
    house.school = make_school(code, dealer=house.dealer)
    house.contact = Contact.objects.create(school=house.school, person=house.coordinator, name=house.coordinator.name)
    house.other_contact = Contact.objects.create(school=house.school, name="王老师")
    house.agreement = make_agreement(house.school, house.dealer, number=f"DX-{code}", file="agreements/a.pdf")
    house.duty = Duty.objects.create(agreement=house.agreement, side="dealer", words="授课")
    house.targeted_class = make_targeted_class(house.agreement)
    house.student_record = make_student(house.targeted_class)
    Student.objects.create(
        person=house.student, school=house.school, code=f"S-{code}", entered_on=NOW.date(), targeted_class=house.targeted_class
    )
    Student.objects.create(
        person=house.intern, school=house.school, code=f"I-{code}", entered_on=NOW.date(), targeted_class=house.targeted_class
    )


def _gather(house):
    owner = house.owner
    house.candidacy = Candidacy.objects.get(employee=owner)
    house.practical = practical_of(house.candidacy)
    house.arranged = arranged_of(house.cycle)
    house.seat = house.cycle.panel.select_related("examiner").get(seat="service_manager")
    house.seat_change = SeatChange.objects.create(
        cycle=house.cycle,
        seat=house.seat.seat,
        leaver=house.seat.examiner,
        examiner=make_employee("service_manager", dealer=house.dealer),
        reason="换人",
        proposed_at=NOW,
        proposed_by=house.hr.user,
    )
    house.paper = Paper.objects.select_related("attempt", "sitting").get(candidate=owner)
    house.attempt, house.sitting = house.paper.attempt, house.paper.sitting
    house.question = make_question()  # that no other house asks
    house.version = freeze_versions([house.question], by=None)[house.question.pk]
    house.paper.items.create(number=99, version=house.version)
    house.mend = KeyMend.objects.create(
        sitting=house.sitting, version=house.version, way="everyone", reason="原答案有误", proposed_at=NOW, proposed_by=house.hr.user
    )
    house.certificate = Certificate.objects.get(employee=owner)
    house.oem = OEMCertificate.objects.create(
        employee=owner, name="OEM", level=1, number=f"N-{owner.number}", issued_on=NOW.date(), evidence=ContentFile(b"%PDF-1.4", "e.pdf")
    )
    house.coming_change = ComingChange.objects.create(
        kind="departure", employee=owner, on=NOW.date(), planned_at=NOW, planned_by=house.hr.user
    )
    house.leave = Leave.objects.create(employee=owner, starts_on=NOW.date(), ends_on=NOW.date())
    house.batch = make_batch(dealer=house.dealer)
    house.placement = make_placement(house.batch)
    house.station = make_station(dealer=house.dealer)
    house.rotation = make_rotation(house.placement, house.station, starts_on=NOW.date(), ends_on=house.placement.ends_on)
    house.intern_paper = make_paper(house.placement, "insurance", file=ContentFile(b"%PDF-1.4", "p.pdf"))
    house.job = Job.objects.create(kind="people.import_employees", created_by=house.hr.user)
    house.notice = Notice.objects.create(recipient=owner.user, kind="grading_result", key="x", context={})
    house.proposal = correct_details(employee=house.gm, email=f"gm@{house.dealer.code}.example".lower(), by=house.hr.user, at=NOW)
    house.course = make_course(f"course-{house.dealer.code.lower()}", lessons=1)
    house.lesson = LessonPage.objects.child_of(house.course).first()
    house.class_course = ClassCourse.objects.create(targeted_class=house.targeted_class, course=house.course, set_at=NOW)
    sheet = open_sheet(person=owner, at=NOW)
    house.check = Check.objects.create(employee=owner, lesson=house.lesson, sheet=sheet, score=80, passed=True, taken_at=NOW)


def _select(house):
    """Two interns of a batch who share a place."""
    placement = make_passed(dealer=house.dealer)
    house.selected_batch = placement.batch
    make_passed(house.selected_batch)
    house.ranking = make_ranking(house.selected_batch, by=house.hr.user, at=NOW)
    alone = make_passed(make_finished_batch(house.dealer))
    make_ranking(alone.batch, by=house.hr.user, at=NOW)
    house.passed = alone
    house.offer = make_offered(house.dealer, by=house.hr.user, at=NOW)
