"""A job is its asker's: nobody else watches it, stops it or fetches what it made."""


def may_watch(by, job):
    return by is not None and by.is_active and job.created_by_id == by.pk


def may_fetch(by, job, kind):
    """The file of a finished job, unless its kind leads on to a page of its own that decides it, and logs it, anew."""
    return may_watch(by, job) and kind.then is None and bool(job.result_file) and job.status == job.Status.DONE
