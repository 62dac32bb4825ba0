"""What of the rule check HR has to see to, for Today."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common.registries import due
from talent_pool.labour.choices import Severity
from talent_pool.labour.permissions import VIEW
from talent_pool.labour.queries import findings_visible_to


@due
def due_for(employee, at):
    """How many placements, contracts and dealers have something that blocks. One statement."""
    user = employee.user
    if not user.has_perm(VIEW):
        return
    found = findings_visible_to(user).filter(gone_at=None, severity=Severity.BLOCK).order_by()
    rules = found.aggregate(people=Count("person", distinct=True), findings=Count("pk"))
    if rules["findings"]:
        title = ngettext("%(n)d finding of the rule check blocks", "%(n)d findings of the rule check block", rules["findings"])
        about = ngettext("It concerns %(n)d person.", "They concern %(n)d people.", rules["people"]) % {"n": rules["people"]}
        yield {
            "at": None,
            "title": title % {"n": rules["findings"]},
            "text": _("%(whom)s No internship or probation of theirs may start until this is cured.") % {"whom": about},
            "url": f"{reverse('labour_findings')}?severity=block",
            "action": _("View findings"),
            "now": False,
        }
