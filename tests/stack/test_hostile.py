"""Files that mean harm, for every technology: each is given up with its reason, the others are checked."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from plimsoll.model.setting import Unread
from plimsoll.stack import read_stack
from plimsoll.stack.bounds import bounded
from plimsoll.technologies import reader_of, signs

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12)
)
HOSTILE: dict[str, str] = {
    "empty": "",
    "a mark and nothing else": "\ufeff",
    "bytes of no encoding": "\udcff\udcfe\udc80" * 2_000,
    "5,000 braces": "{" * 5_000,
    "5,000 brackets": "[" * 5_000,
    "5,000 parentheses": "x = " + "(" * 5_000,
    "5,000 blocks": "a {\n" * 5_000,
    "5,000 levels of YAML": "".join(f"{' ' * n}a:\n" for n in range(400)) + "- " * 5_000,
    "5,000 elements": "<a>" * 5_000,
    "5,000 sections": "<IfModule a>\n" * 5_000,
    "5,000 conditions": ".if 1\n" * 5_000,
    "a quote without end": "a = '" + "x" * 100_000,
    "one long line": "a = " + "b " * 20_000,
    "a long name": "a" * 100_000,
    "many lines": "name = value\n" * 5_000,
    "backslashes": "a = " + "\\" * 50_000,
    "a YAML bomb": BOMB,
    "an XML bomb": '<!DOCTYPE a [<!ENTITY b "x">' + "".join(
        f'<!ENTITY b{n} "{"&b" + str(n - 1) + ";" if n else "&b;"}{"&b;" * 9}">' for n in range(9)
    ) + "]><a>&b8;</a>",
    "dollars": "a = " + "${" * 20_000,
    "comments": "#" * 100_000 + "\n/*" * 5_000,
}  # fmt: skip


@pytest.mark.parametrize("name", [n for n in signs() if reader_of(n) is not None])
def test_no_reader_is_hurt(name: str) -> None:
    reader = reader_of(name)
    assert reader is not None
    for what, text in HOSTILE.items():
        found = bounded("a", lambda text=text: reader.read(text, "a"))  # type: ignore[misc]
        assert not isinstance(found, Unread), f"{what}: {found}"
        assert all(each.reason for each in found if isinstance(each, Unread)), what


def a_name(own: tuple[str, ...]) -> str:
    """A path that one of the globs means."""
    glob = (
        re.sub(r"\[(.)[^]]*\]", r"\1", own[0])
        .replace("**/", "x/")
        .replace("*", "x")
        .replace("?", "x")
    )
    assert fnmatch.fnmatchcase(glob.rsplit("/", 1)[-1], own[0].rsplit("/", 1)[-1])
    return glob


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000)


SOUND = "maxmemory 1gb\nmaxmemory-policy allkeys-lru\n"


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        pytest.param(lambda p: p.write_bytes(b"\0\1\2" * 100), "holds NUL bytes", id="binary"),
        pytest.param(large, "larger than 8 MiB", id="100 MB"),
        pytest.param(lambda p: p.symlink_to("/etc/passwd"), "outside of the checked", id="outside"),
        pytest.param(lambda p: p.mkdir(), "no such file", id="a folder"),
        pytest.param(lambda p: p.symlink_to(p), "", id="a link to itself"),
    ],
)
@pytest.mark.parametrize(
    "name", ["apache", "haproxy", "mysql", "nginx", "postgresql", "rabbitmq", "tomcat", "varnish"]
)
def test_what_cannot_be_read_is_said_and_the_others_are_checked(
    name: str, write: Callable[[Path], object], reason: str, tmp_path: Path
) -> None:
    path = a_name(signs()[name].files)
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    write(tmp_path / path)
    (tmp_path / "redis.conf").write_text(SOUND)
    (tmp_path / "plimsoll.yaml").write_text(
        f"services:\n  a: {{technology: {name}, files: [{path}]}}\n"
        "  cache: {technology: redis, files: [redis.conf]}\n"
    )
    stack = read_stack(tmp_path)
    assert stack.services["cache"].held["maxmemory"].text == "1gb"
    (unread,) = [each for each in stack.unread if each.path == path]
    assert reason in unread.reason
    assert stack.named_unread


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", "events {}\ninclude nginx.conf;\n"),
        ("postgresql.conf", "work_mem = 1MB\ninclude 'postgresql.conf'\n"),
        ("redis.conf", "maxmemory 1gb\ninclude redis.conf\n"),
        ("my.cnf", "[mysqld]\nmax_connections = 5\n!include my.cnf\n"),
        ("pgbouncer.ini", "[pgbouncer]\nmax_client_conn = 5\n%include pgbouncer.ini\n"),
        ("apache2.conf", "TimeOut 5\nInclude apache2.conf\n"),
        ("php-fpm.conf", "[global]\ninclude=php-fpm.conf\n"),
    ],
)
def test_an_include_of_itself_is_said(path: str, text: str, tmp_path: Path) -> None:
    (tmp_path / path).write_text(text)
    stack = read_stack(tmp_path)
    (unread,) = stack.unread
    assert "includes itself" in unread.reason
    assert unread.place is not None
    assert unread.place.span.line > 1
