from django.urls import reverse

from lms.jobs.kinds import kind_of
from lms.jobs.models import Job


def jobs_visible_to(user):
    """A person's own jobs: what they asked for, nobody else's."""
    return Job.objects.filter(created_by=user, created_by__is_active=True)


def last_jobs(user, kind, most=5):
    """[{"job", "url"}], the newest first: the page of what came of it where it is done, else of how far it is."""
    then = kind_of(kind).then
    jobs = jobs_visible_to(user).filter(kind=kind)[:most]
    return [{"job": job, "url": then(job) if job.status == Job.Status.DONE else reverse("job", args=[job.pk])} for job in jobs]
