"""A job is its asker's: nobody else watches it, stops it or fetches what it made."""

import hashlib


def may_watch(by, job):
    return by is not None and by.is_active and job.created_by_id == by.pk


def may_fetch(by, job, kind):
    """The file of a finished job, unless its kind leads on to a page of its own that decides it, and logs it, anew.

    What was made for one standing is not fetched in another: a list of people made as a dealer's HR is nothing for the
    same person in their next post.
    """
    made = may_watch(by, job) and kind.then is None and bool(job.result_file) and job.status == job.Status.DONE
    return made and job.result.get("standing") in (None, standing_of(by))


def standing_of(user):
    """A short print of what a person may do and where they work. Everyone's records that they see follow from these."""
    employee = getattr(user, "employee", None)
    at = (employee.group_id, employee.dealer_id, employee.position_id) if employee else ()
    return hashlib.sha256(repr((at, sorted(user.get_all_permissions()))).encode()).hexdigest()[:32]
