from django.utils.translation import gettext_lazy as _

from lms.audit.verbs import concerns, room, said, unseen, verb
from lms.jobs.kinds import kind_of
from lms.jobs.models import Job


def _kind_words(name):
    try:
        return kind_of(name).title
    except KeyError:  # of a release that had it
        return name


def _title(job):
    return f"#{job.pk}"


concerns(Job, dealer="created_by__employee__dealer", title=_title)

room("job", _("Background jobs"))
verb("job.started", _("%(actor)s started the background job %(target)s"), {"kind": said(_("Kind"), _kind_words), "key": unseen(_("Key"))})
verb("job.cancelled", _("%(actor)s cancelled the background job %(target)s"))
