"""What may be handed in as material: known kinds of file, told by their content. Bytes in, bytes out."""

import io
import zipfile

from PIL import Image, ImageOps, UnidentifiedImageError

from lms.common import limits

MOST_BYTES = limits.MATERIAL_FILE
MOST_PIXELS = 40_000_000
OFFICE_FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
IMAGE_FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "mp4": "video/mp4",
}


def kind_of(content: bytes) -> str | None:
    """The file's ending by what is in it, or None where it is none of ours. Office files with macros are none of ours."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content[4:8] == b"ftyp":
        return "mp4"
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return _image_kind(content)


def safe_content(content: bytes, kind: str) -> bytes:
    """Images are drawn anew, without whatever else was in the file; everything else stays as it is."""
    if kind not in IMAGE_FORMATS.values():
        return content
    with Image.open(io.BytesIO(content)) as image:
        out, drawn = io.BytesIO(), ImageOps.exif_transpose(image)
        drawn.info = {name: value for name, value in drawn.info.items() if name == "transparency"}
        drawn.save(out, format=image.format)
    return out.getvalue()


def _office_kind(content):
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((kind for folder, kind in OFFICE_FOLDERS.items() if any(name.startswith(folder) for name in names)), None)


def _image_kind(content):
    try:
        with Image.open(io.BytesIO(content), formats=list(IMAGE_FORMATS)) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.load()
            return IMAGE_FORMATS[image.format]
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
