import random
from datetime import date, timedelta

from lms.accounts.models import User
from lms.people.models import Dealer, Employee, EmploymentEvent, Leave
from tests.load.scale.frame import BATCH, Store, Worker, code_of, moment

# (position, how many, the position of their line manager), those above before those below.
STAFF = [
    ("general_manager", 1, ""),
    ("service_manager", 1, "general_manager"),
    ("hr_officer", 1, "general_manager"),
    ("information_assistant", 1, "general_manager"),
    ("service_supervisor", 1, "service_manager"),
    ("workshop_supervisor", 1, "service_manager"),
    ("technical_supervisor", 1, "service_manager"),
    ("advisor", 15, "service_supervisor"),
    ("technician", 30, "technical_supervisor"),
]
# Who rose from below: their history has two lines.
ROSE_FROM = {"service_supervisor": "advisor", "technical_supervisor": "technician", "workshop_supervisor": "technician"}
GONE = ["advisor", "technician"]  # one of each has left
EXAMINERS = ["oem_service_coach", "oem_technical_coach", "technical_director"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰涛明超霞平刚玲桂辉鹏华飞红建文志海云龙宇浩雪晨佳欣博凯雷婷峰琳"
CITIES = ["杭州", "宁波", "温州", "绍兴", "嘉兴", "湖州", "金华", "台州", "苏州", "无锡", "常州", "南京"]


def add_people(frame, district, numbers):
    """Dealers with their staff, sign-ins, roles, managers and history. Returns a `Store` for each."""
    dealers = Dealer.objects.bulk_create([_dealer(frame, number) for number in numbers])
    examiners = _examiners(frame, district, dealers[0])
    stores = [Store(dealer, random.Random(f"{frame.seed}/{dealer.code}"), examiners) for dealer in dealers]
    staff = {store.dealer.pk: [_draft(frame, store, serial, post) for serial, post in enumerate(_posts(), start=1)] for store in stores}
    _give_sign_ins(frame, [person for people in staff.values() for person in people])
    for position, _count, above in STAFF:
        _insert(stores, staff, position, above)
    _write_history(frame, stores, staff)
    return stores


def _dealer(frame, number):
    city = CITIES[number % len(CITIES)]
    return Dealer(group=frame.group, code=code_of(number), name_zh=f"{city}{number}店", name_en=f"Store {number}", city=city)


def _posts():
    """(position, status) of everyone, those who left last, so that they disturb nobody's number."""
    here = [(position, Employee.Status.ACTIVE) for position, count, _above in STAFF for _ in range(count)]
    return here + [(position, Employee.Status.LEFT) for position in GONE]


def _draft(frame, store, serial, post):
    position, status = post
    chance = store.random
    if position == "technician" and status == Employee.Status.ACTIVE and chance.random() < 0.03:
        status = Employee.Status.ON_LEAVE
    hired_on = date(frame.first.year - chance.randint(1, 11), chance.randint(1, 12), chance.randint(1, 27))
    return Employee(
        group=frame.group,
        dealer=store.dealer,
        position=frame.positions[position],
        number=f"{store.dealer.code}{serial:03}",
        name=_name(chance),
        hired_on=hired_on,
        status=status,
        left_on=frame.first - timedelta(days=chance.randint(1, 80)) if status == Employee.Status.LEFT else None,
    )


def _name(chance):
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice([1, 2, 2, 2])))


def _give_sign_ins(frame, people):
    users = User.objects.bulk_create(
        [User(username=one.number, password=frame.password, is_active=one.is_here, date_joined=moment(one.hired_on, 9)) for one in people],
        batch_size=BATCH,
    )
    member = User.groups.through
    for person, user in zip(people, users, strict=True):
        person.user = user
    member.objects.bulk_create(
        [member(user_id=one.user_id, group_id=frame.roles[one.position.role]) for one in people if one.is_here], batch_size=BATCH
    )


def _insert(stores, staff, position, above):
    """Everyone in the position, at all dealers at once; their managers are in already."""
    new = []
    for store in stores:
        for person in staff[store.dealer.pk]:
            if person.position.code == position:
                person.manager = store.head(above) if above else None
                new.append(person)
                if person.is_here:
                    store.workers[position].append(_worker(person, store.random))
    Employee.objects.bulk_create(new, batch_size=BATCH)


def _worker(person, chance):
    return Worker(person, theory=chance.randint(52, 97), practice=chance.randint(52, 97), diligence=chance.randint(78, 99))


def _write_history(frame, stores, staff):
    events, leaves = [], []
    for store in stores:
        for person in staff[store.dealer.pk]:
            events += _history(frame, person)
            if person.status == Employee.Status.ON_LEAVE:
                first = frame.first + timedelta(days=store.random.randint(0, 20))
                leaves.append(
                    Leave(employee=person, starts_on=first, ends_on=frame.today + timedelta(days=60), approved_by=store.user("hr_officer"))
                )
    EmploymentEvent.objects.bulk_create(events, batch_size=BATCH)
    Leave.objects.bulk_create(leaves, batch_size=BATCH)


def _history(frame, person):
    Kind = EmploymentEvent.Kind
    began_as = frame.positions[ROSE_FROM.get(person.position.code, person.position.code)]
    yield _line(person, Kind.HIRED, person.hired_on, began_as)
    if began_as != person.position:
        yield _line(person, Kind.PROMOTED, person.hired_on + timedelta(days=300), person.position)
    if person.status == Employee.Status.LEFT:
        yield _line(person, Kind.LEFT, person.left_on, person.position, "个人原因")


def _line(person, kind, on, position, reason=""):
    return EmploymentEvent(
        employee=person, kind=kind, on=on, dealer_id=person.dealer_id, position=position, manager=person.manager, reason=reason
    )


def _examiners(frame, district, host):
    """The outside examiners of a district, made with its first dealer. {position: Employee}"""
    numbers = {position: f"SX{district:03}{place}" for place, position in enumerate(EXAMINERS, start=1)}
    there = {one.number: one for one in Employee.objects.filter(group=frame.group, number__in=numbers.values()).select_related("user")}
    if not there:
        chance = random.Random(f"{frame.seed}/district {district}")
        post = {"group": frame.group, "dealer": host, "hired_on": date(2021, 1, 1)}
        new = [
            Employee(position=frame.positions[position], number=number, name=_name(chance), **post) for position, number in numbers.items()
        ]
        _give_sign_ins(frame, new)
        Employee.objects.bulk_create(new)
        EmploymentEvent.objects.bulk_create([line for one in new for line in _history(frame, one)])
        there = {one.number: one for one in new}
    return {position: there[number] for position, number in numbers.items()}
