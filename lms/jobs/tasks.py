from tempfile import TemporaryFile

from celery import shared_task
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from lms.common.spreadsheets import write_table
from lms.common.zones import zone_named
from lms.jobs.actions import run_job
from lms.jobs.kinds import NOTHING_STAYS, job_kind
from lms.jobs.permissions import standing_of


@shared_task(name="jobs.run")
def run(job_id):
    run_job(job_id=job_id)


@job_kind("lists.export", title=_("Making the file"), stopped=NOTHING_STAYS)
def export_list(progress):
    """A long list as CSV or Excel, with the rows that its asker may see at the time it is made."""
    asked = progress.params
    rows = import_string(asked["list"]).again(progress.by, asked["query"])
    progress.total(rows.count)
    progress.result(standing=standing_of(progress.by))
    with timezone.override(zone_named(asked["time_zone"])), TemporaryFile() as file:
        write_table(asked["kind"], file, rows.export_header, _counted(rows.export_rows(), progress))
        file.seek(0)
        progress.file(f"{rows.name}.{asked['kind']}", file)


def _counted(rows, progress):
    for row in rows:
        yield row
        progress.advance()
