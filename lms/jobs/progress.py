import time

from django.core.files.base import ContentFile, File
from django.db import connection
from django.utils import timezone

from lms.common.bilingual import in_both
from lms.jobs.models import Job, JobFailure

STEP_SECONDS = 0.5


class Cancelled(Exception):
    """The person who asked for the job asked to stop it."""


class Lost(Exception):
    """Another worker has taken the job over."""


class Quiet:
    """Tells nobody: for what a job does and others do as well."""

    def total(self, total):
        pass

    def advance(self, steps=1):
        pass

    def beat(self):
        pass


class Progress(Quiet):
    """What a job's function tells of itself. It is kept here; a `Pulse` writes it down beside the work, or the work itself does."""

    def __init__(self, job):
        self.job = job
        self.params = job.params
        self.by = job.created_by
        self.done, self.of = job.done, job.total
        self.has_pulse = False
        self.called_off = self.is_settled = self.is_lost = False
        self.stepped_at = self._written_at = time.monotonic()

    def total(self, total):
        self.done, self.of = 0, total
        self.beat()

    def advance(self, steps=1):
        """Say that `steps` more are done. Raises `Cancelled` when the job was called off."""
        self.done += steps
        self.beat()

    def beat(self):
        """Say that the work goes on. Raises `Cancelled` when the job was called off, `Lost` when another worker has it."""
        self.stepped_at = time.monotonic()
        if self._writes_itself and self.stepped_at - self._written_at >= STEP_SECONDS:
            self.write()
        if self.is_lost:
            raise Lost
        if self.called_off and not self.is_settled:
            raise Cancelled

    @property
    def _writes_itself(self):
        """Without a pulse; and in a transaction on SQLite, which lets nobody else write: the commit then brings a fresh beat along."""
        return not self.has_pulse or (connection.vendor == "sqlite" and connection.in_atomic_block)

    def settle(self):
        """What the job was for stands written: from here on nothing takes it back, and it is not called cancelled any more."""
        self.is_settled = True

    def write(self):
        """Write down how far it is and learn whether it was called off; on whichever connection the caller has."""
        self._written_at = time.monotonic()
        self._ours().update(done=self.done, total=self.of, heartbeat_at=timezone.now())
        self.look()

    def look(self):
        """Learn whether the job was called off or taken over, without saying that it lives."""
        asked = list(self._ours().values_list("cancel_requested_at", flat=True))
        self.is_lost = not asked
        self.called_off = self.called_off or any(asked)

    def _ours(self):
        return Job.objects.filter(pk=self.job.pk, status=Job.Status.RUNNING, attempts=self.job.attempts)

    def finish(self):
        """The work is done. Raises `Lost` when another worker has the job."""
        self.settle()
        self.write()
        self.beat()

    def fail(self, label, reason):
        """Note one thing that failed; the job goes on."""
        JobFailure.objects.create(job=self.job, label=str(label)[:200], reason=str(reason), words=in_both(reason))

    def result(self, **values):
        self.job.result.update(values)

    def file(self, name, content):
        """Keep `content` (bytes or an open file) as what the job gives, under the name that a download gets."""
        self.job.result_name = name
        file = ContentFile(content) if isinstance(content, bytes) else File(content)
        self.job.result_file.save(f"{self.job.pk}-{self.job.attempts}", file, save=False)
