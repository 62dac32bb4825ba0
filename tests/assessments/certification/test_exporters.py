import io
import subprocess
import sys
import time

import pytest
from pypdf import PdfReader

from assessments.certification.exporters import certificate_pdf, face, public_url
from tests.each import each
from tests.factories import make_certificate, make_employee

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    return make_certificate(make_employee("technician", name="陈志强"), level=2)


def fonts_of(page):
    for font in page["/Resources"]["/Font"].values():
        font = font.get_object()
        font = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        yield font["/BaseFont"], font.get("/FontDescriptor")


def test_it_says_who_what_and_when_in_both_languages(certificate):
    page = PdfReader(io.BytesIO(certificate_pdf(certificate))).pages[0]
    text = page.extract_text()
    for words in (
        "等级证书",
        "陈志强",
        "二级",
        "中级",
        "维修技师序列",
        "益通店",
        certificate.number,
        "Level 2",
        "Intermediate",
        "technician track",
    ):
        assert words in text


def test_it_is_one_a4_page_lying_on_its_side_with_every_font_embedded(certificate):
    reader = PdfReader(io.BytesIO(certificate_pdf(certificate)))
    assert len(reader.pages) == 1
    assert [round(side) for side in reader.pages[0].mediabox[2:]] == [842, 595]
    fonts = list(fonts_of(reader.pages[0]))
    assert fonts
    assert all(descriptor and "/FontFile2" in descriptor.get_object() for _name, descriptor in each(fonts))


def test_the_qr_code_leads_to_the_public_page(certificate):
    page = PdfReader(io.BytesIO(certificate_pdf(certificate))).pages[0]
    assert [note.get_object()["/A"]["/URI"] for note in page["/Annots"]] == [public_url(certificate)]


def test_a_long_foreign_name_fits():
    certificate = make_certificate(make_employee("advisor", name="Maximiliana Konstantinopoulou-Featherstonehaugh " + "III"))
    assert "Maximiliana" in PdfReader(io.BytesIO(certificate_pdf(certificate))).pages[0].extract_text()


def test_the_file_is_small_and_after_the_first_one_quick(certificate):
    certificate_pdf(certificate)
    began = time.process_time()
    assert len(certificate_pdf(certificate)) < 150_000
    assert time.process_time() - began < 0.3


def test_finding_the_face_does_not_import_its_package():
    code = (
        "import sys, django; django.setup(); from assessments.certification.exporters import face_path;"
        "assert face_path().exists(); assert not {'zhplot', 'matplotlib'} & set(sys.modules)"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "lms.settings", "LMS_LANGUAGE": "en", "LMS_SECRET_KEY": "x", "PATH": ""}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("content", [None, b"no face at all"])
def test_a_face_that_cannot_be_read_is_logged_and_ours_is_printed(content, certificate, settings, tmp_path, caplog):
    path = tmp_path / "face.ttf"
    if content:
        path.write_bytes(content)
    settings.CERTIFICATE_FONT = str(path)
    face.cache_clear()
    page = PdfReader(io.BytesIO(certificate_pdf(certificate))).pages[0]
    face.cache_clear()
    assert "陈志强" in page.extract_text()
    assert "LMS_CERTIFICATE_FONT" in caplog.text
