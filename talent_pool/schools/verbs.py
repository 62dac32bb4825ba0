from django.utils.translation import gettext_lazy as _

from lms.audit.verbs import choice, concerns, count, day, number, record, room, text, verb, yes_no
from talent_pool.schools.models import Agreement, ClassCourse, Contact, Duty, Grade, School, Student, TargetedClass

VIEW = "schools.view_schools"


def _title_of_course(one):
    return f"{one.targeted_class.name} · {one.course.title}"


def _name(student):
    return student.person.name


def _of_student(grade):
    return grade.student.person.name


concerns(School, page="school", needs=VIEW)
concerns(Contact, page="school", argument="school_id", needs=VIEW)
concerns(Agreement, dealer="dealer", page="agreement", needs=VIEW)
concerns(Duty, dealer="agreement__dealer", page="agreement", argument="agreement_id", needs=VIEW)
concerns(TargetedClass, dealer="agreement__dealer", page="targeted_class", needs=VIEW)
concerns(
    ClassCourse, dealer="targeted_class__agreement__dealer", page="targeted_class", argument="targeted_class_id", needs=VIEW,
    related=("targeted_class", "course"), title=_title_of_course,
)  # fmt: skip
concerns(Student, person="person", dealer="person__dealer", page="student", needs=VIEW, related=("person",), title=_name)
concerns(
    Grade, person="student__person", dealer="student__person__dealer", page="student", argument="student_id", needs=VIEW,
    related=("student__person",), title=_of_student,
)  # fmt: skip

SCHOOL = {
    "code": text(_("School code")),
    "name_zh": text(_("Name in Chinese")),
    "name_en": text(_("Name in English")),
    "city": text(_("City")),
}
CONTACT = {"name": text(_("Name")), "duty": text(_("What for")), "phone": text(_("Phone")), "email": text(_("E-mail"))}
TERM = {
    "number": text(_("Number")), "signed_on": day(_("Signed on")), "starts_on": day(_("Starts on")), "ends_on": day(_("Ends on")),
    "quota": number(_("Places a year")), "majors": text(_("Majors")), "weight_internship": number(_("Weight of the internship, %")),
    "weight_coursework": number(_("Weight of coursework, %")), "weight_graduation": number(_("Weight of graduation, %")),
    "file": text(_("File")), "duties": count(_("Obligations")), "renews": record(_("Renews"), "schools.agreement"),
}  # fmt: skip
CLASS = {
    "code": text(_("Class code")), "name": text(_("Name")), "major": text(_("Major")), "entered_on": day(_("Began school on")),
    "graduates_on": day(_("Graduates on")),
}  # fmt: skip
STUDENT = {
    "code": text(_("Student code")), "school": record(_("School"), "schools.school"), "major": text(_("Major")),
    "targeted_class": record(_("Class"), "schools.targetedclass"), "entered_on": day(_("Began school on")),
    "graduates_on": day(_("Graduates on")), "has_birth_date": yes_no(_("A date of birth is held")),
    "birth_date_changed": yes_no(_("The date of birth is another one")),
}  # fmt: skip

room("schools", _("Schools"))
verb("schools.school_made", _("%(actor)s added the school %(target)s"), SCHOOL)
verb("schools.school_corrected", _("%(actor)s corrected the school %(target)s"), SCHOOL)
verb(
    "schools.contact_made", _("%(actor)s added the school contact %(target)s"), {**CONTACT, "school": record(_("School"), "schools.school")}
)
verb("schools.contact_corrected", _("%(actor)s corrected the school contact %(target)s"), CONTACT)
verb(
    "schools.contact_ended",
    _("%(actor)s ended the work of the school contact %(target)s with us"),
    {"ended_on": day(_("Until"))},
)
verb(
    "schools.coordinator_let_in",
    _("%(actor)s gave the school contact %(target)s a sign-in"),
    {"person": record(_("Person"), "people.employee")},
    person="person",
)
verb("schools.agreement_signed", _("%(actor)s recorded the training agreement %(target)s"), TERM)
verb("schools.agreement_renewed", _("%(actor)s renewed a training agreement: %(target)s"), TERM)
verb(
    "schools.agreement_ended",
    _("%(actor)s ended the training agreement %(target)s early"),
    {"ended_on": day(_("Ended early on")), "ended_reason": text(_("Reason"))},
)
verb(
    "schools.duty_added",
    _("%(actor)s added an obligation: %(target)s"),
    {"side": choice(_("Who owes it"), Duty.Side.choices), "due_on": day(_("Due on"))},
)
verb("schools.duty_done", _("%(actor)s recorded an obligation as done: %(target)s"), {"done_on": day(_("Done on"))})
verb("schools.class_made", _("%(actor)s added the targeted class %(target)s"), CLASS)
verb("schools.course_set", _("%(actor)s set a course of a class: %(target)s"), {"due_on": day(_("Due on"))})
verb("schools.course_dropped", _("%(actor)s took a course off a class: %(target)s"), {"due_on": day(_("Due on"))})
verb("schools.student_added", _("%(actor)s added the student %(person)s"), STUDENT)
verb("schools.student_corrected", _("%(actor)s corrected the school record of %(person)s"), STUDENT)
verb(
    "schools.student_moved",
    _("%(actor)s moved %(person)s to another class"),
    {"targeted_class": record(_("Class"), "schools.targetedclass")},
)
verb("schools.birth_date_erased", _("The date of birth of %(person)s was erased"))
verb(
    "schools.grade_recorded",
    _("%(actor)s recorded a grade of %(person)s"),
    {"kind": choice(_("Kind"), Grade.Kind.choices), "score": number(_("Score, 0–100")), "given_on": day(_("Given on"))},
)
