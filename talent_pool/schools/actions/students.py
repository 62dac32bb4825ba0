"""Students: added, corrected, moved to another class, let in; and their date of birth, which is held only as long as a rule asks for it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.audit.actions import event_of, record_event, record_events
from lms.audit.meanwhile import check_shown
from lms.common.bilingual import gettext as _
from lms.common.shown import facts_of
from lms.common.states import Refused, require
from lms.people.actions import rules
from lms.people.actions.hiring import hire_employee
from lms.people.actions.records import locked
from lms.people.actions.sign_in import hand_over_password, issue_first_password
from lms.people.actions.writing import names_taken
from lms.people.choices import Role
from lms.people.models import Employee
from lms.people.permissions import may_manage_person
from lms.people.signers import is_signer
from talent_pool.labour.actions.findings import recheck
from talent_pool.schools.actions.classes import enrol_with_class
from talent_pool.schools.actions.schools import post_of
from talent_pool.schools.ages import erasable, still_asked
from talent_pool.schools.models import Student
from talent_pool.schools.permissions import may_keep_at, may_keep_student, may_let_in

SHOWN = ("major", "entered_on", "graduates_on", "born_on")
LONGEST = 20  # characters of a name to sign in by


def whose_student():
    return _("Students are kept by HR of their dealer and by group HR; nobody keeps their own record.")


@transaction.atomic
def add_student(*, school, code, name, entered_on, dealer=None, targeted_class=None, by, at, email="", phone="", **said):
    """Bring a student in: one record of a person, who signs in by the student code, and beside it what the school says (`said`: major,
    graduates_on, born_on). Of a class of the school, they follow its courses from now on."""
    dealer = targeted_class.agreement.dealer if targeted_class else dealer
    require(may_keep_at(by, dealer), whose_student())
    _check_class(school, targeted_class)
    _check_days(entered_on, said.get("graduates_on"), said.get("born_on"), at)
    if Student.objects.filter(school=school, code__iexact=code).exists():
        raise Refused(_("%(school)s has a student with the code %(code)s already.") % {"school": school.name, "code": code}, field="code")
    person = hire_employee(
        dealer=dealer, position=post_of(Role.STUDENT), name=name, hired_on=timezone.localdate(at), person_kind=Employee.Kind.STUDENT,
        sign_in_name=sign_in_name(school, code), email=email, phone=phone, by=by, at=at,
    )  # fmt: skip
    values = {"major": said.get("major") or (targeted_class.major if targeted_class else ""), "born_on": said.get("born_on")}
    values["graduates_on"] = said.get("graduates_on") or (targeted_class.graduates_on if targeted_class else None)
    student = _created(Student(person=person, school=school, code=code, targeted_class=targeted_class, entered_on=entered_on, **values))
    record_event("schools.student_added", target=student, by=by, at=at, after={"code": code, "school": school.pk, **_told(student)})
    enrol_with_class(student, at)
    return student


def _created(student):
    try:
        with transaction.atomic():
            student.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            _("Someone else added a student with the code %(code)s a moment ago.") % {"code": student.code}, field="code"
        ) from None
    return student


def why_not_code(code):
    """Why nobody can sign in by a student code; empty when someone can."""
    if rules.NUMBER.fullmatch(code):
        return ""
    words = _("“%(code)s” can't be signed in with: a student code has up to 20 letters, digits, “.”, “+”, “-” or “_”, without spaces.")
    return words % {"code": code}


def sign_in_name(school, code):
    """The student code; where someone signs in by that already, with the school's code before it."""
    if reason := why_not_code(code):
        raise Refused(reason, field="code")
    longer = f"{school.code}-{code}"
    taken = names_taken([code, longer])
    if code.lower() not in taken:
        return code
    if longer.lower() in taken or not rules.NUMBER.fullmatch(longer):
        words = _("Someone signs in as %(code)s already, and %(longer)s can't be used either. Ask the school for another student code.")
        raise Refused(words % {"code": code, "longer": longer}, field="code")
    return longer


def _check_class(school, targeted_class):
    if targeted_class and targeted_class.agreement.school_id != school.pk:
        words = _("“%(class)s” is a class of another school. Choose one of %(school)s.")
        raise Refused(words % {"class": targeted_class.name, "school": school.name}, field="targeted_class")


def why_not_days(entered_on, graduates_on, born_on, on):
    """(field, reason) of each day that cannot be."""
    if graduates_on and graduates_on <= entered_on:
        yield "graduates_on", _("Someone graduates after they began. Correct one of the two days.")
    if born_on and born_on >= min(entered_on, on):
        yield "born_on", _("This can't be a date of birth; look at the year.")


def _check_days(entered_on, graduates_on, born_on, at):
    for field, reason in why_not_days(entered_on, graduates_on, born_on, timezone.localdate(at)):
        raise Refused(reason, field=field)


def _told(student):
    """For the audit log, which never holds a date of birth."""
    return {
        "major": student.major, "targeted_class": student.targeted_class_id, "entered_on": student.entered_on,
        "graduates_on": student.graduates_on, "has_birth_date": student.born_on is not None,
    }  # fmt: skip


def held(student, by):
    """The record as it stands now, held until the transaction ends; whose hands these are is asked."""
    found = Student.objects.select_for_update(of=("self",)).select_related("person__dealer", "person__position", "person__user", "school")
    student = found.get(pk=student.pk)
    require(may_keep_student(by, student), whose_student())
    return student


@transaction.atomic
def correct_student(*, student, by, at, shown=None, **values):
    """Correct what the school says: major, entered_on, graduates_on, born_on; of those that are given."""
    student = held(student, by)
    check_shown(shown, facts_of(student, *SHOWN), student)
    before = _told(student)
    changes = {name: values[name] for name in SHOWN if name in values and values[name] != getattr(student, name)}
    for name, value in changes.items():
        setattr(student, name, value)
    _check_days(student.entered_on, student.graduates_on, student.born_on, at)
    if student.born_on:
        student.born_erased_at = None
    if changes:
        student.save(update_fields=[*changes, "born_erased_at"])
        now = _told(student)
        differs = [name for name in now if now[name] != before[name]]
        was, became = ({name: side[name] for name in differs} for side in (before, now))
        if (
            "born_on" in changes and before["has_birth_date"] and now["has_birth_date"]
        ):  # that it is another one stays on record, never which
            became["birth_date_changed"] = True
        record_event("schools.student_corrected", target=student, by=by, at=at, before=was, after=became)
        recheck(people=[student.person_id])
    return student


@transaction.atomic
def move_student(*, student, targeted_class, by, at, shown=None):
    """To another class of the same school, or out of any. What they are enrolled in stays; the new class's courses come to it."""
    student = held(student, by)
    check_shown(shown, facts_of(student, "targeted_class"), student)
    _check_class(student.school, targeted_class)
    if targeted_class:
        require(may_keep_at(by, targeted_class.agreement.dealer), whose_student())
    if student.targeted_class_id == (targeted_class.pk if targeted_class else None):
        raise Refused(_("%(name)s is in this class already.") % {"name": student.person.name}, field="targeted_class")
    before, student.targeted_class = student.targeted_class_id, targeted_class
    student.save(update_fields=["targeted_class"])
    after = {"targeted_class": student.targeted_class_id}
    record_event("schools.student_moved", target=student, by=by, at=at, before={"targeted_class": before}, after=after)
    enrol_with_class(student, at)
    return student


@transaction.atomic
def issue_student_password(*, student, by, at):
    """A password to hand over with the sheet that says how they sign in: by HR, or by the coordinator of the student's own school, who
    never gives one to somebody who is staff, or who signs."""
    require(may_let_in(by, student), _("A student's password is handed over by HR or by the coordinator of their own school."))
    if may_manage_person(by, student.person):
        return issue_first_password(employee=student.person, by=by, at=at)
    person = locked(student.person)
    require(
        not person.is_staff and not is_signer(person, at), _("%(name)s is staff: HR hands over their password.") % {"name": person.name}
    )
    if not person.is_here:
        raise Refused(_("%(name)s has left; whoever has left does not sign in.") % {"name": person.name})
    return hand_over_password(person, by, at)


def erase_birth_dates(*, at):
    """Part of the nightly sweep: dates of birth that no rule asks for any more (`ages.erasable`). The log says that, never the date."""
    on = timezone.localdate(at)
    known = list(Student.objects.exclude(born_on=None).select_related("person__dealer"))
    asked = still_asked({one.person_id for one in known}, on)
    over = [one for one in known if erasable(one.born_on, on, is_asked=one.person_id in asked, is_over=not one.person.is_here)]
    with transaction.atomic():
        for student in over:
            Student.objects.filter(pk=student.pk).update(born_on=None, born_erased_at=at)
        record_events(event_of("schools.birth_date_erased", target=student, by=None, at=at) for student in over)
    return len(over)
