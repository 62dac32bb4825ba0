"""Pay after a move (§1): what is in force for people, and which moves still ask their HR for a decision."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from lms.common.compiled import compiled
from lms.people.models import Employee, EmploymentEvent, Position
from lms.people.permissions import dealer_scope, is_technical
from lms.people.queries import lines_of_people
from talent_pool.pay.in_force import Paid, Post, band_at, band_of, fits, paid_on, posts_of
from talent_pool.pay.models import LIVE, Band, BandTable, KeptPay, PayChange
from talent_pool.pay.permissions import APPROVE
from talent_pool.pay.proposals import table_on

FINAL = ["countersigned", "exported"]
MOVES = [EmploymentEvent.Kind.TRANSFERRED, EmploymentEvent.Kind.PROMOTED, EmploymentEvent.Kind.RETURNED]
MOST = 200  # how many moves a page shows at once


@dataclass(frozen=True)
class Standing:
    """What is in force for a person on a day, and how a move bears on it.

    `decision`: "needed" while HR has not said what a move means, "under_way" while what was proposed is signed, "kept" where HR kept
    what was in force, empty where the pay is of the post that the person has.
    """

    employee: Employee
    paid: Paid | None
    post: Post
    band: Band | None
    table: BandTable | None
    next_band: Band | None
    decision: str


def standing_of(employee, day):
    return standings_of([employee], day)[employee.pk]


def standings_of(people, day):
    """{employee id: `Standing`} on `day`, in six statements."""
    facts = _Facts(people, day)
    return {person.pk: _standing(person, facts, day) for person in people}


def _standing(person, facts, day):
    posts = facts.posts.get(person.pk) or [Post(person.hired_on, person.dealer_id, person.position.track)]
    post, paid = posts[-1], paid_on(facts.entries[person.pk], posts, day)
    band = band_of(paid, facts.tables[paid.dealer], day) if paid else None
    if paid and band is None and not fits(paid, post):  # nothing was ever signed, nor decided by a table where they came from
        paid = Paid(post.dealer, post.track, 0) if post.track else None
        band = band_of(paid, facts.tables[post.dealer], day)
    here, table = fits(paid, post), table_on(facts.tables[post.dealer], day)
    return Standing(
        person, paid, post, band,
        table=table,
        next_band=band_at(table, paid.track, paid.level + 1) if paid and here else None,
        decision="" if here or not person.is_here else facts.decision(person, post),
    )  # fmt: skip


class _Facts:
    """What the database says of these people."""

    def __init__(self, people, day):
        numbers = [person.pk for person in people]
        tracks = dict(Position.objects.values_list("pk", "track"))
        self.posts = {pk: posts_of(lines, tracks, day) for pk, lines in lines_of_people(numbers).items()}
        self.entries, self.live = defaultdict(list), defaultdict(list)
        changes = PayChange.objects.filter(employee__in=numbers, status__in=[*LIVE, "exported"])
        for change in changes.select_related("from_band", "to_band__table").order_by("effective_on", "pk"):
            (self.entries if change.status in FINAL else self.live)[change.employee_id].append(change)
        self.kept = set(KeptPay.objects.filter(employee__in=numbers).values_list("event_id", flat=True))
        self.tables = defaultdict(list)
        places = {post.dealer for posts in self.posts.values() for post in posts} | {person.dealer_id for person in people}
        places |= {entry.to_band.table.dealer_id for entries in self.entries.values() for entry in entries}
        for table in BandTable.objects.filter(dealer__in=places).select_related("made_by__employee").prefetch_related("bands"):
            self.tables[table.dealer_id].append(table)

    def decision(self, person, post):
        if post.line in self.kept:
            return "kept"
        place = (post.dealer, post.track)
        coming = [*self.live[person.pk], *self.entries[person.pk][-1:]]  # what is decided may begin on a later day
        return "under_way" if any((one.to_band.table.dealer_id, one.to_band.track) == place for one in coming) else "needed"


def moves_to_decide(user, *, at, dealer=None):
    """[`Standing`] of the people whose pay after a move waits for a decision of `user`, at most `MOST`; never the own one."""
    if is_technical(user) or not user.has_perm(APPROVE):
        return []
    scope = dealer_scope(user) & Q(dealer=dealer.pk) if dealer else dealer_scope(user)
    people = _perhaps(scope=scope, user=user.pk, today=timezone.localdate())
    found = standings_of(people, timezone.localdate(at)) if people else {}
    return [one for one in found.values() if one.decision == "needed"]


@compiled
def _perhaps(*, scope, user, today):
    """Those of the people here who moved, and whose newest entry, or else some line of history, is of another place than theirs."""
    ours = {"employee": OuterRef("pk")}
    newest = PayChange.objects.filter(**ours, status__in=FINAL, effective_on__lte=today).order_by("-effective_on", "-pk")
    lines = EmploymentEvent.objects.filter(**ours)
    elsewhere = lines.exclude(dealer=OuterRef("dealer"), position__track=OuterRef("position__track"))
    people = Employee.objects.filter(scope, Exists(lines.filter(kind__in=MOVES))).exclude(status=Employee.Status.LEFT)
    people = people.annotate(
        paid_at=Subquery(newest.values("to_band__table__dealer")[:1]), paid_as=Subquery(newest.values("to_band__track")[:1])
    )
    found = people.filter(
        Q(paid_at=None) & Exists(elsewhere) | Q(paid_at__isnull=False) & (~Q(paid_at=F("dealer")) | ~Q(paid_as=F("position__track")))
    )
    found = found.exclude(user=user).select_related("dealer", "position", "user")
    return found.order_by("dealer__code", "number", "pk")[:MOST]
