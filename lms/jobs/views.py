from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from lms.common.states import Refused
from lms.jobs.actions import cancel_job
from lms.jobs.kinds import kind_of
from lms.jobs.queries import jobs_visible_to


def context_of(job):
    kind = kind_of(job.kind)
    then = kind.then(job) if kind.then and job.status == job.Status.DONE else ""
    return {"job": job, "title": kind.title, "then": then, "failures": job.failures.all()[:200]}


@login_required
def job_detail(request, pk):
    job = get_object_or_404(jobs_visible_to(request.user), pk=pk)
    template = "lms/jobs/_progress.html" if request.htmx else "lms/jobs/job.html"
    return render(request, template, context_of(job))


@login_required
@require_POST
def job_cancel(request, pk):
    job = get_object_or_404(jobs_visible_to(request.user), pk=pk)
    try:
        cancel_job(job=job, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("job", pk=job.pk)


@login_required
def job_file(request, pk):
    job = get_object_or_404(jobs_visible_to(request.user), pk=pk)
    if not job.result_file:
        raise Http404
    return FileResponse(job.result_file.open("rb"), as_attachment=True, filename=job.result_name)
