"""What is known of targets beforehand changes no answer."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from plimsoll.check import check, evaluate, load_rules
from plimsoll.check.foresight import Foresight
from plimsoll.check.language import compile as language
from plimsoll.stack import read_stack

TODAY = date(2026, 1, 1)
# Each may stand in a block; some break a rule in a place and none in another.
LINES = (
    "proxy_cache pages;",
    "proxy_cache_lock on;",
    "proxy_cache_valid 200 1s;",
    "proxy_ignore_headers Set-Cookie;",
    "proxy_buffer_size 64k;",
    "proxy_buffers 8 16k;",
    "proxy_read_timeout 900s;",
    "proxy_http_version 1.1;",
    'proxy_set_header Connection "";',
    "proxy_set_header Upgrade $http_upgrade;",
    "proxy_next_upstream off;",
    "fastcgi_pass 127.0.0.1:9000;",
    "alias /srv/files/;",
    "limit_req zone=all burst=5;",
)


def configuration(seed: int) -> str:
    chance = random.Random(seed)
    said = ["events {}", "http {", "proxy_cache_path /var/cache keys_zone=pages:10m;"]
    for number in range(24):
        fails = chance.choice(["", " max_fails=3", " backup", " down"])
        servers = " ".join(f"server 10.0.0.{n}{fails};" for n in range(chance.randint(1, 3)))
        said.append(f"upstream u{number} {{ {servers} keepalive {chance.choice([0, 8])}; }}")
        said.append(f"server {{ listen {8000 + number};")
        for place in range(chance.randint(0, 2)):
            to = chance.choice([f"u{number}", f"shop{place}.example.org", "@NAME@", "u0"])
            own = " ".join(chance.sample(LINES, chance.randint(0, 4)))
            said.append(f"location /{chance.choice(['static', 'x'])}/{place} {{ {own}")
            said.append(f"proxy_pass http://{to}; }}" if "_pass" not in own else "}")
        said.append(" ".join(chance.sample(LINES[:9], chance.randint(0, 2))) + " }")
    return "\n".join([*said, "}"])


@pytest.mark.parametrize("seed", range(6))
def test_the_answers_are_those_of_asking_every_target(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nginx.conf").write_text(configuration(seed))
    stack, rules = read_stack(tmp_path), load_rules()

    def answers(few: int) -> tuple[object, ...]:
        monkeypatch.setattr(evaluate, "_FEW", few)
        monkeypatch.setattr(language, "_FEW", few)
        found = check(stack, rules, TODAY)
        assert len({each.rule for each in found.findings}) >= 10
        return found.findings, found.skipped, found.lines

    of_many, of_all = answers(16), answers(0)
    monkeypatch.setattr(Foresight, "is_silent", lambda *_: False)
    assert of_all == of_many == answers(10_000)
