"""Apache's own word: what it takes and refuses, and the tree that it makes of a configuration."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.setting import Block, Origin, Setting, Status, Unread
from plimsoll.stack.settle import held, settled
from plimsoll.technologies import technology
from plimsoll.technologies.apache.lexer import lines, unquoted
from plimsoll.technologies.apache.reader import READER
from support.counts import drawn

pytestmark = pytest.mark.real
Ask = Callable[..., tuple[int, str]]

APACHE = technology("apache")
assert APACHE is not None
SCHEMA = APACHE.schema

MPMS = st.sampled_from(["event", "worker", "prefork"])
TIMES = st.sampled_from(["5", "60", "100ms", "30s", "2mi", "1h", "2min"])
NUMBERS = st.sampled_from(["1", "5", "100", "7x", "2000"])
BLANK = st.sampled_from([" ", "  ", "\t", " \\\n  "])
SWITCHES = st.sampled_from(["On", "off", '"on"', "'Off'", "ON"])


def _line(names: list[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(names), BLANK, values).map("".join)


ANYWHERE = st.one_of(
    _line(["Timeout", "TIMEOUT", "KeepAliveTimeout", "keepalivetimeout"], TIMES),
    _line(["KeepAlive", "ProxyRequests", "ProxyPreserveHost"], SWITCHES),
    _line(["MaxKeepAliveRequests", "LimitRequestFields", "ProxyTimeout"], NUMBERS),
    _line(["LimitRequestBody"], st.sampled_from(["0", "5", "1048576"])),
    st.sampled_from(["SetEnv A 'b # c'", 'SetEnv A "b \\"c\\""', "# Timeout x", "ProxyPass /a http://127.0.0.1:9/ retry=5 acquire=3000",
                     "RequestReadTimeout header=20-40,MinRate=500 body=9"]),
)  # fmt: skip
SERVER = st.one_of(
    _line(["MaxRequestWorkers", "MaxClients", "StartServers", "MaxConnectionsPerChild", "ServerLimit"], NUMBERS),
    _line(["ListenBackLog", "GracefulShutdownTimeout"], NUMBERS),
    ANYWHERE,
)  # fmt: skip
DIRECTORY = st.sampled_from(["LimitRequestBody 5", "SetEnv A b", "Require all granted"])
CONDITIONS = st.sampled_from(
    ["IfModule mpm_event_module", "IfModule worker.c", "IfModule prefork.c", "IfModule !mpm_prefork_module",
     "IfModule mod_proxy.c", "IfModule !proxy_module", "IfModule ssl_module", "IfModule mpm_event.c",
     "IfDefine SET", "IfDefine !SET", "IfDefine UNSET", "IfModule core.c"]
)  # fmt: skip


@st.composite
def blocks(draw: st.DrawFn, inner: st.SearchStrategy[list[str]]) -> list[str]:
    header = draw(CONDITIONS)
    kind = header.split()[0]
    return [f"<{header}>", *draw(inner), f"</{draw(st.sampled_from([kind, kind.lower()]))}>"]


def _several(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    return st.lists(inner, max_size=3).map(lambda found: [line for each in found for line in each])


LINES = SERVER.map(lambda line: [line])
BODY = st.recursive(
    LINES, lambda inner: st.one_of(_several(inner), blocks(_several(inner))), max_leaves=8
)


@st.composite
def hosts(draw: st.DrawFn) -> list[str]:
    lines = [
        f"<VirtualHost *:{draw(st.sampled_from([80, 81]))}>",
        *draw(st.lists(ANYWHERE, max_size=3)),
    ]
    if draw(st.booleans()):
        lines += ["<Directory '/srv/a b'>", *draw(st.lists(DIRECTORY, max_size=2)), "</Directory>"]
    return [*lines, "</VirtualHost>"]


CONFIGURATIONS = st.lists(st.one_of(BODY, hosts()), max_size=4).map(
    lambda found: "\n".join(
        ["Define SET", "Define N 7", *(line for each in found for line in each), ""]
    )
)
BROKEN = st.sampled_from(
    ["KeepAlive yes", "KeepAliveTimeout 1.5", "KeepAliveTimeout 5S", "LimitRequestBody 10M", "ListenBackLog 0",
     "ProxyTimeout 0", "MaxRequestWorkerss 5", "KeepAliveTimeouts 5", "<VirtualHost *:80>", "</Directory>",
     "<Directory>\n</Directory>", "<VirtualHost *>\nMaxRequestWorkers 5\n</VirtualHost>", "AsyncRequestWorkerFactor x",
     "<Directory /a>\nKeepAlive On\n</Directory>", "<IfModule core.c>\nKeepAlive maybe\n</IfModule>",
     "ProxyPass / http://a/ timeout=0", "HostnameLookups maybe"]
)  # fmt: skip


def loaded(mpm: str) -> list[Setting]:
    names = [
        f"mpm_{mpm}",
        "authz_core",
        "info",
        "proxy",
        "proxy_http",
        "macro",
        "alias",
        "reqtimeout",
        "env",
        "mime",
    ]
    made = [Setting("LoadModule", f"{name}_module x.so", scope=(Block("-C"),)) for name in names]
    return [*made, Setting("Define", "NOTHING", origin=Origin.COMMAND_LINE)]


def told(text: str, mpm: str) -> tuple[list[Setting], list[str]]:
    """The settings as they hold, and why Apache would not start."""
    items = list(READER.read(text, "x.conf"))
    found = [str(item) for item in items if isinstance(item, Unread)]
    settings = settled(
        READER, SCHEMA, [*loaded(mpm), *(i for i in items if isinstance(i, Setting))]
    )
    bad = (Status.REFUSED, Status.UNKNOWN_NAME, Status.MISPLACED)
    return settings, found + [
        f"{s.place} {s.name} {s.text}: {s.reason}" for s in settings if s.status in bad
    ]


def tree(said: str) -> list[tuple[int, str, str]]:
    """Line, name and arguments of each directive in mod_info's dump."""
    found = []
    number = 0
    for line in said.splitlines():
        if line.startswith(("AH0", "Syntax OK")):
            continue
        if marked := re.fullmatch(r"# *(\d+):", line.strip()):
            number = int(marked[1])
        elif line.strip() and not line.lstrip().startswith(("#", "</")):
            words = [unquoted(w.text) for each in lines(line) for w in each.words]
            if words and not words[0].startswith("<") and number:
                found.append((number, words[0].lower(), " ".join(words[1:])))
    return found


RENAMED = {"maxclients": "maxrequestworkers", "maxrequestsperchild": "maxconnectionsperchild"}


@drawn(6, 60)
@given(CONFIGURATIONS, MPMS)
def test_what_apache_takes_we_take_and_its_tree_is_ours(apache: Ask, text: str, mpm: str) -> None:
    code, said = apache(text, mpm, "-D", "DUMP_CONFIG")
    assert code == 0, said
    settings, refusals = told(text, mpm)
    assert refusals == []
    dumped = [
        (n, RENAMED.get(name, name), words) for n, name, words in tree(said) if name not in EARLY
    ]
    ours = [
        (s.place.span.end_line, s.name.lower(), s.text)
        for s in settings
        if s.place and s.status in (Status.EFFECTIVE, Status.SHADOWED) and is_directive(s)
    ]
    assert ours == dumped


# Carried out while the files are read, so that they are not in the tree.
EARLY = frozenset({"define", "undefine", "loadmodule", "include", "includeoptional", "listen", "servername",
                   "serverroot", "pidfile", "errorlog"})  # fmt: skip
SECTIONS = frozenset({"virtualhost", "directory", "ifmodule", "ifdefine"})


def is_directive(setting: Setting) -> bool:
    """Not a section, a piece of another one, or a directive that is carried out at once."""
    name = setting.name.lower()
    if name in EARLY or name in SECTIONS or name == "mpm" or name.startswith("requestreadtimeout-"):
        return False
    return not any(block.kind == "ProxyPass" for block in setting.scope)


@drawn(6, 60)
@given(CONFIGURATIONS, BROKEN)
def test_what_apache_refuses_we_refuse(apache: Ask, text: str, broken: str) -> None:
    code, _ = apache(f"{text}{broken}\n", "event")
    assert code != 0
    assert told(f"{text}{broken}\n", "event")[1]


@pytest.mark.parametrize("mpm", ["event", "worker", "prefork"])
def test_which_block_counts(apache: Ask, mpm: str) -> None:
    """The server caps what is above its limit, and says which value it had."""
    text = "".join(f"<IfModule mpm_{m}_module>\nMaxRequestWorkers {n}\n</IfModule>\n"
                   for m, n in (("event", 5001), ("worker", 5002), ("prefork", 5003)))  # fmt: skip
    _, said = apache(text, mpm)
    settings, _ = told(text, mpm)
    assert f"MaxRequestWorkers of {held(settings, READER)['MaxRequestWorkers'].text} " in said


@pytest.mark.parametrize("name", ["KeepAlive", "LimitRequestBody", "KeepAliveTimeout", "ProxyTimeout", "Timeout",
                                  "MaxRequestWorkers", "ListenBackLog", "HostnameLookups", "LimitRequestLine"])  # fmt: skip
@drawn(3, 12)
@given(st.data())
def test_values_are_refused_as_apache_refuses_them(
    apache: Ask, name: str, data: st.DataObject
) -> None:
    text = data.draw(st.text(alphabet="0123456789.-smhioneOf", min_size=1, max_size=5))
    code, said = apache(f"{name} {text}\n", "event")
    assert bool(told(f"{name} {text}\n", "event")[1]) == (code != 0), said
