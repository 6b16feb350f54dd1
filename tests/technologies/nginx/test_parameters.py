from __future__ import annotations

import pytest

from plimsoll.model.setting import Setting
from plimsoll.technologies.nginx.reader import READER, read


def parts(text: str) -> dict[str, dict[str, str]]:
    """The settings of each block that makes a part, by its label."""
    found: dict[str, dict[str, str]] = {}
    for each in read(text, "n.conf"):
        if isinstance(each, Setting) and each.scope:
            found.setdefault(str(each.scope[-1]), {})[each.name] = each.text
    return found


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        pytest.param(
            "server { listen [::]:80 backlog=65535 default_server; }",
            "listen [::]:80",
            {
                "listen": "[::]:80 backlog=65535 default_server",
                "backlog": "65535",
                "default_server": "on",
            },
            id="listener",
        ),
        pytest.param(
            "upstream u { server a:80 max_fails=1 'max_conns=5' backup; }",
            "backend a:80",
            {
                "server": "a:80 max_fails=1 max_conns=5 backup",
                "max_fails": "1",
                "max_conns": "5",
                "backup": "on",
            },
            id="server of an upstream",
        ),
        pytest.param(
            "http { proxy_cache_path /c keys_zone=pages:10m max_size=1g inactive=1h; }",
            "proxy_cache_path /c",
            {
                "proxy_cache_path": "/c keys_zone=pages:10m max_size=1g inactive=1h",
                "keys_zone": "pages:10m",
                "keys_zone_name": "pages",
                "keys_zone_size": "10m",
                "max_size": "1g",
                "inactive": "1h",
            },
            id="cache",
        ),
        pytest.param(
            "http { limit_req_zone $a zone=one:5m rate=1r/s; }",
            "limit_req_zone $a",
            {
                "limit_req_zone": "$a zone=one:5m rate=1r/s",
                "zone": "one:5m",
                "zone_name": "one",
                "zone_size": "5m",
                "rate": "1r/s",
            },
            id="limit",
        ),
        pytest.param(
            "http { large_client_header_buffers 4 16k; }",
            "http",
            {
                "large_client_header_buffers": "4 16k",
                "large_client_header_buffers_number": "4",
                "large_client_header_buffers_size": "16k",
            },
            id="buffers",
        ),
        pytest.param(
            "location / { proxy_cache_valid 200 301 10m; }",
            "location /",
            {"proxy_cache_valid": "200 301 10m", "proxy_cache_valid_time": "10m"},
            id="cache time",
        ),
        pytest.param(
            "location / { proxy_set_header Connection ''; proxy_set_header Host $host; }",
            "location /",
            {"proxy_set_header": "Host $host", "proxy_set_header_connection": ""},
            id="header",
        ),
        pytest.param(
            "location / { proxy_pass https://app/x/; }",
            "location /",
            {"proxy_pass": "https://app/x/", "pass_address": "app"},
            id="address",
        ),
        pytest.param(
            "location / { uwsgi_pass uwsgi://unix:/run/a.sock; }",
            "location /",
            {"uwsgi_pass": "uwsgi://unix:/run/a.sock", "pass_address": "unix:/run/a.sock"},
            id="address of a socket",
        ),
    ],
)
def test_parameters(text: str, label: str, expected: dict[str, str]) -> None:
    assert parts(text)[label] == expected


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("server { listen 80 backlog=65535; }", "backlog", "65535"),
        ("upstream u { server a 'max_fails=3'; }", "max_fails", "3"),
        ("http { proxy_cache_path /c keys_zone=z:10m; }", "keys_zone_size", "10m"),
        ("http { proxy_cache_path /c keys_zone=z:10m; }", "keys_zone_name", "z"),
        ("http { proxy_buffers  8 16k ; }", "proxy_buffers_size", "16k"),
        ("location / { proxy_pass 'http://app:80/x'; }", "pass_address", "app:80"),
        ("location / { proxy_set_header Connection close; }", "proxy_set_header_connection", "close"),
    ],
)  # fmt: skip
def test_the_place_is_that_of_the_value(text: str, name: str, value: str) -> None:
    (one,) = (s for s in read(text, "n.conf") if isinstance(s, Setting) and s.name == name)
    assert one.place is not None
    assert one.place.value is not None
    span = one.place.value
    assert text[span.column - 1 : span.end_column - 1] == value


def test_each_block_of_parameters_is_a_part() -> None:
    text = "http { limit_conn_zone $a zone=b:1m; upstream u { server a; } server { listen 1; } }"
    kinds = {s.scope[-1].kind for s in read(text, "n.conf") if isinstance(s, Setting) and s.scope}
    assert {"limit_conn_zone", "backend", "listen"} <= kinds
    assert {READER.parts[kind] for kind in kinds - {"http"}} == {
        "limit-conn-zone", "upstream", "backend", "listener",
    }  # fmt: skip
