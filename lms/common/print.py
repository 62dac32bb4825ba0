"""Paper: `render("area/app/page.typ", data)` gives the bytes of a PDF, tagged (PDF/UA) and fit to be kept (PDF/A).

A template is typst, beside the ones for pages in `templates/`. Data reach it as JSON and are set as they are: nothing in them is ever
markup. What no face can show would stop the document, so it is set as 〓, the compositor's stand-in; `unprintable` names it beforehand.
"""

import json
import logging
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path

import manimgx_fonts_cjk
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from lms.common import limits
from lms.common.states import Refused

logger = logging.getLogger(__name__)

TEMPLATES = settings.BASE_DIR / "templates"
FACE = "Noto Sans CJK SC"
STAND_IN = "〓"
JOINERS = "\u200c\u200d"  # without a shape of their own, and some scripts are wrong without them
STANDARDS = ["ua-1", "a-2a"]
# Those in front are set, those that queue behind them wait within their own time.
_presses = ThreadPoolExecutor(limits.PRESSES, thread_name_prefix="print")


class CannotPrint(Refused):
    pass


def render(template, data, *, at=None):
    """The PDF of `template` with `data`, dated `at`: the same of both gives the same bytes."""
    data = _settable(data)
    if len(json.dumps(data)) > limits.PRINT_DATA:
        raise CannotPrint(_("This is too much for one document. Ask for less at a time."))
    work = _presses.submit(_print, TEMPLATES / template, data, at)
    try:
        pdf = work.result(limits.PRINT_SECONDS)
    except TimeoutError:
        work.cancel()
        logger.warning("%s took longer than %s seconds to print.", template, limits.PRINT_SECONDS)
        raise CannotPrint(_("The document could not be made in time. Try again in a minute.")) from None
    if len(pdf) > limits.PRINT_FILE:
        raise CannotPrint(_("This is too much for one document. Ask for less at a time."))
    return pdf


def unprintable(words):
    """Those characters of `words` that no face here can show, each once."""
    words = _settable_text(words)
    return "" if _prints(words) else "".join(char for char in dict.fromkeys(words) if not _prints_alone(char))


def _print(source, data, at):
    """Most documents can be set as they are; where one can't, it is looked through for what has no shape, and set without it."""
    try:
        return _compile(source, data, at)
    except typst.TypstError:
        with_stand_ins = _each_text(data, _with_stand_ins)
        if with_stand_ins == data:
            raise
        return _compile(source, with_stand_ins, at)


def _compile(source, data, at=None):
    found, families = faces()
    return typst.compile(
        source if isinstance(source, bytes) else str(source),
        root=str(TEMPLATES),
        font_paths=found,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data), "faces": json.dumps(families)},
        pdf_standards=STANDARDS,
        timestamp=int(at.timestamp()) if at else None,
    )


@cache
def faces():
    """(the faces, the families to ask for): the one that is set if it can be read, ours, and typst's own for letters that ours lacks."""
    own = _family_of(settings.CERTIFICATE_FONT)
    folders = [str(Path(manimgx_fonts_cjk.__file__).parent), *([str(Path(settings.CERTIFICATE_FONT).parent)] if own else [])]
    return typst.Fonts(include_system_fonts=False, font_paths=folders), [*([own] if own else []), FACE]


def _family_of(path):
    """The family that a face's file belongs to; empty, and logged, if it is none."""
    if not path:
        return ""
    beside = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(Path(path).parent)])
    family = next((face.family for face in beside.fonts() if face.path and Path(face.path) == Path(path)), "")
    if not family:
        logger.error("LMS_CERTIFICATE_FONT is no face that can be printed; paper is set in the one that comes with us.")
    return family


def _each_text(data, change):
    """`data` with each text in it changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: _each_text(value, change) for key, value in data.items()}
    return [_each_text(value, change) for value in data] if isinstance(data, list | tuple) else data


def _settable(data):
    return _each_text(data, _settable_text)


def _settable_text(words):
    """On one line, without control characters and turns of direction; half of a pair is no character."""
    kept = (char for char in " ".join(words.split()) if char in JOINERS or unicodedata.category(char) not in ("Cc", "Cf"))
    return "".join(STAND_IN if unicodedata.category(char) == "Cs" else char for char in kept)


def _with_stand_ins(words):
    return words.translate({ord(char): STAND_IN for char in unprintable(words)})


def _prints(words):
    """Asked of the press itself, with the faces that it uses: what it can't show, it refuses to set."""
    try:
        _compile(_PROOF, words)
    except typst.TypstError:
        return False
    return True


_prints_alone = lru_cache(maxsize=20_000)(_prints)
_PROOF = b'#set document(title: "-")\n#set text(font: json(bytes(sys.inputs.faces)))\n#json(bytes(sys.inputs.data))'
