from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.report.secret_texts import HINTS, merged, secrets_in


def masked(text: str, *, is_line: bool = True, is_doubtful: bool = False) -> str:
    for start, end in reversed(secrets_in(text, is_line=is_line, is_doubtful=is_doubtful)):
        text = text[:start] + "***" + text[end:]
    return text


LINES = {
    "url": ("postgres://shop:hunter2@db:5432/x", "postgres://shop:***@db:5432/x"),
    "url without user": ("redis://:hunter2@cache/0", "redis://:***@cache/0"),
    "url with signs": ("postgres://u:p@ss/w0rd@db/x", "postgres://u:***@db/x"),
    "urls in a list": ("amqp://u:one1@h1,amqp://u:two2@h2", "amqp://u:***@h1,amqp://u:***@h2"),
    "token in a url": (
        "https://0123456789abcdef@sentry.example/1",
        "https://***@sentry.example/1",
    ),
    "query": ("redis://c/0?password=hunter2&x=1", "redis://c/0?password=***&x=1"),
    "jdbc": ("jdbc:x://db/x?password=hunter2&ssl=true", "jdbc:x://db/x?password=***&ssl=true"),
    "redis": ("requirepass hunter2", "requirepass ***"),
    "redis, quoted": ('masterauth "hun ter2"', 'masterauth "***"'),
    "redis, all quoted": ('"requirepass" "hunter2"', '"requirepass" "***"'),
    "redis acl": ("user worker on >hunter2 ~* +@all", "user worker on >*** ~* +@all"),
    "conninfo": ("'host=db password=hunter2 port=1'", "'host=db password=*** port=1'"),
    "conninfo, quoted": (
        "x = 'host=db password=''hun ter2'' port=1'",
        "x = 'host=db password=''***'' port=1'",
    ),
    "dotnet": ("Server=x;Password=hunter2;Database=y", "Server=x;Password=***;Database=y"),
    "unit": (
        'Environment="DB_PASSWORD=hun ter2" "WORKERS=3"',
        'Environment="DB_PASSWORD=***" "WORKERS=3"',
    ),
    "unit, bare": (
        "Environment=DB_PASSWORD=hunter2 WORKERS=3",
        "Environment=DB_PASSWORD=*** WORKERS=3",
    ),
    "compose list": ("  - POSTGRES_PASSWORD=hunter2", "  - POSTGRES_PASSWORD=***"),
    "compose map": ("  POSTGRES_PASSWORD: hun ter 2  # x", "  POSTGRES_PASSWORD: ***  # x"),
    "env file": ("DB_PASSWORD=ab&cd;ef", "DB_PASSWORD=***"),
    "shell": ("export DB_PASSWORD='hun ter2'", "export DB_PASSWORD='***'"),
    "shell, mixed": ('DB_PASSWORD=ab"cd"ef', "DB_PASSWORD=***"),
    "command": (
        "redis-server --requirepass hunter2 --maxclients 9",
        "redis-server --requirepass *** --maxclients 9",
    ),
    "command list": (
        '["redis-server", "--requirepass", "hunter2", "--maxclients", "9"]',
        '["redis-server", "--requirepass", "***", "--maxclients", "9"]',
    ),
    "command list, joined": (
        '["redis-server", "--requirepass=hunter2", "--maxclients", "9"]',
        '["redis-server", "--requirepass=***", "--maxclients", "9"]',
    ),
    "redis-cli": ("redis-cli -a hunter2 ping", "redis-cli -a *** ping"),
    "redis-cli list": (
        '["CMD", "redis-cli", "-a", "hunter2", "ping"]',
        '["CMD", "redis-cli", "-a", "***", "ping"]',
    ),
    "curl": ("curl -u admin:hunter2 http://x/", "curl -u admin:*** http://x/"),
    "header": (
        'proxy_set_header Authorization "Basic aHVudGVyMg==";',
        'proxy_set_header Authorization "Basic ***";',
    ),
    "own header": ("proxy_set_header X-Api-Key hunter2;", "proxy_set_header X-Api-Key ***;"),
    "variable": ('set $api_key "hunter2";', 'set $api_key "***";'),
    "python": ('SECRET_KEY = r"hun ter2"  # x', 'SECRET_KEY = r"***"  # x'),
    "python, nested": ('{"PASSWORD": "hunter2", "USER": "x"}', '{"PASSWORD": "***", "USER": "x"}'),
    "json in a string": (
        r'x: "{\"password\": \"hunter2\", \"a\": 1}"',
        r'x: "{\"password\": \"***\", \"a\": 1}"',
    ),
    "open quote": ("password = 'hunter2", "password = '***"),
    "access key": ("id = AKIAABCDEFGHIJKLMNOP;", "id = ***;"),
    "bcrypt": ("admin:$2y$05$abcdefghijklmnopqrstuv", "admin:***"),
}

UNTOUCHED = [
    "max_connections = 100",
    "password_encryption = scram-sha-256",
    "POSTGRES_PASSWORD_FILE: /run/secrets/pw",
    "POSTGRES_PASSWORD: ${DB_PASSWORD}",
    "proxy_pass http://app:8000/@x;",
    "ssl_certificate_key /etc/ssl/key.pem;",
    "server_tokens off;",
    "keepalive_timeout 65;",
    "postgres://shop@db/x",
    "PWD=/srv",
]


@pytest.mark.parametrize("case", LINES)
def test_secrets_in_lines(case: str) -> None:
    line, expected = LINES[case]
    assert masked(line) == expected


@pytest.mark.parametrize("line", UNTOUCHED)
def test_lines_without_secrets(line: str) -> None:
    assert masked(line) == line


def test_sentences_keep_their_words() -> None:
    assert masked("the basic settings of a token bucket", is_line=False) == (
        "the basic settings of a token bucket"
    )
    assert masked("runs redis-server --requirepass hunter2", is_line=False) == (
        "runs redis-server --requirepass ***"
    )
    assert masked("no setting 'requirepass' in this stack", is_line=False) == (
        "no setting 'requirepass' in this stack"
    )
    assert masked("connects to redis://:hunter2@cache", is_line=False) == (
        "connects to redis://:***@cache"
    )


def test_a_line_that_nobody_understood_may_be_misspelt() -> None:
    assert masked("unknown: 'requirepas hunter2'", is_doubtful=True) == "unknown: 'requirepas ***'"


@pytest.mark.parametrize("case", LINES)
def test_every_secret_has_a_hint(case: str) -> None:
    assert any(hint in LINES[case][0].lower() for hint in HINTS)


@given(st.text(alphabet="ab password=:\"'\\;&,-@/$ \t", max_size=80))
def test_ranges_are_in_order_inside_and_apart(text: str) -> None:
    found = secrets_in(text, is_line=True, is_doubtful=True)
    edges = [edge for each in found for edge in each]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= len(text) for edge in edges)


def test_merged_ranges() -> None:
    assert merged([(5, 9), (1, 3), (3, 6), (12, 12)]) == [(1, 9)]


@pytest.mark.parametrize(
    "piece",
    ["a=", "redis-cli ", "password=a ", "'", "://a:", "user x ", '\\"', 'password="', "a.", "-"],
)
def test_long_lines_take_no_squares(piece: str) -> None:
    # Would take minutes if any pattern looked at the whole rest of the line again and again.
    text = piece * (200_000 // len(piece))
    assert len(secrets_in(text, is_line=True)) <= len(text)
