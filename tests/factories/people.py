from datetime import date
from itertools import count

from lms.accounts.models import User
from lms.people.models import Dealer, DealerGroup, Department, Employee, Position
from django.contrib.auth.models import Group

PASSWORD = "Steady-hands-42"
_numbers = count(1)

POSITIONS = {
    # code: (zh, en, department, track, role, is_leading, is_outside)
    "advisor": ("服务顾问", "Service advisor", "after_sales", "service", "staff", False, False),
    "technician": ("维修技师", "Technician", "after_sales", "technical", "staff", False, False),
    "service_supervisor": ("服务主管", "Service supervisor", "after_sales", "service", "supervisor", True, False),
    "technical_supervisor": ("技术主管", "Technical supervisor", "after_sales", "technical", "supervisor", True, False),
    "workshop_supervisor": ("车间主管", "Workshop supervisor", "after_sales", "", "supervisor", True, False),
    "service_manager": ("服务经理", "Service manager", "after_sales", "", "service_manager", True, False),
    "general_manager": ("总经理", "General manager", "management", "", "general_manager", False, False),
    "hr_officer": ("人事专员", "HR officer", "hr", "", "hr", False, False),
    "group_hr": ("集团人事", "Group HR", "hr", "", "group_hr", False, False),
    "information_assistant": ("信息助理", "Information assistant", "customer_relations", "", "watcher", False, False),
    "oem_service_coach": ("厂家服务培训指导", "OEM service coach", "outside", "", "examiner", False, True),
    "oem_technical_coach": ("厂家技术指导", "OEM technical coach", "outside", "", "examiner", False, True),
    "technical_director": ("集团技术总监", "Group technical director", "outside", "", "examiner", False, True),
    "course_author": ("课程编辑", "Course author", "outside", "", "author", False, True),
}


def make_group(code="yt"):
    return DealerGroup.objects.get_or_create(code=code, defaults={"name_zh": "益通集团", "name_en": "Yitong Group"})[0]


def make_dealer(code="YT01", group=None, **values):
    group = group or make_group()
    return Dealer.objects.get_or_create(code=code, defaults={"group": group, "name_zh": "益通店", "name_en": "Yitong", **values})[0]


def make_position(code="advisor"):
    zh, en, department, track, role, is_leading, is_outside = POSITIONS[code]
    home = Department.objects.get_or_create(code=department, defaults={"name_zh": department, "name_en": department})[0]
    return Position.objects.get_or_create(
        code=code,
        defaults={
            "name_zh": zh,
            "name_en": en,
            "department": home,
            "track": track,
            "role": role,
            "is_leading": is_leading,
            "is_outside": is_outside,
        },
    )[0]


def make_employee(position="advisor", *, dealer=None, name="", number="", manager=None, sign_in=True, **values):
    """An employee in the position (a code of `POSITIONS`), who can sign in with `PASSWORD` and holds the position's role."""
    serial = next(_numbers)
    dealer = dealer or make_dealer()
    position = make_position(position) if isinstance(position, str) else position
    number = number or f"T{serial:05}"
    user = None
    if sign_in:
        user = User(username=number, email=values.get("email", ""))
        user.set_password(PASSWORD)
        user.save()
        user.groups.set(Group.objects.filter(name=position.role))
    return Employee.objects.create(
        group=dealer.group,
        dealer=dealer,
        position=position,
        manager=manager,
        number=number,
        name=name or f"员工{serial}",
        user=user,
        **{"hired_on": date(2024, 3, 1), **values},
    )
