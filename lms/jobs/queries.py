from lms.jobs.models import Job


def jobs_visible_to(user):
    """A person's own jobs: what they asked for, nobody else's."""
    return Job.objects.filter(created_by=user, created_by__is_active=True)
