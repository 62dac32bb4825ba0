"""The schools that fill the posts, and who learns there. Plain data; invented people. Days count from today, backwards where negative."""

from datetime import timedelta
from typing import NamedTuple


class School(NamedTuple):
    code: str
    zh: str
    en: str
    city: str
    coordinator: str  # name
    signs_in_as: str
    duty: str


SCHOOLS = [
    School("QJ", "钱江汽车职业学校", "Qianjiang Motor Vocational School", "杭州", "柯文娟", "QJ001", "定向班联系人"),
    School("YJ", "甬江技师学院", "Yongjiang Technical College", "宁波", "鲍国华", "YJ001", "实习就业办"),
]


class Agreement(NamedTuple):
    """`renews`: the number of the one before. `weights` are those of internship, coursework, graduation."""

    dealer: str
    school: str
    number: str
    starts: int
    ends: int
    quota: int
    weights: tuple = (50, 30, 20)
    renews: str = ""


MAJORS = ["汽车运用与维修", "新能源汽车检测与维修"]
AGREEMENTS = [
    Agreement("YT01", "QJ", "QJ-DX-01", -1300, -206, 12),
    Agreement("YT01", "QJ", "QJ-DX-02", -205, 890, 20, renews="QJ-DX-01"),
    Agreement("YT02", "YJ", "YJ-DX-01", -707, 24, 10, weights=(40, 40, 20)),
]
# Of an agreement: who owes what by when, and when it was done.
DUTIES = {
    "QJ-DX-02": [
        ("dealer", "每学期派高级技师到校授课不少于两次", -60, -66),
        ("school", "学期末提供学生课业成绩", -30, -33),
        ("dealer", "实习开始前提供工位和带教师傅名单", 40, None),
    ],
    "YJ-DX-01": [("school", "商定续签意向和下一届名额", 10, None), ("dealer", "捐赠实训用发动机一台", -90, -97)],
}


class Class(NamedTuple):
    agreement: str
    code: str
    name: str
    major: str
    courses: tuple  # slugs
    due: int


CLASSES = [
    Class("QJ-DX-02", "QJ-A", "匠阶一班", MAJORS[0], ("greeting", "maintenance", "brakes"), 45),
    Class("YJ-DX-01", "YJ-A", "匠阶甬江班", MAJORS[1], ("greeting", "maintenance", "highvoltage"), 20),
]


class Student(NamedTuple):
    """`born`: years and days ago. `lessons` of the class's first course have been done; grades are None where the school gave none."""

    code: str
    name: str
    born: tuple = (19, 40)
    lessons: int = 0
    coursework: str | None = None
    graduation: str | None = None


STUDENTS = {
    "QJ-A": [
        # who came first, and has been ranked
        Student("QJ1001", "祝嘉豪", (20, 100), 3, "88.5", "90"),
        Student("QJ1002", "柏晨曦", (20, 61), 3, "84", "86"),
        Student("QJ1003", "裘俊", (19, 300), 2, "84", "86"),
        Student("QJ1004", "骆丹妮", (20, 12), 3, "79", "82"),
        Student("QJ1005", "卜文昊", (19, 210), 1, "75.5"),
        # who is here now
        Student("QJ1011", "倪子轩", (18, 250), 3, "86"),
        Student("QJ1012", "诸葛敏", (18, 120), 2, "81"),
        Student("QJ1013", "颜浩宇", (18, 330), 2, "77.5"),
        Student("QJ1014", "苗雨欣", (19, 20), 3, "90"),
        Student("QJ1015", "滕飞龙", (18, 20), 1, "68"),
        Student("QJ1016", "荀一凡", (17, 140), 1, "73"),  # not of age: the guardian's consent is missing
        # who is still at school
        Student("QJ1021", "鲁星辰", (17, 200), 1, "80"),
        Student("QJ1022", "邵可心", (17, 300), 0, "76"),
        Student("QJ1023", "闵杰", (18, 5)),
    ],
    "YJ-A": [
        Student("YJ2001", "岑立群", (21, 30), 3, "83", "85"),
        Student("YJ2002", "夏侯宁", (20, 220), 2, "78", "80"),
        Student("YJ2011", "郁家乐", (18, 80), 2, "82"),
        Student("YJ2012", "应佳慧", (18, 260), 1, "79"),
        Student("YJ2013", "楼思源", (18, 10), 1, "71"),
        Student("YJ2014", "屠明哲", (17, 320), 0, "85"),
        Student("YJ2015", "竺安琪", (17, 290), 0, "66"),
        Student("YJ2016", "宣鹏程", (18, 160)),
        Student("YJ2017", "车向阳", (17, 180)),
        Student("YJ2018", "励景行", (18, 222)),
    ],
}


class Station(NamedTuple):
    code: str
    zh: str
    en: str
    position: str
    capacity: int
    weeks: int
    mentor_level: int = 0
    asks_level: int = 0  # of who comes there: a newcomer has none
    is_high_risk: bool = False


STATIONS = {
    "YT01": [
        Station("reception", "接待", "Reception", "advisor", 2, 4),
        Station("quick", "快修快保", "Quick service", "technician", 2, 6),
        Station("mechanical", "机修", "Mechanical", "technician", 2, 6, mentor_level=1),
        Station("electrical", "电气诊断", "Electrical", "technician", 1, 5, mentor_level=1),
        Station("highvoltage", "高压维修", "High-voltage repair", "technician", 1, 2, mentor_level=2, asks_level=1, is_high_risk=True),
    ],
    "YT02": [
        Station("quick", "快修快保", "Quick service", "technician", 2, 8),
        Station("mechanical", "机修", "Mechanical", "technician", 2, 8),
    ],
}
# Staff whom HR has named as mentors, and how many newcomers each has at once.
MENTORS = {
    "YT01": [("YT01032", 3), ("YT01042", 3), ("YT01036", 2), ("YT01031", 2), ("YT01012", 2), ("YT01011", 1)],
    "YT02": [("YT02037", 2), ("YT02031", 2)],
}


class Batch(NamedTuple):
    """`marks`: the points of each by which the internship was evaluated, point by point; empty while it lasts."""

    dealer: str
    targeted_class: str
    name: str
    starts: int
    ends: int
    students: tuple
    marks: tuple = ()


BATCHES = [
    Batch("YT02", "YJ-A", "甬江首批", -132, -62, ("YJ2001", "YJ2002"), ((5, 4, 5, 4), (4, 4, 3, 4))),
    Batch(
        "YT01", "QJ-A", "钱江首批", -122, -52, ("QJ1001", "QJ1002", "QJ1003", "QJ1004", "QJ1005"),
        ((5, 5, 4, 5), (4, 5, 4, 4), (4, 5, 4, 4), (4, 4, 4, 3), (4, 3, 3, 4)),
    ),
    Batch("YT01", "QJ-A", "钱江二批", -45, 105, ("QJ1011", "QJ1012", "QJ1013", "QJ1014", "QJ1015", "QJ1016")),
]  # fmt: skip
PAY = "3800"
LATE = "QJ1016"  # begins today, and may not: the guardian's consent is missing
OVERTIME = "QJ1015"  # of whom the rules warn
WAGES = {"YT01": "2490", "YT02": "2490"}
WAGE_SOURCE = "省人力资源和社会保障厅最低工资标准"

# Task books: code, names, whether by points; then the tasks, with how often alone is enough and by which day, or how much a point weighs.
CHECKLISTS = [
    (
        "quick-service-tasks", "快修快保任务书", "Quick service tasks", "steps",
        [
            ("车间安全与举升机点检", "Workshop safety and lift check", 1, 30),
            ("机油与滤芯更换", "Oil and filter change", 2, 30),
            ("轮胎换位与胎压复位", "Tyre rotation and pressure reset", 2, 60),
            ("制动片检查与记录", "Brake pad check and record", 1, 60),
            ("完整保养独立完成", "A whole service, alone", 2, 90),
        ],
    ),
    (
        "intern-evaluation", "实习评价表", "Evaluation of an internship", "points",
        [
            ("动手能力", "Work with the hands", 4),
            ("安全与 5S", "Safety and tidiness", 3),
            ("守时与责任心", "Punctual and responsible", 2),
            ("沟通与团队", "Words and teamwork", 1),
        ],
    ),
    (
        "reception-tasks", "服务接待任务书", "Reception tasks", "steps",
        [
            ("迎接与引导停车", "Greeting and guiding the car in", 2, 30),
            ("环车检查", "Walk-round check", 2, 60),
            ("开具工单", "Writing the job card", 1, 60),
            ("交车说明", "Explaining the work at hand-over", 1, 90),
        ],
    ),
]  # fmt: skip
# Who is where with whom from the first day on, arranged by hand for so many days; the planner does the rest.
BY_HAND = [("QJ1011", "quick", "YT01032", 54), ("QJ1012", "reception", "YT01012", 47), ("QJ1013", "quick", "YT01042", 40)]
ARRANGED = "师徒结对，双方已约定"
# Whose task book by which checklist with which mentor, so many days ago; then (task, step, days after) of each sign-off.
BOOKS = [
    (
        "QJ1011", "quick-service-tasks", "YT01032", 43,
        [(0, 1, 1), (0, 3, 4), (1, 1, 3), (1, 2, 9), (1, 3, 15), (1, 3, 21), (2, 2, 24), (3, 1, 30)],
    ),
    ("QJ1012", "reception-tasks", "YT01012", 43, [(0, 2, 2), (0, 3, 8), (0, 3, 12), (1, 1, 15)]),
    ("QJ1013", "quick-service-tasks", "YT01042", 40, [(0, 1, 2), (0, 2, 12)]),
]  # fmt: skip
EVALUATION = "intern-evaluation"
# Weekly logs by the intern, the first week first, each with the mentor's answer, empty where none came yet; the week after them is open.
LOGS = {
    "QJ1011": ("YT01032", [
        (
            "第一周主要熟悉车间安全规定和举升机点检流程，跟着师傅做了六次日常保养，学会了查保养手册里的油量和扭矩。",
            "安全点检做得细，下周开始自己做机油更换。",
        ),
        (
            "本周在师傅帮助下完成了四台车的机油机滤更换，第一次自己填了工单，漏写了里程，被师傅当场指出并改正。",
            "记住：里程和油量是工单上最先写的两项。",
        ),
        (
            "独立更换机油两次，师傅检查后没有返工。轮胎换位时忘记复位胎压监测，下周重点练习。",
            "能自己发现问题很好，复位步骤抄一遍给我看。",
        ),
        ("和师傅一起做了制动片检查，学会了用量具读数并写进检查单，也第一次向服务顾问说明了更换建议。", ""),
    ]),
    "QJ1012": ("YT01012", [
        (
            "第一周在前台观察师傅接待客户，记下了迎接、问诊、环车检查的顺序，自己练习了开场白和引导停车。",
            "开场白自然多了，注意先称呼再问来意。",
        ),
        ("本周在师傅陪同下做了五次环车检查，有一次漏看了轮毂划痕，回来补拍了照片，明白了路线固定的好处。", ""),
    ]),
}  # fmt: skip


class Offer(NamedTuple):
    """Days on which it was made, on which contract and probation begin, and on which the probation ends; what was answered and when."""

    student: str
    made: int
    begins: int
    probation_until: int
    answer: str  # "accepted" or "declined"
    answered: int
    why: str = ""
    number: str = ""  # the employee number of the first day


OFFERS = [
    Offer("YJ2001", -55, -40, 20, "accepted", -53, number="YT02051"),
    Offer("YJ2002", -55, -40, 20, "declined", -52, why="准备专升本"),
    Offer("QJ1001", -4, 6, 96, "accepted", -2),
]
PROBATION_PAY, AGREED_PAY = "4200", "4700"
CONTRACT = timedelta(days=1100)  # three years and a little: a probation of three months is lawful
