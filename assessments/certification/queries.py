from datetime import timedelta

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from assessments.certification.models import EXPIRING_DAYS, Certificate, OEMCertificate
from lms.people.permissions import people_scope
from lms.people.queries import present_staff


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
    """How many of the staff hold a valid OEM certificate, by position of a track: [{"position", "certified", "total"}] (G8)."""
    today = today or timezone.localdate()
    valid = OEMCertificate.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today), employee=OuterRef("pk"))
    people = present_staff(dealer).exclude(position__track="").select_related(None).order_by()
    counted = (
        people.annotate(is_certified=Exists(valid))
        .values("position")
        .annotate(total=Count("pk"), certified=Count("pk", filter=Q(is_certified=True)))
    )
    counts = {row["position"]: row for row in counted}
    positions = people.model.position.field.related_model.objects.filter(pk__in=counts)
    return [
        {"position": position, "certified": counts[position.pk]["certified"], "total": counts[position.pk]["total"]}
        for position in positions
    ]
