from collections import Counter
from datetime import timedelta

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Value, When

from assessments.certification.models import EXPIRING_DAYS, Certificate, OEMCertificate
from lms.common.compiled import compiled
from lms.people.models import Position
from lms.people.permissions import dealer_scope, people_scope
from lms.people.queries import staff_within, tracked_staff_on

POST = [field.attname for field in Position._meta.concrete_fields]


def certificates_visible_to(user):
    """Certificates of ours that `user` may see (own; dealer or group for those who see its people), with `state`."""
    return Certificate.objects.filter(people_scope(user, "employee__")).select_related("employee__position", "employee__dealer")


def oem_certificates_visible_to(user):
    certificates = OEMCertificate.objects.filter(people_scope(user, "employee__"))
    return certificates.select_related("employee__position", "employee__dealer", "brand")


def with_state(certificates, today):
    """Annotates `state`, what `state_on(today)` gives of one, to filter and sort by. Works for certificates of both kinds."""
    revoked = [When(revoked_at__isnull=False, then=Value("revoked"))] if certificates.model is Certificate else []
    return certificates.annotate(
        state=Case(
            *revoked,
            When(expires_on__lt=today, then=Value("expired")),
            When(expires_on__lte=today + timedelta(days=EXPIRING_DAYS), then=Value("expiring")),
            default=Value("valid"),
            output_field=CharField(),
        )
    )


def certificate_of_code(code):
    """The certificate that a QR code leads to, or None. The code is compared exactly; it is not for guessing."""
    return Certificate.objects.filter(code=code).first()


def certified_staff(user, today):
    """The staff in posts of a track at the dealers that `user` sees, with `holds`: a valid OEM certificate of the day `today` (G8)."""
    return _with_holding(staff_within(dealer_scope(user)), today)


def _with_holding(staff, today):
    people = staff.exclude(position__track="").filter(hired_on__lte=today)
    return people.annotate(holds=Exists(valid_on(today).filter(employee=OuterRef("pk"))))


def certified_share_now(user, today):
    """Of those, how many hold one, by position: [{"position", "certified", "total"}]. One statement, however many people."""
    counts = _holders(scope=dealer_scope(user), today=today)
    rows = [{"position": _post_of(row), "certified": row["certified"], "total": row["total"]} for row in counts]
    return sorted(rows, key=lambda row: (row["position"].order, row["position"].code))


def _post_of(row):
    return Position(**{name: row[f"position__{name}"] for name in POST})


@compiled
def _holders(*, scope, today):
    counts = _with_holding(staff_within(scope), today).order_by().values(*(f"position__{name}" for name in POST))
    return counts.annotate(total=Count("pk"), certified=Count("pk", filter=Q(holds=True)))


def valid_on(day):
    """The makers' certificates that held on that day."""
    return OEMCertificate.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=day), issued_on__lte=day)


def certified_share(dealer, day):
    """The same of one dealer as of any day.

    Who was staff then, in which position, and whose certificate was valid then, whatever has become of them since.
    """
    people = tracked_staff_on(dealer, day)
    holders = set(valid_on(day).filter(employee__in=list(people)).values_list("employee_id", flat=True))
    total, certified = Counter(people.values()), Counter(post for pk, post in people.items() if pk in holders)
    posts = sorted(total, key=lambda post: (post.order, post.code))
    return [{"position": post, "certified": certified[post], "total": total[post]} for post in posts]
