from tempfile import TemporaryFile

from celery import shared_task
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from lms.common.bilingual import joined
from lms.common.spreadsheets import poison_of, write_table
from lms.common.zones import zone_named
from lms.jobs.actions import run_job
from lms.jobs.kinds import NOTHING_STAYS, job_kind
from lms.jobs.permissions import standing_of

MOST_SAID = 100  # of values that no file can hold


@shared_task(name="jobs.run")
def run(job_id):
    run_job(job_id=job_id)


@job_kind("lists.export", title=gettext_lazy("Making the file"), stopped=NOTHING_STAYS)
def export_list(progress):
    """A long list as CSV or Excel, with the rows that its asker may see at the time it is made."""
    asked = progress.params
    rows = import_string(asked["list"]).again(progress.by, asked["query"])
    progress.total(rows.count)
    progress.result(standing=standing_of(progress.by))
    with timezone.override(zone_named(asked["time_zone"])), TemporaryFile() as file:
        write_table(asked["kind"], file, rows.export_header, _counted(rows, progress))
        file.seek(0)
        progress.file(f"{rows.name}.{asked['kind']}", file)


def _counted(rows, progress):
    """The rows, while the job tells how far it is, and where in the file a value stands that no file can hold."""
    labels, said = [column.label for column in rows.columns if column.exported], 0
    for number, row in enumerate(rows.export_rows(), start=2):
        for place, why in poison_of(row) if said < MOST_SAID else ():
            progress.fail(f"{rows.name} · {number}", joined(": ", [labels[place], why]))
            said += 1
        yield row
        progress.advance()
