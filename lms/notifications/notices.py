from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, notice_kind

notice_kind("signer_changed", title=_("A signer's post, password or address changed"), urgency=Urgency.AT_ONCE)
notice_kind("proposal_decided", title=_("What became of a proposal about someone who signs"))
