"""The studio's own forms and blocks fold text as every other door does.

Its model forms take their fields from Wagtail's registry; blocks and the forms that Wagtail wrote out get theirs changed in place, since
those that are made of them share the fields. What a library brings without a form (`wagtail_localize`) is folded as it is saved.
"""

from django import forms
from django.apps import apps
from django.db import models
from django.db.models.signals import pre_save
from taggit.managers import TaggableManager
from wagtail.admin.forms import choosers, collections, comments, search, workflows
from wagtail.admin.forms.models import formfield_for_dbfield, register_form_field_override
from wagtail.admin.forms.tags import TagField
from wagtail.admin.widgets import AdminAutoHeightTextInput, SlugInput
from wagtail.blocks import FieldBlock, RichTextBlock
from wagtail.fields import StreamField
from wagtail.forms import TaskStateCommentForm
from wagtail.images.forms import ImageInsertionForm
from wagtail_localize.models import StringTranslation

from lms.common.typed import AddressField, CodeField, MarkupField, SlugField, TextField, folding, let_fold, markup, shown, why_not_text

WRITTEN_OUT = [
    search.SearchForm, choosers.SearchFilterMixin, choosers.ExternalLinkChooserForm, choosers.AnchorLinkChooserForm,
    choosers.EmailLinkChooserForm, choosers.PhoneLinkChooserForm, workflows.TaskChooserSearchForm, collections.CollectionForm,
    TaskStateCommentForm, ImageInsertionForm,
]  # fmt: skip


def blocks_of(block):
    """The block and all that stand in it."""
    yield block
    inside = list(getattr(block, "child_blocks", {}).values()) or [getattr(block, "child_block", None)]
    for child in filter(None, inside):
        yield from blocks_of(child)


def streams():
    """The blocks of every field of every model that holds any."""
    return [field.stream_block for model in apps.get_models() for field in model._meta.local_fields if isinstance(field, StreamField)]


def _let_all_fold():
    for stream in streams():
        for block in blocks_of(stream):
            if isinstance(block, RichTextBlock):
                block.field.__class__ = MarkupField
            elif isinstance(block, FieldBlock):
                let_fold(block.field)
    for form in comments.CommentForm, comments.CommentReplyForm:  # whose fields are made later, past the registry
        form.Meta.formfield_callback = staticmethod(formfield_for_dbfield)
    for form in WRITTEN_OUT:
        for field in form.base_fields.values():
            let_fold(field)


def _keep_translation(instance, **_signal):
    """Of a page's text in the other language, typed beside the first or read from a file. The reason stands at the text that has it."""
    if reason := why_not_text(instance.data):
        instance.has_error, instance.field_error = True, reason
    instance.data = shown(markup(instance.data))


register_form_field_override(
    models.CharField, override=lambda field: {"form_class": CodeField if field.name == "code" else TextField}, exact_class=True
)
register_form_field_override(models.TextField, override={"form_class": TextField, "widget": AdminAutoHeightTextInput}, exact_class=True)
register_form_field_override(models.SlugField, override={"form_class": SlugField, "widget": SlugInput})
register_form_field_override(models.EmailField, override={"form_class": AddressField})
register_form_field_override(models.URLField, override={"form_class": folding(forms.URLField), "assume_scheme": "https"})
register_form_field_override(TaggableManager, override=lambda field: {"form_class": folding(TagField), "tag_model": field.related_model})
pre_save.connect(_keep_translation, sender=StringTranslation, dispatch_uid="folded translations")
_let_all_fold()
