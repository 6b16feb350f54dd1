"""ERB around YAML: what is literal is resolved, what is not is a template."""

from __future__ import annotations

import pytest

from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Unknown, Unread
from plimsoll.syntax.python import Deferred
from plimsoll.syntax.ruby.erb import Rendered, rendered


def one(text: str, environment: dict[str, str] | None = None) -> Rendered:
    words = None if environment is None else {n: Word(t) for n, t in environment.items()}
    (found, *_) = rendered(text, "a.yml", words)
    assert isinstance(found, Rendered)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: <%= 1 + 2 %>", "3"),
        ("a: <%= ENV.fetch('N') { 5 } %>", "7"),
        ("a: <%= ENV['GONE'] || 4 -%>", "4"),
        ("a: 'x<%= 2 %>y'", "x2y"),
        ("a: <%= ENV['GONE'] %>", ""),
        ("a: <%# note: 5 %>6", "6"),
        ("a: 5 # <%= x %>", "5"),
        ("<%= x %>: 1\nb: 2", None),
    ],
)
def test_values(text: str, expected: str | None) -> None:
    found = one(text, {"N": "7"})
    if expected is not None:
        assert (found.text, found.value) == (expected, None)


@pytest.mark.parametrize(
    "text",
    [
        "a: <%= Settings.x %>",
        "a: <%= `date` %>",
        "a: <%= x = 5; x %>",
        "<% if y %>\na: 1\n<% else %>\na: 2\n<% end %>",
        "<% 3.times do |i| %>\na: 1\n<% end %>",
    ],
)
def test_a_template_is_never_a_fact(text: str) -> None:
    found = one(text, {})
    assert isinstance(found.value, Unknown)


def test_it_waits_for_the_environment() -> None:
    assert isinstance(one("a: <%= ENV['N'] %>").value, Deferred)
    assert one("a: <%= Etc.nprocessors * 2 %>").value == Formula("s.cores_seen * 2")


def test_places_do_not_move() -> None:
    found = list(rendered("é: <%= 'x' %>\n<%# a\nb %>\nc: <%= 1 %>\n", "a.yml"))
    spans = [each.place.span for each in found if isinstance(each, Rendered)]
    assert [(s.line, s.column, s.end_line, s.end_column) for s in spans] == [
        (1, 1, 1, 14),
        (4, 1, 4, 12),
    ]


def test_what_no_yaml_is_left_of_is_unread() -> None:
    (problem,) = rendered("a: [<% x %>\n", "a.yml")
    assert isinstance(problem, Unread)
    assert "template" in problem.reason
