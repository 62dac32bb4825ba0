"""Each test runs somewhere, all but the demo at many moments in `.ci/run`, and on PostgreSQL each that reaches the database (“What runs where” in CONTRIBUTING.md)."""

import re
from itertools import product

import pytest
from django.test import TestCase

from tests.architecture.locks import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
CI = (ROOT / ".ci/run").read_text()
MARKS = ["browser", "services", "database", "moments"]


def parts_of(target):
    return re.search(rf"^{target}:(.*)$", MAKEFILE, flags=re.M).group(1).split()


def chosen_by(target):
    """The `-m` expression of a target, which reads as Python: (marks) → whether such a test is run there."""
    recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, flags=re.M).group(1)
    expression = re.search(r'-m (?:"([^"]+)"|([a-z]+)$)', recipe, flags=re.M)
    return lambda marks: eval(expression[1] or expression[2], {}, marks)


@pytest.mark.parametrize("marks", [dict(zip(MARKS, values, strict=True)) for values in product([True, False], repeat=4)], ids=str)
def test_each_test_runs_somewhere(marks):
    where = {target for target in ("test", "services", "browser", "stages") if chosen_by(target)(marks)}
    assert where
    assert ("stages" in where) == marks["moments"]
    assert ("services" in where) == ((marks["database"] or marks["services"]) and not marks["browser"] and not marks["moments"])


def test_ci_runs_the_test_command_and_every_part_of_check():
    steps = re.search(r'^for step in "\$command" (.*?); do', CI, flags=re.M).group(1)
    assert set(re.findall(r'"make ([a-z]+)"', steps)) >= set(parts_of("check"))


def test_ci_ends_by_itself_before_ci_ends_it():
    limit, bar = re.search(r"^LIMIT=\$\(\((\d+) \* 60\)\)", CI, flags=re.M), re.search(r"^BAR=(\d+)", CI, flags=re.M)
    assert int(bar[1]) < int(limit[1]) < 90


def marked(request):
    return request.node.get_closest_marker("database") is not None


def test_a_test_without_the_database_is_not_run_on_postgresql(request):
    assert not marked(request)


def test_a_test_with_the_fixture_is(request, db):
    assert marked(request)


@pytest.mark.django_db
def test_a_test_with_the_mark_is(request):
    assert marked(request)


def test_a_test_that_asks_for_a_fixture_that_asks_for_the_database_is(request, django_user_model, admin_user):
    assert marked(request)


class TestDjangosOwnKind(TestCase):
    @pytest.fixture(autouse=True)
    def _keep(self, request):
        self.request = request

    def test_is_too(self):
        assert marked(self.request)
