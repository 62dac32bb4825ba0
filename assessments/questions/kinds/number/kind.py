import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.questions.kinds.kind import FULL, NONE, Kind
from lms.common.typed import folded

MOST, STEP = Decimal(10**10), Decimal("0.0001")  # of a key: what the model's columns hold
LONGEST_NUMBER = 40  # characters; longer is no number that anyone was asked for
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", re.ASCII)
# Dashes that people type for a minus, the Chinese full stop; then the dots that stand between the units of a product.
_MINUS = str.maketrans(dict.fromkeys("\u2212\u2013\u2014\u2012\u2010\u2011\ufe63", "-") | {"\u3002": "."})
_DOTS = str.maketrans("", "", ".\u00b7\u2022\u22c5\u30fb\u2219\u2027*\u00d7 ")
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}([ '\u2019]\d{3})+([.,]\d*)?", re.ASCII)


# Money has a name in each language, and several signs.
_CALLED = {("cny", "zh"): "元"}
_ALSO = {"cny": ("元", "人民币", "rmb", "yuan", "¥")}


class Number(Kind):
    """The key and its tolerance are decimal text; both ends of the tolerance are right."""

    name = "number"
    model_name = "numericquestion"
    label = gettext_lazy("Numeric answer")
    fields = ("value", "tolerance", "unit")
    rule = "number-2"  # 2: units with any dot between them, thousands apart by a blank
    is_mendable = True
    control = "kinds/number/control.html"
    key_control = "kinds/number/key.html"

    def fields_of(self, entry):
        return {"value": Decimal(entry["value"]), "tolerance": Decimal(entry["tolerance"]), "unit": entry.get("unit", "")}

    def shown(self, content, language, order=()):
        unit = content.get("unit", "")
        return {"unit": _CALLED.get((unit.casefold(), language[:2]), unit)}

    def note(self, content, response):
        if not response or _read(content, response) is not None:
            return ""
        return _("“%(text)s” is no number. Write it in digits, such as 12.5; the unit asked for may follow.") % {"text": response[0][:40]}

    def mark(self, content, response):
        given = _read(content, response)
        within = given is not None and abs(given - Decimal(content["key"])) <= Decimal(content.get("tolerance") or 0)
        return FULL if within else NONE

    def in_words(self, content, response, language):
        text, unit = response[0], content.get("unit", "")
        return text if not unit or text.endswith(unit) else f"{text} {unit}"

    def right(self, content):
        return [content["key"]]

    def key_from(self, content, response):
        """Two texts: the value, and the tolerance either way, which stays as it is where it is left empty."""
        value, tolerance = [*response, "", ""][:2]
        key = number_of(value, content.get("unit", ""))
        around = number_of(tolerance) if tolerance else Decimal(content.get("tolerance") or 0)
        if key is None or around is None or around < 0 or max(abs(key), around) >= MOST or key % STEP or around % STEP:
            raise ValueError(response)
        return {"key": plain_digits(key), "tolerance": plain_digits(around)}

    def rekey(self, question, part):
        question.value, question.tolerance = Decimal(part["key"]), Decimal(part["tolerance"])

    def key_in_words(self, content, language):
        around = content.get("tolerance") or "0"
        return super().key_in_words(content, language) + (f" (± {around})" if Decimal(around) else "")

    def wrong(self, content):
        return [[str(Decimal(content["key"]) + Decimal(content.get("tolerance") or 0) + 1)]]


def _read(content, response):
    return number_of(response[0], content.get("unit", "")) if response and len(response) == 1 else None


def plain_digits(value):
    """100 and 3.2, where the database says 100.0000 and 3.2000."""
    return f"{Decimal(value).normalize():f}"


def number_of(text, unit=""):
    """The number that someone typed, or None: 1.6, 1,6, １．６, 1,200, -3, with or without the unit asked for."""
    if len(text) > LONGEST_NUMBER:
        return None
    text = _without_unit(_plain(text), _plain(unit))
    if _GROUPS.fullmatch(text):
        text = re.sub(r"[ '\u2019]", "", text)
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    text = text.replace(",", ".").rstrip(".")
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def _without_unit(text, unit):
    """120 N·m, 120N•m and 120 Nm without their N·m; as it is where another unit follows, or none."""
    if not unit:
        return text
    number = re.match(r"[+-]?[\d.,'\u2019 ]*", text.removeprefix("¥")).group()
    rest = text.removeprefix("¥")[len(number) :].translate(_DOTS)
    return number.strip() if not rest or rest in {name.translate(_DOTS) for name in (unit, *_ALSO.get(unit, ()))} else text


def _plain(text):
    """Full-width characters as plain ones, capitals aside: ５ｍｍ and 5 MM are 5mm."""
    return folded(text).translate(_MINUS).casefold()
