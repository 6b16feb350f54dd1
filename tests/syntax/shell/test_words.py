"""Words of shell commands: what a real shell makes of them, and where they stand."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Unknown
from plimsoll.syntax.shell import Variables, again, expanded, starts, unwrapped, words, words_in
from plimsoll.syntax.shell.lexer import tokens
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain, Written

GIVEN = {"A": "1", "B": "x y", "E": "", "OPTS": "--threads 400  -w 2"}


def line(text: str, variables: dict[str, Word] | None = None) -> list[Word]:
    """The words of one simple command."""
    known = {n: Word(v) for n, v in GIVEN.items()} if variables is None else variables
    found = starts(f"run {text}", Lines(f"run {text}", "s.sh").place, known)
    return list(found[0].words[1:]) if found else []


def at(text: str, word: Word) -> str:
    assert word.place is not None
    span = word.place.value or word.place.span
    lines = Lines(text, "")
    return text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]


# -- a shell is the oracle

WORDS = [
    "a b  c", "'a b' c", '"a b"', "a'b'\"c\"", r"a\ b", r"'a\b'", r'"a\"b"', r'"a\b"', r"\$A",
    "$A", "${A}", '"$A"', "'$A'", "x$A", "${A}x", "$B", '"$B"', "x$B", "${B}z", "$E",
    '"$E"', "$E$A", "${E:-d}", "${E-d}", "${N:-d}", "${N-d}", "${N:-$A}", "${N:-'a b'}",
    '"${N:-a b}"', '${N:-"a b"}', "${A:+set}", "${E:+set}", "${E+set}", "${N+set}", "${N:=d}",
    '"a$A${B}c"', "$OPTS", "$OPTS x", "x $OPTS", "a # comment", "a#b", "'unterminated",
    "\"$(( 1 + 2 ))\"", "$((2*3))", "$(( A + 1 ))", "$(( $A * 4 / 3 ))", "$((10 % 4))", "$",
    "a$", '"$"', "a\\\nb", "a \\\n b", "''", '""', "a''", "{a,b}", "-w=4", "\\\\", "\\a", "=",
]  # fmt: skip


def from_shell(text: str) -> list[str]:
    script = f"printf '%s\\0' {text}"
    done = subprocess.run(
        ["/bin/sh", "-c", script], env=GIVEN, capture_output=True, check=False, timeout=20
    )
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("text", [w for w in WORDS if "unterminated" not in w])
def test_words_are_what_a_shell_hands_on(text: str) -> None:
    found = [word.text for word in line(text)]
    assert (found or [""]) == from_shell(text)  # printf prints once even without words


# Nothing in it can start a program, name a file or end the command.
HARMLESS = st.lists(
    st.sampled_from(["a", "b c", " ", "'", '"', "\\", "${A}", "${B}", "${E}", "${N:-d e}", "x"]),
    max_size=8,
).map("".join)


@given(HARMLESS)
def test_any_harmless_line_reads_as_in_a_shell(text: str) -> None:
    try:
        shlex.split(text)
    except ValueError:
        return  # an open quote: the shell refuses it
    assert ([word.text for word in line(text)] or [""]) == from_shell(text)


# -- lines that no shell reads


@given(HARMLESS)
def test_a_line_without_a_shell_splits_as_shlex_does(text: str) -> None:
    try:
        expected = shlex.split(text)
    except ValueError:
        assert isinstance(words(text), list)
        return
    assert [word.text for word in words(text)] == expected


def test_words_of_a_line_have_places_inside_of_it() -> None:
    place = Place("c.yml", Span(3, 10, 3, 29))
    found = words("gunicorn -w '4' app", place)
    assert [(w.text, w.place and w.place.span.column) for w in found] == [
        ("gunicorn", 10), ("-w", 19), ("4", 22), ("app", 26),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param(Span(1, 5, 1, 9), (5, 6), id="as it stands"),
        pytest.param(Span(1, 5, 1, 11), (6, 7), id="in quotes"),
        pytest.param(Span(1, 5, 1, 14), (5, 14), id="with escapes"),
        pytest.param(Span(1, 5, 2, 9), (5, 9), id="over lines"),
    ],
)
def test_places_in_a_variable_are_exact_or_its_whole(
    place: Span, expected: tuple[int, int]
) -> None:
    (first, _) = words_in(Word("a bc", Place("e", place)))
    assert first.place is not None
    assert (first.place.span.column, first.place.span.end_column) == expected


# -- places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-w 4 --threads=8", ["-w", "4", "--threads=8"]),
        ("'a b' \"c\"", ["a b", "c"]),
        ("${N:-400}", ["400"]),
        ('"${N:-400}"', ["400"]),
        ("x${N:-400}", ["x${N:-400}"]),
        ("é \\\n 🚢", ["é", "🚢"]),
    ],
)
def test_places_are_where_the_text_stands(text: str, expected: list[str]) -> None:
    source = f"run {text}"
    assert [at(source, word) for word in line(text)] == expected


def test_a_variable_s_text_stands_in_its_assignment() -> None:
    script = 'T=400\nO="--threads 300 -w 2"\nrun --threads "$T" $O x${T}\n'
    words_ = starts(script, Lines(script, "s.sh").place)[0].words
    assert [at(script, w) for w in words_] == [
        "run", "--threads", "400", "--threads", "300", "-w", "2", "x${T}",
    ]  # fmt: skip
    assert words_[2].place is not None
    assert words_[2].place.span == Span(1, 1, 1, 6)  # the whole assignment


# -- what stays unknown

UNKNOWN = [
    ("$N", "$N is not known"), ("$(date)", "computed: $(date)"), ("`date`", "computed: `date`"),
    ("a$N", "computed: a$N"), ("${N%x}", "computed: ${N%x}"), ("$1", "$1 is not known"),
    ('"$@"', "$@ is not known"), ("$(( $N + 1 ))", "computed: $(( $N + 1 ))"), ("$((1 /", "computed"),
    ("$(( 1 ? 2 : 3 ))", "computed"), ("${N:?no}", "computed: ${N:?no} is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), UNKNOWN)
def test_what_only_a_shell_would_tell_says_so(text: str, reason: str) -> None:
    (found,) = line(text)
    assert isinstance(found, Uncertain)
    assert isinstance(found.value, Unknown)
    assert reason in found.value.reason


FORMULAS = [
    ("$(nproc)", "s.cores_seen"), ("`nproc`", "s.cores_seen"), ("$(nproc --all)", "s.cores_seen"),
    ("$(getconf _NPROCESSORS_ONLN)", "s.cores_seen"),
    ("$(grep -c ^processor /proc/cpuinfo)", "s.cores_seen"),
    ("$(( 2 * $(nproc) + 1 ))", "2 * s.cores_seen + 1"),
    ("${N:-$(( $(nproc) * 2 ))}", "s.cores_seen * 2"),
    ("$(($(nproc) / 2))", "-ceil(-(s.cores_seen / 2))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FORMULAS)
def test_what_depends_on_cores_is_a_formula(text: str, expected: str) -> None:
    (found,) = line(text)
    assert isinstance(found, Uncertain)
    assert found.value == Formula(expected)


# -- a second time, when there are more variables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$N", "7"), ("${N:-4}", "7"), ("x${N:-4}y", "x7y"), ("${N:-$(nproc)}", "7"), ("$A", "1"),
        ("'$N'", "$N"), ("$(( $N + 1 ))", "8"), ("${N:+set}", ""),
    ],
)  # fmt: skip
def test_words_change_with_variables_that_come_later(text: str, expected: str) -> None:
    (found,) = again(line(f"x{text}y") if not expected else line(text), {"N": Word("7")})
    assert found.text == (expected or "xy")


def test_a_default_holds_until_the_variable_comes() -> None:
    script = 'W=${N:-4}\nrun -w "$W"\n'
    before = starts(script, Lines(script, "s.sh").place)[0].words
    assert isinstance(before[2], Written)
    assert before[2].text == "4"
    assert [w.text for w in again(before, {"N": Word("9")})] == ["run", "-w", "9"]


def test_a_variable_that_may_come_from_elsewhere_has_no_default() -> None:
    known = Variables({"A": Word("1")}, is_open=True)
    lines = Lines("${N:-4}", "s.sh")
    (found,) = expanded("${N:-4}", 0, lines.place, known)
    assert isinstance(found, Uncertain)


# -- sh -c


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("sh -c 'exec gunicorn -w 4 app'", ["gunicorn", "-w", "4", "app"]),
        ("/bin/bash -lc 'cd /srv && gunicorn app'", ["gunicorn", "app"]),
        ('tini -- sh -ec "gunicorn -w $A app"', ["gunicorn", "-w", "1", "app"]),
        ("gunicorn -c x app", ["gunicorn", "-c", "x", "app"]),
        ("sh start.sh", ["sh", "start.sh"]),
        ("sh -c", ["sh", "-c"]),
    ],
)
def test_a_shell_s_command_is_unwrapped(command: str, expected: list[str]) -> None:
    found = unwrapped(words(command), {"A": Word("1")})
    assert [word.text for word in found] == expected


# -- nothing is lost, nothing is raised

SOURCE = """a ' " \\ $ ${ } $( ) $(( )) ` ; && | <<EOF EOF <<- > 2> # if fi case esac in { () for do done
    A= export exec nproc :- é &"""
TEXTS = st.lists(
    st.sampled_from([*SOURCE.split(), " ", "\n", "\r\n", "\t", "\udcff"]), max_size=30
).map("".join)


@given(TEXTS | st.text(max_size=50))
def test_the_tokens_of_a_text_are_the_text(text: str) -> None:
    found = list(tokens(text))
    assert "".join(t.text for t in found) == text
    assert all(t.text for t in found)
    assert [t.start for t in found] == [
        sum(len(o.text) for o in found[:n]) for n in range(len(found))
    ]


@given(TEXTS | st.text(max_size=50))
def test_any_script_is_read_without_an_error_and_inside_of_it(text: str) -> None:
    lines = Lines(text, "s.sh")
    for start in starts(text, lines.place, {"A": Word("1")}):
        for word in start.words:
            assert word.place is None or at(text, word) in text


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000, "$(" * 50_000, "${A:-" * 20_000, "'" + "x" * 100_000, "`" * 9999, '"' * 9999,
        "A=$A$A\n" * 60, "A=xx\n" + "A=$A$A\n" * 60 + "run $A", "<<E\n" * 3000, "case " * 5000,
        "run " + "$((" * 3000, "run " + "1 + " * 100 + "$(( " + "1 + " * 9000 + "1 ))",
        "run " + '"${A:-' * 3000, "if a; then " * 5000,
    ],
)  # fmt: skip
def test_hostile_scripts_end(text: str) -> None:
    assert isinstance(starts(text, Lines(text, "s.sh").place), list)
    assert isinstance(words(text), list)
