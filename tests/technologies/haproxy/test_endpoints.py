from __future__ import annotations

import pytest

from plimsoll.model.setting import Setting
from plimsoll.stack import read_texts
from plimsoll.technologies.haproxy.reader import READER


def told(text: str) -> list[str]:
    settings = [i for i in READER.read(text, "haproxy.cfg") if isinstance(i, Setting)]
    assert READER.endpoints is not None
    return [
        f"{e.side} {e.socket or f'{e.host}:{e.port}'} {e.part}".rstrip()
        for e in READER.endpoints(READER.effective(settings))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("frontend f\n bind :80,10.0.0.1:81-82\n", ["listens :80", "listens 10.0.0.1:81", "listens 10.0.0.1:82"]),
        ("frontend f\n bind *:80 ssl\n", ["listens *:80"]),
        ("frontend f\n bind [::1]:80\n bind :::81\n", ["listens ::1:80", "listens :::81"]),
        ("frontend f\n bind ipv4@10.0.0.1:80\n bind unix@/s\n bind /t\n", ["listens 10.0.0.1:80", "listens /s", "listens /t"]),
        ("frontend f\n bind fd@3\n bind 'x${A}'\n bind \"$A:80\"\n", []),
        ("backend b\n server s 10.0.0.1:80 check\n", ["connects 10.0.0.1:80 proxy b"]),
        ("backend b\n server-template t 3 db.local:5432\n", ["connects db.local:5432 proxy b"]),
        ("backend b\n server s unix@/s\n server t 10.0.0.1\n", ["connects /s proxy b"]),
        (".if 0\nbackend b\n server s 10.0.0.1:80\n.endif\n", []),
        ("peers p\n peer a 10.0.0.1:80\n", []),
    ],
)  # fmt: skip
def test_endpoints(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_link_knows_the_proxy_that_opens_it() -> None:
    stack = read_texts(
        {
            "compose.yaml": "services:\n  lb: {image: 'haproxy:2.6', volumes: ['./h.cfg:/h.cfg'], command: haproxy -f /h.cfg}\n"
            "  db: {image: 'postgres:15'}\n",
            "h.cfg": "defaults\n timeout server 7s\nlisten pg\n bind :5000\n server a db:5432\n",
        }
    )
    (link,) = stack.links
    assert (link.source, link.target, link.library) == ("lb", "db", "haproxy")
    assert link.part is not None
    assert (link.part.type, link.part.name) == ("proxy", "pg")
