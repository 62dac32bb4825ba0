from django.utils.translation import gettext_lazy as _

from assessments.certification.models import Certificate, OEMCertificate
from lms.audit.verbs import concerns, number, record, room, text, unseen, verb


def _number(certificate):
    return certificate.number


concerns(Certificate, person="employee", dealer="employee__dealer", page="certificate", title=_number)
concerns(
    OEMCertificate, person="employee", dealer="employee__dealer", page="oem_certificates", argument=None, needs="people.view_dealer_people"
)

room("certificate", _("Certificates"))
verb("certificate.issued", _("Certificate %(target)s was issued to %(person)s"), {"source": unseen(_("Issued for"))})
verb("certificate.revoked", _("%(actor)s revoked certificate %(target)s of %(person)s"), {"reason": text(_("Reason"))})

room("oem_certificate", _("OEM certificates"))
verb(
    "oem_certificate.recorded",
    _("%(actor)s recorded the OEM certificate “%(target)s” of %(person)s"),
    {
        "employee": record(_("Name"), "people.employee"),
        "brand": record(_("Brand"), "people.brand"),
        "number": text(_("Number")),
        "level": number(_("Level")),
    },
)
