from collections import Counter
from datetime import timedelta

from django.db.models import Case, CharField, Q, Value, When
from django.utils import timezone

from assessments.certification.models import EXPIRING_DAYS, Certificate, OEMCertificate
from lms.people.permissions import people_scope
from lms.people.queries import tracked_staff_on


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


def certified_share(dealer, today=None):
    """How many of the staff hold a valid OEM certificate, by position of a track: [{"position", "certified", "total"}] (G8).

    Of a day in the past: who was staff then, in which position, and whose certificate was valid then, whatever has become of them since.
    """
    today = today or timezone.localdate()
    people = tracked_staff_on(dealer, today)
    valid = OEMCertificate.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today), issued_on__lte=today)
    holders = set(valid.filter(employee__in=list(people)).values_list("employee_id", flat=True))
    total, certified = Counter(people.values()), Counter(post for pk, post in people.items() if pk in holders)
    posts = sorted(total, key=lambda post: (post.order, post.code))
    return [{"position": post, "certified": certified[post], "total": total[post]} for post in posts]
