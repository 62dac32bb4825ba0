import hashlib
import json
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation

from lms.audit.actions import record_event
from lms.common.background import enqueue
from lms.common.bilingual import gettext as _
from lms.common.bilingual import in_both, offered
from lms.common.states import Refused, require
from lms.jobs.kinds import kind_of
from lms.jobs.models import Job, JobFailure
from lms.jobs.permissions import may_watch
from lms.jobs.progress import Cancelled, Lost, Progress
from lms.jobs.pulse import Pulse, at_work

STALE = timedelta(minutes=3)
MOST_ATTEMPTS = 3
FILES_KEPT = timedelta(days=30)


class AlreadyRunning(Refused):
    """A job with the same key stands open."""


@transaction.atomic
def start_job(*, kind, by, key="", params=None, input_file=None):
    """Ask for a job. With a `key`, only one of that kind and key stands open at a time; raises `AlreadyRunning`."""
    kind_of(kind)
    if key:
        _end_dead_jobs(kind, key)
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, key=key, params=params or {}, input_file=input_file or "", created_by=by)
    except IntegrityError:
        raise AlreadyRunning(_("This is already under way; look at its progress instead of starting it again.")) from None
    record_event("job.started", target=job, by=by, after={"kind": kind, "key": key})
    enqueue("jobs.run", job_id=job.pk)
    return job


def _end_dead_jobs(kind, key):
    """A job whose worker is gone, and that nobody will take up again, does not keep its key until the next sweep."""
    now = timezone.now()
    dead = Job.objects.filter(_is_silent(now), kind=kind, key=key)
    dead.filter(cancel_requested_at__isnull=False).update(status=Job.Status.CANCELLED, finished_at=now)
    why = _given_up()
    why = _given_up()
    dead.filter(attempts__gte=MOST_ATTEMPTS).update(status=Job.Status.FAILED, finished_at=now, error=why, words=in_both(why))


def export_later(rows, kind):
    """Have the file of a long list made by a job, once however often the link is pressed; gives the page to wait at."""
    by = rows.request.user
    where = f"{type(rows).__module__}.{type(rows).__qualname__}"
    params = {"list": where, "query": rows.query, "kind": kind, "time_zone": timezone.get_current_timezone_name()}
    key = f"{by.pk}:{hashlib.sha256(json.dumps(params).encode()).hexdigest()[:32]}"
    try:
        job = start_job(kind="lists.export", by=by, key=key, params=params)
    except AlreadyRunning:
        job = Job.objects.filter(kind="lists.export", key=key).latest("pk")
    return reverse("job", args=[job.pk])


def run_job(*, job_id, at=None):
    """Claim a waiting job, or one whose worker has gone silent, and do it. Does nothing when another worker has it."""
    at = at or timezone.now()
    if not _claim(job_id, at):
        return
    job = Job.objects.select_related("created_by").get(pk=job_id)
    language = offered(job.created_by and job.created_by.language) or offered(job.params.get("language")) or settings.LANGUAGE_CODE
    with translation.override(language):
        if job.cancel_requested_at:  # whoever worked at it died before noticing
            _finish(job, Job.Status.CANCELLED, error=kind_of(job.kind).stopped)
            return
        if job.attempts > MOST_ATTEMPTS:
            _finish(job, Job.Status.FAILED, error=_given_up())
            return
        job.failures.all().delete()
        _do(job)


def _claim(job_id, at):
    if at_work(job_id):
        return False
    claimable = Q(status=Job.Status.QUEUED) | _is_silent(at)
    return Job.objects.filter(claimable, pk=job_id).update(
        status=Job.Status.RUNNING, started_at=at, heartbeat_at=at, attempts=F("attempts") + 1, done=0
    )


def _given_up():
    words = _("It was interrupted %(count)d times and was given up. Start it again; what is done already stays done.")
    return words % {"count": MOST_ATTEMPTS}


def _do(job):
    progress = Progress(job)
    try:
        with Pulse(progress):
            kind_of(job.kind).function(progress)
        progress.finish()
    except Lost:
        return
    except Cancelled:
        _finish(job, Job.Status.CANCELLED, error=kind_of(job.kind).stopped)
    except Refused as refusal:
        _finish(job, Job.Status.FAILED, error=refusal.words)
    except Exception:
        _finish(job, Job.Status.FAILED, error=_("Something went wrong that was not foreseen; it was logged."))
        raise
    else:
        _finish(job, Job.Status.DONE)


def _finish(job, status, error=""):
    job.status, job.error, job.finished_at = status, str(error), timezone.now()
    job.words = in_both(error) if error else {}
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        status=status,
        error=job.error,
        words=job.words,
        finished_at=job.finished_at,
        result=job.result,
        result_file=job.result_file.name or "",
        result_name=job.result_name,
    )


def cancel_job(*, job, by, at):
    """Ask an open job to stop at its next step; one that waits, or whose worker is gone, stops at once."""
    require(may_watch(by, job), _("Only the person who asked for a job can stop it."))
    here = at_work(job.pk)
    if here:  # first, for on SQLite its own transaction may keep the request below from being written
        here.called_off = True
    idle = Job.objects.filter(Q(status=Job.Status.QUEUED) | _is_silent(at), pk=job.pk)
    stopped = not here and idle.update(status=Job.Status.CANCELLED, cancel_requested_at=at, finished_at=at)
    if not stopped and not Job.objects.filter(_is_stopping(), pk=job.pk).update(cancel_requested_at=at):
        raise Refused(_("This has ended already; there is nothing to cancel."))
    record_event("job.cancelled", target=job, by=by, at=at)


def _is_stopping():
    """At work, or ended a moment ago because this very request was heard."""
    return Q(status=Job.Status.RUNNING) | Q(status=Job.Status.CANCELLED, cancel_requested_at=None)


def restart_lost_jobs(*, at):
    """Put jobs back to work whose message or worker got lost. Part of the sweep; returns how many."""
    ids = list(Job.objects.filter(is_lost(at)).values_list("pk", flat=True))
    for pk in ids:
        enqueue("jobs.run", job_id=pk)
    return len(ids)


def forget_files(*, at):
    """Delete what jobs were given and made, a month after they ended: people stand in it, and it has served. Returns how many.

    The job itself stays, with its counts. A file goes first and its name after it: killed in between, the next night finds it.
    """
    ended = list(Job.objects.filter(finished_at__lt=at - FILES_KEPT).exclude(input_file="", result_file=""))
    for job in ended:
        for file in (job.input_file, job.result_file):
            if file:
                file.delete(save=False)
        job.save(update_fields=["input_file", "result_file"])
    JobFailure.objects.filter(job__finished_at__lt=at - FILES_KEPT).delete()
    return len(ended)


def restart_if_lost(*, job, at):
    """The same for one job when somebody looks at it: without a broker there is no sweep, but there is a reader."""
    if Job.objects.filter(is_lost(at), pk=job.pk).exists():
        enqueue("jobs.run", job_id=job.pk)


def is_lost(at):
    return Q(status=Job.Status.QUEUED, created_at__lt=at - timedelta(minutes=1)) | _is_silent(at)


def _is_silent(at):
    """Its worker has not been heard of for so long that it is gone."""
    return Q(status=Job.Status.RUNNING, heartbeat_at__lt=at - STALE)
