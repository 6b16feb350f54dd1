"""The symbolic reading against Ruby itself: values of random expressions, and what is no Ruby."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.ruby import Assigned, Computed, Listed, Name, Table, read_script
from plimsoll.syntax.ruby.erb import Rendered, rendered
from support.counts import drawn
from support.rubies import answers

pytestmark = pytest.mark.real

EVALUATE = """
    ENV.delete_if { |name, _| name =~ /^X/ }
    question["environment"].each { |name, text| ENV[name] = text }
    shown = lambda do |value|
      case value
      when Symbol then {"symbol" => value.to_s}
      when Float then {"float" => value.to_s}
      when Array then value.map(&shown)
      when Hash then {"hash" => value.map { |key, inner| [shown.(key), shown.(inner)] }}
      else value
      end
    end
    shown.(eval(question["text"]))
"""
COMPILE = """
    RubyVM::InstructionSequence.compile(question["text"])
    true
"""
TEMPLATE = """
    require "erb"
    require "yaml"
    ENV.delete_if { |name, _| name =~ /^X/ }
    question["environment"].each { |name, text| ENV[name] = text }
    YAML.unsafe_load(ERB.new(question["text"]).result).to_h.transform_values(&:to_s)
"""

literals = st.one_of(
    st.integers(0, 1000).map(str),
    st.sampled_from(["1_000", "0x10", "017", "0b11", "1.5", "2.0", "nil", "true", "false"]),
    st.sampled_from(
        ['"a"', "'b'", '"12"', "'7x'", '"\\t\\u00e9"', "%q(a (b))", "%w[a b]", ":auto", "''"]
    ),
    st.sampled_from(['ENV["X1"]', 'ENV.fetch("X2") { 3 }', 'ENV.fetch("X3", 4)', 'ENV["X2"].to_i']),
)


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "||", "&&"]), inner)
        .map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} ? {t[1]} : {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]}, {t[1]}].max"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]}, {t[1]}]"),
        st.tuples(inner, inner).map(lambda t: f"{{a: {t[0]}, 'b' => {t[1]}}}"),
        st.tuples(
            inner,
            st.sampled_from(
                ["to_i", "to_s", "to_f", "nil?", "abs", "ceil", "floor", "round", "strip", "downcase", "zero?", "first", "length", "to_sym", "empty?", "sum", "min", "last"],
            ),
        ).map(lambda t: f"({t[0]}).{t[1]}"),
        inner.map(lambda t: f"Integer({t})"),
        inner.map(lambda t: f'"<#{{{t}}}>"'),
        inner.map(lambda t: f"!({t})"),
        inner.map(lambda t: f"-({t})"),
        st.tuples(inner, inner).map(lambda t: f"(if {t[0]} then {t[1]} else 0 end)"),
        st.tuples(inner, inner).map(lambda t: f"begin\n  {t[0]}\nrescue StandardError\n  {t[1]}\nend"),
    )  # fmt: skip


expressions = st.recursive(literals, combined, max_leaves=6)
environments = st.dictionaries(
    st.sampled_from(["X1", "X2", "X3"]), st.sampled_from(["5", "12", "", "a b", "0"])
)


def shown(value: object) -> object:
    """A value of ours as EVALUATE shows that of Ruby's."""
    if isinstance(value, Listed):
        return [shown(e.value) for e in value]
    if isinstance(value, Table):
        return {e.key: shown(e.value) for e in value.entries}
    if isinstance(value, Name):
        return {"symbol": str(value)}
    if isinstance(value, Fraction):
        return {"float": float(value)}
    return value


def plain(theirs: Any) -> object:
    if isinstance(theirs, dict) and "hash" in theirs:
        return {
            str(key["symbol"] if isinstance(key, dict) else key): plain(v)
            for key, v in theirs["hash"]
        }
    if isinstance(theirs, dict) and "float" in theirs:
        return {"float": float(theirs["float"])}  # -0.0 is 0
    return [plain(each) for each in theirs] if isinstance(theirs, list) else theirs


def is_told(value: object) -> bool:
    if isinstance(value, Listed | Table):
        return all(is_told(e.value) for e in value.entries)
    return value is None or isinstance(value, bool | int | str | Fraction)


@drawn(6, 80)
@given(texts=st.lists(expressions, min_size=30, max_size=30), environment=environments)
def test_values_that_we_tell_are_those_of_ruby(
    texts: list[str], environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    questions: list[object] = [{"text": t, "environment": environment} for t in texts]
    theirs: list[Any] = answers(EVALUATE, questions, tmp_path_factory.getbasetemp())
    words = {name: Word(text) for name, text in environment.items()}
    told = 0
    for text, answer in zip(texts, theirs, strict=True):
        found = read_script(f"x = {text}", "a.rb", words).statements[-1]
        assert isinstance(found, Assigned), text
        if not is_told(found.value):
            assert isinstance(found.value, Computed | Listed | Table) or "refused" in str(answer), (
                text
            )
            continue
        told += 1
        assert shown(found.value) == plain(answer), text
    assert told >= 5


PIECES = st.sampled_from(
    [
        "workers 2",
        "if a",
        "end",
        "do |x|",
        "(",
        ")",
        "[1, 2]",
        "{a: 1}",
        '"x"',
        "foo",
        "x = 1",
        "x",
        "unless b",
        "else",
        "def a\n  b 1\nend",
        "case x",
        "when 1",
        "begin",
        "rescue",
        "a ? b : c",
        "foo 1, b: 2",
        "a.b",
        "c do",
        "}",
        "while x",
        "foo { |a| a }",
        "-> { 1 }",
        "x ||= 2",
        "a if b",
        "<<~A\n t\nA",
        "return",
        "[",
        "y = [1,\n 2]",
    ]
)


@drawn(6, 80)
@given(texts=st.lists(st.lists(PIECES, max_size=7).map("\n".join), min_size=30, max_size=30))
def test_what_ruby_does_not_compile_is_unread(  # what a method does is not read
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    theirs: list[Any] = answers(
        COMPILE, [{"text": t} for t in texts], tmp_path_factory.getbasetemp()
    )
    for text, answer in zip(texts, theirs, strict=True):
        ill = [s for s in read_script(text, "a.rb").statements if isinstance(s, Unread)]
        assert bool(ill) is (answer is not True), (text, answer)


@st.composite
def templates(draw: st.DrawFn) -> str:
    lines = []
    for number in range(draw(st.integers(1, 6))):
        value = draw(
            st.sampled_from(
                [
                    "5",
                    "abc",
                    "<%= 1 + 2 %>",
                    '<%= ENV.fetch("X1") { 5 } %>',
                    "<%= ENV['X2'] || 7 %>",
                    "a<%= 2 * 3 %>b",
                    "'<%= 4 %>'",
                    "<%= [1, 2].max -%>",
                    "<%# note %>9",
                    "<%= 'x-y' %>z",
                ]
            )
        )
        lines.append(f"key{number}: {value}")
    return "\n".join(lines) + "\n"


@drawn(6, 60)
@given(text=templates(), environment=environments)
def test_templates_that_we_tell_are_those_of_erb(
    text: str, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    question = {"text": text, "environment": environment}
    theirs: Any = answers(TEMPLATE, [question], tmp_path_factory.getbasetemp())[0]
    words = {name: Word(value) for name, value in environment.items()}
    for each in rendered(text, "a.yml", words):
        assert isinstance(each, Rendered)
        if each.value is None and "refused" not in theirs and ": " not in each.text:
            ours = each.text if not each.leaf.text.isspace() else each.text.strip()
            assert theirs[each.leaf.name] == ours.strip("'"), text
