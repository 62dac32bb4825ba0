"""What is tapped into a form so far, found again when its page is opened anew: in the session, so that it ends with signing out."""

from lms.common import limits

_DRAFTS = "drafts"  # in the session: {name: {field: value}}, the oldest first
MOST = 20  # drafts of a session


def keep_draft(request, name, fields):
    """Keep what was sent of these fields, in the place of what was kept before; nothing where it is longer than any form."""
    sent = {field: request.POST[field] for field in fields if request.POST.get(field)}
    if sum(map(len, sent.values())) <= limits.DRAFT:
        others = [one for one in request.session.get(_DRAFTS, {}).items() if one[0] != name]
        request.session[_DRAFTS] = dict([*others, (name, sent)][-MOST:])


def draft_of(request, name):
    """{field: value} that was kept; empty where nothing was."""
    return dict(request.session.get(_DRAFTS, {}).get(name, {}))


def drop_draft(request, name):
    kept = request.session.get(_DRAFTS, {})
    if kept.pop(name, None) is not None:
        request.session.modified = True
