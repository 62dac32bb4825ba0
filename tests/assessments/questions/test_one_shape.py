"""The answers of version 0.1 take the one shape; exams and checks had different ones for the same answer."""

from importlib import import_module

import pytest

from assessments.questions.kinds.response import response_of

MIGRATIONS = ["assessments.exams.migrations.0005_responses_in_one_shape", "assessments.checks.migrations.0003_responses_in_one_shape"]


@pytest.mark.parametrize("name", MIGRATIONS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (True, ["true"]), (False, ["false"]), ("true", ["true"]), ("2", ["2"]), (["1", "3"], ["1", "3"]), ("3,2 mm", ["3,2 mm"]), (3.2, ["3.2"]),
        (None, None), ([], None),
    ],
)  # fmt: skip
def test_an_old_answer_takes_the_shape_that_it_would_have_today(name, old, new):
    shaped = import_module(name).one_shape(old)
    assert shaped == new == response_of(old)


@pytest.mark.parametrize("name", MIGRATIONS)
@pytest.mark.parametrize("nonsense", [{"odd": 1}, [["1"]], [1, None]])
def test_what_never_was_an_answer_is_kept_as_text(name, nonsense):
    shaped = import_module(name).one_shape(nonsense)
    assert response_of(shaped) == shaped


@pytest.mark.parametrize("name", MIGRATIONS)
def test_a_second_run_changes_nothing(name):
    one_shape = import_module(name).one_shape
    assert one_shape(one_shape({"odd": 1})) == one_shape({"odd": 1})
