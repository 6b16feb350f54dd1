from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from plimsoll.model.setting import Block, Origin, Setting, Status
from plimsoll.technologies.nginx.directives import directives
from plimsoll.technologies.nginx.levels import effective
from plimsoll.technologies.nginx.reader import read


def judged(*texts: str) -> list[Setting]:
    return effective([s for n, t in enumerate(texts) for s in read(t, f"{n}.conf")
                      if isinstance(s, Setting)])  # fmt: skip


def bad(*texts: str) -> list[tuple[str, Status]]:
    return [(s.name, s.status) for s in judged(*texts) if s.status is not Status.EFFECTIVE]


MISPLACED = [
    pytest.param("http { worker_processes 4; }", "worker_processes", id="main in http"),
    pytest.param(
        "http { server { worker_rlimit_nofile 9; } }", "worker_rlimit_nofile", id="main in server"
    ),
    pytest.param("http { worker_connections 9; }", "worker_connections", id="events in http"),
    pytest.param("events {} worker_connections 9;", "worker_connections", id="events in main"),
    pytest.param("http { events { } }", "events", id="a block"),
    pytest.param("http { location / { } }", "location", id="a location without a server"),
    pytest.param("http { server { proxy_pass http://127.0.0.1; } }", "proxy_pass", id="proxy_pass"),
    pytest.param("http { listen 80; }", "listen", id="listen"),
    pytest.param("http { keepalive 8; }", "keepalive", id="of an upstream"),
    pytest.param(
        "http { server { location / { if ($a) { proxy_read_timeout 1; } } } }",
        "proxy_read_timeout",
        id="in if",
    ),
]


@pytest.mark.parametrize(("text", "name"), MISPLACED)
def test_directives_in_the_wrong_block(text: str, name: str) -> None:
    assert set(bad(text)) == {(name, Status.MISPLACED)}


@pytest.mark.real
@pytest.mark.parametrize(("text", "name"), MISPLACED)
def test_nginx_refuses_the_same_place(text: str, name: str, nginx: Callable[..., str]) -> None:
    assert f'"{name}" directive is not allowed here' in nginx(text)


def test_the_reason_says_where_it_belongs() -> None:
    (one,) = (s for s in judged("http { worker_processes 4; }") if s.status is Status.MISPLACED)
    assert "in http" in one.reason
    assert "main" in one.reason


def test_a_site_with_directives_of_the_outermost_level_is_misplaced_by_itself() -> None:
    assert bad("worker_processes 4; server { listen 80; }") == [
        ("worker_processes", Status.MISPLACED)
    ]


def test_an_included_file_stands_where_it_is_included() -> None:
    outer = [s for s in read("events {} http { gzip on; }", "nginx.conf") if isinstance(s, Setting)]
    inner = [s for s in read("worker_processes 4;", "site") if isinstance(s, Setting)]
    moved = [replace(s, scope=outer[-1].scope) for s in inner]
    assert [s.status for s in effective([*outer, *moved])][-1] is Status.MISPLACED
    assert [s.status for s in effective(inner)] == [Status.EFFECTIVE]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("worker_processes 4; error_log x; events {} http {}", id="a whole file"),
        pytest.param("gzip on; proxy_set_header A b;", id="a fragment"),
        pytest.param("server { location / { proxy_pass http://a; } }", id="a site"),
        pytest.param("location / { proxy_pass http://a; }", id="a part of a server"),
        pytest.param("stream { server { listen 1; proxy_pass a; } }", id="stream"),
        pytest.param("rtmp { server { listen 1935; application a { live on; } } }", id="unknown"),
        pytest.param("http { map $a $b { worker_processes 1; events 2; } }", id="a table"),
        pytest.param("http { upstream a { resolver 1.1.1.1; server a resolve; } }", id="1.27.3"),
        pytest.param("http { lua_shared_dict a 1m; gzip on; }", id="of other modules"),
    ],
)
def test_what_may_stand_there(text: str) -> None:
    assert not bad(text)


ONCE = [
    pytest.param("events {} %s", "daemon on;", id="main"),
    pytest.param("events { %s }", "worker_connections 9;", id="events"),
    pytest.param("events {} http { %s }", "keepalive_timeout 9;", id="http"),
    pytest.param("events {} http { %s }", "proxy_buffers 8 4k;", id="buffers"),
    pytest.param("events {} http { %s }", "root a;", id="root"),
    pytest.param(
        "events {} http { server { location / { %s } } }",
        "proxy_pass http://127.0.0.1;",
        id="proxy_pass",
    ),
    pytest.param(
        "events {} http { upstream u { server 127.0.0.1; %s } }", "keepalive 8;", id="upstream"
    ),
    pytest.param("events {} %s", "http {}", id="a block"),
]
MANY = [
    pytest.param("events {} http { %s }", "proxy_set_header A b;", id="proxy_set_header"),
    pytest.param("events {} http { %s }", "add_header A b;", id="add_header"),
    pytest.param("events {} http { %s }", "fastcgi_param A b;", id="fastcgi_param"),
    pytest.param("events {} http { %s }", "access_log off;", id="access_log"),
    pytest.param("events {} http { %s }", "error_page 404 /a;", id="error_page"),
    pytest.param("events {} http { %s }", "proxy_cache_valid 1m;", id="proxy_cache_valid"),
    pytest.param("events {} http { server { %s } }", "server_name a;", id="server_name"),
    pytest.param("events {} %s", "error_log /dev/null;", id="error_log"),
    pytest.param("events {} http { upstream u { %s } }", "server 127.0.0.1;", id="servers"),
    pytest.param("events {} http { server { gzip on; } server { %s } }", "", id="other levels"),
]


@pytest.mark.parametrize(("within", "text"), ONCE)
def test_a_second_one_is_refused(within: str, text: str) -> None:
    name = text.split()[0].rstrip(";")
    assert bad(within % f"{text}\n{text}") == [(name, Status.REFUSED)]


@pytest.mark.parametrize(("within", "text"), MANY)
def test_directives_that_accumulate(within: str, text: str) -> None:
    assert not bad(within % f"{text}\n{text}")


@pytest.mark.real
@pytest.mark.parametrize(("within", "text"), ONCE)
def test_nginx_refuses_a_second_one(within: str, text: str, nginx: Callable[..., str]) -> None:
    assert "directive is duplicate" in nginx(within % f"{text}\n{text}")


@pytest.mark.real
@pytest.mark.parametrize(("within", "text"), MANY)
def test_nginx_takes_a_second_one(within: str, text: str, nginx: Callable[..., str]) -> None:
    assert "[emerg]" not in nginx(within % f"{text}\n{text}")


def test_a_reason_names_the_first_one() -> None:
    *_, second = judged("events {}\ndaemon on;\ndaemon off;")
    assert "0.conf:2" in second.reason


def test_what_plimsoll_yaml_states_has_no_level() -> None:
    stated = Setting("proxy_read_timeout", "5m", origin=Origin.STATED)
    assert effective([stated]) == [stated]


def test_the_command_line_is_the_outermost_level() -> None:
    given = Setting("worker_connections", "5", origin=Origin.COMMAND_LINE)
    assert effective([given])[0].status is Status.MISPLACED


def test_the_entries_of_an_included_table_are_no_directives() -> None:
    entry = Setting("gzip", "maybe", scope=(Block("map", "$a $b"),), status=Status.REFUSED)
    (settled,) = effective([entry])
    assert settled.status is Status.EFFECTIVE
    assert settled.value == "maybe"


LEVELS = {
    "main": "%s events {}",
    "events": "events { %s }",
    "http": "events {} http { %s }",
    "server": "events {} http { server { %s } }",
    "location": "events {} http { server { location / { %s } } }",
    "upstream": "events {} http { upstream u { server 127.0.0.1; %s } }",
    "limit_except": "events {} http { server { location / { limit_except GET { %s } } } }",
}


@pytest.mark.real
@pytest.mark.parametrize("level", LEVELS)
def test_nginx_has_the_same_table(level: str, nginx: Callable[..., str]) -> None:
    """Every twelfth directive that our table does not allow there."""
    wrong = sorted(n for n, d in directives().items() if level not in d.contexts)[::12]
    other = ("unknown directive", "is not allowed here", "has no opening")
    for name in wrong:
        words = nginx(LEVELS[level] % f"{name} x;")
        assert any(reason in words for reason in other), words
