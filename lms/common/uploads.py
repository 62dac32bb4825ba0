"""Uploads are refused by their size before they are kept: by what the request says of its length, and again while they come in.

A view says how much it takes with `@takes_files(most=…)`. What is too large is read over, not stored, and arrives in the form as a
file without content that tells its size, so that the form refuses it at its field with all else that was typed still there.
"""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

from lms.common import limits


def takes_files(most):
    """The decorated view takes files of `most` bytes, all of one request together."""

    def mark(view):
        view.most_uploaded = most
        return view

    return mark


def most_for(request):
    """Bytes of files that a request may bring: nothing before sign-in, nothing to a page that does not exist."""
    match = request.resolver_match
    if match is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return 0
    if "wagtaildocs" in match.app_names:
        return limits.DOCUMENT_FILE
    if "wagtailimages" in match.app_names:
        return settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    return getattr(match.func, "most_uploaded", limits.OTHER_FILE)


class TooLarge(UploadedFile):
    """What was not kept: its name and size, no content. A form that does not ask for the size ends with the page that says why."""

    def __init__(self, name, content_type, size):
        super().__init__(name=name, content_type=content_type, size=size)

    def _refuse(self, *_arguments, **_options):
        raise RequestDataTooBig(f"{self.name} is too large.")

    read = open = chunks = _refuse


class BoundedUpload(FileUploadHandler):
    """The first of the upload handlers: the others get only what is within the bounds."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > limits.READ_OVER:
            raise RequestDataTooBig("The request is longer than is read over.")
        self.most, self.taken = most_for(self.request), 0
        self.is_over = content_length > self.most + settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def new_file(self, *arguments, **options):
        super().new_file(*arguments, **options)
        if self.is_over:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data, start):
        self.taken += len(raw_data)
        self.is_over = self.is_over or self.taken > self.most
        return None if self.is_over else raw_data

    def file_complete(self, file_size):
        if not self.is_over:
            return None
        for handler in self.request.upload_handlers[1:]:
            handler.upload_interrupted()  # what came in before it was too much goes away
        return TooLarge(self.file_name, self.content_type, file_size)
