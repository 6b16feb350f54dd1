from __future__ import annotations

import pytest

from plimsoll.model.setting import Setting
from plimsoll.stack import read_texts
from plimsoll.technologies.apache.reader import READER


def told(text: str) -> list[str]:
    settings = [i for i in READER.read(text, "httpd.conf") if isinstance(i, Setting)]
    assert READER.endpoints is not None
    return [
        f"{e.side} {e.socket or f'{e.host}:{e.port}'} {e.part}".rstrip()
        for e in READER.endpoints(READER.effective(settings))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Listen 80\nListen 10.0.0.1:81 https\nListen [::1]:82\n", ["listens :80", "listens 10.0.0.1:81", "listens ::1:82"]),
        ("Listen ${PORT}\n", []),
        ("ProxyPass /a http://b/c\n", ["connects b:80 proxy-worker http://b/c"]),
        ("ProxyPass /a https://b\n", ["connects b:443 proxy-worker https://b"]),
        ("ProxyPass /x !\nProxyPass /a http://${HOST}:1/\n", []),
        ("ProxyPass / unix:/s.sock|http://x/\n", ["connects /s.sock proxy-worker unix:/s.sock|http://x/"]),
        ("ProxyPassMatch ^/(.*)$ fcgi://127.0.0.1:9000/a/$1\n", ["connects 127.0.0.1:9000 proxy-worker fcgi://127.0.0.1:9000/a/$1"]),
        ("<FilesMatch x>\nSetHandler 'proxy:unix:/run/php.sock|fcgi://localhost'\n</FilesMatch>\n", ["connects /run/php.sock FilesMatch x"]),
        ("<Files x>\nSetHandler proxy:fcgi://php:9000\n</Files>\n", ["connects php:9000 Files x"]),
        ("SetHandler server-status\n", []),
        ("<Proxy balancer://b>\nBalancerMember http://a:1\nBalancerMember ajp://c\n</Proxy>\nProxyPass / balancer://B/x\n",
         ["connects a:1 proxy-worker balancer://B/x", "connects c:8009 proxy-worker balancer://B/x"]),
    ],
)  # fmt: skip
def test_endpoints(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_link_knows_what_opens_it() -> None:
    stack = read_texts(
        {
            "compose.yaml": "services:\n  web: {image: 'httpd:2.4', volumes: ['./h.conf:/h.conf'], command: httpd -f /h.conf}\n"
            "  app: {image: 'gunicorn', command: 'gunicorn -b :8000 shop:app'}\n",
            "h.conf": "<VirtualHost *>\nProxyPass / http://app:8000/ timeout=7\n</VirtualHost>\n",
        }
    )
    (link,) = stack.links
    assert (link.source, link.target, link.library) == ("web", "app", "apache")
    assert link.part is not None
    assert (link.part.type, link.part.name) == ("proxy-worker", "http://app:8000/")
