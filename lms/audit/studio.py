"""The course studio's form of one record, which tells its second editor what changed meanwhile. Pages are Wagtail's own: each save is a
revision, and their editor warns of another's. Of what is kept in versions (`lms.common.versions`), used ones are left alone."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from lms.audit.meanwhile import check_shown
from lms.audit.verbs import edited_of, verb_of
from lms.common.bilingual import clauses
from lms.common.shown import ChangedMeanwhile, ShownField, fact, facts_of, show_now, written
from lms.common.studio import SearchedList


class ToldEditView(EditView):
    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["shown"] = ShownField(initial="" if form.is_bound else written(record_shown(self.object)))
        return form

    def form_valid(self, form):
        with transaction.atomic():
            now = type(self.object)._base_manager.select_for_update(of=("self",)).get(pk=self.object.pk)
            try:
                check_shown(form.cleaned_data["shown"], record_shown(now), now)
            except ChangedMeanwhile as told:
                show_now(form, told.now)
                form.add_error(None, str(told))
                self.produced_error_code, self.produced_error_message = "validation_error", str(told)
                return self.form_invalid(form)
            return super().form_valid(form)


def record_shown(record):
    """What the studio's form shows of a record: its fields and the lines below it, as its room declared them."""
    edited = edited_of(record._meta.label_lower)
    labels = verb_of(f"{edited.noun}.changed").fields
    lines = {name: _lines(labels[name].label, getattr(record, name).all(), words) for name, words in edited.lines.items()}
    return facts_of(record, *edited.fields) | lines


def _lines(label, rows, words):
    """Compared by all that stands in them, named by the words of the log."""
    values = [[field.value_to_string(row) for field in row._meta.concrete_fields] for row in rows]
    return fact(label, repr(values), clauses(words(row) for row in rows))


class _Edited(ToldEditView):
    def dispatch(self, request, *args, **kwargs):
        if self.object.frozen_at:
            messages.error(
                request,
                _("This version was used and stays as it is. Change the current one instead; it applies to what begins from now on."),
            )
            return redirect(reverse(self.edit_url_name, args=[self.object.version_of_id]))
        return super().dispatch(request, *args, **kwargs)


class _NeverDeleted(ModelPermissionPolicy):
    """Taken out of use instead: what was begun by it goes on naming it."""

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
