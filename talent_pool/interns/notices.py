from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import notice_kind

notice_kind("internship_started", title=_("Your internship has started"))
notice_kind("internship_ended", title=_("Your internship has ended"))
