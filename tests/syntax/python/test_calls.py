"""Calls wherever they stand in a Python file, with what their arguments come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.python import Computed
from plimsoll.syntax.python.calls import Called, read_code

WANTED = frozenset({"make", "Pool"})


def calls(text: str) -> list[Called]:
    return list(read_code(text, "a.py", WANTED).calls)


@pytest.mark.parametrize(
    ("text", "callee", "target"),
    [
        ("make(1)", "make", ""),
        ("import a.b\nx = a.b.make(1)", "a.b.make", "x"),
        ("from a import make as m\nx = m(1)", "a.make", "x"),
        ("from a import b\nself.x = b.make(1)", "a.b.make", "x"),
        ("async def f():\n    p = await make(1)", "make", "p"),
        ("async def f():\n    async with make(1) as p: pass", "make", "p"),
        ("class A:\n    def f(self): return make(1)", "make", ""),
        ("x: int = make(1)", "make", "x"),
        ("f = lambda: make(1)", "make", ""),
        ("@dec(make(1))\ndef f(): pass", "make", ""),
        ("if x:\n    y = make(1)", "make", "y"),
        ("for x in y:\n    make(1)", "make", ""),
        ("g(k=make(1))", "make", "k"),
        ("x = [make(1)]", "make", "x"),
        ("x = {'a': make(1)}", "make", "x"),
    ],
)
def test_where_calls_are(text: str, callee: str, target: str) -> None:
    (found,) = calls(text)
    assert (found.callee, found.target if found.target else "") in ((callee, target), (callee, ""))
    assert found.arguments[0].value == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("N = 5\nmake(n=N * 2)", 10),
        ("N = 5\ndef f():\n    make(n=N)", 5),
        ("def f():\n    make(n=N)\nN = 6", 6),
        ("def f():\n    n = 3\n    make(n=n)", 3),
        ("class A:\n    N = 4\n    x = make(n=N)", 4),
        ("O = {'n': 7}\nmake(**O)", 7),
        ("O = dict(n=8)\nmake(**O)", 8),
        ("O = {}\nO['n'] = 9\nmake(**O)", 9),
    ],
)
def test_arguments_that_are_told(text: str, value: int) -> None:
    (found,) = calls(text)
    assert [(e.key, e.value) for e in found.named] == [("n", value)]
    assert found.is_complete


@pytest.mark.parametrize(
    "text",
    [
        "def f(n):\n    make(n=n)",
        "N = 5\nmake(n=N)\nN = 6",
        "if x:\n    N = 5\nelse:\n    N = 6\nmake(n=N)",
        "class A:\n    N = 4\n    def f(self): make(n=self.N)",
        "N = 5\ndef f(N=3):\n    make(n=N)",
        "for n in (1, 2):\n    make(n=n)",
    ],
)
def test_arguments_that_are_not_told(text: str) -> None:
    (found,) = calls(text)
    assert isinstance(found.named[0].value, Computed)


def test_names_of_a_class_are_none_of_its_methods() -> None:
    (found,) = calls("N = 1\nclass A:\n    N = 4\n    def f(self): make(n=N)")
    assert found.named[0].value == 1


@pytest.mark.parametrize("text", ["make(**o)", "make(*a)", "O = {'n': 1, **x}\nmake(**O)"])
def test_arguments_that_are_not_written(text: str) -> None:
    (found,) = calls(text)
    assert not found.is_complete


def test_what_is_not_reached_says_so() -> None:
    (found,) = calls("if False:\n    x = make(1)")
    assert found.reason.startswith("not reached")


def test_attributes_that_are_set() -> None:
    code = read_code("app.conf.size = 4\ndef f():\n    app.conf.n = 5", "a.py", WANTED)
    assert [(a.path, a.entry.value) for a in code.attributes] == [
        ("app.conf.size", 4),
        ("app.conf.n", 5),
    ]


def test_what_is_no_python_has_its_place() -> None:
    problem = read_code("x = 1\ny = (\n", "a.py", WANTED).problem
    assert problem is not None
    assert problem.place is not None


def test_many_functions_and_calls_are_read() -> None:
    text = "def f(a):\n    make(1)\n" * 1500
    assert len(calls(text)) == 1500


@given(st.text(alphabet="make(n=1)\n \tdef:clsN,*{}'\"", max_size=80))
def test_it_never_raises(text: str) -> None:
    code = read_code(text, "a.py", WANTED)
    assert code.problem is None or code.problem.place is not None


def test_an_argument_that_is_handed_twice() -> None:
    problem = read_code("x = 1\nmake(n=1, n=2)", "a.py", WANTED).problem
    assert problem is not None
    assert problem.place is not None
    assert problem.place.span.line == 2
