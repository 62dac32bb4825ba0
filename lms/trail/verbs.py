"""What is recorded of signing in, and of what the course studio does beyond the reference data and questions that rooms declare."""

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry
from wagtail.models import Page

from lms.accounts.models import User
from lms.audit.verbs import concerns, number, room, said, text, verb

SIGN_INS = ("sign_in.succeeded", "sign_in.failed")  # those that say from where
ADDRESS = {"address": text(_("Network address"))}


def _studio_action(name):
    registry.scan_for_actions()
    return registry.get_action_label(name) if registry.action_exists(name) else name


concerns(User, person="employee", dealer="employee__dealer", page="person", argument="employee__pk")
concerns(Page, page="wagtailadmin_explore", needs="wagtailadmin.access_admin")

room("sign_in", _("Sign-in"))
verb("sign_in.succeeded", _("%(actor)s signed in"), ADDRESS)
verb("sign_in.failed", _("Someone tried to sign in as %(target)s and failed"), ADDRESS)
verb("sign_in.password_changed", _("%(actor)s changed their password"))
verb("sign_in.password_reset", _("%(actor)s reset their password by e-mail"))

room("page", _("Course pages"))
PAGE = {"revision": number(_("Revision"))}
for _name, _sentence in {
    "page.added": _("%(actor)s created the page “%(target)s”"),
    "page.published": _("%(actor)s published the page “%(target)s”"),
    "page.unpublished": _("%(actor)s took the page “%(target)s” offline"),
    "page.removed": _("%(actor)s deleted the page “%(target)s”"),
}.items():
    verb(_name, _sentence, PAGE, anything=True)

room("studio", _("Course studio"))
verb(
    "studio.did",
    _("%(actor)s worked on the %(kind)s “%(target)s” in the course studio"),
    {"action": said(_("What was done"), _studio_action), **PAGE},
    anything=True,
)
