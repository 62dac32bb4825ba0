"""What a dealer loses, and what stays, when someone goes who holds certificates."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.certification.models import Certificate, OEMCertificate
from lms.common.registries import Effect, effect


@effect
def certificates(change, user):
    """Two statements."""
    if not change.leaves_dealer:
        return
    valid = Q(expires_on=None) | Q(expires_on__gte=change.first)
    makers = OEMCertificate.objects.filter(valid, employee=change.person).count()
    if makers:
        title = ngettext("Holds %(count)d maker's certificate", "Holds %(count)d makers' certificates", makers)
        text = _("The dealer's certified share is counted without them from then on.")
        yield Effect(title % {"count": makers}, text, reverse("oem_certificates"))
    ours = Certificate.objects.filter(valid, employee=change.person, revoked_at=None).count()
    if ours:
        title = ngettext("Holds %(count)d certificate of ours", "Holds %(count)d certificates of ours", ours)
        yield Effect(title % {"count": ours}, _("It stays valid; anyone can go on verifying it."), reverse("certificates"))
