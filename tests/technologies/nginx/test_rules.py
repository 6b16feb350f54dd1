"""What the rules say of a file, against what nginx says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import product

import pytest

from plimsoll.check import check, load_rules
from plimsoll.stack import read_texts

RULES = load_rules()

# Buffers: of one answer, a number and a size of others, and how much may be busy; "" is unwritten.
BUFFERS = list(
    product(
        ("", "2k", "4k", "8k", "64k"),
        ("", "2 4k", "3 4k", "8 16k"),
        ("", "2k", "8k", "16k", "112k", "113k"),
    )
)


def found(rule: str, http: str) -> bool:
    texts = {
        "plimsoll.yaml": 'services: {web: {technology: nginx, version: "1.22.1", files: [nginx.conf]}}',
        "nginx.conf": f"events {{}}\nhttp {{ {http} }}\n",
    }
    outcome = check(read_texts(texts), RULES, date(2026, 1, 1), only=[rule])
    return bool(outcome.findings)


def placed(said: str) -> Iterator[str]:
    """The same in the outermost block, in a server, and in a location."""
    listen = "listen 127.0.0.1:18080;"
    passing = "location / { proxy_pass http://127.0.0.1:9; %s }"
    yield f"{said} server {{ {listen} {passing % ''} }}"
    yield f"server {{ {listen} {said} {passing % ''} }}"
    yield f"server {{ {listen} {passing % said} }}"


@pytest.mark.real
@pytest.mark.parametrize(("one", "several", "busy"), BUFFERS)
def test_nginx_refuses_the_buffers_that_the_rule_names(
    one: str, several: str, busy: str, nginx: Callable[..., str]
) -> None:
    named = {"proxy_buffer_size": one, "proxy_buffers": several, "proxy_busy_buffers_size": busy}
    said = " ".join(f"{name} {value};" for name, value in named.items() if value)
    for http in placed(said):
        answer = nginx(f"events {{}} http {{ {http} }}")
        assert found("nginx-buffer-sizes-refused", http) == ("[emerg]" in answer), answer


@pytest.mark.real
@pytest.mark.parametrize(
    ("value", "is_refused"),
    [
        ("client_max_body_size 1gb", True),
        ("client_max_body_size 1.5g", True),
        ("client_max_body_size 1g", False),
        ("client_max_body_size 0", False),
        ("proxy_read_timeout 5min", True),
        ('proxy_read_timeout "60 s"', True),
        ("proxy_read_timeout 1h30m", False),
        ("proxy_read_timeout 60", False),
        ("worker_processes 4", True),
    ],
)
def test_nginx_refuses_the_values_that_the_rule_names(
    value: str, is_refused: bool, nginx: Callable[..., str]
) -> None:
    assert found("nginx-value-or-place-refused", f"{value};") == is_refused
    assert ("[emerg]" in nginx(f"events {{}} http {{ {value}; }}")) == is_refused
