import io
import time
from datetime import date
from functools import partial
from pathlib import Path

import manimgx_fonts_cjk
import pytest
import typst
from PIL import Image
from pypdf import PdfReader

from assessments.certification.exporters import certificate_pdf, public_url
from lms.common.print import STAND_IN, faces
from tests.each import each
from tests.factories import make_certificate, make_employee

pytestmark = pytest.mark.django_db

PANEL = [
    {"name": "沈国栋", "title": {"zh": "集团技术总监", "en": "Group technical director"}, "signed_on": "2026-11-20"},
    {"name": "欧阳建华", "title": {"zh": "厂家技术指导", "en": "OEM technical coach"}, "signed_on": "2026-11-21"},
    {"name": "孟海涛", "title": {"zh": "服务经理", "en": "Service manager"}, "signed_on": "2026-11-22"},
]
LONG = "Maximiliana Konstantinopoulou-Featherstonehaugh III"


def certificate_of(name="陈志强", level=2, signatories=PANEL, **values):
    certificate = make_certificate(make_employee("technician", name=name[:60]), level=level)
    certificate.signatories = signatories
    for field, value in {"holder_name": name, **values}.items():
        setattr(certificate, field, value)
    return certificate


@pytest.fixture
def certificate():
    return certificate_of()


def read(certificate):
    return PdfReader(io.BytesIO(certificate_pdf(certificate)))


def text_of(certificate):
    """Without blanks: letters that are spaced out are read one by one."""
    return "".join(read(certificate).pages[0].extract_text().split())


def fonts_of(page):
    for font in page["/Resources"]["/Font"].values():
        font = font.get_object()
        yield font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font


def elements(node):
    """The elements of a tagged document, depth first."""
    node = node.get_object()
    for child in node if isinstance(node, list) else [node]:
        child = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(child, dict):
            yield child
            yield from elements(child["/K"]) if "/K" in child and not isinstance(child["/K"], int) else ()


def test_it_says_who_what_and_when_in_both_languages(certificate):
    text = text_of(certificate)
    for words in ("等级证书", "CERTIFICATEOFLEVEL", "陈志强", "维修技师序列中级", "Level2(intermediate)", "techniciantrack"):
        assert words in text
    for words in ("益通店", certificate.number, "签发门店Issuedby", "签发Issued", "扫码查验Scantoverify"):
        assert words in text


def test_it_names_who_signed_with_their_seat_and_the_day(certificate):
    text = text_of(certificate)
    for person in each(PANEL):
        assert person["name"] in text
        assert person["title"]["zh"] + person["title"]["en"].replace(" ", "") in text
    assert "2026年11月20日签字Signed20November2026" in text


def test_one_of_version_0_1_names_nobody_and_is_printed_as_before():
    text = text_of(certificate_of(signatories=[]))
    assert "陈志强" in text
    assert "Signed" not in text


def test_only_what_the_panel_signed_says_that_it_did():
    """A renewal and a correction are written decisions of HR: they say so, in both languages, and claim no exam."""
    exam = ["通过理论与实操考试", "经考评组一致签字", "haspassedthetheory", "signaturesofthewholepanel"]
    decided = {
        "renewal:7:technical:2": [
            "经人事书面决定，续持等级",
            "continuestoholdLevel2(intermediate)ofthetechniciantrack,byawrittendecisionofHR.",
        ],
        "correction:candidacy:7": ["经两名人事人员复核更正，认定为", "holdsLevel2(intermediate)ofthetechniciantrack,byacorrection"],
        "correction:7": ["经两名人事人员复核更正，认定为", "thattwopeopleofHRdecidedon."],
    }
    signed = text_of(certificate_of(source="candidacy:7"))
    assert all(words in signed for words in each(exam))
    for source, expected in each(decided.items()):
        text = text_of(certificate_of(signatories=[], source=source))
        assert all(words in text for words in each(expected))
        assert not any(words in text for words in each(exam))


@pytest.mark.parametrize(("level", "track", "words"), [(1, "service", "服务顾问序列初级"), (3, "technical", "维修技师序列高级")])
def test_each_level_of_each_track_has_its_words(level, track, words):
    assert words in text_of(certificate_of(level=level, track=track))


def test_until_when_it_is_valid_stands_on_it_if_it_ends():
    assert "有效期至" not in text_of(certificate_of())
    assert "有效期至Validuntil2028年11月30日30November2028" in text_of(certificate_of(expires_on=date(2028, 11, 30)))


def test_it_is_one_a4_page_lying_on_its_side_with_every_font_embedded(certificate):
    reader = read(certificate)
    assert len(reader.pages) == 1
    assert [round(side) for side in reader.pages[0].mediabox[2:]] == [842, 595]
    descriptors = [font["/FontDescriptor"].get_object() for font in fonts_of(reader.pages[0])]
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in each(descriptors))
    assert len({descriptor["/FontName"] for descriptor in descriptors}) >= 3  # of different weight


def test_it_is_tagged_with_title_language_heading_and_words_for_its_picture(certificate):
    reader = read(certificate)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == f"{certificate.number} 陈志强"
    found = list(elements(root["/StructTreeRoot"]["/K"]))
    kinds = [element.get("/S") for element in found]
    assert kinds.count("/H1") == 1
    assert kinds.count("/P") > 10
    assert "en" in [element.get("/Lang") for element in found]
    assert [element["/Alt"] for element in found if element.get("/S") == "/Figure"] == [
        f"查验证书 Verify this certificate: {public_url(certificate)}"
    ]


def test_it_says_of_itself_that_it_can_be_read_aloud_and_kept(certificate):
    about = read(certificate).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "pdfuaid:part" in about
    assert "pdfaid:part" in about


def test_the_qr_code_leads_to_the_public_page(certificate):
    page = read(certificate).pages[0]
    assert [note.get_object()["/A"]["/URI"] for note in page["/Annots"]] == [public_url(certificate)]


def test_it_is_the_same_file_whenever_it_is_asked_for(certificate):
    assert certificate_pdf(certificate) == certificate_pdf(certificate)


def picture_of(certificate, monkeypatch):
    """As one sees it, a dot for each point, in shades of grey."""
    with monkeypatch.context() as patch:
        compiled = partial(typst.compile, ppi=72)
        patch.setattr(typst, "compile", lambda *args, **options: compiled(*args, **options | {"format": "png", "pdf_standards": []}))
        return Image.open(io.BytesIO(certificate_pdf(certificate))).convert("L")


MARGINS = {
    "left": (0, 0, 26, 595),
    "right": (816, 0, 842, 595),
    "top": (0, 0, 842, 26),
    "bottom": (0, 569, 842, 595),
    "beside": (772, 40, 806, 555),
}
NAMES = [LONG, "陈" * 100, "W" * 60, "欧阳娜娜·" * 12, "#陈 $x$ <a> @b \\ *c* _d_", "𠮷㐂", "阿\u200b依\u202e古丽", "a b " * 15, "i" * 60]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_length_are_printed_whole_and_stay_within_the_frame(name, monkeypatch):
    certificate = certificate_of(name, signatories=[person | {"name": name} for person in PANEL], dealer_zh=name, dealer_en=name)
    kept = name.replace("\u200b", "").replace("\u202e", "").replace(" ", "")
    assert len(read(certificate).pages) == 1
    assert text_of(certificate).replace("\u200b", "").count(kept) == 6
    page = picture_of(certificate, monkeypatch)
    assert {place: page.crop(box).getextrema() for place, box in MARGINS.items()} == dict.fromkeys(MARGINS, (255, 255))


def test_what_no_face_can_show_has_a_stand_in():
    assert f"陈{STAND_IN}强" in text_of(certificate_of("陈\ue000强"))


def test_setting_it_warns_of_nothing(certificate, monkeypatch):
    """typst says as a warning what it left out or did not find."""
    told = []
    compiled = typst.compile_with_warnings

    def compile_and_tell(*args, **kwargs):
        pdf, warnings = compiled(*args, **kwargs)
        told.append([warning.message for warning in warnings])
        return pdf

    monkeypatch.setattr(typst, "compile", compile_and_tell)
    certificate_pdf(certificate)
    assert told == [[]]


def test_it_is_small_and_after_the_first_one_quick(certificate):
    certificate_pdf(certificate)
    began = time.process_time()
    assert len(certificate_pdf(certificate_of("欧阳娜娜"))) < 100_000
    assert time.process_time() - began < 0.3


@pytest.fixture
def anew():
    """Which faces there are is looked at once a process."""
    faces.cache_clear()
    yield
    faces.cache_clear()


@pytest.mark.parametrize("content", [None, b"no face at all"])
@pytest.mark.usefixtures("anew")
def test_a_face_that_cannot_be_read_is_logged_and_ours_is_printed(content, certificate, settings, tmp_path, caplog):
    path = tmp_path / "face.ttf"
    if content:
        path.write_bytes(content)
    settings.CERTIFICATE_FONT = str(path)
    assert "陈志强" in text_of(certificate)
    assert "LMS_CERTIFICATE_FONT" in caplog.text


@pytest.mark.usefixtures("anew")
def test_a_face_of_ones_own_is_used_before_ours(certificate, settings):
    """The first of those in our own file, which is the Japanese one: Chinese is not set in it otherwise."""
    assert not [font for font in fonts_of(read(certificate).pages[0]) if "CJKjp" in font["/BaseFont"]]
    faces.cache_clear()
    settings.CERTIFICATE_FONT = str(next(Path(manimgx_fonts_cjk.__file__).parent.glob("*.ttc")))
    names = [font["/BaseFont"] for font in fonts_of(read(certificate).pages[0])]
    assert all("CJKjp" in name for name in each(names))
