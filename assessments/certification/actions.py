import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.certification.models import Certificate, OEMCertificate
from assessments.certification.permissions import may_certify, may_issue
from lms.audit.actions import event_of, record_event, record_events
from lms.common.quarters import quarter_of
from lms.common.states import Refused, require
from lms.people.models import Dealer, Employee


@dataclass(frozen=True)
class Wanted:
    """A certificate to issue. `source` names what it is for ("candidacy:17"); one source gets one certificate, ever.

    `dealer` issues it: the one that examined, wherever the holder works by now; without an exam the holder's own.
    """

    employee: Employee
    track: str
    level: int
    source: str
    signatories: tuple = ()
    dealer: Dealer | None = None

    @property
    def dealer_id(self):
        return self.dealer.pk if self.dealer else self.employee.dealer_id


def issue_certificate(*, employee, track, level, source, signatories=(), dealer=None, by, at):
    """One certificate (G9). Asking again for the same source gives the one already issued."""
    return issue_certificates(wanted=[Wanted(employee, track, level, source, signatories, dealer)], by=by, at=at)[source]


@transaction.atomic
def issue_certificates(*, wanted, by, at):
    """Certificates for all of `wanted`, each once; returns {source: Certificate}. What they say is frozen from now on."""
    # Numbers run on without a gap per dealer and quarter, so those who issue for one dealer queue up here.
    dealers = {want.dealer_id for want in wanted}
    require(may_issue(by, dealers, [want.employee for want in wanted]), _whose())
    locked = {dealer.pk: dealer for dealer in Dealer.objects.select_for_update().filter(pk__in=dealers).order_by("pk")}
    issued = {c.source: c for c in Certificate.objects.filter(source__in=[want.source for want in wanted])}
    numbers = {pk: _numbers(dealer, at) for pk, dealer in locked.items()}
    new = [
        Certificate(
            employee=want.employee,
            number=next(numbers[want.dealer_id]),
            code=secrets.token_hex(12),
            source=want.source,
            track=want.track,
            level=want.level,
            holder_name=want.employee.name,
            dealer_zh=locked[want.dealer_id].name_zh,
            dealer_en=locked[want.dealer_id].name_en,
            signatories=list(want.signatories),
            issued_at=at,
            issued_by=by,
        )
        for want in wanted
        if want.source not in issued
    ]
    Certificate.objects.bulk_create(new, batch_size=500)
    record_events([event_of("certificate.issued", target=c, by=by, at=at, after={"source": c.source}) for c in new])
    return issued | {certificate.source: certificate for certificate in new}


def _whose():
    return _(
        "Certificates are issued by HR of the dealer that examined, recorded and revoked by HR of the holder's dealer, or the group's, "
        "and never one's own."
    )


def _numbers(dealer, at):
    """YT01-2026Q4-0001 and so on, going on from the highest one issued at this dealer in the quarter of `at`."""
    year, quarter = quarter_of(timezone.localtime(at).date())
    prefix = f"{dealer.code}-{year}Q{quarter}-"
    taken = Certificate.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    last = max((int(number.removeprefix(prefix)) for number in taken), default=0)
    while True:
        last += 1
        yield f"{prefix}{last:04}"


@transaction.atomic
def revoke_certificate(*, certificate, reason, by, at):
    """Take a certificate back for good; its public page says so from now on. The level it was issued for stays as awarded."""
    require(may_certify(by, certificate.employee), _whose())
    reason = reason.strip()
    if not reason:
        raise Refused(_("A certificate is revoked only with a reason; it stays on record."), field="reason")
    changes = {"revoked_at": at, "revoked_by": by, "revoked_reason": reason}
    if not Certificate.objects.filter(pk=certificate.pk, revoked_at__isnull=True).update(**changes):
        raise Refused(_("Certificate %(number)s has been revoked already; nothing was changed.") % {"number": certificate.number})
    record_event("certificate.revoked", target=certificate, by=by, at=at, after={"reason": reason})
    for name, value in changes.items():
        setattr(certificate, name, value)
    return certificate


@transaction.atomic
def record_oem_certificate(*, employee, name, level, number, issued_on, brand=None, expires_on=None, evidence="", by, at):
    """Record a maker's certificate (G8) with its evidence."""
    require(may_certify(by, employee), _whose())
    name, number = name.strip(), number.strip()
    if expires_on and expires_on <= issued_on:
        raise Refused(_("It would expire before it was issued. Check the two dates."), field="expires_on")
    if issued_on > timezone.localtime(at).date():
        raise Refused(_("The day of issue lies in the future. Record the certificate once it is there."), field="issued_on")
    if OEMCertificate.objects.filter(name=name, number=number).exists():
        raise Refused(_("“%(name)s” number %(number)s is on record already.") % {"name": name, "number": number}, field="number")
    certificate = OEMCertificate.objects.create(
        employee=employee,
        brand=brand,
        name=name,
        level=level,
        number=number,
        issued_on=issued_on,
        expires_on=expires_on,
        evidence=evidence or "",
        recorded_by=by,
    )
    after = {"employee": employee.pk, "number": number, "level": level} | ({"brand": brand.pk} if brand else {})
    record_event("oem_certificate.recorded", target=certificate, by=by, at=at, after=after)
    return certificate
