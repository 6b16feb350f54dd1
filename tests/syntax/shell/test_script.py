"""What a script starts, with which words and which environment."""

from __future__ import annotations

import pytest

from plimsoll.model.setting import Formula
from plimsoll.syntax.shell import Start, starts
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain


def read(script: str) -> list[Start]:
    return starts(script, Lines(script, "s.sh").place)


def shown(start: Start) -> str:
    return " ".join("?" if isinstance(w, Uncertain) else w.text for w in start.words)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("a 1\nb 2\n", ["a 1", "b 2"], id="lines"),
        pytest.param("a; b && c || d | e & f", ["a", "b", "c", "d", "e", "f"], id="operators"),
        pytest.param("a > x 2>&1 < y b", ["a b"], id="redirections"),
        pytest.param("a 2 >x", ["a 2"], id="a number that is no descriptor"),
        pytest.param("exec a b", ["a b"], id="exec"),
        pytest.param('O=(-x "1 2"\n -y)\na "${O[@]}" z', ["a -x 1 2 -y z"], id="array"),
        pytest.param("O=(-x)\nO+=(-y)\na ${O[*]}", ["a -x -y"], id="array that grows"),
        pytest.param("declare -a O=(-x $(n))\na ${O[@]}", ["a -x ?"], id="array declared"),
        pytest.param(
            'O=(-x)\nif t; then O+=(-y); fi\na "${O[@]}"', ["t", "a -x ?"], id="array in doubt"
        ),
        pytest.param("O=()\na ${O[@]} b\n(c)", ["a b", "c"], id="empty array"),
        pytest.param("exec -a name a b", ["a b"], id="exec with a name"),
        pytest.param("exec > log\na", ["a"], id="exec without a command"),
        pytest.param(
            "if t; then a; elif u; then b; else c; fi", ["t", "a", "u", "b", "c"], id="if"
        ),
        pytest.param("for i in 1 2; do a; done", ["a"], id="for"),
        pytest.param("for i\ndo a\ndone", ["a"], id="for over arguments"),
        pytest.param("while read l; do a; done", ["a"], id="while"),
        pytest.param("case $1 in a|b) x;; (*) y ;; esac\nz", ["x", "y", "z"], id="case"),
        pytest.param("f() { a; }\nb", ["b"], id="function"),
        pytest.param("f ()\n{\n a\n}\nb", ["b"], id="function over lines"),
        pytest.param("function f {\n a\n}\nb", ["b"], id="function keyword"),
        pytest.param("f() ( a )\nb", ["b"], id="function as a subshell"),
        pytest.param("(cd x; a)\n{ b; }", ["cd x", "a", "b"], id="groups"),
        pytest.param("cat <<EOF\nnot here\nEOF\na", ["cat", "a"], id="here-document"),
        pytest.param("cat <<-'E' > x\n\tno\n\tE\na", ["cat", "a"], id="here-document with tabs"),
        pytest.param("cat <<A <<B\n1\nA\n2\nB\na", ["cat", "a"], id="two here-documents"),
        pytest.param("a # b\n# c\nd", ["a", "d"], id="comments"),
        pytest.param("a \\\n  b", ["a b"], id="continuation"),
        pytest.param("a \\\r\n  b\r\nc\r\n", ["a b", "c"], id="CRLF"),
        pytest.param("export A=1\nset -e\nunset A\n[ a = b ]\n", [], id="only settings"),
        pytest.param("echo fi; a", ["echo fi", "a"], id="a word like a keyword"),
        pytest.param("! a\ntime b", ["a", "b"], id="words before a command"),
    ],
)
def test_the_commands_of_a_script(script: str, expected: list[str]) -> None:
    assert [shown(start) for start in read(script)] == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("A=1\nrun $A", "run 1", id="assigned"),
        pytest.param("A=1 B=2\nrun $A$B", "run 12", id="two"),
        pytest.param("A='x y'\nrun \"$A\"", "run x y", id="quoted"),
        pytest.param("A=1\nB=$A$A\nrun $B", "run 11", id="one of another"),
        pytest.param("A=1\nA=2\nrun $A", "run 2", id="again"),
        pytest.param("export A=1\nrun $A", "run 1", id="exported"),
        pytest.param("readonly A=1\nrun $A", "run 1", id="read-only"),
        pytest.param("A=1\nunset A\nrun $A", "run ?", id="unset"),
        pytest.param("if t; then A=1; fi\nrun $A", "run ?", id="in a branch"),
        pytest.param("for i in 1; do A=1; done\nrun $A", "run ?", id="in a loop"),
        pytest.param("f() { A=2; }\nA=1\nrun $A", "run 1", id="in a function before"),
        pytest.param("A=1\nf() { A=2; }\nrun $A", "run ?", id="in a function after"),
        pytest.param("{ A=1; }\nrun $A", "run 1", id="in a group"),
        pytest.param("[ x = y ] && A=1\nrun $A", "run ?", id="behind a test"),
        pytest.param("cd /x && A=1\nrun $A", "run 1", id="behind a command"),
        pytest.param("A=1\nA+=2\nrun $A", "run ?", id="added to"),
        pytest.param("A=1\nread A\nrun $A", "run ?", id="read"),
        pytest.param(". ./env\nrun ${A:-4}", "run ?", id="default behind another script"),
        pytest.param("A=1\n. ./env\nrun $A", "run 1", id="value behind another script"),
        pytest.param("A=1 run $A", "run ?", id="a prefix is not for its own line"),
        pytest.param("A=20\n[ $A -gt 16 ] && A=16\nrun $A", "run 16", id="test that holds"),
        pytest.param("A=8\n[ $A -gt 16 ] && A=16\nrun $A", "run 8", id="test that does not"),
        pytest.param("A=8\n[ $A -gt 16 ] || A=16\nrun $A", "run 16", id="or"),
        pytest.param("A=8\ntest $A -le 16 && A=16\nrun $A", "run 16", id="test by name"),
    ],
)
def test_variables_hold_what_was_assigned(script: str, expected: str) -> None:
    assert shown(read(script)[-1]) == expected


def test_a_test_on_cores_is_a_choice() -> None:
    script = 'W=$(( 2 * $(nproc) + 1 ))\n[ "$W" -gt 16 ] && W=16\nrun $W\n'
    word = read(script)[-1].words[-1]
    assert isinstance(word, Uncertain)
    assert word.value == Formula("(2 * s.cores_seen + 1) > 16 ? 16 : 2 * s.cores_seen + 1")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("A=1\nrun", {}, id="not exported"),
        pytest.param("export A=1\nrun", {"A": "1"}, id="exported"),
        pytest.param("A=1\nexport A B\nrun", {"A": "1"}, id="exported later"),
        pytest.param("export A\nA=1\nrun", {"A": "1"}, id="exported before"),
        pytest.param("declare -x A=1\nrun", {"A": "1"}, id="declared"),
        pytest.param("set -a\nA=1\nset +a\nB=2\nrun", {"A": "1"}, id="all are exported"),
        pytest.param("A=1 B=2 run", {"A": "1", "B": "2"}, id="only for the command"),
        pytest.param("A=1 run\nrun", {}, id="not for the next"),
    ],
)
def test_the_environment_of_a_command(script: str, expected: dict[str, str]) -> None:
    found = read(script)[-1].environment
    assert {name: word.text for name, word in found.items()} == expected


def test_how_a_command_is_run() -> None:
    a, b, c, d = read("a &\nb | c\nexec d\n")
    assert [s.is_background for s in (a, b, c, d)] == [True, False, False, False]
    assert [s.is_piped for s in (a, b, c, d)] == [False, False, True, False]
    assert [s.is_last for s in (a, b, c, d)] == [False, False, False, True]
