"""What Python expressions come to when nobody runs them."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.check.language import Items, Num, Thing, Value
from plimsoll.check.language.asked import Asks
from plimsoll.check.language.compile import compiled
from plimsoll.check.language.nodes import Node
from plimsoll.check.language.parse import parse
from plimsoll.check.language.types import Index, Path
from plimsoll.check.language.values import Const
from plimsoll.model.quantity import COUNT
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Unknown
from plimsoll.syntax.python import Assignment, Computed, Result, Symbol, read_module, shown
from plimsoll.syntax.uncertain import Uncertain

IMPORTS = "import math, multiprocessing, os, psutil\nfrom os import environ, getenv as get\n"


def value(expression: str, environment: dict[str, Word] | None = None) -> Result:
    module = read_module(f"{IMPORTS}x = {expression}\n", "a.py", environment)
    made = module.statements[-1]
    assert isinstance(made, Assignment), made
    return made.value


def formula(expression: str, environment: dict[str, Word] | None = None) -> str:
    found = value(expression, environment)
    assert isinstance(found, Symbol), found
    return found.expression


# -- constants: what Python itself makes of them

CONSTANT = [
    "1", "-1", "+3", "0x10", "1_000", "1.5", "-2.5", "'a'", "'a' 'b'", "True", "not True",
    "1 + 2 * 3", "(1 + 2) * 3", "7 // 2", "-7 // 2", "7 % 3", "-7 % 3", "7 / 2", "2 ** 10", "6 / 3",
    "1.5 * 2", "10 - 2.5", "'a' + 'b'", "'%s:%d' % ('a', 80)", "'%d%%' % 5", "'{}:{}'.format('a', 1)",
    "'{1}{0}{name}'.format(1, 2, name='n')", "'{{}}'.format()", "f'{1 + 1}x{\"y\"}'",
    "int('42')", "int(2.9)", "int(-2.9)", "float('1.5')", "float(3)", "str(5)", "str(True)",
    "bool('x')", "bool(0)", "round(2.5)", "round(3.5)", "round(2.4)", "math.ceil(2.1)",
    "math.floor(2.9)", "min(3, 1, 2)", "max([3, 1])", "len('abc')", "len([1, 2])", "abs(-4)",
    "1 if 2 > 1 else 3", "1 if 'a' in ['b'] else 3", "'a' == 'b'", "1 < 2", "None or 5", "0 or 7",
    "3 and 4", "'A'.lower()", "' a '.strip()", "'a,b'.split(',')[1]", "[1, 2, 3][-1]",
    "{'a': 5}['a']", "{'a': 5}.get('b', 6)", "{**{'a': 1}, 'a': 2}['a']", "dict(a=3)['a']",
    "'x'.startswith('x')", "'a-b'.replace('-', '_')", "'a' not in 'abc'",
]  # fmt: skip


@pytest.mark.parametrize("expression", CONSTANT)
def test_constants_are_what_python_makes_of_them(expression: str) -> None:
    namespace: dict[str, object] = {"math": math}
    exec(f"x = {expression}", namespace)  # noqa: S102 - the table above
    expected = namespace["x"]
    found = value(expression)
    assert shown(found) == str(expected)
    assert isinstance(found, Fraction) is isinstance(expected, float)


# -- formulas over the machine

FORMULAS = [
    ("multiprocessing.cpu_count() * 2 + 1", "s.cores_seen * 2 + 1"),
    ("2 * (os.cpu_count() + 1)", "2 * (s.cores_seen + 1)"),
    ("(os.cpu_count() or 1) * 2", "s.cores_seen * 2"),
    ("len(os.sched_getaffinity(0))", "s.cores_seen"),
    ("os.process_cpu_count()", "s.cores_seen"),
    ("psutil.cpu_count()", "s.cores_seen"),
    ("min(os.cpu_count() * 2 + 1, 12)", "min(s.cores_seen * 2 + 1, 12)"),
    ("max(2, os.cpu_count() - 1)", "max(2, s.cores_seen - 1)"),
    ("os.cpu_count() - (1 - 2)", "s.cores_seen - -1"),
    ("int(os.cpu_count() * 1.5)", "-ceil(-(s.cores_seen * 1.5))"),
    ("os.cpu_count() // 2 or 1", None),
    ("os.cpu_count() // 2", "-ceil(-(s.cores_seen / 2))"),
    ("math.ceil(os.cpu_count() / 3)", "ceil(s.cores_seen / 3)"),
    ("4 if os.cpu_count() > 4 else 2", "s.cores_seen > 4 ? 4 : 2"),
    ("-os.cpu_count()", "-s.cores_seen"),
]


@pytest.mark.parametrize(("expression", "expected"), FORMULAS)
def test_what_depends_on_cores_is_a_formula(expression: str, expected: str | None) -> None:
    found = formula(expression)
    if expected is not None:
        assert found == expected
    assert not isinstance(value(expression), Computed)


class Machine:
    """A world with nothing but a number of cores."""

    def __init__(self, cores: int) -> None:
        self.cores = cores

    def attribute(self, owner: Thing, name: str) -> Value:
        assert (owner.kind, name) == ("service", "cores_seen")
        return Num(self.cores, self.cores, COUNT, Const(str(self.cores)))

    def step(self, entries: int) -> None:
        raise AssertionError(entries)

    def of_each(self, items: Items, name: str, ask: Callable[[], Value]) -> Value:
        raise AssertionError((items, name, ask))

    def screen(self, _condition: Node, _variable: str, /) -> None:
        return None

    def alike(self, _entry: Value, _asks: Asks, /) -> None:
        return None

    def indexed(self, items: Items, path: Path) -> Index:
        raise AssertionError((items, path))

    def setting(self, owner: Thing, name: str) -> Value:
        raise AssertionError((owner, name))


def on(cores: int, expression: str) -> Fraction:
    service = Thing(object(), "service", Const("s"))
    found = compiled(parse(expression))(Machine(cores), {"s": service})
    assert isinstance(found, Num)
    assert found.low == found.high
    return Fraction(found.low)


@pytest.mark.parametrize("cores", [1, 2, 3, 4, 5, 6, 7, 8, 64])
@pytest.mark.parametrize(
    "expression",
    [each for each, _ in FORMULAS]
    + ["round(os.cpu_count() * 1.5)", "round(os.cpu_count() / 4)", "int(os.cpu_count() * 0.75 - 1)"]
    + ["os.cpu_count() % 3", "-(-os.cpu_count() // 3)", "int(os.cpu_count() / 2) * 2 + 1"],
)
def test_formulas_give_what_python_gives(
    expression: str, cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import multiprocessing
    import os
    import types

    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    monkeypatch.setattr(os, "process_cpu_count", lambda: cores, raising=False)
    monkeypatch.setattr(multiprocessing, "cpu_count", lambda: cores)
    psutil = types.SimpleNamespace(cpu_count=lambda: cores)
    names = {"os": os, "math": math, "multiprocessing": multiprocessing, "psutil": psutil}
    namespace: dict[str, object] = dict(names)
    exec(f"x = {expression}", namespace)  # noqa: S102 - the table above
    found = namespace["x"]
    assert isinstance(found, int | float)
    assert on(cores, formula(expression)) == Fraction(str(found))


SIGNS = {"+": operator.add, "-": operator.sub, "*": operator.mul}
TREES = st.recursive(
    st.integers(0, 9).map(str) | st.just("os.cpu_count()"),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda t: f"({t[0]}) {t[1]} ({t[2]})"
    ),
    max_leaves=6,
)


def calculated(node: ast.expr, cores: int) -> int:
    if isinstance(node, ast.Constant):
        assert isinstance(node.value, int)
        return node.value
    if isinstance(node, ast.Call):
        return cores
    assert isinstance(node, ast.BinOp)
    sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}[type(node.op)]
    left, right = calculated(node.left, cores), calculated(node.right, cores)
    found = SIGNS[sign](left, right)
    assert isinstance(found, int)
    return found


@given(TREES, st.integers(1, 128))
def test_arithmetic_keeps_its_value_without_needless_parentheses(tree: str, cores: int) -> None:
    found = value(tree)
    expected = calculated(ast.parse(tree, mode="eval").body, cores)
    text = found.expression if isinstance(found, Symbol) else shown(found)
    assert on(cores, text) == expected


# -- the environment

GIVEN = {"A": Word("8"), "EMPTY": Word(""), "BAD": Word("x")}
ENVIRONMENT = [
    ("os.environ['A']", "8"),
    ("int(os.environ.get('A', 4)) * 2", "16"),
    ("int(os.environ.get('B', 4)) * 2", "8"),
    ("os.getenv('B')", "None"),
    ("os.getenv('B', default='x')", "x"),
    ("get('A')", "8"),
    ("environ.get('A') or 5", "8"),
    ("environ.get('EMPTY') or 5", "5"),
    ("'A' in os.environ", "True"),
    ("'B' not in os.environ", "True"),
    ('f\'0.0.0.0:{environ.get("PORT", "8000")}\'', "0.0.0.0:8000"),
    ("1 if environ.get('A') == '8' else 2", "1"),
]


@pytest.mark.parametrize(("expression", "expected"), ENVIRONMENT)
def test_the_environment_is_asked_once_it_is_known(expression: str, expected: str) -> None:
    assert shown(value(expression, GIVEN)) == expected
    before = value(expression)
    assert isinstance(before, Computed)
    assert before.asks_environment


def test_a_missing_variable_raises_and_says_its_name() -> None:
    found = value("os.environ['B']", GIVEN)
    assert isinstance(found, Computed)
    assert (found.raises, found.asks_environment) == (True, False)
    assert found.reason == "the environment does not give B"


def test_a_variable_that_is_no_number_is_not_told() -> None:
    found = value("int(os.environ['BAD'])", GIVEN)
    assert isinstance(found, Computed)
    assert found.raises


def test_an_uncertain_variable_stays_what_it_is() -> None:
    cores = Uncertain("$(nproc)", value=Formula("s.cores_seen"))
    assert formula("int(os.environ['N']) * 2", {"N": cores}) == "s.cores_seen * 2"
    lost = value("os.environ['N']", {"N": Uncertain("$X", value=Unknown("computed: $X"))})
    assert lost == Computed("computed: $X")


# -- what is not told

UNKNOWN = [
    "open('x').read()", "foo()", "[i for i in range(3)]", "1 / 0", "1 % 0", "int('x')", "x.y + 1",
    "lambda: 1 + y", "2 ** 1000", "'a' * 10", "10 ** 40", "f'{1:>5}'", "f'{1!r}'", "'%5d' % 1",
    "'{:>5}'.format(1)", "'%s' % ()", "'{}'.format()", "psutil.cpu_count(logical=False)",
    "psutil.cpu_count(False)", "min()", "round(1.25, 1)", "foo(*[1])", "1 < 2 < 3", "'%s'.upper(1)",
    "1e999", "max(*[1, 2])", "int('1' * 50)", "str(os.cpu_count())", "a[b]", "[1][5]",
]  # fmt: skip


@pytest.mark.parametrize("expression", [e for e in UNKNOWN if not e.startswith("lambda")])
def test_the_rest_is_unknown_with_its_text(expression: str) -> None:
    found = value(expression)
    assert isinstance(found, Computed), found
    assert not found.asks_environment
    assert found.reason.startswith(("computed: ", "int("))


def test_a_reason_quotes_one_short_line() -> None:
    found = value("foo(\n  1,\n " + "  2," * 100 + ")")
    assert isinstance(found, Computed)
    assert "\n" not in found.reason
    assert len(found.reason) < 100
