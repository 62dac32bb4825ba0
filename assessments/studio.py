"""What authors edit in the course studio and exams rest on: each edit on record, and versions that began something left alone."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from lms.audit.studio import ToldEditView
from lms.common.studio import SearchedList


def kept_note():
    """The sentence above the form."""
    return HelpPanel(
        content=_(
            "Grading cycles that are locked keep the version that stood at their lock, and sittings and practical exams the one they "
            "were set by. What you change here applies to what is locked or set from now on; each change is on record."
        )
    )


class _Edited(ToldEditView):
    def dispatch(self, request, *args, **kwargs):
        if self.object.frozen_at:
            messages.error(
                request,
                gettext("This version was used and stays as it is. Change the current one instead; it applies from the next lock on."),
            )
            return redirect(reverse(self.edit_url_name, args=[self.object.version_of_id]))
        return super().dispatch(request, *args, **kwargs)


class _NeverDeleted(ModelPermissionPolicy):
    """Taken out of use instead: what was graded by it goes on naming it."""

    def user_has_permission(self, user, action):
        return action != "delete" and super().user_has_permission(user, action)


class VersionedViewSet(SnippetViewSet):
    """For a model that is `lms.common.versions.Versioned`: its versions are in no list."""

    index_view_class = SearchedList
    copy_view_enabled = False
    edit_view_class = _Edited

    def get_queryset(self, request):
        return self.model.objects.filter(frozen_at=None)

    @property
    def permission_policy(self):
        return _NeverDeleted(self.model)
