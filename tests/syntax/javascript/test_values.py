"""What JavaScript expressions come to, without running them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from plimsoll.model.reader import Word
from plimsoll.syntax.javascript import Call, Computed, Result, Symbol, Wanted, leaves, read_module
from plimsoll.syntax.javascript.values import INFINITY, NAN, UNDEFINED

WANTED = Wanted(calls=frozenset({"Pool"}))


def value(expression: str, before: str = "", **variables: str) -> Result:
    """What `new Pool(expression)` is given."""
    words = {name: Word(text) for name, text in variables.items()}
    text = f"{before}\nnew Pool({expression});"
    found = [c for c in read_module(text, "a.js", WANTED, words) if isinstance(c, Call)]
    argument = found[-1].argument(0)
    assert argument is not None
    return argument.value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1_000", 1000), ("0x1F", 31), ("0b101", 5), ("0o17", 15), (".5", Fraction(1, 2)), ("1e3", 1000),
        ("10n", 10), ("60 * 1000", 60_000), ("2 ** 10", 1024), ("7 % 4", 3), ("-7 % 4", -3),
        ("1 / 4", Fraction(1, 4)), ("1 / 0", INFINITY), ("0 / 0", NAN), ("-(5)", -5), ("+'7'", 7),
        ("'a' + 1", "a1"), ("1 + '1'", "11"), ("'6' * 2", 12), ("`x${1 + 1}y`", "x2y"),
        ("'\\x41\\u0042\\u{43}\\n'", "ABC\n"), ("true ? 1 : 2", 1), ("null ?? 3", 3),
        ("undefined || 4", 4), ("0 || 5", 5), ("0 ?? 5", 0), ("'' && 6", ""), ("!0", True), ("void 0", UNDEFINED),
        ("1 < 2", True), ("'10' == 10", True), ("'10' === 10", False), ("null == undefined", True),
        ("NaN === NaN", False), ("parseInt('12px')", 12), ("parseInt('x') || 9", 9), ("Number('')", 0),
        ("Number('0x10')", 16), ("Number('1_0')", NAN), ("parseFloat('1.5s')", Fraction(3, 2)),
        ("String(1.5)", "1.5"), ("Boolean('')", False), ("Math.floor(2.7)", 2), ("Math.round(2.5)", 3),
        ("Math.max(1, 5, 3)", 5), ("Math.min(4, '2')", 2), ("[1, 2].length", 2), ("[7, 8][1]", 8),
        ("({a: {b: 3}}).a.b", 3), ("({a: 1}).c", UNDEFINED), ("'abc'.length", 3), ("(1, 2)", Computed),
        ("5 as const", 5), ("x!", Computed), ("f()", Computed), ("9007199254740993", Computed),
    ],
)  # fmt: skip
def test_expressions(expression: str, expected: object) -> None:
    found = value(expression)
    if expected is Computed:
        assert isinstance(found, Computed) or not isinstance(found, int | str)
    else:
        assert found == expected
        assert isinstance(found, bool) is isinstance(expected, bool)


@pytest.mark.parametrize(
    ("before", "expression", "expected"),
    [
        pytest.param("const s = 1000;", "65 * s", 65_000, id="a constant"),
        pytest.param("const a = 1, b = a + 1\nconst c = b", "c", 2, id="several of one line"),
        pytest.param("const {a: {b = 4, c}} = {a: {c: 5}};", "b + c", 9, id="taken apart"),
        pytest.param("const [x, , y] = [1, 2, 3];", "y", 3, id="a list taken apart"),
        pytest.param("let a; a = 7", "a", 7, id="assigned later"),
        pytest.param("const o = {max: 5}; o.max = 9;", "o.max", 9, id="changed later"),
        pytest.param("const o = Object.freeze({max: 5});", "o.max", 5, id="frozen"),
        pytest.param(
            "const o = Object.assign({}, {a: 1}, {a: 2});", "o.a", 2, id="assigned objects"
        ),
        pytest.param("const a = 1; { const a = 2; }", "a", 1, id="a block has its own"),
        pytest.param("const t: number = 3; const u = <const>4", "t", 3, id="types"),
        pytest.param(
            "enum = 1; const f = (a) => { const q = 1 }; const q = 2", "q", 2, id="not a function's"
        ),
    ],
)
def test_names(before: str, expression: str, expected: object) -> None:
    assert value(expression, before) == expected


@pytest.mark.parametrize(
    ("before", "expression"),
    [
        pytest.param("let a = 1; a = 2;", "a", id="assigned twice"),
        pytest.param("let a = 1; a++;", "a", id="counted up"),
        pytest.param("const a = a + 1;", "a", id="of itself"),
        pytest.param("const o = {max: 5}; if (x) { o.max = 9; }", "o.max", id="changed perhaps"),
        pytest.param("const o = {...y, max: 1};", "o.min", id="an unknown spread"),
        pytest.param("const o = {max: 1, ...y};", "o.max", id="a spread that may replace it"),
        pytest.param("const o = x ? {max: 1} : {max: 2};", "o.max", id="an undecided choice"),
    ],
)
def test_what_only_running_would_tell(before: str, expression: str) -> None:
    assert isinstance(value(expression, before), Computed)


def test_a_parameter_hides_a_constant() -> None:
    text = "const max = 5;\nfunction make(max) { return new Pool(max); }\n(max) => new Pool(max)"
    found = [c for c in read_module(text, "a.js", WANTED, {}) if isinstance(c, Call)]
    assert [type(c.arguments[0].value).__name__ for c in found] == ["Reference", "Reference"]


@pytest.mark.parametrize(
    ("expression", "variables", "expected"),
    [
        ("process.env.N || 5", {}, 5),
        ("process.env.N || 5", {"N": "8"}, "8"),
        ("parseInt(process.env.N ?? '5', 10)", {"N": "8"}, 8),
        ("Number(process.env['N'] ?? 5)", {}, 5),
        ("+process.env.N * 1000", {"N": "2"}, 2000),
        ("process.env.N ? 1 : 2", {"N": ""}, 2),
        ("process.env.N", {}, UNDEFINED),
    ],
)
def test_the_environment(expression: str, variables: dict[str, str], expected: Result) -> None:
    assert value(expression, **variables) == expected


def test_the_environment_taken_apart() -> None:
    assert value("PORT", "const {PORT = 3000, HOST} = process.env;") == 3000
    assert value("PORT", "const {PORT = 3000, HOST} = process.env;", PORT="80") == "80"


def test_which_stage_it_is_nobody_says_by_saying_nothing() -> None:
    assert isinstance(value("process.env.NODE_ENV === 'production' ? 1 : 2"), Computed)
    assert value("process.env.NODE_ENV === 'production' ? 1 : 2", NODE_ENV="production") == 1


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("require('os').cpus().length", "s.cores_seen"),
        ("Math.max(1, os.cpus().length - 1)", "max(1, s.cores_seen - 1)"),
        ("process.env.N || os.cpus().length * 2", "s.cores_seen * 2"),
    ],
)
def test_the_machine(expression: str, expected: str) -> None:
    found = value(expression, "const os = require('node:os');")
    assert isinstance(found, Symbol)
    assert found.expression == expected


def test_what_is_nested_too_deeply_is_not_told() -> None:
    assert isinstance(value("(" * 200 + "1" + ")" * 200), Computed)
    assert isinstance(value("-" * 500 + "1"), Computed | int)
    assert isinstance(value("[" * 300 + "]" * 300), object)


def test_entries_stand_where_they_are_written() -> None:
    text = "const p = new Pool({ é: 'ü',  max: 5 * 2 });"
    call = next(c for c in read_module(text, "a.js", WANTED) if isinstance(c, Call))
    found = {name: leaf.place for name, leaf in leaves("", call.arguments[0])}
    place = found["max"]
    assert place is not None
    assert place.value is not None
    assert text[place.span.column - 1 : place.span.end_column - 1] == "max: 5 * 2"
    assert text[place.value.column - 1 : place.value.end_column - 1] == "5 * 2"
