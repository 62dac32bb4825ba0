import uuid

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from courses.training.actions.shared import lock_session, require_organiser
from courses.training.models import Session
from courses.training.permissions import may_hand_in_material
from courses.training.queries.shown import guest_shown, material_shown
from courses.training.uploads import MOST_BYTES, kind_of, safe_content
from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.states import Refused, require

Status = Session.Status


@transaction.atomic
def submit_material(*, session, title, topic, by, at, outline="", course=None, file=None, guest_name=None, shown=None):
    """Hand in what a session is about (T4): topic and title, and an outline, a file or a course page.

    It may be handed in again until the session is closed.
    """
    # Whose it is hangs on who presents now: a swap of a moment ago counts.
    session = lock_session(session, Status.PLANNED, Status.CONFIRMED, Status.HELD)
    require(may_hand_in_material(by, session), _("The material of a session is handed in by its presenter or by the organiser."))
    check_shown(shown, material_shown(session), session)
    title, outline = title.strip(), outline.strip()
    _check_words(session, title, topic, bool(outline or course or file or session.material))
    before = {"title": session.title, "topic": session.topic_id, "course": session.course_id, "file": session.material.name}
    session.title, session.topic, session.outline, session.course = title, topic, outline, course
    session.material_at, session.material_by = at, by
    if guest_name is not None and session.is_guest:
        session.guest_name = guest_name.strip()
    if file is not None:
        session.material = checked_file(file)
    session.save()
    after = {"title": title, "topic": topic.pk, "course": course.pk if course else None, "file": session.material.name}
    record_event("training.material_submitted", target=session, by=by, at=at, before=before, after=after)
    return session


@transaction.atomic
def name_guest(*, session, guest_name, by, at, shown=None):
    """Say who comes as the guest lecturer, long before there is any material."""
    session = lock_session(session, Status.PLANNED, Status.CONFIRMED, Status.HELD)
    require_organiser(by, session.programme)
    check_shown(shown, guest_shown(session), session)
    if not session.is_guest:
        raise Refused(_("This session is no guest lecture; one of your own presents."), field="guest_name")
    before, session.guest_name = session.guest_name, guest_name.strip()
    session.save(update_fields=["guest_name"])
    record_event("training.guest_named", target=session, by=by, at=at, before={"guest": before}, after={"guest": session.guest_name})
    return session


def _check_words(session, title, topic, says_something):
    if not title or topic is None:
        raise Refused(_("Material needs a topic and a title."), field="topic" if title else "title")
    if not topic.serves(session.programme.kind):
        raise Refused(_("This topic is none of this training's. Choose one of this programme's."), field="topic")
    if not says_something:
        raise Refused(_("Add at least one of these: an outline, a file, a course page."), field="outline")


def checked_file(file):
    """The file under a name of our own, if its size and content are in order."""
    if file.size > MOST_BYTES:
        raise Refused(
            _("The file has %(size)s MB; at most %(most)s MB can be taken. Make its pictures smaller, or link a course page instead.")
            % {"size": round(file.size / 1024 / 1024, 1), "most": MOST_BYTES // 1024 // 1024},
            field="file",
        )
    content = file.read()
    kind = kind_of(content)
    if kind is None:
        raise Refused(
            _(
                "This file is none of those that can be taken: "
                "PDF, Word, Excel or PowerPoint without macros (docx, xlsx, pptx), JPEG, PNG, WebP, MP4."
            ),
            field="file",
        )
    return ContentFile(safe_content(content, kind), name=f"{uuid.uuid4().hex}.{kind}")
