"""A certificate as PDF: A4 landscape, both languages, the Chinese face embedded and subset, a QR code to its public page.

Only the face that comes inside the package `zhplot` is used, found without importing it (that would bring matplotlib along).
"""

import io
import logging
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

logger = logging.getLogger(__name__)

FACE = "PitlaneFace"
WIDTH, HEIGHT = landscape(A4)
BAND = 236  # the coloured part on the left
LEFT, RIGHT = BAND + 56, WIDTH - 56
INK, QUIET, LINE = HexColor("#14242b"), HexColor("#53666e"), HexColor("#c9d4d8")
PETROL, DEEP, PALE = HexColor("#0a6478"), HexColor("#073f4c"), HexColor("#a9d2da")
STEPS = [HexColor("#a9d2da"), HexColor("#5fb0c1"), HexColor("#ffffff")]

# A certificate says everything in both languages at once, whatever language its reader uses.
LEVELS = {
    1: ("一级", "初级", "Level 1", "Junior"),
    2: ("二级", "中级", "Level 2", "Intermediate"),
    3: ("三级", "高级", "Level 3", "Senior"),
}
TRACKS = {"service": ("服务顾问序列", "service-advisor track"), "technical": ("维修技师序列", "technician track")}


@cache
def face():
    """Registers the face once a process and gives its name; reading it takes most of a first PDF's time.

    One that cannot be read (any more) is logged, and the certificate is printed with ours.
    """
    try:
        font = TTFont(FACE, settings.CERTIFICATE_FONT or str(face_path()))
    except (TTFError, OSError):
        logger.exception("LMS_CERTIFICATE_FONT is no face that can be printed; certificates use the one that comes with us.")
        font = TTFont(FACE, str(face_path()))
    pdfmetrics.registerFont(font)
    return FACE


def face_path():
    """Of the face that comes along."""
    return Path(find_spec("zhplot").submodule_search_locations[0]) / "fonts" / "NotoSansSC-Regular.ttf"


def public_url(certificate):
    return settings.BASE_URL.rstrip("/") + reverse("verify", args=[certificate.code])


def certificate_pdf(certificate):
    """The certificate as the bytes of a PDF file."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), initialFontName=face(), pageCompression=1)
    canvas.setTitle(f"{certificate.number} {certificate.holder_name}")
    canvas.setAuthor(certificate.dealer_zh)
    canvas.setSubject("等级证书 Certificate of level")
    canvas.setCreator("Pitlane 匠阶")
    _band(canvas, certificate)
    _words(canvas, certificate)
    _facts(canvas, certificate)
    _code(canvas, certificate)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _text(canvas, x, y, words, size, colour=INK, spacing=0, centred=False):
    canvas.setFont(FACE, size)
    canvas.setFillColor(colour)
    if centred:
        x -= (canvas.stringWidth(words, FACE, size) + spacing * (len(words) - 1)) / 2
    canvas.drawString(x, y, words, charSpace=spacing)


def _fitting(canvas, words, size, width):
    """The size at which `words` fit into `width`, `size` at most."""
    return min(size, size * width / max(1, canvas.stringWidth(words, FACE, size)))


def _band(canvas, certificate):
    """The coloured band with the ladder: one block a level, the ones reached filled."""
    canvas.setFillColor(DEEP)
    canvas.rect(0, 0, BAND, HEIGHT, stroke=0, fill=1)
    canvas.setFillColor(PETROL)
    canvas.rect(BAND - 6, 0, 6, HEIGHT, stroke=0, fill=1)
    _mark(canvas, 40, HEIGHT - 78, 32)
    _text(canvas, 84, HEIGHT - 62, "匠阶", 19, white, spacing=3)
    _text(canvas, 85, HEIGHT - 78, "Pitlane", 10, PALE, spacing=1)
    for step in (1, 2, 3):
        _step(canvas, step, certificate.level)
    zh, word, en, name = LEVELS[certificate.level]
    _text(canvas, 40, 84, f"{zh} · {word}", 15, white, spacing=1)
    _text(canvas, 40, 64, f"{en} · {name}", 10, PALE)


def _mark(canvas, x, y, size):
    """The product's sign: three steps and an arrow."""
    unit = size / 24
    canvas.saveState()
    canvas.setStrokeColor(white)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for width, points in (
        (2.6, [(3.5, 3.5), (9, 3.5), (9, 8.5), (14.2, 8.5), (14.2, 13.5), (19.5, 13.5), (19.5, 19)]),
        (1.7, [(3.8, 9.8), (13.2, 19.2)]),
        (1.7, [(8.6, 19.5), (13.5, 19.5), (13.5, 14.6)]),
    ):
        canvas.setLineWidth(width * unit)
        path = canvas.beginPath()
        path.moveTo(x + points[0][0] * unit, y + points[0][1] * unit)
        for px, py in points[1:]:
            path.lineTo(x + px * unit, y + py * unit)
        canvas.drawPath(path)
    canvas.restoreState()


def _step(canvas, step, level):
    width, gap, floor = 46, 9, 128
    x, height = 40 + (step - 1) * (width + gap), 70 + (step - 1) * 62
    if step <= level:
        canvas.setFillColor(STEPS[step - 1])
        canvas.roundRect(x, floor, width, height, 4, stroke=0, fill=1)
    else:
        canvas.setStrokeColor(PALE)
        canvas.setLineWidth(0.8)
        canvas.setDash(3, 3)
        canvas.roundRect(x, floor, width, height, 4, stroke=1, fill=0)
        canvas.setDash()
    _text(canvas, x + width / 2, floor + height - 26, LEVELS[step][0][0], 15, DEEP if step <= level else PALE, centred=True)


def _words(canvas, certificate):
    zh, word, en, name = LEVELS[certificate.level]
    track_zh, track_en = TRACKS[certificate.track]
    _text(canvas, LEFT, HEIGHT - 92, "等级证书", 34, PETROL, spacing=8)
    _text(canvas, LEFT + 1, HEIGHT - 114, "CERTIFICATE OF LEVEL", 11, QUIET, spacing=3)
    _text(canvas, LEFT, HEIGHT - 176, "兹证明", 12, QUIET, spacing=2)
    _text(canvas, LEFT + 52, HEIGHT - 176, "This is to certify that", 10.5, QUIET)
    holder = certificate.holder_name
    _text(canvas, LEFT, HEIGHT - 226, holder, _fitting(canvas, holder, 38, RIGHT - LEFT - 20), INK, spacing=2)
    canvas.setStrokeColor(PETROL)
    canvas.setLineWidth(1.4)
    canvas.line(LEFT, HEIGHT - 244, RIGHT, HEIGHT - 244)
    _text(canvas, LEFT, HEIGHT - 280, f"通过{track_zh}的理论与实操考试，经考评组一致签字，评定为", 13, INK, spacing=0.4)
    _text(canvas, LEFT, HEIGHT - 318, f"{zh} · {word}", 24, PETROL, spacing=2)
    _text(canvas, LEFT, HEIGHT - 350, f"passed the theory and practical exams of the {track_en}, signed by the whole panel,", 10.5, QUIET)
    _text(canvas, LEFT, HEIGHT - 366, f"and holds {en}, {name}.", 10.5, QUIET)


def _facts(canvas, certificate):
    issued = timezone.localtime(certificate.issued_at)
    rows = [
        ("门店 Dealer", " ".join(part for part in (certificate.dealer_zh, certificate.dealer_en) if part)),
        ("编号 Number", certificate.number),
        ("签发 Issued", f"{issued.year} 年 {issued.month} 月 {issued.day} 日  ({issued:%Y-%m-%d})"),
    ]
    if certificate.expires_on:
        rows.append(("有效期至 Valid until", f"{certificate.expires_on:%Y-%m-%d}"))
    for number, (label, value) in enumerate(rows):
        y = 146 - number * 27
        _text(canvas, LEFT, y, label, 9, QUIET)
        _text(canvas, LEFT + 92, y, value, _fitting(canvas, value, 11.5, RIGHT - 118 - LEFT - 92), INK)


def _code(canvas, certificate):
    """The QR code, drawn as squares so that it stays sharp at any size, with the same address as a link."""
    side, x, y = 96, RIGHT - 96, 78
    matrix = [list(row) for row in segno.make(public_url(certificate), error="m", micro=False).matrix]
    unit = side / len(matrix)
    canvas.setFillColor(DEEP)
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            if dark:
                canvas.rect(x + column * unit, y + side - (row + 1) * unit, unit * 1.02, unit * 1.02, stroke=0, fill=1)
    canvas.linkURL(public_url(certificate), (x, y, x + side, y + side))
    _text(canvas, x + side / 2, y - 16, "扫码验证 Scan to verify", 8.5, QUIET, centred=True)
