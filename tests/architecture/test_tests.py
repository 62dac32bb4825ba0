"""A test that cannot fail is no test: no assertion depends on a condition, and none loops over what may be empty."""

import ast
from pathlib import Path

import pytest

from tests.each import each

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("*.py"))
# Hypothesis chooses the values, and that there are none is one of the cases; `assume` leaves out what says nothing.
BY_HYPOTHESIS = {"given", "rule", "invariant", "initialize", "precondition"}
# What goes through another collection and is as long as that; what never is empty.
THROUGH = {"enumerate", "zip", "sorted", "list", "set", "reversed", "batched"}
NEVER_EMPTY = {"each", "range"}


def name_of(call):
    function = call.func if isinstance(call, ast.Call) else call
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def literals_of(tree):
    """Names that this file gives to a literal with something in it, as constants and small tables are."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and is_literal(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def is_literal(node):
    return bool(getattr(node, "elts", None) or getattr(node, "keys", None)) and isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict)


def never_empty(node, names):
    """Whether one sees from the source that there is something in this collection."""
    if isinstance(node, ast.Starred):
        return never_empty(node.value, names)
    if is_literal(node):
        return not any(isinstance(one, ast.Starred) for one in getattr(node, "elts", [])) or all(
            never_empty(one, names) for one in node.elts
        )
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Call) and name_of(node) in {"items", "values", "keys"}:
        return never_empty(node.func.value, names)
    if isinstance(node, ast.Call) and name_of(node) in THROUGH:
        return all(never_empty(one, names) for one in node.args)
    return isinstance(node, ast.Call) and name_of(node) in NEVER_EMPTY


def asserts(node):
    """`assert`, and `with pytest.raises(…)`."""
    return isinstance(node, ast.Assert) or (
        isinstance(node, ast.With) and any(name_of(item.context_expr) == "raises" for item in node.items)
    )


def asserts_in(body):
    return any(asserts(node) for part in body for node in ast.walk(part))


def leaves(node):
    """An `if` that goes away before what stands after it."""
    ways = ast.Return | ast.Continue | ast.Break
    return isinstance(node, ast.If) and any(isinstance(one, ways) for part in node.body for one in ast.walk(part))


def under_a_condition(node):
    if isinstance(node, ast.If | ast.Match) and asserts_in([node]):
        yield "asserts only under a condition"
    if isinstance(node, ast.For | ast.FunctionDef) and any(leaves(one) and asserts_in(node.body[n:]) for n, one in enumerate(node.body, 1)):
        yield "may leave before it asserts"


def about_none(node, names):
    if isinstance(node, ast.For) and asserts_in(node.body) and not never_empty(node.iter, names):
        yield "asserts about each of what may be none: for … in each(…)"
    if isinstance(node, ast.Assert):
        calls = [
            part for part in ast.walk(node.test) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "all"
        ]
        sources = [source for call in calls for one in call.args for source in getattr(one, "generators", [])]
        if any(source.ifs or not never_empty(source.iter, names) for source in sources):
            yield "all() of what may be none: all(… for … in each(…))"


def chosen_by_hypothesis(tree):
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    chosen = [one for one in functions if BY_HYPOTHESIS & {name_of(decorator) for decorator in one.decorator_list}]
    return {id(node) for function in chosen for node in ast.walk(function)}


def faults_of(source):
    """What a reader would have to take on trust: (line, what is wrong)."""
    tree = ast.parse(source)
    names, chosen = literals_of(tree), chosen_by_hypothesis(tree)
    for node in ast.walk(tree):
        faults = [*under_a_condition(node), *(about_none(node, names) if id(node) not in chosen else [])]
        yield from ((node.lineno, fault) for fault in faults)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(TESTS)))
def test_no_assertion_depends_on_a_condition_or_on_an_empty_collection(file):
    faults = [f"{file.relative_to(TESTS.parent)}:{line} {fault}" for line, fault in faults_of(file.read_text())]
    assert not faults, "\n".join(faults)


EMPTY_HANDED = {
    "if answer:\n    assert answer.ok": "asserts only under a condition",
    "if answer:\n    pass\nelse:\n    assert False": "asserts only under a condition",
    "for one in found:\n    assert one": "asserts about each of what may be none: for … in each(…)",
    "for one in found:\n    with pytest.raises(ValueError):\n        one()": "asserts about each of what may be none: for … in each(…)",
    "for one in [*found]:\n    assert one": "asserts about each of what may be none: for … in each(…)",
    "for one in [1, 2]:\n    if one > 2:\n        continue\n    assert one": "may leave before it asserts",
    "def test():\n    if late:\n        return\n    assert True": "may leave before it asserts",
    "assert all(one.ok for one in found)": "all() of what may be none: all(… for … in each(…))",
    "assert all(one.ok for one in each(found) if one.new)": "all() of what may be none: all(… for … in each(…))",
}


@pytest.mark.parametrize("source", EMPTY_HANDED)
def test_the_guard_sees_an_assertion_that_may_never_be_made(source):
    assert [fault for _line, fault in faults_of(source)] == [EMPTY_HANDED[source]]


@pytest.mark.parametrize(
    "source",
    [
        "for one in (1, 2):\n    assert one",
        "for name, value in {'a': 1}.items():\n    assert value",
        "for place, one in enumerate(each(found)):\n    assert one",
        "RIGHT = {'a': 1}\nfor one in RIGHT:\n    assert one",
        "assert all(one.ok for one in each(one for one in found if one.new))",
        "@given(days)\ndef test(days):\n    for day in days:\n        assert day",
        "for one in found:\n    if one.new:\n        break\nassert one",
    ],
)
def test_the_guard_lets_an_assertion_pass_that_is_always_made(source):
    assert not list(faults_of(source))


def test_there_is_something_in_each():
    assert each(number for number in (1, 2)) == [1, 2]
    with pytest.raises(AssertionError, match="nothing to look at"):
        each([])
