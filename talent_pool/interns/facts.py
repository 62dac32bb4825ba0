"""What the rule check is told of interns (C5): records turned into plain facts, for many placements in few statements.

`placements` and `shares` are registered with `talent_pool.labour.gatherers`; the check asks for a few dealers at a time.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, prefetch_related_objects

from lms.common.bilingual import names_of
from lms.people.choices import Level
from lms.people.models import EmploymentEvent
from lms.people.queries import staff_within
from talent_pool.interns.models import STANDING, Paper, Pause, Placement, Rotation
from talent_pool.interns.queries.placements import under_way
from talent_pool.labour.gatherers import gatherer
from talent_pool.labour.rules.facts import DealerFacts, Elsewhere, Period, PlacementFacts, PostShare
from talent_pool.pay.models import Band, BandTable
from talent_pool.schools.ages import asks_for_ages

DAY = timedelta(days=1)
ADULT = 18  # a birth date is erased once nobody asks for it: of grown-ups alone
Kind = Paper.Kind


@gatherer
def placements(*, dealers=None, people=None, on):
    """The `PlacementFacts` of all that are not over on the day. Six statements, however many there are."""
    found = Placement.objects.filter(_of(dealers, people), stage__in=STANDING).filter(_not_over(on))
    yield from facts_given(found.select_related("person__student", "batch__dealer").order_by("pk"), on)


def facts_given(rows, on):
    """The facts of placements at hand, each with student and dealer; papers and rotations that are at hand too are not read again."""
    rows = list(rows)
    prefetch_related_objects(rows, "papers", Prefetch("rotations", Rotation.objects.select_related("station__position")))
    others = Placement.objects.filter(person__in=[row.person_id for row in rows], stage__in=STANDING).filter(_not_over(on))
    others = _grouped(others.select_related("batch__dealer"), "person_id")
    bands, back = lowest_bands({row.batch.dealer_id for row in rows}, on), who_came_back(row.person for row in rows)
    for row in rows:
        yield _facts(row, others[row.person_id], bands, row.person_id in back)


def who_came_back(people):
    """Of whoever had left, the date of birth was erased at any age: that proves none. One statement, where one was erased at all."""
    erased = [one.pk for one in people if (student := getattr(one, "student", None)) and student.born_erased_at]
    return set(EmploymentEvent.objects.filter(employee__in=erased, kind="left").values_list("employee", flat=True)) if erased else set()


def _of(dealers, people):
    wanted = Q() if dealers is None else Q(batch__dealer__in=dealers)
    return wanted if people is None else wanted & Q(person__in=people)


def _not_over(on):
    return Q(ended_on=None, ends_on__gte=on) | Q(ended_on__gte=on)


def _grouped(rows, name):
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _facts(row, others, bands, came_back):
    student, rotations = getattr(row.person, "student", None), row.rotations.all()
    return PlacementFacts(
        intern=student.code if student else "", placement=str(row.pk), person=row.person_id, dealer=row.batch.dealer_id,
        kind=row.kind, starts_on=row.starts_on, ends_on=row.last_day, through_agency=row.through_agency,
        **_age(student, row.starts_on, came_back), **_papers(row.papers.all()), **_work(row, rotations), **_pay(row, rotations, bands),
        deposit=row.deposit, fee=row.fee, papers_kept=row.keeps_papers, elsewhere=tuple(_elsewhere(row, others)),
    )  # fmt: skip


def _age(student, starts_on, came_back):
    return age_of(student, came_back) | ({"school_year": student.school_year(starts_on)} if student else {})


def age_of(student, came_back):
    """The birth date, or what it proved before it was erased."""
    if student is None:
        return {}
    return {"born_on": student.born_on, "proved_age": ADULT if student.born_erased_at and not came_back else None}


def _papers(papers):
    """The first of each kind that was signed; the agreement's term goes on with one that follows it without a gap."""
    of = defaultdict(list)
    for paper in sorted(papers, key=lambda one: one.starts_on):
        if paper.withdrawn_at is None:
            of[paper.kind].append(paper)
    first = {kind: rows[0].starts_on for kind, rows in of.items()}
    return {
        "agreement_signed_on": first.get(Kind.AGREEMENT), "agreement": term_of(of[Kind.AGREEMENT]),
        "student_consent_on": first.get(Kind.STUDENT_CONSENT), "guardian_consent_on": first.get(Kind.GUARDIAN_CONSENT),
        "insurance": tuple(Period(one.starts_on, one.ends_on) for one in of[Kind.INSURANCE]),
        "safety_instruction_on": first.get(Kind.SAFETY),
    }  # fmt: skip


def term_of(papers):
    """From when to when papers, the earliest first, are valid in one piece; None where there are none."""
    if not papers:
        return None
    until = papers[0].ends_on
    for paper in papers[1:]:
        if until is None or paper.starts_on > until + DAY:
            break
        until = None if paper.ends_on is None else max(until, paper.ends_on)
    return Period(papers[0].starts_on, until)


def _work(row, rotations):
    risky = any(one.station.is_high_risk for one in rotations) if rotations else None
    return {
        "hours_a_day": row.hours_a_day, "days_a_week": Decimal(row.days_a_week), "overtime_a_month": row.overtime_hours,
        "nights": row.works_nights, "holidays": row.works_holidays, "high_risk": risky, "labour_grade": row.labour_grade,
    }  # fmt: skip


def _pay(row, rotations, bands):
    """Of several posts one after the other the best paid is the measure."""
    tracks = {one.station.position.track for one in rotations} - {""}
    wages = [bands[key] for track in tracks if (key := (row.batch.dealer_id, track)) in bands]
    lowest, standard = max(wages, default=(None, None))
    every = row.pay_every_months
    return {
        "independent": row.works_independently, "pay_amount": row.monthly_pay and row.monthly_pay * every, "pay_months": Decimal(every),
        "in_money": row.paid_in_money, "to_student": row.paid_to_student, "lowest_wage": lowest, "post_wage": standard,
    }  # fmt: skip


def lowest_bands(dealers, on):
    """{(dealer id, track): (lowest grade, wage of the post)} by the band tables in force: level 0, and level 1, CNY a month."""
    newest: dict = {}
    for table in BandTable.objects.filter(dealer__in=dealers, effective_on__lte=on).order_by("effective_on"):
        newest[table.dealer_id] = table.pk
    rows = Band.objects.filter(table__in=newest.values(), level__in=[Level.NONE, Level.JUNIOR]).select_related("table")
    pay = {(one.table.dealer_id, one.track, one.level): one.base_pay for one in rows}
    return {
        (dealer, track): (amount, pay.get((dealer, track, Level.JUNIOR), amount))
        for (dealer, track, level), amount in pay.items()
        if level == Level.NONE
    }


def _elsewhere(row, others):
    """Placements of the same person at another dealer on some of the same days."""
    for other in others:
        apart = other.starts_on > row.last_day or other.last_day < row.starts_on
        if other.batch.dealer_id != row.batch.dealer_id and not apart:
            dealer = other.batch.dealer
            yield Elsewhere(dealer.pk, max(other.starts_on, row.starts_on), min(other.last_day, row.last_day), names_of(dealer))


# --- How many interns a dealer has beside its staff ------------------------------------------------------------------


@gatherer
def shares(*, dealers=None, people=None, on):
    """The `DealerFacts` of each dealer that has interns on a post internship on the day. Three statements. Of people it says nothing."""
    if people is not None:
        return
    here = Placement.objects.filter(under_way(on), _of(dealers, None), kind=Placement.Kind.POST)
    here = here.exclude(pk__in=Pause.objects.filter(starts_on__lte=on, ends_on__gte=on).values("placement"))
    interns = dict(here.order_by().values_list("batch__dealer").annotate(count=Count("pk")))
    staff, posts = _staff(interns), _posts(here, on)
    for dealer, count in sorted(interns.items()):
        names = {post: names for (of, post), (_count, names) in posts.items() if of == dealer}
        rows = (PostShare(code, staff.get((dealer, code), 0), posts[dealer, code][0], names[code]) for code in sorted(names))
        everyone = sum(number for (of, _post), number in staff.items() if of == dealer)
        yield DealerFacts(dealer=dealer, staff=everyone, interns=count, posts=tuple(rows))


def _staff(dealers):
    """{(dealer id, code of a post): staff who are here}"""
    rows = staff_within(Q(dealer__in=list(dealers))).order_by().values_list("dealer", "position__code").annotate(count=Count("pk"))
    return {(dealer, code): count for dealer, code, count in rows}


def _posts(here, on):
    """{(dealer id, code of a post): (interns at its stations on the day, its names)}"""
    now = Rotation.objects.filter(placement__in=here.values("pk"), starts_on__lte=on, ends_on__gte=on)
    path = "station__position__"
    rows = now.order_by().values_list("placement__batch__dealer", f"{path}code", f"{path}name_zh", f"{path}name_en")
    return {
        (dealer, code): (count, {"zh": zh, "en": en or zh})
        for dealer, code, zh, en, count in rows.annotate(count=Count("placement", distinct=True))
    }


# --- Whose age is still asked ---------------------------------------------------------------------------------------


@asks_for_ages
def whose_age_is_asked(people, on):
    """Of some people (ids) those with a placement that runs or is ahead: their date of birth is held until it is over. One statement."""
    return Placement.objects.filter(_not_over(on), person__in=people, stage__in=STANDING).values_list("person", flat=True)
