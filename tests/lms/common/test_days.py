from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

from lms.common.bilingual import clauses, listed
from lms.common.days import day, hours, moment

LATE = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)  # half past one of the next day in Shanghai


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", ("2026年11月29日", "2026年11月29日 01:30", "01:30—02:30", "7月1日", "周日", "11月")),
        ("en", ("29 Nov 2026", "29 Nov 2026, 01:30", "01:30–02:30", "1 Jul", "Sun", "Nov")),
    ],
)
def test_a_date_has_one_shape_in_each_language(language, said):
    with translation.override(language):
        short = [date_format(date(2026, 7, 1), "MONTH_DAY_FORMAT"), date_format(date(2026, 11, 29), "D"), date_format(LATE, "M")]
        assert (day(LATE), moment(LATE), hours(LATE, LATE.replace(hour=18)), *short) == said


def test_what_data_hold_as_text_is_said_in_the_same_shape():
    with translation.override("en"):
        assert day("2026-11-29") == day(date(2026, 11, 29)) == "29 Nov 2026"
        assert moment(LATE.isoformat()) == moment(LATE)
        assert moment("2026-11-29 01:30") == "29 Nov 2026, 01:30", "as notices of earlier versions kept it"


@pytest.mark.parametrize(("language", "said"), [("zh-hans", ("甲、乙", "甲；乙")), ("en", ("甲, 乙", "甲; 乙"))])
def test_a_list_has_the_separator_of_its_language(language, said):
    with translation.override(language):
        assert (listed("甲乙"), clauses("甲乙")) == said
        assert Template("{{ names|listed }}").render(Context({"names": ["甲", "乙"]})) == said[0]
