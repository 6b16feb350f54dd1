from __future__ import annotations

import pytest

from plimsoll.model.setting import Setting
from plimsoll.technologies.nginx.endpoints import endpoints
from plimsoll.technologies.nginx.levels import effective
from plimsoll.technologies.nginx.reader import read


def shown(text: str, side: str) -> list[str]:
    """Each address as one text, with the part that connects."""
    settings = effective([s for s in read(text, "n.conf") if isinstance(s, Setting)])
    return [
        f"{e.socket or f'{e.host}:{e.port}'} {e.part}".rstrip()
        for e in endpoints(settings)
        if e.side == side
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("listen 8080;", [":8080"]),
        ("listen 127.0.0.1:8080 ssl;", ["127.0.0.1:8080"]),
        ("listen 127.0.0.1;", ["127.0.0.1:80"]),
        ("listen localhost:8000;", ["localhost:8000"]),
        ("listen *:80;", ["*:80"]),
        ("listen [::]:80; listen 80;", [":::80", ":80"]),
        ("listen unix:/run/n.sock;", ["/run/n.sock"]),
        ("listen 127.0.0.1:8000-8002;", [f"127.0.0.1:{p}" for p in (8000, 8001, 8002)]),
        ("listen %PORT%;", []),
        ("listen ${PORT};", []),
        ("server_name a;", [":80"]),
    ],
)
def test_listens(text: str, expected: list[str]) -> None:
    assert shown(f"http {{ server {{ {text} }} }}", "listens") == expected


def test_a_server_of_a_stream_listens_nowhere_by_default() -> None:
    assert shown("stream { server { proxy_pass a:1; } }", "listens") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("proxy_pass http://app;", ["app:80"]),
        ("proxy_pass https://app/x;", ["app:443"]),
        ("proxy_pass http://app:8000/x/;", ["app:8000"]),
        ("proxy_pass http://[::1]:8000;", ["::1:8000"]),
        ("proxy_pass http://unix:/run/a.sock:/x/;", ["/run/a.sock"]),
        ("proxy_pass http://up;", ["10.0.0.1:80", "b:8001", "/run/b.sock"]),
        ("proxy_pass http://up/x;", ["10.0.0.1:80", "b:8001", "/run/b.sock"]),
        ("proxy_pass http://$host;", []),
        ("proxy_pass $target;", []),
        ("proxy_pass http://unix:/run/$name.sock;", []),
        ("proxy_pass http://up$request_uri;", []),
        ("fastcgi_pass 127.0.0.1:9000;", ["127.0.0.1:9000"]),
        ("fastcgi_pass unix:/run/php.sock;", ["/run/php.sock"]),
        ("fastcgi_pass up;", ["10.0.0.1:80", "b:8001", "/run/b.sock"]),
        ("fastcgi_pass php;", []),
        ("uwsgi_pass uwsgi://app:3031;", ["app:3031"]),
        ("grpc_pass grpcs://app:50051;", ["app:50051"]),
        ("memcached_pass cache:11211;", ["cache:11211"]),
        ("if ($a) { proxy_pass http://app; }", ["app:80"]),
        ("limit_except GET { proxy_pass http://app; }", ["app:80"]),
    ],
)
def test_connects(text: str, expected: list[str]) -> None:
    upstream = "upstream up { server 10.0.0.1; server b:8001 backup; server unix:/run/b.sock; }"
    found = shown(f"http {{ {upstream} server {{ location /x {{ {text} }} }} }}", "connects")
    part = {"i": "if ($a)", "l": "limit-except GET"}.get(text[0], "location /x")
    assert found == [f"{each} {part}" for each in expected]


def test_a_stream_connects_from_its_server() -> None:
    text = "stream { upstream db { server pg:5432; } server { listen 1; proxy_pass db; } }"
    assert shown(text, "connects") == ["pg:5432 server"]


def test_what_nginx_refuses_opens_nothing() -> None:
    text = "http { server { proxy_pass http://app; location / { proxy_pass http://b; } } }"
    assert shown(text, "connects") == ["b:80 location /"]
