"""Uploaded pictures. No other file of the media folder has an address: each is handed out by the page that knows who may have it."""

import mimetypes

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import condition, require_safe
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.images import get_image_model

from courses.catalogue.permissions import may_see

Image = get_image_model()
Rendition = Image.get_rendition_model()
# Of these alone a browser makes a picture, and nothing that runs.
TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"}
KEPT_FOR = 24 * 3600  # seconds; a changed picture has another name


@login_required
@require_safe
def picture(request, name):
    """One size of a picture, for everyone who may see the collection that it lies in."""
    rendition = get_object_or_404(Rendition.objects.select_related("image__collection"), file=f"images/{name}")
    return _hand_out(request, rendition.file, rendition.image.collection)


@login_required
@require_safe
def original_picture(request, name):
    """A picture as it was uploaded, with all that the camera wrote into it: for people who write pages."""
    image = get_object_or_404(Image.objects.select_related("collection"), file=f"original_images/{name}")
    if not user_has_any_page_permission(request.user):
        raise Http404
    return _hand_out(request, image.file, image.collection)


def _hand_out(request, file, collection):
    if not may_see(request, collection):
        raise Http404
    return _answer(request, file)


@condition(etag_func=lambda request, file: f'"{file.name}"')
def _answer(request, file):
    kind = mimetypes.guess_type(file.name)[0]
    try:
        content = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=kind not in TYPES, content_type=kind if kind in TYPES else "application/octet-stream")
    response.headers["Cache-Control"] = f"private, max-age={KEPT_FOR}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
