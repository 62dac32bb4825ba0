"""Who works at the demo dealers. Plain data; invented people."""

from datetime import date
from typing import NamedTuple


class Person(NamedTuple):
    number: str
    name: str
    position: str
    manager: str  # number, or empty
    hired_on: date
    # How good they are, 0-100, in theory and in practice: what the seed lets them answer and score.
    theory: int = 75
    practice: int = 75
    diligence: int = 92  # chance in 100 to be at a session
    oem_level: int = 0  # the maker's certificate held, 0 none


def _year(number):
    return date(2013 + number % 12, 1 + number % 12, 1 + (number * 7) % 27)


_LEADERS = [
    ("001", "沈国栋", "general_manager", ""),
    ("002", "孟海涛", "service_manager", "001"),
    ("003", "刘敏", "service_supervisor", "002"),
    ("004", "郑强", "workshop_supervisor", "002"),
    ("005", "吴志刚", "technical_supervisor", "002"),
    ("006", "何静", "hr_officer", "001"),
    ("007", "谢雨桐", "information_assistant", "001"),
]
# name, theory, practice, diligence, OEM level
_ADVISORS = [
    ("陈思远", 84, 82, 96, 1),
    ("林晓", 91, 88, 98, 2),
    ("黄雅婷", 78, 80, 94, 0),
    ("徐子昂", 66, 72, 90, 0),
    ("宋佳", 87, 79, 97, 1),
    ("冯凯文", 58, 64, 78, 0),
    ("邓晓梅", 73, 77, 93, 0),
    ("曹宇", 62, 70, 88, 0),
]
_TECHNICIANS = [
    ("王建国", 90, 94, 97, 2),
    ("赵磊", 85, 88, 95, 2),
    ("孙涛", 80, 83, 93, 1),
    ("周凯", 69, 78, 91, 0),
    ("李强", 74, 86, 94, 1),
    ("胡斌", 88, 81, 96, 2),
    ("朱永福", 61, 84, 89, 0),
    ("高翔", 77, 75, 92, 1),
    ("马超群", 55, 68, 80, 0),
    ("罗志明", 82, 79, 95, 1),
    ("梁宇航", 71, 70, 90, 0),
    ("韩冰", 86, 90, 97, 2),
    ("唐俊杰", 64, 66, 84, 0),
    ("许文博", 79, 82, 94, 1),
    ("彭飞", 68, 74, 91, 0),
    ("曾伟", 83, 77, 93, 0),
    ("萧远", 59, 62, 76, 0),
    ("蔡明轩", 70, 73, 90, 0),
]
_SECOND_LEADERS = [
    ("001", "姚立新", "general_manager", ""),
    ("002", "潘东升", "service_manager", "001"),
    ("003", "范晓燕", "service_supervisor", "002"),
    ("004", "石磊", "workshop_supervisor", "002"),
    ("005", "任建军", "technical_supervisor", "002"),
    ("006", "钟慧", "hr_officer", "001"),
    ("007", "田甜", "information_assistant", "001"),
]
_SECOND_ADVISORS = [
    ("薛婷", 76, 74, 92, 1),
    ("贺鹏", 63, 70, 86, 0),
    ("顾佳怡", 81, 83, 95, 1),
    ("毛俊", 57, 61, 79, 0),
    ("邱月", 72, 76, 91, 0),
]
_SECOND_TECHNICIANS = [
    ("江浩", 83, 85, 94, 1),
    ("史文涛", 66, 79, 90, 0),
    ("侯勇", 74, 72, 92, 1),
    ("龙飞扬", 60, 67, 82, 0),
    ("万里", 78, 80, 93, 1),
    ("段誉铭", 69, 71, 89, 0),
    ("雷鸣", 87, 89, 96, 2),
    ("汤磊", 64, 70, 88, 0),
    ("尹志平", 71, 76, 91, 0),
    ("黎昕", 58, 63, 80, 0),
]

OUTSIDE = [
    Person("GR001", "方毅", "technical_director", "", date(2015, 4, 1)),
    Person("GR002", "严芳", "group_hr", "", date(2016, 9, 1)),
    Person("GR004", "韦丽", "group_hr", "", date(2018, 2, 1)),
    Person("GR003", "苏文", "course_author", "", date(2020, 3, 1)),
    Person("EX001", "Thomas Keller", "oem_service_coach", "", date(2021, 1, 1)),
    Person("EX002", "田中裕介", "oem_technical_coach", "", date(2021, 1, 1)),
]


def staff_of(code, leaders, advisors, technicians):
    people = [
        Person(code + number, name, position, code + manager if manager else "", _year(int(number)), 88, 88, 99)
        for number, name, position, manager in leaders
    ]
    for offset, (position, boss, rows) in enumerate((("advisor", "003", advisors), ("technician", "005", technicians))):
        for index, (name, theory, practice, diligence, oem) in enumerate(rows, start=11 + 20 * offset):
            people.append(Person(f"{code}{index:03}", name, position, code + boss, _year(index + 3), theory, practice, diligence, oem))
    return people


MAIN = staff_of("YT01", _LEADERS, _ADVISORS, _TECHNICIANS)
SECOND = staff_of("YT02", _SECOND_LEADERS, _SECOND_ADVISORS, _SECOND_TECHNICIANS)

GROUP = ("yt", "益通汽车集团", "Yitong Auto Group")
DEALERS = [
    ("YT01", "益通店", "Yitong", "杭州", MAIN),
    ("YT02", "益达店", "Yida", "宁波", SECOND),
]

# Whose sign-in the quick start prints: number, what they do here.
PERSONAS = [
    ("YT01011", "service advisor", "服务顾问"),
    ("YT01031", "technician", "维修技师"),
    ("YT01003", "service supervisor", "服务主管"),
    ("YT01005", "technical supervisor", "技术主管"),
    ("YT01002", "service manager", "服务经理"),
    ("YT01006", "HR officer", "人事专员"),
    ("YT01001", "general manager", "总经理"),
    ("YT01007", "information assistant", "信息助理"),
    ("EX001", "OEM service coach (examiner)", "厂家服务培训指导(考官)"),
    ("EX002", "OEM technical coach (examiner)", "厂家技术指导(考官)"),
    ("GR001", "group technical director (examiner)", "集团技术总监(考官)"),
    ("GR002", "group HR", "集团人事"),
    ("GR003", "course author", "课程编辑"),
]
PASSWORD = "pitlane-2026"  # noqa: S105  of the demo only, printed by the quick start
