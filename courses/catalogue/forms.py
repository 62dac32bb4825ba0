from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from courses.catalogue.kinds import choices
from lms.common.typed import let_fold

# What Pillow says of a file that begins like a picture and goes on like none, or ends too early.
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


class TopicForm(WagtailAdminModelForm):
    """A topic with the kinds of training that it serves, to be ticked."""

    kinds = forms.MultipleChoiceField(label=_("Serves"), required=False, choices=choices, widget=forms.CheckboxSelectMultiple)


class DocumentForm(BaseDocumentForm):
    """A document's title and tags fold as all text does; the library makes these fields by itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            let_fold(field)


class PictureForm(BaseImageForm):
    """A picture whose upload broke off is refused at its field; the library itself finds out when it is too late."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            let_fold(field)
        if "file" in self.fields:
            self.fields["file"].to_python = partial(_whole, self.fields["file"].to_python)


def _whole(read, data):
    try:
        picture = read(data)
        if picture and picture.image.format_name != "svg":
            picture.seek(0)
            Image.open(picture).load()
            picture.seek(0)
    except ValidationError:
        raise
    except DAMAGED:
        raise ValidationError(gettext("This picture is damaged, or its upload broke off. Try it once more, or another file.")) from None
    return picture
