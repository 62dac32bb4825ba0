"""Marks objective questions and puts them into words. Plain functions on the content that a question version froze.

Content: {"kind", "stem": {zh, en}, "explanation": {zh, en}} and, by kind, "options": [{id, zh, en}] with "key": [id, …] (single,
multiple), "key": true or false (truefalse), "key" and "tolerance" as decimal text with "unit" (number).
A response is an option's id (single), a list of them (multiple), true or false, or what was typed for a number.
"""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

NONE, FULL = Decimal(0), Decimal(1)
LONGEST_NUMBER = 40  # characters; longer is no number that anyone was asked for
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", re.ASCII)
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u3002": "."})


def mark(content, response):
    """The share of the points that `response` earns, 0 to 1. What makes no sense earns nothing; it never raises."""
    marker = _MARKERS.get(content.get("kind"))
    return FULL if marker is not None and marker(content, response) else NONE


def is_answered(response):
    """Whether there is anything to mark. False is an answer, a blank is none."""
    if isinstance(response, str):
        return bool(response.strip())
    return response is not None and response != []


def number_of(text, unit=""):
    """The number that someone typed, or None: 1.6, 1,6, １．６, 1,200, -3, with or without the unit asked for."""
    if isinstance(text, (int, float)) and not isinstance(text, bool) and abs(text) < 10**15:
        text = str(text)
    if not isinstance(text, str) or len(text) > LONGEST_NUMBER:
        return None
    text, unit = _plain(text), _plain(unit)
    if unit and text.endswith(unit):
        text = text.removesuffix(unit).rstrip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    text = text.replace(",", ".")
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def _plain(text):
    """Full-width characters as plain ones, capitals aside: ５ｍｍ and 5 MM are 5mm."""
    return unicodedata.normalize("NFKC", text).translate(_MINUS).strip().casefold()


def _chosen(response):
    """The ids chosen, or None where the response is no choice at all."""
    if isinstance(response, str):
        return {response}
    if isinstance(response, list) and response and all(isinstance(one, str) for one in response):
        return set(response)
    return None


def _right_set(content, response):
    return _chosen(response) == set(content["key"])


def _truth(response):
    return {"true": True, "false": False}.get(response) if isinstance(response, str) else response


def _right_truth(content, response):
    return _truth(response) is content["key"]


def _right_number(content, response):
    given = number_of(response, content.get("unit", ""))
    return given is not None and abs(given - Decimal(content["key"])) <= Decimal(content.get("tolerance") or 0)


_MARKERS = {"single": _right_set, "multiple": _right_set, "truefalse": _right_truth, "number": _right_number}


def words(texts, language):
    """The text in `language`; the other one where it is empty."""
    zh, en = texts.get("zh", ""), texts.get("en", "")
    return (zh or en) if language.startswith("zh") else (en or zh)


def face(content, language, option_order=()):
    """What a candidate sees: never the key, never the explanation. Options stand in `option_order` where given."""
    options = {option["id"]: option for option in content.get("options", [])}
    order = [one for one in option_order if one in options] or list(options)
    return {
        "kind": content["kind"],
        "stem": words(content["stem"], language),
        "unit": content.get("unit", ""),
        "options": [{"id": one, "text": words(options[one], language)} for one in order],
    }


def describe(content, language, option_order=(), response=None):
    """A question with its answer, for those who may see both: the face, which options are right and chosen, key and response in words."""
    shown = face(content, language, option_order)
    chosen = _chosen(response) or set()
    for option in shown["options"]:
        option["right"] = option["id"] in content["key"]
        option["chosen"] = option["id"] in chosen
    shown["explanation"] = words(content["explanation"], language)
    shown["answer"] = _in_words(content, content["key"], shown)
    shown["response"] = _in_words(content, response, shown) if is_answered(response) else ""
    return shown


def _in_words(content, response, shown):
    if content["kind"] == "truefalse":
        return _("True") if _truth(response) is True else _("False")
    if content["kind"] == "number":
        text = str(response).strip()
        unit = content.get("unit", "")
        return text if not unit or text.endswith(unit) else f"{text} {unit}"
    chosen = _chosen(response) or set()
    return " · ".join(option["text"] for option in shown["options"] if option["id"] in chosen)
