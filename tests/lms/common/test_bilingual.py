"""A sentence that was made when nobody read it is said in the reader's language, with all that was put into it."""

from datetime import date

import pytest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from lms.common.bilingual import gettext, in_both, in_language, joined, listed, ngettext, sentences
from lms.common.bilingual import said as spoken
from lms.common.days import day
from lms.common.states import Refused
from lms.people.models import Employee
from tests.factories import make_position


def made(text):
    """In the language of somebody else than who will read it."""
    with override("en"):
        return text()


def test_a_sentence_is_said_in_both_languages_with_what_was_put_into_it():
    said = made(lambda: gettext("“%(value)s” is not a date. Write it like 2024-03-01.") % {"value": "31 Feb"})
    assert said == "“31 Feb” is not a date. Write it like 2024-03-01."
    assert in_both(said) == {"zh": "“31 Feb”不是日期。请写成 2024-03-01 的形式。", "en": str(said)}


def test_what_was_put_in_is_translated_as_well():
    inner = made(lambda: gettext("This cell is empty; it must be filled in."))
    said = made(lambda: gettext("Row %(row)d was in order a moment ago and is not any more, so nothing was imported: %(reason)s"))
    words = in_both(made(lambda: said % {"row": 3, "reason": inner}))
    assert in_both(inner)["zh"] in words["zh"]
    assert in_both(inner)["en"] in words["en"]


def test_lists_of_labels_and_counted_things_are_said_in_both_languages():
    words = in_both(made(lambda: joined(" / ", Employee.Status.labels)))
    assert (words["zh"].split(" / ")[-1], words["en"].split(" / ")[-1]) == ("离职", "Left")
    count = made(lambda: ngettext("%(count)d theory paper is not marked yet.", "%(count)d theory papers are not marked yet.", 2))
    counted = in_both(count % {"count": 2})
    assert counted["en"] == "2 theory papers are not marked yet."
    assert counted["zh"] != counted["en"]


@pytest.mark.django_db
def test_records_are_called_by_their_name_in_either_language():
    words = in_both(made(lambda: joined(", ", [make_position("advisor"), "…"])))
    assert words == {"zh": "服务顾问, …", "en": "Service advisor, …"}


def test_other_text_stays_as_it_is():
    assert in_both("李雷") == {"zh": "李雷", "en": "李雷"}
    assert isinstance(gettext_lazy("Left"), Promise)
    assert in_both(gettext_lazy("Left")) == {"zh": "离职", "en": "Left"}


def test_a_refusal_keeps_its_sentence_as_it_was_made():
    refusal = made(lambda: Refused(gettext("This cell is empty; it must be filled in.")))
    assert in_both(refusal.words) == {"zh": "此单元格为空，必须填写。", "en": "This cell is empty; it must be filled in."}


def test_days_and_lists_in_a_sentence_are_said_in_either_language():
    words = in_both(made(lambda: gettext("%(day)s: %(gaps)s") % {"day": day(date(2026, 11, 29)), "gaps": listed(["A", "B"])}))
    assert words == {"zh": "2026年11月29日: A、B", "en": "29 Nov 2026: A, B"}


def test_sentences_stand_beside_each_other_as_the_language_has_them():
    said = sentences([in_both_ways("甲。", "One."), in_both_ways("乙。", "Two.")])
    assert in_both(said) == {"zh": "甲。乙。", "en": "One. Two."}


def in_both_ways(zh, en):
    return spoken(lambda: in_language(zh, en))
