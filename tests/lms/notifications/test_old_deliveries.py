"""Mails of version 0.1 that were under way are sent after the migration, to where they were going."""

import sqlite3
from contextlib import closing

import pytest

from tests.journeys.old_databases import files, find_folder, manage, run, unpack

pytestmark = pytest.mark.skipif(not files(), reason=f"{find_folder()} with databases of earlier releases is not here")

BEFORE = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
MigrationExecutor(connection).migrate([("notifications", "0002_former_addresses")])
"""
OLD = """
UPDATE accounts_user SET email = 'own' || id || '@example.com';
INSERT INTO notifications_delivery (notice_id, channel, address, tries, error, sent_at)
SELECT id, 'mail', '', 0, '', CASE WHEN id % 2 THEN '2026-11-01 00:00:00' END FROM notifications_notice;
INSERT INTO notifications_delivery (notice_id, channel, address, tries, error)
SELECT max(id), 'former', 'before@example.com', 3, 'busy' FROM notifications_notice;
"""
LOOK = """
from django.db.models import F
from lms.notifications.models import Channel, Delivery, Notice
rows = Delivery.objects.select_related("channel", "notice")
own = rows.filter(channel__address="", channel__is_on=True, channel__transport="mail", channel__user=F("notice__recipient"))
former = rows.get(channel__address="before@example.com", channel__is_on=False, channel__user=F("notice__recipient"))
assert own.count() == Notice.objects.count() == rows.count() - 1 > 50
assert own.filter(sent_at=None).count() == Notice.objects.annotate(half=F("pk") % 2).filter(half=0).count()
assert (former.tries, former.error) == (3, "busy")
assert Channel.objects.count() == Notice.objects.values("recipient").order_by().distinct().count() + 1
print("all there")
"""


def test_each_delivery_has_the_channel_it_went_over(tmp_path):
    file = unpack(files()[0], tmp_path)
    url = f"sqlite:///{file}"
    run(url, tmp_path, BEFORE)
    with closing(sqlite3.connect(file)) as old:
        old.executescript(OLD)
    manage(url, tmp_path, "migrate", "--no-input", "-v0")
    assert "all there" in run(url, tmp_path, LOOK)
