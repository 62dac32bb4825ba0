"""Band tables: what each level earns (P1)."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.states import Refused, require
from lms.people.models import Dealer
from talent_pool.pay.models import Band, BandTable
from talent_pool.pay.permissions import may_make_bands
from talent_pool.pay.queries import latest_table, table_shown


@transaction.atomic
def make_band_table(*, dealer, effective_on, bands, by, at, shown=None):
    """A new table of all eight bands (P1): `bands` maps (track, level) to (code, base pay).

    Only a dealer's first table may begin in the past; later ones begin after today, so that nothing begun changes.
    """
    require(
        may_make_bands(by, dealer),
        _("Band tables are made by HR of the dealer or of the group. You can't make one that sets your own pay."),
    )
    Dealer.objects.select_for_update(no_key=True).get(pk=dealer.pk)  # one table of a dealer at a time: each is made from the one before
    check_shown(shown, table_shown(dealer), *filter(None, [latest_table(dealer)]))
    today = timezone.localdate(at)
    if effective_on <= today and BandTable.objects.filter(dealer=dealer).exists():
        raise Refused(
            _("A band table that has begun never changes, so a new one begins tomorrow at the earliest. Choose a later day."),
            field="effective_on",
        )
    if len(bands) != 8:
        raise Refused(_("A band table needs a base pay for each of the four levels of both tracks."))
    try:
        with transaction.atomic():
            table = BandTable.objects.create(dealer=dealer, effective_on=effective_on, made_by=by)
    except IntegrityError:
        raise Refused(_("There is a band table of that day already. Choose another day."), field="effective_on") from None
    rows = [Band(table=table, track=track, level=level, code=code, base_pay=pay) for (track, level), (code, pay) in bands.items()]
    Band.objects.bulk_create(rows)
    after = {"effective_on": effective_on, **{f"{band.track} {band.level}": band.base_pay for band in rows}}
    record_event("pay.band_table_made", target=table, by=by, at=at, after=after)
    return table
