"""Tokens of JavaScript: nothing of a text is lost, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.javascript.lexer import tokens
from plimsoll.syntax.javascript.tree import Tree


def kinds(text: str) -> list[tuple[str, str]]:
    return [(t.kind, t.text) for t in tokens(text) if t.kind != "space"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a = b / c / d", ["a", "=", "b", "/", "c", "/", "d"], id="division"),
        pytest.param("x = /a/g", ["x", "=", "/a/g"], id="regular expression"),
        pytest.param("f(/[/\"]/)", ["f", "(", "/[/\"]/", ")"], id="class with a slash"),
        pytest.param("(a) / 2 / b", ["(", "a", ")", "/", "2", "/", "b"], id="behind parentheses"),
        pytest.param("if (a) /b/.c", ["if", "(", "a", ")", "/b/", ".", "c"], id="behind a condition"),
        pytest.param("return /'/", ["return", "/'/"], id="behind return"),
        pytest.param("a.return / 2 / 1", ["a", ".", "return", "/", "2", "/", "1"], id="a member return"),
        pytest.param("1_000 0x1F .5e3 5. 10n", ["1_000", "0x1F", ".5e3", "5.", "10n"], id="numbers"),
        pytest.param("a?.b ?? c ? .5 : 1", ["a", "?.", "b", "??", "c", "?", ".5", ":", "1"], id="marks"),
        pytest.param("'it\\'s' \"a\\\nb\"", ["'it\\'s'", '"a\\\nb"'], id="escapes"),
        pytest.param("`a${b}c`", ["`a${", "b", "}c`"], id="template"),
        pytest.param("`${`${{}}`}`", ["`${", "`${", "{", "}", "}`", "}`"], id="template in a template"),
        pytest.param("`a\\`$b$`", ["`a\\`$b$`"], id="template without substitution"),
        pytest.param("a /* b\nc */ d // e", ["a", "/* b\nc */", "d", "// e"], id="comments"),
        pytest.param("#!/usr/bin/env node\na", ["#!/usr/bin/env node", "a"], id="shebang"),
        pytest.param("'a\nb", ["'a", "b"], id="a string ends with its line"),
        pytest.param("größe = 1", ["größe", "=", "1"], id="letters"),
    ],
)  # fmt: skip
def test_tokens(text: str, expected: list[str]) -> None:
    assert [piece for _, piece in kinds(text)] == expected


_PIECES = st.sampled_from(
    ["`", "${", "}", "{", "(", ")", "[", "]", "'", '"', "\\", "/", "*", "//", "/*", "*/", "\n", "\r\n",
     " ", "a", "1", ".", "=>", "?.", "#!", "\ufeff", "é", "\udc80", "\x00", "$", "in", "return"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_nothing_is_lost(text: str) -> None:
    found = tokens(text)
    assert "".join(t.text for t in found) == text
    assert all(text[t.start : t.end] == t.text for t in found)
    assert all(t.text for t in found)


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_brackets_have_one_partner_each(text: str) -> None:
    tree = Tree(text, "a.js")
    for at, other in enumerate(tree.partner):
        if other >= 0 and tree.kinds[at] == "mark":
            assert tree.partner[other] == at
            assert tree.texts[min(at, other)] + tree.texts[max(at, other)] in ("()", "[]", "{}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("f(1))", "a ) without the other one"),
        ("f({)", "a { without the other one"),
        ("x = 'a", "a string that nothing ends"),
        ("x = 'a\\'", "a string that nothing ends"),
        ("x = `a", "a template that nothing ends"),
        ("x = `a${b", "a ${ without the other one"),
        ("/* a", "a comment that nothing ends"),
    ],
)
def test_what_is_no_javascript(text: str, reason: str) -> None:
    assert reason in [why for _, _, why in Tree(text, "a.js").faults]


@pytest.mark.parametrize(
    "text",
    [
        "x = `a${`b${c}`}d`; y = /[(]/.test('(')",
        "a = 'b\\\\'; // it's\n/* ( */",
        "#!/usr/bin/env node\n(1)",
    ],
)
def test_what_is_javascript_has_no_fault(text: str) -> None:
    assert Tree(text, "a.js").faults == []


def test_depth_costs_no_stack() -> None:
    for text in ("(" * 50_000, "`${" * 20_000, "if(a){}else " * 5_000 + "{b.c=1}", "{" * 9_000):
        assert len(Tree(text, "a.js")) > 1_000
