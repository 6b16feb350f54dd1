"""What the top level of a Python file assigns."""

from __future__ import annotations

import pytest

from plimsoll.model.reader import Word
from plimsoll.model.setting import Unread
from plimsoll.syntax.python import Assignment, Computed, Star, Symbol, read_module, shown

Environment = dict[str, Word] | None


def outcome(text: str, environment: Environment = None) -> dict[str, str]:
    """The last reached value of each name: as text, "?" where it cannot be told."""
    found: dict[str, str] = {}
    for each in read_module(text, "a.py", environment).statements:
        if isinstance(each, Assignment) and each.is_reached:
            value = each.value
            name = ".".join((each.name, *each.keys))
            if isinstance(value, Computed):
                found[name] = "env?" if value.asks_environment else "?"
            else:
                found[name] = value.expression if isinstance(value, Symbol) else shown(value, "...")
    return found


def env(**variables: str) -> dict[str, Word]:
    return {name: Word(text) for name, text in variables.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = 1\nx = 2\n", {"x": "2"}, id="again"),
        pytest.param("a = 2\nb = a * 3\n", {"a": "2", "b": "6"}, id="a name assigned before"),
        pytest.param("x: int = 4\n", {"x": "4"}, id="annotated"),
        pytest.param("x: int\n", {}, id="only annotated"),
        pytest.param("x = 1\nx += 2\n", {"x": "3"}, id="augmented"),
        pytest.param("x += 2\n", {"x": "?"}, id="augmented without a value"),
        pytest.param("a = b = 3\n", {"a": "3", "b": "3"}, id="two targets"),
        pytest.param("a, b = 1, 'x'\n", {"a": "1", "b": "x"}, id="tuple"),
        pytest.param("a, b = foo()\n", {"a": "?", "b": "?"}, id="tuple of a call"),
        pytest.param("a, b = 1, 2, 3\n", {"a": "?", "b": "?"}, id="tuple of another length"),
        pytest.param("a, *b = 1, 2\n", {"a": "1", "b": "?"}, id="rest of a tuple"),
        pytest.param("x = 1; y = 2\n", {"x": "1", "y": "2"}, id="one line"),
        pytest.param("if 1 > 0:\n  x = 1\nelse:\n  x = 2\n", {"x": "1"}, id="true branch"),
        pytest.param("if False:\n  x = 1\nelif True:\n  x = 2\n", {"x": "2"}, id="elif"),
        pytest.param(
            "x = 0\nif foo():\n  x = 1\ny = x\n", {"x": "?", "y": "?"}, id="unknown branch"
        ),
        pytest.param("x = 5\nif foo():\n  y = 1\n", {"x": "5", "y": "?"}, id="other name"),
        pytest.param("if __name__ == '__main__':\n  x = 1\n", {}, id="only as a program"),
        pytest.param("for x in [1]:\n  y = x\n", {"y": "?"}, id="loop"),
        pytest.param("while foo():\n  y = 1\n", {"y": "?"}, id="while"),
        pytest.param("with open('x') as f:\n  y = 1\n", {"y": "1"}, id="with"),
        pytest.param("match foo():\n  case 1:\n    y = 1\n", {"y": "?"}, id="match"),
        pytest.param("try:\n  x = 1\nexcept E:\n  x = 2\n", {"x": "1"}, id="try that passes"),
        pytest.param(
            "try:\n  import os\n  x = 1\nexcept E:\n  x = 2\n", {"x": "1"}, id="own import"
        ),
        pytest.param(
            "try:\n  import foo\n  x = 1\nexcept E:\n  x = 2\ny = x\n",
            {"x": "?", "y": "?"},
            id="import that may fail",
        ),
        pytest.param(
            "try:\n  x = f()\nexcept E:\n  pass\n", {"x": "?"}, id="handler without names"
        ),
        pytest.param("try:\n  x = 1\nfinally:\n  y = 2\n", {"x": "1", "y": "2"}, id="finally"),
        pytest.param(
            "def f(a):\n  'd'\n  return a * 2\nx = f(3)\n",
            {"f": "function", "x": "6"},
            id="function",
        ),
        pytest.param(
            "def f():\n  foo()\n  return 2\nx = f()\n",
            {"f": "function", "x": "?"},
            id="more than a return",
        ),
        pytest.param(
            "def f(a):\n  return a\nx = f()\n", {"f": "function", "x": "?"}, id="wrong call"
        ),
        pytest.param(
            "def f():\n  return f()\nx = f()\n", {"f": "function", "x": "?"}, id="recursion"
        ),
        pytest.param("class C:\n  x = 1\n", {"C": "C"}, id="class"),
        pytest.param("x = 1\ndel x\n", {"x": "?"}, id="del"),
        pytest.param("d = {}\nd['a']['b'] = 1\n", {"d": "...", "d.a.b": "1"}, id="inner key"),
        pytest.param(
            "d = {'a': 1}\nd['a'] = 2\nx = d['a']\n", {"d": "...", "d.a": "2", "x": "2"}, id="key"
        ),
        pytest.param(
            "d = {'a': 1}\nd.update(a=3, b=4)\nx = d['a']\n",
            {"d": "...", "d.a": "3", "d.b": "4", "x": "3"},
            id="update",
        ),
        pytest.param("d = {}\nd.update(foo())\n", {"d": "?"}, id="unknown update"),
        pytest.param("l = [1]\nl.append(2)\nx = l\n", {"l": "?", "x": "?"}, id="append"),
        pytest.param("l = [1]\nl.copy()\n", {"l": "..."}, id="only read"),
        pytest.param("l = [1]\nl += [2]\nx = l[1]\n", {"l": "...", "x": "2"}, id="longer list"),
    ],
)
def test_what_holds_in_the_end(text: str, expected: dict[str, str]) -> None:
    assert outcome(text) == expected


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        ("if os.getenv('D'):\n  x = 1\nelse:\n  x = 2\n", None, {"x": "env?"}),
        ("if os.getenv('D'):\n  x = 1\nelse:\n  x = 2\n", env(D="1"), {"x": "1"}),
        ("if os.getenv('D'):\n  x = 1\nelse:\n  x = 2\n", env(), {"x": "2"}),
        ("try:\n  x = int(os.environ['W'])\nexcept KeyError:\n  x = 4\n", None, {"x": "env?"}),
        ("try:\n  x = int(os.environ['W'])\nexcept KeyError:\n  x = 4\n", env(W="9"), {"x": "9"}),
        ("try:\n  x = int(os.environ['W'])\nexcept KeyError:\n  x = 4\n", env(), {"x": "4"}),
        ("d = os.getenv('D') == 'y'\nif not d:\n  x = 1\n", env(D="y"), {"d": "True"}),
    ],
)
def test_the_environment_decides_branches(
    text: str, environment: Environment, expected: dict[str, str]
) -> None:
    assert outcome(f"import os\n{text}", environment) == expected


def test_a_handler_that_is_not_needed_is_not_reached() -> None:
    made = read_module("try:\n  x = 1\nexcept E:\n  x = 2\n", "a.py").statements
    assert [s.is_reached for s in made if isinstance(s, Assignment)] == [True, False]


def test_an_unreached_assignment_is_there_with_its_reason() -> None:
    first, second = read_module("if 1 > 2:\n  x = 1\nelse:\n  x = 2\n", "a.py").statements
    assert isinstance(first, Assignment)
    assert isinstance(second, Assignment)
    assert (first.is_reached, first.reason) == (False, "not reached: 1 > 2 is false")
    assert second.is_reached


@pytest.mark.parametrize(
    ("text", "module", "is_optional"),
    [
        ("from .base import *\n", ".base", False),
        ("from shop.settings.base import *\n", "shop.settings.base", False),
        ("try:\n  from .local import *\nexcept ImportError:\n  pass\n", ".local", True),
    ],
)
def test_star_imports_are_named(text: str, module: str, is_optional: bool) -> None:
    (star,) = read_module(text, "a.py").statements
    assert isinstance(star, Star)
    assert (star.module, star.is_optional) == (module, is_optional)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("globals().update(x=1)\n", "may set anything"),
        ("exec(open('a').read())\n", "may set anything"),
        ("settings(locals())\n", "may set anything"),
        ("d[foo()] = 1\n", "changes d[foo()]"),
        ("if foo():\n  from .x import *\n", "only if foo()"),
        ("x = = 1\n", "not Python"),
        ("x = 1\n\0", "not Python"),
        ("x = " + "-" * 100_000 + "1", "nested too deeply"),
        ("x = " + "(" * 1000, "not Python"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, reason: str) -> None:
    unread = [s for s in read_module(text, "a.py").statements if isinstance(s, Unread)]
    assert len(unread) == 1
    assert reason in unread[0].reason


def test_names_know_which_variables_they_depend_on() -> None:
    text = "import os\np = os.getenv('PORT', '80')\nx = ':' + p\n"
    made = read_module(text, "a.py", env(PORT="81")).statements[-1]
    assert isinstance(made, Assignment)
    assert made.asked == env(PORT="81")
