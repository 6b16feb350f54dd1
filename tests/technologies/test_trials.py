"""Servers' own tests of their files: what is made of their words, and real servers that say them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.check.servers import ask_servers
from plimsoll.hosts.local import Local
from plimsoll.model.trial import Said
from plimsoll.stack import read_stack
from plimsoll.technologies import names, trial_of
from support.programs import need

# What each version printed, and what it comes to.
WORDS = [
    (
        "nginx",  # 1.22.1
        '2026/11/30 23:52:17 [emerg] 26188#26188: unknown directive "x" in /e/n.conf:1\n'
        "nginx: configuration file /e/n.conf test failed\n",
        [Said('unknown directive "x"', "/e/n.conf", 1)],
    ),
    (
        "nginx",
        "nginx: [warn] 4096 worker_connections exceed open file resource limit: 1024\n"
        "nginx: the configuration file /e/n.conf syntax is ok\n",
        [Said("4096 worker_connections exceed open file resource limit: 1024", is_refusal=False)],
    ),
    (
        "haproxy",  # 2.6.12
        "[NOTICE]   (1) : haproxy version is 2.6.12-1+deb12u3\n"
        "[ALERT]    (1) : config : parsing [/e/h.cfg:8] : timer overflow in argument '25d'\n"
        "[ALERT]    (1) : config : [/e/h.cfg:11] : 'server b/x' : unknown keyword 'chek'\n"
        "[ALERT]    (1) : config : Error(s) found in configuration file : /e/h.cfg\n"
        "[ALERT]    (1) : config : Fatal errors found in configuration.\n",
        [
            Said("timer overflow in argument '25d'", "/e/h.cfg", 8),
            Said("'server b/x' : unknown keyword 'chek'", "/e/h.cfg", 11),
        ],
    ),
    (
        "haproxy",
        "[WARNING]  (1) : config : missing timeouts for frontend 'a'.\n"
        "   | While not properly invalid, you will certainly encounter various problems\n"
        "Warnings were found.\n",
        [Said("missing timeouts for frontend 'a'.", name="a", is_refusal=False)],
    ),
    (
        "apache",  # 2.4
        "AH00526: Syntax error on line 5 of /e/a.conf:\n"
        "Invalid command 'Foo', perhaps misspelled\nAction '-t' failed.\n",
        [Said("Invalid command 'Foo', perhaps misspelled", "/e/a.conf", 5)],
    ),
    (
        "apache",
        "AH00515: WARNING: MaxRequestWorkers of 1000 exceeds ServerLimit\nSyntax OK\n",
        [
            Said(
                "AH00515: WARNING: MaxRequestWorkers of 1000 exceeds ServerLimit",
                name="MaxRequestWorkers",
                is_refusal=False,
            )
        ],
    ),
    (
        "php-fpm",  # 8.2
        "[30-Nov-2026 23:52:18] ERROR: [/e/w.conf:3] unknown entry 'pm.max_childrn'\n"
        "[30-Nov-2026 23:52:18] ERROR: Unable to include /e/w.conf from fpm.conf at line 3\n"
        "[30-Nov-2026 23:52:18] ERROR: FPM initialization failed\n",
        [Said("unknown entry 'pm.max_childrn'", "/e/w.conf", 3)],
    ),
    (
        "php-fpm",
        "[30-Nov-2026 23:52:18] ALERT: [pool www] pm.min_spare_servers(1) and more\n",
        [Said("[pool www] pm.min_spare_servers(1) and more", name="pm.min_spare_servers")],
    ),
    (
        "mysql",  # MariaDB 10.11
        "2026-11-30 23:52:18 0 [Warning] option 'thread_stack': unsigned value 3 adjusted to 131072\n"
        "2026-12-01  0:31:06 0 [ERROR] /usr/sbin/mariadbd: unknown variable 'max_conections=3'\n",
        [
            Said(
                "option 'thread_stack': unsigned value 3 adjusted to 131072",
                name="thread_stack",
                is_refusal=False,
            ),
            Said("unknown variable 'max_conections=3'", name="max_conections"),
        ],
    ),
    (
        "systemd",  # 252
        "/e/a.service:3: Unknown key 'MemoryMx' in section [Service], ignoring.\n",
        [
            Said(
                "Unknown key 'MemoryMx' in section [Service], ignoring.",
                "/e/a.service",
                3,
                is_refusal=False,
            )
        ],
    ),
    (
        "systemd",
        "a.service: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.\n",
        [Said("a.service: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.")],
    ),
]


@pytest.mark.parametrize(("technology", "output", "expected"), WORDS)
def test_what_is_made_of_their_words(technology: str, output: str, expected: list[Said]) -> None:
    trial = trial_of(technology)
    assert trial is not None
    assert list(trial.said(output)) == expected


def test_the_servers_that_have_a_test_of_their_own() -> None:
    found = {name for name in names() if trial_of(name)}
    assert found == {"nginx", "haproxy", "apache", "php-fpm", "mysql", "systemd"}


APACHE = (
    "ServerRoot /tmp\nErrorLog /dev/null\nServerName a\nListen 127.0.0.1:18091\n"
    "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n"
)

# A file that is taken, one that is not, and where the server says so.
REAL = [
    ("nginx", "nginx-light", "nginx.conf", "events {}\n", "events {}\nhttpd {}\n", 2),
    (
        "nginx",
        "nginx-light",
        "site.conf",
        "server { listen 18092; }\n",
        "server {\nlisten x:y;\n}\n",
        2,
    ),
    (
        "haproxy",
        "haproxy",
        "haproxy.cfg",
        "defaults\n timeout client 1s\n timeout server 1s\n timeout connect 1s\nlisten b\n bind 127.0.0.1:18093\n server x 127.0.0.1:80\n",
        "defaults\n timeout client 1s\n timeout server 1s\n timeout connect 1s\nlisten b\n bind 127.0.0.1:18093\n server x 127.0.0.1:80 chek\n",
        7,
    ),
    ("apachectl", "apache2", "apache2.conf", APACHE, f"{APACHE}Foo bar\n", 6),
    (
        "php-fpm8.2",
        "php8.2-fpm",
        "www.conf",
        "[www]\nuser = nobody\nlisten = /tmp/plimsoll-www.sock\npm = static\npm.max_children = 2\n",
        "[www]\nuser = nobody\nlisten = /tmp/plimsoll-www.sock\npm = static\npm.max_childrn = 2\n",
        5,
    ),
    (
        "mariadbd",
        "mariadb-server-core",
        "my.cnf",
        "[mysqld]\nmax_connections = 200\n",
        "[mysqld]\nmax_conections = 200\n",
        2,
    ),
    (
        "systemd-analyze",
        "systemd",
        "app.service",
        "[Service]\nExecStart=/bin/true\n",
        "[Service]\nExecStart=/bin/true\nMemoryMx=1\n",
        3,
    ),
]


@pytest.mark.real
@pytest.mark.parametrize(
    ("program", "package", "name", "good", "bad", "line"), REAL, ids=lambda v: str(v)[:12].strip()
)
def test_what_a_real_server_says(
    program: str, package: str, name: str, good: str, bad: str, line: int, tmp_path: Path
) -> None:
    need(program, package)
    (tmp_path / name).write_text(good)
    stated = {"site.conf": "services: {web: {technology: nginx, files: [site.conf]}}\n"}
    (tmp_path / "plimsoll.yaml").write_text(stated.get(name, ""))
    taken = ask_servers(read_stack(tmp_path), tmp_path, Local())
    assert [each.finding.message for each in taken.found] == []
    assert taken.skipped == ()
    (tmp_path / name).write_text(bad)
    found = ask_servers(read_stack(tmp_path), tmp_path, Local()).found
    places = [each.finding.operands[0].setting.place for each in found]
    assert [(p.path, p.span.line) for p in places if p] == [(name, line)]
