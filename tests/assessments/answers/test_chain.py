"""The chain of an answer sheet, as the statement that saves makes it, and what breaks it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.answers.actions import chained, fill_sheet, open_sheet
from assessments.answers.integrity import responses_are_as_saved, responses_are_chained
from assessments.answers.models import Response
from assessments.exams.actions.saving import save_answers
from assessments.questions.actions import freeze_versions
from lms.common import triggers
from tests.factories import make_employee
from tests.factories.assessments import NINE, items_of, make_attempt, make_bank

pytestmark = pytest.mark.django_db
LATER = NINE + timedelta(minutes=5)


def broken():
    return [*responses_are_chained(), *responses_are_as_saved()]


@pytest.fixture
def sheet():
    """Four questions answered one by one, all at once and one by one again, in signs of all kinds."""
    attempt = make_attempt()
    items = [item.pk for item in items_of(attempt.paper)]
    texts = ["1", '制动盘 \\ "3,2" mm', "\U0001f527 é", "\t\n\x1f</x>"]
    for sequence, chosen in enumerate([items[:1], items, items[1:3], items], start=1):
        answers = [(item, sequence, [texts[sequence - 1], str(item)]) for item in chosen]
        save_answers(attempt_id=attempt.pk, answers=answers, by=attempt.paper.candidate.user, at=LATER + timedelta(microseconds=sequence))
    return attempt.sheet


@pytest.fixture
def unguarded(transactional_db):
    """Someone who can switch the triggers off."""
    triggers.drop_all()


def test_the_statement_makes_the_same_chain_as_the_rule(sheet):
    rows = list(sheet.responses.order_by("number"))
    assert [row.number for row in rows] == list(range(1, 12))
    given = [(row.version_id, row.sequence, row.response, row.saved_at) for row in rows]
    assert [(row.digest, row.chain) for row in chained(sheet.pk, given)] == [(row.digest, row.chain) for row in rows]
    assert broken() == []


def test_what_is_filled_in_at_once_is_chained_too():
    person, versions = make_employee(), [one.pk for one in freeze_versions(make_bank(2), by=None).values()]
    _sheet, rows = fill_sheet(person=person, responses=dict.fromkeys(versions), at=NINE)
    assert len(rows) == 8
    assert broken() == []


def test_the_same_answers_make_another_chain_on_another_sheet():
    person = make_employee()
    one, other = (open_sheet(person=person, at=NINE).pk for _time in range(2))
    given = [(1, 1, ["2"], NINE)]
    assert next(chained(one, given)).chain != next(chained(other, given)).chain


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("""UPDATE answers_response SET response = '["2"]' WHERE number = 5""", 1),
        ("UPDATE answers_response SET sequence = 9 WHERE number = 5", 1),
        ("UPDATE answers_response SET saved_at = '2026-03-20 01:00:00+00:00' WHERE number = 5", 1),
        ("DELETE FROM answers_response WHERE number = 5", 1),
        ("UPDATE answers_response SET chain = digest WHERE number = 5", 1),
        ("UPDATE answers_response SET digest = chain WHERE number = 5", 2),
    ],
)
def test_a_row_that_was_changed_or_taken_out_is_found(unguarded, sheet, sql, told):
    assert broken() == []
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert len(broken()) == told
    assert str(sheet.pk) in broken()[0]


def test_an_erasure_blanks_an_answer_and_the_chain_still_holds(sheet):
    Response.objects.filter(sheet=sheet, number=5).update(response=None)
    assert broken() == []


def test_looking_through_a_sheet_asks_once_however_long_it_is(sheet):
    with CaptureQueriesContext(connection) as queries:
        assert list(responses_are_chained()) == []
    assert len(queries) == 1
