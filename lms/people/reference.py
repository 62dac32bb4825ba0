"""The departments and positions of §1 of the domain notes: what a new installation begins with and HR then edits."""

from typing import NamedTuple

from lms.people.choices import Role, Track
from lms.people.models import Department, Position

DEPARTMENTS = {
    "management": ("经营管理部", "Management"),
    "after_sales": ("售后服务部", "After-sales service"),
    "hr": ("行政人事部", "HR and administration"),
    "customer_relations": ("客户关系部", "Customer relations"),
    "outside": ("外部人员", "Outside people"),
}


class Post(NamedTuple):
    zh: str
    en: str
    department: str
    track: str = ""
    role: str = Role.STAFF
    is_leading: bool = False
    is_outside: bool = False


POSITIONS = {
    "general_manager": Post("总经理", "General manager", "management", role=Role.GENERAL_MANAGER),
    "service_manager": Post("服务经理", "Service manager", "after_sales", role=Role.SERVICE_MANAGER, is_leading=True),
    "service_supervisor": Post("服务主管", "Service supervisor", "after_sales", Track.SERVICE, Role.SUPERVISOR, is_leading=True),
    "workshop_supervisor": Post("车间主管", "Workshop supervisor", "after_sales", role=Role.SUPERVISOR, is_leading=True),
    "technical_supervisor": Post("技术主管", "Technical supervisor", "after_sales", Track.TECHNICAL, Role.SUPERVISOR, is_leading=True),
    "advisor": Post("服务顾问", "Service advisor", "after_sales", Track.SERVICE),
    "technician": Post("维修技师", "Technician", "after_sales", Track.TECHNICAL),
    "information_assistant": Post("信息助理", "Information assistant", "customer_relations", role=Role.WATCHER),
    "hr_officer": Post("人事专员", "HR officer", "hr", role=Role.HR),
    "group_hr": Post("集团人事经理", "Group HR manager", "hr", role=Role.GROUP_HR),
    "course_author": Post("课程编辑", "Course author", "hr", role=Role.AUTHOR),
    "technical_director": Post("集团技术总监", "Group technical director", "outside", role=Role.EXAMINER, is_outside=True),
    "oem_service_coach": Post("厂家服务培训指导", "OEM service coach", "outside", role=Role.EXAMINER, is_outside=True),
    "oem_technical_coach": Post("厂家技术指导", "OEM technical coach", "outside", role=Role.EXAMINER, is_outside=True),
    "guest_lecturer": Post("外请讲师", "Guest lecturer", "outside", is_outside=True),
    "school_coordinator": Post("院校联系人", "School coordinator", "outside", role=Role.COORDINATOR, is_outside=True),
    "student": Post("学生", "Student", "outside", role=Role.STUDENT, is_outside=True),
    "intern": Post("实习生", "Intern", "after_sales", role=Role.INTERN),
}


def load_reference():
    """Fill in departments and positions where there are none yet; an installation that has some keeps them as they are."""
    if Position.objects.exists():
        return
    departments = {
        code: Department.objects.get_or_create(code=code, defaults={"name_zh": zh, "name_en": en})[0]
        for code, (zh, en) in DEPARTMENTS.items()
    }
    for order, code in enumerate(POSITIONS, start=1):
        make_position(code, departments, order=order * 10)


def make_position(code, departments, *, order):
    post = POSITIONS[code]
    return Position.objects.create(
        code=code,
        name_zh=post.zh,
        name_en=post.en,
        department=departments[post.department],
        track=post.track,
        role=post.role,
        is_leading=post.is_leading,
        is_outside=post.is_outside,
        order=order,
    )
