import io
import zipfile

import pytest
from PIL import Image

from courses.training.uploads import kind_of, safe_content


def office(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name in names:
            book.writestr(name, "x")
    return out.getvalue()


def picture(kind, **options):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, format=kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\x00\x00\x00\x18ftypmp42", "mp4"),
        (office("[Content_Types].xml", "word/document.xml"), "docx"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (office("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (office("index.html"), None),
        (picture("JPEG"), "jpg"),
        (picture("PNG"), "png"),
        (picture("WEBP"), "webp"),
        (picture("GIF"), None),
        (picture("PNG")[:40], None),
        (b"<svg onload=alert(1)>", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_its_content(content, kind):
    assert kind_of(content) == kind


def test_what_hides_in_a_picture_does_not_survive():
    comment = picture("JPEG", comment=b"<script>")
    assert b"<script>" in comment
    assert b"<script>" not in safe_content(comment + b"<script>", "jpg")


def test_other_files_stay_as_they_are():
    assert safe_content(b"%PDF-1.7", "pdf") == b"%PDF-1.7"
