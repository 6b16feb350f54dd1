from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.setting import Include, Item, Setting, Status, Unread
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import Lines, decoded, encoded
from plimsoll.technologies import technology
from plimsoll.technologies.redis.lexer import lines, tokens
from plimsoll.technologies.redis.names import RENAMED
from plimsoll.technologies.redis.reader import READER, effective, read

REDIS = technology("redis")
assert REDIS is not None
FILES = Path(__file__).parent / "files"
CASES = Path(__file__).parents[4] / "shared" / "cases"


def settings(text: str) -> list[Setting]:
    found = list(read(text, "redis.conf"))
    assert all(isinstance(item, Setting) for item in found)
    return [item for item in found if isinstance(item, Setting)]


def one(text: str) -> Item:
    [item] = read(text, "redis.conf")
    return item


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("maxmemory 1gb", "maxmemory", "1gb"),
        ("MaxMemory\t1gb\r", "maxmemory", "1gb"),
        ('"maxmemory" "1gb"', "maxmemory", "1gb"),
        ("slave-read-only no", "replica-read-only", "no"),
        ("slaveof 10.0.0.1 6379", "replicaof", "10.0.0.1 6379"),
        ("lua-time-limit 0", "busy-reply-threshold", "0"),
        ("primaryauth x", "masterauth", "x"),
        ('save ""', "save", ""),
        ("save", "save", ""),
        ("save 3600 1 300 100", "save", "3600 1 300 100"),
        ('save "900 1"', "save", "900 1"),
        ("bind 127.0.0.1 -::1", "bind", "127.0.0.1 -::1"),
        ('rename-command CONFIG ""', "rename-command", 'CONFIG ""'),
        ("user a on >p ~* +@all", "user", "a on >p ~* +@all"),
        ('requirepass "a b"', "requirepass", "a b"),
        (
            "proc-title-template '{title} {listen-addr}'",
            "proc-title-template",
            "{title} {listen-addr}",
        ),
        ("shutdown-on-sigterm save force", "shutdown-on-sigterm", "save force"),
    ],
)
def test_settings(line: str, name: str, text: str) -> None:
    [found] = settings(line)
    assert (found.name, found.text, found.status) == (name, text, Status.EFFECTIVE)
    assert found.value is None


def test_a_setting_of_a_module_has_its_text_as_value() -> None:
    [found] = settings("search.timeout 500")
    assert found.value == "500"


def test_a_line_of_buffer_limits_is_three_settings_for_each_class() -> None:
    line = "client-output-buffer-limit Slave 256mb 64mb 60 normal 0 0 0"
    found = settings(line)
    assert [(each.name.removeprefix("client-output-buffer-limit-"), each.text) for each in found] == [
        ("replica-hard", "256mb"), ("replica-soft", "64mb"), ("replica-seconds", "60"),
        ("normal-hard", "0"), ("normal-soft", "0"), ("normal-seconds", "0"),
    ]  # fmt: skip
    assert found[1].place == Place("redis.conf", Span(1, 1, 1, 60), Span(1, 40, 1, 44))


@pytest.mark.parametrize(
    ("line", "name", "reason"),
    [
        ("maxmemory 1 gb", "maxmemory", "takes one value; 2 stand here"),
        ("maxmemory = 1gb", "maxmemory", "has an equals sign where a blank belongs"),
        ("maxmemory=1gb", "maxmemory", "has an equals sign where a blank belongs"),
        ("maxmemory 1gb # half", "maxmemory", "has a comment behind its value"),
        ("maxmemory", "maxmemory", "takes one value; 0 stand here"),
        ("replicaof a", "replicaof", "takes 2 values; 1 stand here"),
        ("save 900", "save", "takes pairs of seconds"),
        ("save 0 5", "save", "takes pairs of seconds"),
        ("save 900 x", "save", "takes pairs of seconds"),
        ("sentinel monitor a b 1 2", "sentinel", "in sentinel mode only"),
        ("client-output-buffer-limit normal 0 0", "client-output-buffer-limit", "takes a class"),
        (
            "client-output-buffer-limit master 1 1 1",
            "client-output-buffer-limit",
            "is none of normal",
        ),
        ('requirepass "a', "requirepass", "a quote is not closed"),
        ('requirepass "a"b', "requirepass", "a quote is not closed"),
    ],
)
def test_refused(line: str, name: str, reason: str) -> None:
    [found] = settings(line)
    assert (found.name, found.status) == (name, Status.REFUSED)
    assert reason in found.reason


@pytest.mark.parametrize(
    "line",
    ["list-max-ziplist-entries 5", "lua-replicate-commands yes", "client-output-buffer-limit"],
)
def test_ignored(line: str) -> None:
    [found] = settings(line)
    assert found.status is Status.IGNORED
    assert found.reason


@pytest.mark.parametrize(
    ("line", "pattern", "is_optional"),
    [
        ("include /etc/redis/base.conf", "/etc/redis/base.conf", False),
        ('INCLUDE "my base.conf"', "my base.conf", False),
        ("include conf.d/*.conf", "conf.d/*.conf", True),
    ],
)
def test_includes(line: str, pattern: str, is_optional: bool) -> None:
    found = one(line)
    assert isinstance(found, Include)
    assert (found.pattern, found.is_optional) == (pattern, is_optional)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "maxmemory {{ redis_memory }}",
            "a template that was not rendered",
        ),
        ("requirepass ${PASSWORD}", "a template"),
        ("{% if x %}", "a template"),
        ('maxmemory "{{ x', "a template"),
        ('"maxmemory 1gb', "a quote is not closed"),
    ],
)
def test_unread(line: str, reason: str) -> None:
    found = one(line)
    assert isinstance(found, Unread)
    assert reason in found.reason
    assert found.place


def test_places() -> None:
    [found] = settings('# one\n  requirepass  "a b"  \n')
    assert found.place == Place("redis.conf", Span(2, 3, 2, 21), Span(2, 16, 2, 21))


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("timeout 1\ntimeout 2\n", "shadowed effective"),
        ("slave-priority 1\nreplica-priority 2\n", "shadowed effective"),
        ("save 900 1\nsave 60 5\n", "effective effective"),
        ('save 900 1\nsave ""\n', "shadowed effective"),
        ('save ""\nsave 900 1\nsave 60 5\n', "shadowed effective effective"),
        ('save 900 1\nsave 1\nsave ""\n', "shadowed refused effective"),
        ("user a on\nuser b on\n", "effective effective"),
        ("rename-command A B\nrename-command C D\n", "effective effective"),
        ("loadmodule a.so\nloadmodule b.so\n", "effective effective"),
        ("timeout 1 x\ntimeout 2\n", "refused effective"),
    ],
)
def test_who_wins(text: str, statuses: str) -> None:
    found = effective(settings(text))
    assert [str(each.status) for each in found] == statuses.split()
    assert all((each.winner is not None) is (each.status is Status.SHADOWED) for each in found)


@pytest.mark.parametrize("folder", [p.name for p in FILES.iterdir()])
def test_folders(folder: str) -> None:
    expansion = Expansion(Folder(FILES / folder))
    found = expansion.file("redis.conf", READER)
    assert REDIS
    shown = []
    for each in settled(READER, REDIS.schema, found):
        by = f" by {each.winner.place}" if each.winner else ""
        shown.append(f"{each.place} {each.name} = {each.text} ({each.status}{by})")
    assert expansion.unread == []
    assert shown == (FILES / folder / "expected.txt").read_text().splitlines()


@pytest.mark.parametrize(
    "line",
    ["requirepass = s3cret", "requirepass=s3cret", "requirepass s3cret x", 'requirepass "s3cret',
     "masterauth s3cret # x", "requirepass s3cret{{ x }}", "user a on >s3cret {{ x }}"],
)  # fmt: skip
def test_no_reason_tells_a_secret(line: str) -> None:
    found = one(line)
    assert isinstance(found, Setting | Unread)
    assert found.reason
    assert "s3cret" not in found.reason


def test_what_is_a_secret() -> None:
    assert REDIS
    text = (
        "requirepass a\nmasterauth b\nprimaryauth c\ntls-key-file-pass d\nuser e >f\nmaxmemory 1\n"
    )
    found = settled(READER, REDIS.schema, settings(text))
    assert [each.is_secret for each in found] == [True] * 5 + [False]


PIECES = [
    "maxmemory",
    "include ",
    "save ",
    " ",
    '"a b"',
    '"',
    "'",
    "\\",
    "1gb",
    "=",
    "# c",
    "\n",
    "\r\n",
]
PIECES += [
    "client-output-buffer-limit ",
    "normal 0 0 0 ",
    "é",
    "\udcff",
    "{{ x }}",
    "a.b ",
    "\v",
    "\ufeff",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join)


@given(TEXTS)
def test_everything_that_is_said_stands_in_an_item(text: str) -> None:
    where = Lines(text, "redis.conf")
    spans = [item.place.span for item in read(text, "redis.conf") if item.place]
    ranges = [
        range(where.offset(s.line, s.column), where.offset(s.end_line, s.end_column)) for s in spans
    ]
    for words, junk in lines(text):
        for token in (*words, *([junk] if junk else ())):
            assert any(token.start in r and token.end - 1 in r for r in ranges)


@given(
    st.sampled_from(["timeout", "requirepass", "dir"]),
    st.text(st.characters(exclude_characters="\0\n{<$@")),
)
def test_a_written_setting_is_read_back(name: str, text: str) -> None:
    raw = text.replace("\\", "\\\\").replace('"', '\\"')
    [found] = settings(f' {name}\t"{raw}" \r\n')
    assert found.text == text
    assert found.place
    span = found.place.value
    assert span
    assert span.end_column - span.column == len(raw) + 2


@given(TEXTS)
def test_whatever_is_read_can_be_judged(text: str) -> None:
    assert REDIS
    found = [item for item in read(text, "redis.conf") if isinstance(item, Setting)]
    assert len(settled(READER, REDIS.schema, found)) == len(found)


def real_files() -> list[Path]:
    found = [*Path("/etc/redis").glob("**/*"), *CASES.glob("**/redis*.conf")]
    return sorted(path for path in found if path.is_file() and path.parent.name != "sysctl.d")


@pytest.mark.parametrize("path", real_files() or [None], ids=str)
def test_real_files_are_read_without_loss(path: Path | None) -> None:
    if path is None:
        pytest.skip("no file of Redis here (Debian package redis-server)")
    data = path.read_bytes()
    text = decoded(data)
    assert encoded("".join(token.text for token in tokens(text))) == data
    items = list(read(text, path.name))
    assert [item for item in items if isinstance(item, Unread)] == []
    assert [i for i in items if isinstance(i, Setting) and i.status is not Status.EFFECTIVE] == []


def test_a_huge_line_is_read_in_no_time() -> None:
    assert len(list(read("requirepass " + "'\\" * 200_000, "redis.conf"))) == 1
    assert len(list(read('requirepass "' + '\\"' * 200_000, "redis.conf"))) == 1
    assert len(list(read("save " + "1 " * 20_000, "redis.conf"))) == 1


def test_no_old_name_is_an_entry_of_its_own() -> None:
    assert REDIS
    names = {entry.name for entry in REDIS.schema.entries.values()}
    assert set(RENAMED) & names == set()
    assert set(RENAMED.values()) <= names
