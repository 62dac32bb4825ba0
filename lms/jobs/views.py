from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.common.acting import attempt, open_to
from lms.jobs.actions import FILES_KEPT, cancel_job, restart_if_lost
from lms.jobs.kinds import kind_of
from lms.jobs.permissions import may_fetch
from lms.jobs.pulse import at_work
from lms.jobs.queries import jobs_visible_to


def _refresh(job):
    """How far a job of this very process is, also while its transaction keeps it from being written (SQLite)."""
    live = at_work(job.pk)
    if live and job.is_open:
        job.done, job.total = live.done, live.of


def context_of(by, job):
    _refresh(job)
    kind = kind_of(job.kind)
    result_url = kind.then(job) if kind.then and job.status == job.Status.DONE else ""
    fetched = may_fetch(by, job, kind)
    asked = formats.date_format(timezone.localtime(job.created_at), "DATETIME_FORMAT")
    return {
        "job": job,
        "title": kind.title,
        "state": kind.ended(job) if kind.ended and job.status == job.Status.DONE else job.get_status_display(),
        "lead": _("Asked for on %(time)s") % {"time": asked},
        "then": bool(result_url),
        "result_url": result_url or (reverse("job_file", args=[job.pk]) if fetched else ""),
        "gone": _gone(job, kind, fetched),
        "failures": job.failures.all()[:200],
    }


def _gone(job, kind, fetched):
    """Why a finished job gives no file any more, in a sentence; empty where it does, or never had one."""
    if fetched or kind.then or job.status != job.Status.DONE or not job.result_name:
        return ""
    if job.result_file:
        return _("What you may see has changed since this file was made. Have it made again from the list.")
    days = {"days": FILES_KEPT.days}
    return _("Files are kept for %(days)s days, and this one has been deleted. Have it made again from the list.") % days


# Jobs need no permission of their own: whoever may ask for one may watch it, and sees only what they asked for.
@open_to()
@require_safe
def job_detail(request, pk):
    job = get_object_or_404(jobs_visible_to(request.user), pk=pk)
    if job.is_open:
        restart_if_lost(job=job, at=timezone.now())
    template = "lms/jobs/_progress.html" if request.htmx else "lms/jobs/job.html"
    return render(request, template, context_of(request.user, job))


@open_to(post=True)
def job_cancel(request, pk):
    attempt(request, cancel_job, job=get_object_or_404(jobs_visible_to(request.user), pk=pk))
    return redirect("job", pk=pk)


@open_to()
@require_safe
def job_file(request, pk):
    job = get_object_or_404(jobs_visible_to(request.user), pk=pk)
    if not may_fetch(request.user, job, kind_of(job.kind)):
        raise Http404
    return FileResponse(job.result_file.open("rb"), as_attachment=True, filename=job.result_name)
