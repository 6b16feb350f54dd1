"""The reader against running servers of Redis: CONFIG GET, and what they refuse."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.schema import Entry, Type
from plimsoll.model.setting import Setting, Status, Unread, Unset, Value
from plimsoll.model.version import Version
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import held, settled
from plimsoll.technologies import technology
from plimsoll.technologies.redis.names import RENAMED
from plimsoll.technologies.redis.reader import READER
from support.counts import drawn
from support.programs import need
from support.servers import Redis, folder_of_nobody

pytestmark = pytest.mark.real

REDIS = technology("redis")
assert REDIS is not None
SCHEMA = REDIS.schema
LIMITS = "client-output-buffer-limit"


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    need("redis-server", "redis-server")
    with folder_of_nobody() as folder:
        yield Redis(folder)


def what_we_read(folder: Path, *arguments: str) -> tuple[list[Setting], list[Unread]]:
    expansion = Expansion(Folder(folder))
    assert READER.arguments
    words = [Word("redis-server"), *map(Word, arguments)]
    found = expansion.items(READER.arguments(words, {}), READER, "")
    return settled(READER, SCHEMA, found), expansion.unread


def shown(value: Value, entry: Entry) -> str:
    """A value as CONFIG GET shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, Amount):
        return "" if isinstance(value, Unset) else str(value)
    if value.low == UNLIMITED:
        return entry.infinite[0]
    if entry.name == "unixsocketperm":
        return f"{value.low:o}"
    return str(value.low / entry.scale if entry.scale else value.low).removesuffix(".0")


def limits(config: dict[str, str]) -> dict[str, str]:
    """The answer's one line of client-output-buffer-limit, as our settings."""
    words = config[LIMITS].split()
    rows = {}
    for at in range(0, len(words), 4):
        class_ = words[at].replace("slave", "replica")
        for part, text in zip(("hard", "soft", "seconds"), words[at + 1 : at + 4], strict=True):
            rows[f"{LIMITS}-{class_}-{part}"] = text
    return rows


def test_every_name_and_default_is_that_of_a_bare_server(server: Redis) -> None:
    with server.running():
        config = server.config()
    theirs = {name: text for name, text in config.items() if name not in RENAMED} | limits(config)
    del theirs[LIMITS]
    ours = {
        entry.name: shown(entry.default(Version("7.0.15")), entry)
        for entry in SCHEMA.entries.values()
        if entry.exists_in(Version("7.0.15")) and entry.name not in NO_ANSWER
    }
    of_the_run = {"port": "6379", "unixsocket": "", "dir": "", "loglevel": "notice"}
    assert ours == theirs | of_the_run
    assert {RENAMED[name] for name in config if name in RENAMED} <= set(ours)


# Lines that CONFIG GET never shows, and what this version does not have.
NO_ANSWER = {"loadmodule", "rename-command", "sentinel", "user", "extended-redis-compatibility"}
NO_ANSWER |= {"list-max-ziplist-entries", "list-max-ziplist-value", "lua-replicate-commands"}
NO_ANSWER |= {"lua-enable-deprecated-api"}

FILES = {
    "redis.conf": """\
# comment
include base.conf
MaxMemory 64mb
maxmemory-policy  ALLKEYS-lru
  timeout 30
tcp-keepalive 0
save 900 1
save "300 10"
client-output-buffer-limit slave 100mb 10mb 30
client-output-buffer-limit normal 1g 1m 5 pubsub 5kb 0 0
slave-priority 7
masteruser "a \\"b\\" \\x41\\n"
proc-title-template '{title} it\\'s'
hash-max-ziplist-entries 33
appendonly YES
appendfilename "a\\xc3\\xa9.aof"
lua-time-limit 0
slowlog-log-slower-than -1
maxmemory-clients 2%
unixsocketperm 0700
shutdown-on-sigterm save force
latency-tracking-info-percentiles 50 99.9
oom-score-adj-values 1 2 3
bind 127.0.0.1 -::1
include conf.d/*.conf
include nothing/*.conf
rename-command FLUSHALL ""
rename-command DEBUG ""
user alice on >secret ~* +@all
lua-replicate-commands yes
notify-keyspace-events xE
repl-backlog-size 2m
\tactive-defrag-ignore-bytes 1\r
databases 3""",
    "base.conf": "maxmemory 1gb\nmaxclients 500\nhz 20\n",
    "conf.d/b.conf": "hz 33\nmaxclients 600\n",
    "conf.d/a.conf": "hz 44\ntcp-backlog 10\n",
}
COMMAND: tuple[str, ...] = (
    "redis.conf",
    "--maxclients",
    "700",
    "--save",
    "60",
    "1",
    "--repl-timeout 20",
)
COMMAND += ("--masterauth", "--odd", "--lfu-log-factor", "5")


def lay(server: Redis, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = server.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))


def test_running_values_are_ours(server: Redis) -> None:
    lay(server, FILES)
    config = _running(server, COMMAND)
    settings, unread = what_we_read(server.folder, *COMMAND)
    assert unread == []
    assert [s for s in settings if s.status is Status.REFUSED] == []
    theirs = config | limits(config)
    wrong = []
    for each in held(settings, READER).values():
        entry = SCHEMA.entry(each.name)
        assert entry
        assert each.value is not None
        if each.name in {*NO_ANSWER, "save"}:
            continue
        if each.name == "maxmemory-clients":  # the server keeps percents as negative numbers
            assert (str(each.value), theirs[each.name]) == ("s.maxmemory * 2 / 100", "2%")
        elif shown(each.value, entry) != theirs[each.name]:
            wrong.append((each.name, each.value, theirs[each.name]))
    assert wrong == []
    assert _save_points(settings) == config["save"]


def _save_points(settings: list[Setting]) -> str:
    kept = [s.text for s in settings if s.name == "save" and s.status is Status.EFFECTIVE]
    return " ".join(text for text in kept if text)


SAVES = {
    "none": ((), ""),
    "two lines": ((), "save 900 1\nsave 60 5\n"),
    "taken back": ((), 'save 900 1\nsave ""\n'),
    "taken back and said again": ((), 'save 900 1\nsave ""\nsave 60 5\n'),
    "added on the command line": (("--save", "7", "7"), "save 900 1\n"),
    "taken back on the command line": (("--save", ""), "save 900 1\n"),
    "an option without a value": (("--save", "--hz", "20"), "save 900 1\n"),
    "the last option, without a value": (("--hz", "20", "--save"), "save 900 1\n"),
    "in one word": (("--save 60 3",), ""),
    "all in one value": (("--save", "60 3 70 4"), ""),
    "behind an include": ((), "hz 9\ninclude inner.conf\nsave 900 1\nsave 60 5\n"),
    "in an include": ((), "save 900 1\ninclude inner.conf\n"),
    "around an include": ((), "save 900 1\ninclude inner.conf\nsave 60 5\n"),
    "on the command line, behind an include": (("--save", "60", "5"), "hz 9\ninclude inner.conf\n"),
    "in the second include": ((), "include inner.conf\ninclude other.conf\n"),
}


@pytest.mark.parametrize("case", SAVES)
def test_save_points_add_up_as_the_server_says(server: Redis, case: str) -> None:
    words, text = SAVES[case]
    inner = "save 300 10\nsave 400 20\n"
    lay(server, {"saves.conf": text, "inner.conf": inner, "other.conf": "save 700 7\n"})
    settings, unread = what_we_read(server.folder, "saves.conf", *words)
    assert unread == []
    with server.running("saves.conf", *words):
        theirs = server.config()["save"]
    unwritten = "3600 1 300 100 60 10000" if not text and not words else ""
    assert (_save_points(settings) or unwritten) == theirs


LINES = [
    "maxmemory 1gb", "maxmemory 1g", "maxmemory 1GB", "maxmemory 1b", "maxmemory 5", "MAXMEMORY 1kB",
    "maxmemory 1 gb", "maxmemory 1.5gb", "maxmemory 100%", "maxmemory = 1gb", "maxmemory=1gb",
    "maxmemory 1gb # comment", "maxmemory -1", "maxmemory +1", "maxmemory 1t", "maxmemory 1tb",
    'maxmemory ""', "maxmemory gb", "maxmemory 0x10", "maxmemory 18446744073709551616", "maxmemory 1e3",
    "maxmemory 99999999999gb", 'maxmemory "1gb"', "maxmemory '1gb'", "maxmemory 1'gb'", "maxmemory 1gb;",
    'maxmemory "1gb"x', "maxmemory 'a", 'maxmemory "1gb\\"', "maxmemory", "maxmemory \v1gb", "maxmemory 1gb\f",
    "repl-backlog-size 0", "repl-backlog-size 9223372036854775808", "repl-backlog-size 8589934592gb",
    "proto-max-bulk-len 1", "proto-max-bulk-len 1mb", "client-query-buffer-limit 1000k",
    "timeout 30", "timeout 007", "timeout +5", "timeout -0", "timeout -1", "timeout 30s", "timeout 2147483648",
    "timeout 3e1", "timeout ''", "timeout 9223372036854775808", "maxclients 0", "maxclients 4294967295",
    "maxclients 1k", "maxclients 4294967296", "slowlog-log-slower-than -1", "slowlog-log-slower-than -2",
    "appendonly YES", "appendonly on", "appendonly true", "appendonly 1", "appendonly y", 'appendonly ""',
    "maxmemory-policy ALLKEYS-LRU", "maxmemory-policy lru", "appendfsync no", "supervised systemd",
    "maxmemory-clients 5%", "maxmemory-clients 101%", "maxmemory-clients 100%", "maxmemory-clients -5",
    "maxmemory-clients %", "maxmemory-clients 05%", "maxmemory-clients 1gb", "unixsocketperm 700",
    "unixsocketperm 0770", "unixsocketperm 999", "io-threads 0", "io-threads 129", "databases 0", "hz 501",
    "port 65536", "port 0", "shutdown-on-sigterm save force", "shutdown-on-sigterm nothing",
    'shutdown-on-sigterm "save force"', "client-output-buffer-limit normal 0 0 0",
    "client-output-buffer-limit normal 0 0", "client-output-buffer-limit master 1g 1k 60",
    "client-output-buffer-limit Normal 1G 1k 60", "client-output-buffer-limit normal 1.5gb 1k 60",
    "client-output-buffer-limit normal 1 1 -1", "client-output-buffer-limit slave 1mb 1 60 pubsub 1 1 1",
    "client-output-buffer-limit", 'client-output-buffer-limit "replica 1mb 1mb 9"', "save", "save 900",
    "save 0 5", "save 5 -1", "save 5 0", "save 5 5 5", 'save "900 1"', 'save "" ""', "save 60 1 # x",
    "save 1.5 3", "replicaof no one", "slaveof 10.0.0.1 6379", "replicaof a", "bind 1.2.3.4 ::1", "bind",
    'bind ""', "port", 'requirepass ""', "foo.bar 1", "foo.bar", 'rename-command GET ""', "rename-command GET",
    "user alice on", "user", "loadmodule", "include", "include a b", "include nothing*.conf",
    "oom-score-adj-values 0 1 2", "oom-score-adj-values 0 1", "sentinel monitor a b 1 2", "sentinel",
    "lua-replicate-commands yes", "lua-replicate-commands", "no-such-name 1", "latency-tracking-info-percentiles 50",
    "# comment", "  # comment", "", "\t", "'maxmemory' 1gb", '"maxmemory" 1gb', "max'memory' 1gb", "'' 1",
    "hello world again", "notify-keyspace-events Ex", "maxmemory-samples 0", "cluster-node-timeout 15000",
]  # fmt: skip


@pytest.mark.parametrize("part", range(8))
def test_lines_are_taken_and_refused_as_by_the_server(server: Redis, part: int) -> None:
    wrong = []
    for line in LINES[part::8]:
        refused = server.refusal(line)
        if (refused is not None) is not is_refused(line):
            wrong.append((line, refused))
    assert wrong == []


def is_refused(text: str) -> bool:
    """Whether a server would not start with *text*, by what we read."""
    items = list(READER.read(text, "redis.conf"))
    settings = settled(READER, SCHEMA, [item for item in items if isinstance(item, Setting)])
    return any(
        isinstance(item, Unread) or (isinstance(item, Setting) and _is_bad(item))
        for item in (*settings, *(item for item in items if not isinstance(item, Setting)))
    )


def _is_bad(setting: Setting) -> bool:
    return setting.status in (Status.REFUSED, Status.UNKNOWN_NAME)


PIECES = [
    "requirepass", " ", "  ", "\t", "\r", "\v", "\f", '"', "'", "a", "b c", "\\", '\\"', "\\'", "\\n",
    "\\x41", "\\x4", "#", "\u00e9", '"a"', "'a'", '""', "x",
]  # fmt: skip


def test_words_are_cut_as_by_the_server(server: Redis) -> None:
    chance = random.Random(1876)
    lines = [
        "requirepass " + "".join(chance.choices(PIECES, k=chance.randint(1, 5))) for _ in range(150)
    ]
    wrong = [line for line in lines if (server.refusal(line) is not None) is not is_refused(line)]
    assert wrong == []


WORDS = [
    r'"a b"',
    r"'a b'",
    r"a\nb",
    r'"a\nb"',
    r"'a\nb'",
    r'"\x41\x7a"',
    r"'it\'s'",
    r'x"y z"',
    r'"\q\""',
    "a#b",
    "\u00e9",
]


def test_words_are_unquoted_as_by_the_server(server: Redis) -> None:
    lines = [f"{name} {word}" for name, word in zip(TEXTS, WORDS, strict=True)]
    lay(server, {"words.conf": "\n".join(lines)})
    with server.running("words.conf"):
        config = server.config()
    settings = [s for s in READER.read("\n".join(lines), "words.conf") if isinstance(s, Setting)]
    shown_ = {name: text.encode("unicode_escape") for name, text in config.items()}
    assert [s.text.encode("unicode_escape") for s in settings] == [shown_[s.name] for s in settings]


TEXTS = [
    "tls-client-key-file-pass",
    "masterauth",
    "masteruser",
    "syslog-ident",
    "replica-announce-ip",
    "cluster-announce-ip",
]
TEXTS += [
    "tls-key-file-pass",
    "tls-ciphers",
    "tls-ca-cert-dir",
    "tls-ciphersuites",
    "tls-dh-params-file",
]


@pytest.mark.parametrize(("nofile", "clients"), [(500, 468), (1024, 992), (4096, 4064)])
def test_clients_are_cut_to_the_descriptors_less_32(
    server: Redis, nofile: int, clients: int
) -> None:
    with server.running(nofile=nofile):
        assert server.config()["maxclients"] == str(clients)


def _running(server: Redis, command: tuple[str, ...]) -> dict[str, str]:
    with server.running(*command):
        return server.config()


# -- drawn: whole files over many settings


def _right(entry: Entry) -> st.SearchStrategy[str]:
    """Texts that the server takes for a setting."""
    if entry.type is Type.BOOLEAN:
        return st.sampled_from(["yes", "no", "YES", "No"])
    if entry.type is Type.ENUM:
        return st.sampled_from([*entry.values, entry.values[0].upper()])
    scale = Fraction(entry.scale or 1)
    low = int(entry.minimum.low / scale) if isinstance(entry.minimum, Amount) else 0
    high = int(entry.maximum.high / scale) if isinstance(entry.maximum, Amount) else 2**31 - 1
    if entry.type is Type.SIZE:
        units = ["", "b", "k", "kb", "m", "MB", "Gb"]
        return st.builds(
            "{}{}".format, st.integers(max(1, low), max(low, 9)), st.sampled_from(units)
        )
    return st.integers(low, max(low, min(high, 2**31 - 1))).map(str)


# Settings that are safe to draw: they need no file, no port and no neighbour.
_FREE = {
    "timeout", "tcp-keepalive", "hz", "maxmemory", "maxmemory-policy", "maxmemory-samples", "appendfsync",
    "no-appendfsync-on-rewrite", "auto-aof-rewrite-percentage", "auto-aof-rewrite-min-size", "lfu-log-factor",
    "lfu-decay-time", "slowlog-log-slower-than", "slowlog-max-len", "latency-monitor-threshold", "repl-timeout",
    "repl-backlog-size", "repl-backlog-ttl", "repl-diskless-sync", "repl-diskless-sync-delay", "replica-priority",
    "replica-ignore-maxmemory", "min-replicas-to-write", "min-replicas-max-lag", "list-compress-depth",
    "hash-max-listpack-entries", "hash-max-listpack-value", "set-max-intset-entries", "stream-node-max-entries",
    "activerehashing", "lazyfree-lazy-eviction", "lazyfree-lazy-expire", "dynamic-hz", "rdbcompression",
    "stop-writes-on-bgsave-error", "client-query-buffer-limit", "proto-max-bulk-len", "active-expire-effort",
    "busy-reply-threshold", "jemalloc-bg-thread", "cluster-node-timeout", "tracking-table-max-keys",
    "acllog-max-len", "shutdown-timeout", "maxmemory-eviction-tenacity", "close-on-oom",
}  # fmt: skip
_KNOWN = [entry for name in sorted(_FREE) if (entry := SCHEMA.entry(name)) is not None]


@st.composite
def right_lines(draw: st.DrawFn) -> str:
    entry = draw(st.sampled_from(_KNOWN))
    value = draw(_right(entry))
    quote = draw(st.sampled_from(["", "", '"', "'"]))
    name = draw(st.sampled_from([entry.name, entry.name.upper(), f'"{entry.name}"']))
    blank = draw(st.sampled_from([" ", "\t", "   "]))
    return f"{draw(st.sampled_from(['', ' ']))}{name}{blank}{quote}{value}{quote}{draw(st.sampled_from(['', ' ']))}"


_QUIET = st.sampled_from(["", "# a comment", "  # timeout 5", "\t"])
_SAVES = st.sampled_from(["save 900 1", 'save ""', "save 60 5", "save 300 10 60 7"])
_LISTS = st.sampled_from(
    [
        "client-output-buffer-limit normal 1mb 1kb 5", "client-output-buffer-limit pubsub 1g 1m 5 replica 0 0 0",
        "rename-command DEBUG x", "user bob on nopass ~* +@all", 'proc-title-template "{title} x"',
    ]
)  # fmt: skip


@drawn(3, 60)
@given(
    lines=st.lists(right_lines() | _QUIET | _SAVES | _LISTS, min_size=1, max_size=14),
    inner=st.lists(right_lines(), min_size=1, max_size=4),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_drawn_file_holds_as_the_server_says(
    server: Redis, lines: list[str], inner: list[str], end: str
) -> None:
    middle = len(lines) // 2
    around = ["port 0", *lines[:middle], "include inner.conf", "port 0", *lines[middle:]]
    text = end.join(around) + end
    text = re.sub(r"(?m)^(user|rename-command) .*\n(?=(?:.*\n)*\1 )", "", text)
    lay(server, {"drawn.conf": text, "inner.conf": "\n".join(inner)})
    config = _running(server, ("drawn.conf",))
    settings, unread = what_we_read(server.folder, "drawn.conf")
    assert unread == []
    assert [s for s in settings if _is_bad(s)] == []
    theirs = config | limits(config)
    for each in held(settings, READER).values():
        entry = SCHEMA.entry(each.name)
        if entry and each.name not in {*NO_ANSWER, "save"}:
            assert each.value is not None
            assert (each.name, shown(each.value, entry)) == (each.name, theirs[each.name]), text
    if any(s.name == "save" for s in settings):
        assert _save_points(settings) == config["save"], text


_WRONG_VALUES = [
    "",
    "1 gb",
    "1.5gb",
    "100%",
    "= 5",
    "on",
    "true",
    "1kib",
    "0x10",
    "5s",
    "-",
    "'a",
    '"5"x',
    "5 # five",
]
_WRONG_LINES = [
    "no-such-name 1", "maxmemry 1gb", "timeout=5", "timeout", "save 900", "include", "bind", "[redis]", "'timeout 5",
    "client-output-buffer-limit normal 0 0", "client-output-buffer-limit master 0 0 0 x", "maxclients many",
]  # fmt: skip


@drawn(12, 150)
@given(
    before=st.lists(right_lines() | _QUIET, max_size=4),
    entry=st.sampled_from(_KNOWN),
    value=st.sampled_from(_WRONG_VALUES),
    line=st.sampled_from(_WRONG_LINES) | st.just(""),
)
def test_a_drawn_line_is_refused_as_by_the_server(
    server: Redis, before: list[str], entry: Entry, value: str, line: str
) -> None:
    text = "\n".join([*before, line or f"{entry.name} {value}"])
    refused = server.refusal(text)
    assert (refused is not None) is is_refused(text), (text, refused)
