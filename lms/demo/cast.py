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
    joined: int = 0  # quarters before the present one; 0: before the history begins


def _year(number):
    return date(2011 + number % 12, 1 + number % 12, 1 + (number * 7) % 27)


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


# Who came within the history, by how many quarters ago.
_JOINED = {"YT01018": 6, "YT01047": 5, "YT01048": 2, "YT02015": 3, "YT02040": 4}
# Who was there when the history began and has left or gone to the other dealer since: number, name, post, theory, practice, diligence.
_ONCE_HERE = {
    "YT01": [
        ("YT01019", "丁一鸣", "advisor", 70, 72, 88),
        ("YT01049", "贾宁", "technician", 82, 84, 92),
        ("YT01050", "郭晓东", "technician", 64, 70, 82),
        ("YT01051", "施伟", "technician", 76, 80, 93),
    ],
    "YT02": [
        ("YT02016", "方圆", "advisor", 79, 78, 93),
        ("YT02041", "程浩", "technician", 73, 77, 88),
    ],
}


def _with_those_once_here(code, people):
    bosses = {"advisor": "003", "technician": "005"}
    once_here = [
        Person(number, name, position, code + bosses[position], _year(index), *skills)
        for index, (number, name, position, *skills) in enumerate(_ONCE_HERE[code], start=1)
    ]
    return [person._replace(joined=_JOINED.get(person.number, 0)) for person in [*people, *once_here]]


MAIN = _with_those_once_here("YT01", staff_of("YT01", _LEADERS, _ADVISORS, _TECHNICIANS))
SECOND = _with_those_once_here("YT02", staff_of("YT02", _SECOND_LEADERS, _SECOND_ADVISORS, _SECOND_TECHNICIANS))


class Move(NamedTuple):
    """What happened to one person `ago` quarters before the present one, on the `day`-th of its days."""

    ago: int
    day: int
    number: str
    what: str  # "left", "returned", "transferred"
    why: str
    to: str = ""  # the dealer transferred to


MOVES = [
    Move(7, 38, "YT01019", "left", "回老家发展"),
    Move(7, 52, "YT01038", "left", "跳槽到新能源品牌店"),
    Move(6, 61, "YT01050", "left", "考核多次未通过，本人申请离职"),
    Move(5, 24, "YT02041", "left", "薪资低于同城同行"),
    Move(4, 12, "YT01038", "returned", "看好评级与薪级挂钩，申请返岗"),
    Move(4, 33, "YT01051", "transferred", "支援益达店机电组", "YT02"),
    Move(3, 45, "YT02016", "left", "照顾家庭"),
    Move(2, 20, "YT01049", "left", "看不到晋升空间"),
]


def gone_before(history):
    """The numbers of those who had left or gone to the other dealer before a history of so many quarters began."""
    once_here = {number for rows in _ONCE_HERE.values() for number, *_rest in rows}
    return {move.number for move in MOVES if move.ago > history} & once_here


class Away(NamedTuple):
    """Leave that began `ago` quarters before the present one (0: counted back from today), and how many days it took."""

    ago: int
    day: int
    number: str
    days: int
    why: str
    kind: str = "annual"


AWAY = [
    Away(6, 30, "YT01013", 5, "年休假"),
    Away(5, 10, "YT01035", 20, "骨折休养", "sick"),
    Away(4, 40, "YT01015", 30, "产假", "parental"),
    Away(3, 21, "YT02034", 7, "婚假", "marriage"),
    Away(2, 50, "YT01041", 5, "年休假"),
    Away(1, 15, "YT02012", 4, "年休假"),
    Away(1, 64, "YT01036", 10, "陪产假", "parental"),
    Away(0, -6, "YT01043", 20, "腰椎手术后休养", "sick"),
]

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
    ("EX001", "OEM service coach (examiner)", "厂家服务培训指导（考官）"),
    ("EX002", "OEM technical coach (examiner)", "厂家技术指导（考官）"),
    ("GR001", "group technical director (examiner)", "集团技术总监（考官）"),
    ("GR002", "group HR", "集团人事"),
    ("GR003", "course author", "课程编辑"),
    ("YT01032", "mentor of interns (technician)", "带教师傅（维修技师）"),
    ("QJ1011", "intern", "实习生"),
    ("QJ001", "school coordinator", "院校联系人"),
]
PASSWORD = "pitlane-2026"  # noqa: S105  of the demo only, printed by the quick start
