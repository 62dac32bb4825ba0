"""Schools and what is agreed with them, students and interns."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.contrib.auth.models import Group

from talent_pool.interns.models import Batch, Paper, Placement, Rotation, Station
from talent_pool.schools.models import Agreement, Contact, Grade, School, Student, TargetedClass
from tests.factories.people import make_dealer, make_employee, make_position

__all__ = [
    "make_agreement", "make_batch", "make_coordinator", "make_grade", "make_paper", "make_placement", "make_rotation", "make_school",
    "make_station", "make_student", "make_targeted_class", "with_mentor_role", "with_papers",
]  # fmt: skip
_numbers = count(1)
RECORDED = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)


def make_school(code="LJ", dealer=None, **values):
    group = (dealer or make_dealer()).group
    names = {"name_zh": "临江职业技术学院", "name_en": "Linjiang Vocational College", "city": "临江"}
    return School.objects.get_or_create(group=group, code=code, defaults=names | values)[0]


def make_coordinator(school=None, *, dealer=None, name="周老师", **values):
    """The person, who signs in and is a contact of the school."""
    school = school or make_school(dealer=dealer)
    person = make_employee("school_coordinator", dealer=dealer, name=name, **values)
    Contact.objects.create(school=school, person=person, name=name, duty="定向班")
    return person


def make_agreement(school=None, dealer=None, **values):
    dealer = dealer or make_dealer()
    given = {
        "number": f"DX-{next(_numbers):04}", "signed_on": date(2025, 6, 1), "starts_on": date(2025, 9, 1), "ends_on": date(2028, 8, 31),
        "quota": 20, "majors": ["汽车运用与维修"], "weight_internship": 50, "weight_coursework": 30, "weight_graduation": 20,
        "made_at": RECORDED,
    }  # fmt: skip
    return Agreement.objects.create(school=school or make_school(dealer=dealer), dealer=dealer, **given | values)


def make_targeted_class(agreement=None, **values):
    given = {"code": f"C{next(_numbers)}", "name": "2024级定向班", "entered_on": date(2024, 9, 1), "graduates_on": date(2027, 6, 30)}
    return TargetedClass.objects.create(agreement=agreement or make_agreement(), **given | values)


def make_student(targeted_class=None, *, dealer=None, school=None, born_on=date(2006, 5, 4), position="student", **values):
    """The record of the school; `.person` is the person, who signs in."""
    dealer = dealer or (targeted_class.agreement.dealer if targeted_class else make_dealer())
    school = school or (targeted_class.agreement.school if targeted_class else make_school(dealer=dealer))
    serial = next(_numbers)
    person = make_employee(position, dealer=dealer, name=values.pop("name", f"学生{serial}"), hired_on=date(2025, 9, 1))
    given = {"code": f"XS{serial:04}", "entered_on": date(2024, 9, 1), "graduates_on": date(2027, 6, 30), "major": "汽车运用与维修"}
    return Student.objects.create(person=person, school=school, targeted_class=targeted_class, born_on=born_on, **given | values)


def make_grade(student, kind="coursework", score="80", **values):
    return Grade.objects.create(student=student, kind=kind, score=Decimal(score), **{"recorded_at": RECORDED, **values})


def make_batch(targeted_class=None, *, dealer=None, **values):
    targeted_class = targeted_class or make_targeted_class(make_agreement(dealer=dealer))
    agreement = targeted_class.agreement
    given = {"name": f"第{next(_numbers)}批", "starts_on": date(2026, 11, 2), "ends_on": date(2027, 4, 30), "made_at": RECORDED}
    return Batch.objects.create(
        dealer=agreement.dealer, school=agreement.school, agreement=agreement, targeted_class=targeted_class, **given | values
    )


def make_placement(batch=None, student=None, **values):
    batch = batch or make_batch()
    student = student or make_student(batch.targeted_class)
    given = {"starts_on": batch.starts_on, "ends_on": batch.ends_on, "monthly_pay": Decimal(3000)}
    return Placement.objects.create(batch=batch, person=student.person, **given | values)


def make_paper(placement, kind, **values):
    given = {"starts_on": placement.starts_on - timedelta(days=14), "ends_on": placement.ends_on if kind == "insurance" else None}
    return Paper.objects.create(placement=placement, kind=kind, **{"recorded_at": RECORDED, **given, **values})


def with_papers(placement):
    """The placement with every paper that it needs."""
    for kind in Paper.Kind.values:
        make_paper(placement, kind)
    return placement


def make_station(code="mechanical", *, dealer=None, **values):
    given = {"name_zh": "机修", "name_en": "Mechanical", "capacity": 3, "weeks": 4, "position": make_position("technician")}
    return Station.objects.create(dealer=dealer or make_dealer(), code=code, **given | values)


def _station_of(dealer):
    return Station.objects.filter(dealer=dealer, code="mechanical").first() or make_station(dealer=dealer)


def make_rotation(placement, station=None, *, mentor=None, **values):
    station = station or _station_of(placement.batch.dealer)
    given = {"starts_on": placement.starts_on, "ends_on": placement.starts_on + timedelta(days=27), "planned_hours": 160}
    return Rotation.objects.create(placement=placement, station=station, mentor=mentor, made_at=RECORDED, **given | values)


def with_mentor_role(employee):
    """As naming a mentor gives it."""
    employee.user.groups.add(Group.objects.get(name="mentor"))
    return employee
