import django_filters
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lms.common.acting import attempt, open_to
from lms.common.lists import Column, List
from lms.notifications.actions import mark_read
from lms.notifications.queries import notices_visible_to
from lms.notifications.wording import words_or_title


class NoticeFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=[("new", _("Unread")), ("read", _("Read"))], method="in_state")

    def in_state(self, queryset, name, value):
        return queryset.filter(read_at__isnull=value == "new")


class NoticeList(List):
    name = "notices"
    columns = [
        Column("subject", _("Notice"), value=lambda n: words_or_title(n)[0], link=lambda n: reverse("notice", args=[n.pk])),
        Column("body", _("What it says"), value=lambda n: words_or_title(n)[1]),
        Column("created_at", _("Time"), value=lambda n: timezone.localtime(n.created_at), sort="created_at"),
        Column("state", _("State"), value=lambda n: _("Read") if n.read_at else _("Unread"), badge=lambda n: "" if n.read_at else "accent"),
    ]
    filterset = NoticeFilter
    empty_icon, empty_title = "notices", _("No notices yet")
    empty_text = _("What concerns you appears here: invitations, results, reminders.")


# Notices need no permission of their own: everyone sees theirs, nobody else's.
@open_to()
@require_safe
def notices(request):
    mine = notices_visible_to(request.user)
    return NoticeList(request, mine).response("lms/notifications/notices.html")


@open_to()
@require_safe
def notice(request, pk):
    """Go to what a notice is about; it counts as read from then on."""
    found = get_object_or_404(notices_visible_to(request.user), pk=pk)
    mark_read(by=request.user, at=timezone.now(), notice=found)
    return HttpResponseRedirect(found.url) if found.url else redirect("notices")


@open_to(post=True)
def notices_read(request):
    attempt(request, mark_read, _("All notices are marked as read."))
    return redirect("notices")
