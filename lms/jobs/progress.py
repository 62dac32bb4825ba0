from django.core.files.base import ContentFile, File
from django.utils import timezone

from lms.jobs.models import Job, JobFailure

STEP_SECONDS = 0.5


class Cancelled(Exception):
    """The person who asked for the job asked to stop it."""


class Lost(Exception):
    """Another worker has taken the job over."""


class Progress:
    """What a job's function tells of itself. Writes to the database at most twice a second."""

    def __init__(self, job):
        self.job = job
        self.params = job.params
        self.by = job.created_by
        self._done = job.done
        self._written_at = timezone.now()

    def total(self, total):
        Job.objects.filter(pk=self.job.pk).update(total=total, done=0)
        self._done = 0

    def advance(self, steps=1):
        """Say that `steps` more are done. Raises `Cancelled` when the job was called off."""
        self._done += steps
        now = timezone.now()
        if (now - self._written_at).total_seconds() >= STEP_SECONDS:
            self.write(now)

    def write(self, now=None):
        self.finish(now)
        if Job.objects.filter(pk=self.job.pk, cancel_requested_at__isnull=False).exists():
            raise Cancelled

    def finish(self, now=None):
        """Write how far it is; what is done already is not cancelled any more. Raises `Lost` when another worker has the job."""
        self._written_at = now or timezone.now()
        ours = Job.objects.filter(pk=self.job.pk, status=Job.Status.RUNNING, attempts=self.job.attempts)
        if not ours.update(done=self._done, heartbeat_at=self._written_at):
            raise Lost

    def fail(self, label, reason):
        """Note one thing that failed; the job goes on."""
        JobFailure.objects.create(job=self.job, label=str(label)[:200], reason=str(reason))

    def result(self, **values):
        self.job.result.update(values)

    def file(self, name, content):
        """Keep `content` (bytes or an open file) as what the job gives, under the name that a download gets."""
        self.job.result_name = name
        file = ContentFile(content) if isinstance(content, bytes) else File(content)
        self.job.result_file.save(f"{self.job.pk}-{self.job.attempts}", file, save=False)
