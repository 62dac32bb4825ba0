"""A band table for each dealer and the pay changes that the awards brought: the technicians' exported, the advisors' still to be signed."""

from datetime import date, timedelta
from decimal import Decimal

from lms.people.choices import Level, Track
from talent_pool.pay.models import Band, BandTable, PayChange, PayrollExport
from talent_pool.pay.proposals import effective_day
from tests.load.scale.frame import BATCH

BASE = {Track.SERVICE: ("S", [4200, 5000, 6000, 7400]), Track.TECHNICAL: ("T", [4500, 5400, 6600, 8200])}
Status = PayChange.Status


def add_pay(frame, stores):
    begun = date(frame.first.year - 1, 1, 1)
    tables = BandTable.objects.bulk_create(
        [BandTable(dealer=store.dealer, effective_on=begun, made_by=store.user("hr_officer")) for store in stores]
    )
    bands = Band.objects.bulk_create([band for table in tables for band in _bands(table)], batch_size=BATCH)
    of_level = {(band.table.dealer_id, band.track, band.level): band for band in bands}
    exports = PayrollExport.objects.bulk_create([_export(frame, store) for store in stores])
    changes = [_change(frame, store, award, of_level) for store in stores for award in store.awards]
    made = PayChange.objects.bulk_create(changes, batch_size=BATCH)
    for store, export in zip(stores, exports, strict=True):
        of_store = [change for change in made if change.dealer_id == store.dealer.pk and change.decision.track == Track.TECHNICAL]
        _pay(frame, store, export, [change.pk for change in of_store])


def _pay(frame, store, export, numbers):
    """Signed and exported, a step at a time: the database takes no other way (P2)."""
    approved = {"approved_at": frame.published_at + timedelta(hours=20), "approved_by": store.user("hr_officer")}
    second = {"countersigned_at": frame.published_at + timedelta(hours=40), "countersigned_by": store.user("general_manager")}
    steps = [
        {"status": Status.APPROVED, **approved},
        {"status": Status.COUNTERSIGNED, **second},
        {"status": Status.EXPORTED, "export": export},
    ]
    for step in steps:
        PayChange.objects.filter(pk__in=numbers).update(**step)


def _bands(table):
    for track, (letter, pays) in BASE.items():
        for level in Level:
            yield Band(table=table, track=track, level=level, code=f"{letter}{level}", base_pay=Decimal(pays[level]))


def _export(frame, store):
    at = frame.published_at + timedelta(days=2)
    return PayrollExport(dealer=store.dealer, exported_at=at, exported_by=store.user("hr_officer"), key=f"scale:{store.dealer.code}")


def _change(frame, store, award, of_level):
    return PayChange(
        cause=PayChange.Cause.PROMOTION,
        decision=award,
        employee=award.employee,
        dealer=store.dealer,
        from_band=of_level[store.dealer.pk, award.track, award.from_level],
        to_band=of_level[store.dealer.pk, award.track, award.to_level],
        effective_on=effective_day(frame.last),
        proposed_at=frame.published_at + timedelta(minutes=1),
    )
