"""Who issues, records and revokes certificates. Nobody their own."""

from lms.people.models import Dealer
from lms.people.permissions import dealer_scope, is_self, may_sign


def may_certify(by, *holders):
    """The certificates of these people: whoever manages those of their dealers, and is none of them."""
    if not may_sign(by) or not by.has_perm("certification.manage_certificates") or any(is_self(by, holder) for holder in holders):
        return False
    dealers = {holder.dealer_id for holder in holders}
    return Dealer.objects.filter(dealer_scope(by, ""), pk__in=dealers).count() == len(dealers)
