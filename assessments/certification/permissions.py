"""Who issues, records and revokes certificates. Nobody their own."""

from lms.people.models import Dealer
from lms.people.permissions import dealer_scope, is_self, may_sign


def may_certify(by, *holders):
    """The certificates of these people: whoever manages those of their dealers, and is none of them."""
    return may_issue(by, {holder.dealer_id for holder in holders}, holders)


def may_issue(by, dealers, holders):
    """Certificates in the name of these dealers (ids): whoever manages theirs, and is none of the holders."""
    if not may_sign(by) or not by.has_perm("certification.manage_certificates") or any(is_self(by, holder) for holder in holders):
        return False
    return Dealer.objects.filter(dealer_scope(by, ""), pk__in=dealers).count() == len(dealers)
