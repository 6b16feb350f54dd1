"""What a Ruby file calls and assigns, and what its expressions come to."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.ruby import Assigned, Called, Computed, Symbol, read_script
from plimsoll.syntax.ruby.lexer import IGNORED, tokens
from support.rubies import PIECES

ENVIRONMENT = {"WORKERS": Word("4"), "RAILS_ENV": Word("production"), "EMPTY": Word("")}


def assigned(text: str, environment: dict[str, Word] | None = None) -> object:
    """The value of the last assignment."""
    found = [
        s for s in read_script(text, "a.rb", environment).statements if isinstance(s, Assigned)
    ]
    return found[-1].value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("5", 5), ("1_000", 1000), ("0x1F", 31), ("017", 15), ("-3", -3), ("1.5", Fraction(3, 2)),
        ("nil", None), ("true", True), ("'a\\'b\\n'", "a'b\\n"), ('"a\\tb\\u00e9"', "a\tbé"),
        ("7 / 2", 3), ("-7 / 2", -4), ("7.0 / 2", Fraction(7, 2)), ("2 ** 10", 1024), ("7 % 3", 1),
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("'a' + 'b'", "ab"), ('"#{1 + 1}x"', "2x"),
        ("Integer('08') rescue 9", Computed), ("Integer('12')", 12), ("'12abc'.to_i", 12),
        ("'abc'.to_i", 0), ("nil.to_i", 0), ("3.7.to_i", 3), ("3.5.round", 4), ("7.fdiv(2)", Computed),
        ("[3, 1, 2].max", 3), ("[3, 1].min", 1), ("[1, 2].sum", 3), ("{a: 1}[:a]", 1), ("[1, 2][0]", 1),
        ("5.clamp(1, 3)", 3), ("nil || 5", 5), ("0 || 5", 0), ("false && 1", False), ("!nil", True),
        ("1 == 1 ? 'a' : 'b'", "a"), ("2 > 3 ? 1 : 2", 2), (":a == 'a'", False), ("5.minutes", 300),
        ("64.megabytes", 64 * 1024**2), ("'a,b'.split(',').first", "a"), ("%w[a b].length", 2),
        ("''.presence || 3", 3), ("if true then 4 else 5 end", 4), ("begin; 6; end", 6),
        ("<<~A.to_i\n  12\nA", 12), ("'a' 'b'", "ab"), ("not true", False), ("foo(1)", Computed),
        ("`date`", Computed), ("1 / 0", Computed), ("rand(5)", Computed), ("[1, *x].max", Computed),
    ],
)  # fmt: skip
def test_what_an_expression_comes_to(expression: str, expected: object) -> None:
    found = assigned(f"x = {expression}")
    if expected is Computed:
        assert isinstance(found, Computed)
    else:
        assert found == expected
        assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('ENV["WORKERS"]', "4"), ('ENV.fetch("WORKERS").to_i', 4), ('ENV["GONE"] || 5', 5),
        ('ENV.fetch("GONE", 7)', 7), ('ENV.fetch("GONE") { 2 }', 2), ('ENV["GONE"]', None),
        ("Integer(ENV.fetch('WORKERS', 1)) * 2", 8), ('ENV.key?("GONE") ? 1 : 2', 2),
        ('ENV["EMPTY"].presence || 3', 3), ("Rails.env.production? ? 1 : 2", 1), ("Rails.env", "production"),
    ],
)  # fmt: skip
def test_a_known_environment_tells_values(expression: str, expected: object) -> None:
    assert assigned(f"x = {expression}", ENVIRONMENT) == expected


def test_without_an_environment_its_values_wait() -> None:
    found = assigned('x = Integer(ENV.fetch("WORKERS") { 2 })')
    assert isinstance(found, Computed)
    assert found.asks_environment


def test_a_variable_without_which_ruby_stops() -> None:
    found = assigned('x = ENV.fetch("GONE")', ENVIRONMENT)
    assert isinstance(found, Computed)
    assert "GONE" in found.reason


@pytest.mark.parametrize(
    ("expression", "formula"),
    [
        ("Etc.nprocessors", "s.cores_seen"), ("Etc.nprocessors * 2 + 1", "s.cores_seen * 2 + 1"),
        ("Etc.nprocessors / 2", "-ceil(-(s.cores_seen / 2))"), ("[Etc.nprocessors, 4].min", "min(s.cores_seen, 4)"),
        ("Concurrent.physical_processor_count", "s.cores_seen"),
    ],
)  # fmt: skip
def test_what_depends_on_the_machine_is_a_formula(expression: str, formula: str) -> None:
    found = assigned(f"require 'etc'\nx = {expression}")
    assert isinstance(found, Symbol)
    assert found.expression == formula


def calls(text: str, environment: dict[str, Word] | None = None) -> list[Called]:
    return [s for s in read_script(text, "a.rb", environment).statements if isinstance(s, Called)]


def test_a_call_has_its_arguments_and_where_they_stand() -> None:
    (found,) = calls("# é\n  bind 'tcp://0:1', backlog: 5 # x\n")
    assert found.name == "bind"
    assert [a.value for a in found.arguments] == ["tcp://0:1"]
    assert [(e.key, e.value) for e in found.named] == [("backlog", 5)]
    span = found.place.span
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 3, 2, 31)
    inner = found.named[0].place
    assert inner is not None
    assert inner.value is not None
    assert (inner.span.column, inner.value.column, inner.value.end_column) == (21, 30, 31)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a 1; b 2", [("a", ()), ("b", ())]),
        ("a(1) do |x|\n  b x\nend\nc", [("a", ()), ("b", ("a",)), ("c", ())]),
        ("A.configure { |c| c.d 1 }", [("A.configure", ()), ("c.d", ("A.configure",))]),
        ("def a(x)\n  b 1\nend\nc 2", [("c", ())]),
        ("class A\n  b 1\nend\nc 2", [("c", ())]),
        ("=begin\na 1\n=end\nb 2", [("b", ())]),
        ("a <<~X\n  b 1\nX\nc 2", [("a", ()), ("c", ())]),
        ("f = ->(x) { a 1 }\nb 2", [("b", ())]),
        ("a 1,\n  2\nb", [("a", ()), ("b", ())]),
        ("def a = 1\nb 2", [("b", ())]),
    ],
)
def test_which_calls_there_are(text: str, names: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(c.name, c.within) for c in calls(text)] == names


def test_branches_are_taken_where_that_is_known() -> None:
    found = calls("n = 5\nif n > 3\n  a 1\nelse\n  b 2\nend\nc 3 unless n > 3\nd 4 if ENV['X']")
    assert [(c.name, c.is_reached, c.doubt is not None) for c in found] == [
        ("a", True, False),
        ("b", False, False),
        ("c", False, False),
        ("d", True, True),
    ]
    assert found[1].reason == "not reached: n > 3 is true"


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\nx = 2 if rand(3) > 1",
        "x = 1\n3.times { x = 2 }",
        "x = 1\nwhile y\n  x = 2\nend",
        "x = 1\ncase y\nwhen 1\n  x = 2\nend",
        "x = 1\nbegin\n  foo\nrescue\n  x = 2\nend",
        "x = 1\nx += y",
    ],
)
def test_what_may_have_been_assigned_again_is_not_told(text: str) -> None:
    found = calls(f"{text}\nworkers x")
    assert isinstance(found[-1].arguments[0].value, Computed)


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("puma['workers'] = 8", ("puma", ("workers",)), 8),
        ("config.redis = 5", ("config", ("redis",)), 5),
        ("config[:timeout] = 8", ("config", ("timeout",)), 8),
        ("a = b = 3", ("a", ()), 3),
        ("a, b = 1, 2", ("b", ()), 2),
        ("A ||= 4", ("A", ()), 4),
    ],
)
def test_assignments(text: str, path: tuple[str, tuple[str, ...]], value: object) -> None:
    found = read_script(text, "a.rb").statements[-1]
    assert isinstance(found, Assigned)
    assert ((found.name, found.keys), found.value) == (path, value)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a 1\nb 'open\nc 2", 2, "nothing closes the quotes"),
        ("a 1\nend\nb 2", 2, "nothing is open"),
        ("if a\n  b 1\n", 1, "'end' is missing"),
        ("a (1\nb", 1, "')' is missing"),
        ("def a\n  b", 1, "'end' is missing"),
        ("a 1\n=> 2", 2, "not understood"),
        ("a " + "(" * 60 + ")" * 60, 1, "nested too deeply"),
    ],
)
def test_what_is_no_ruby_is_unread(text: str, line: int, reason: str) -> None:
    found = [s for s in read_script(text, "a.rb").statements if isinstance(s, Unread)]
    assert reason in found[0].reason
    assert found[0].place is not None
    assert found[0].place.span.line == line


def test_a_fault_hides_no_statement_around_it() -> None:
    found = read_script("a 1\nb ] 2\nc 3\n", "a.rb").statements
    assert [s.name for s in found if isinstance(s, Called)] == ["a", "b", "c"]
    assert [s.place.span.line for s in found if isinstance(s, Unread) and s.place] == [2]


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80))
def test_it_never_raises_and_its_places_are_inside_of_the_text(text: str) -> None:
    lines = text.split("\n")
    given: tuple[dict[str, Word] | None, ...] = (None, {})
    for environment in given:
        for each in read_script(text, "a.rb", environment).statements:
            place = each.place
            assert place is not None
            span = place.span
            assert 1 <= span.line <= span.end_line <= len(lines)
            assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_code_is_lost(text: str) -> None:
    """Every token stands in the tree, or separates what stands there."""
    from plimsoll.syntax.ruby.parser import parsed

    covered = [(n.start, n.end) for n in parsed(text)]
    for token in tokens(text):
        if token.kind not in IGNORED and token.kind != "newline" and token.text != ";":
            assert any(a <= token.start and token.end <= b for a, b in covered), (token, covered)


@pytest.mark.parametrize(
    "text",
    [
        "", "\ufeff", "(" * 5000, "[" * 5000, "{" * 5000, "if a\n" * 5000, "f do\n" * 5000, '"#{' * 5000,
        "x = " * 5000, "- " * 5000, "a.b" * 5000, "a ? " * 5000, "not " * 5000, "case\n" * 5000,
        "<<~A\n" * 500, "\udcff\udc80 = 1", "x = '" + "a" * 1_000_000 + "'", "->" * 5000, "def a\n" * 3000,
    ],
    ids=lambda text: repr(text[:10]),
)  # fmt: skip
def test_hostile_texts_are_read_to_their_end(text: str) -> None:
    found = read_script(text, "a.rb").statements
    assert len(found) <= 10_000
    assert "".join(t.text for t in tokens(text)) == text
