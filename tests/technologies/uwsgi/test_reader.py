from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Include, Item, Setting, Status, Unknown, Unread
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Texts
from plimsoll.stack.settle import settled
from plimsoll.syntax.ini import tokens
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies import technology
from plimsoll.technologies.uwsgi.files import INI, read
from plimsoll.technologies.uwsgi.names import ALIASES, FLAGS, SHORT
from plimsoll.technologies.uwsgi.reader import READER

UWSGI = technology("uwsgi")
assert UWSGI is not None
SCHEMA = UWSGI.schema
CASES = Path(__file__).parents[4] / "shared" / "cases"


def held(*items: Item) -> list[Setting]:
    return settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])


def settings(lines: str, **environment: str) -> list[Setting]:
    items = [*read(f"[uwsgi]\n{lines}\n", "uwsgi.ini")]
    return held(*items, *(told("uwsgi", **environment) if environment else ()))


def effective(lines: str, **environment: str) -> dict[str, str]:
    """The texts that hold, by name; of several with one name the last."""
    found = settings(lines, **environment)
    return {s.name: s.text for s in found if s.status is Status.EFFECTIVE}


def told(command: str, **environment: str) -> list[Item]:
    assert READER.arguments is not None
    words = [Word(word) for word in command.split()]
    return list(READER.arguments(words, {n: Word(t) for n, t in environment.items()}))


def stack(command: str, **files: str) -> dict[str, str]:
    """What holds of a command that names files; `__` in their names is a dot."""
    expansion = Expansion(Texts({n.replace("__", "."): t for n, t in files.items()}))
    found = held(*expansion.items(told(command), READER, ""))
    assert expansion.unread == []
    return {s.name: s.text for s in found if s.status is Status.EFFECTIVE}


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("processes = 4", "processes", 4),
        ("workers=4", "processes", 4),
        ("  processes\t=\t4  ", "processes", 4),
        ("processes = 4 ; no comment", "processes", 4),
        ("processes =", "processes", 0),
        ("processes = x", "processes", 0),
        ("listen = 1024", "listen", 1024),
        ("harakiri = 30", "harakiri", 30),
        ("harakiri = 0", "harakiri", UNLIMITED),
        ("buffer-size = 32768", "buffer-size", 32768),
        ("reload-on-rss = 200", "reload-on-rss", 200 * 2**20),
        ("limit-as = 512", "limit-as", 512 * 2**20),
        ("max-requests = 0", "max-requests", UNLIMITED),
        ("cheaper-overload = 60", "cheaper-overload", 60),
        ("threads-stack-size = 64", "thread-stacksize", 64 * 2**10),
    ],
)
def test_numbers(line: str, name: str, value: float) -> None:
    [found] = settings(line)
    assert (found.name, found.status) == (name, Status.EFFECTIVE)
    assert isinstance(found.value, Amount)
    assert (found.value.low, found.value.high) == (value, value)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("master", True), ("master =", True), ("master = true", True), ("master = x", True),
        ("master = false", False), ("master = Off", False), ("master = 0", False), ("die-on-term", True),
        ('module = "shop"', '"shop"'), ("chdir = /srv # here", "/srv # here"),
    ],
)  # fmt: skip
def test_other_values(line: str, value: object) -> None:
    [found] = settings(line)
    assert found.value == value


def test_what_uwsgi_makes_of_a_number_is_said() -> None:
    [found] = settings("processes = 4 ; x")
    assert found.reason == "'4 ; x', which uWSGI takes for 4"


def test_negative_numbers_are_refused() -> None:
    [found] = settings("processes = -1")
    assert (found.status, found.reason) == (Status.REFUSED, "-1 is negative: uWSGI does not start")
    assert isinstance(settings("max-requests = -1")[0].value, Unknown)


@pytest.mark.parametrize(
    ("lines", "statuses"),
    [
        ("processes = 1\nworkers = 2", "shadowed effective"),
        ("http = :1\nhttp = :2", "effective effective"),
        ("env = A=1\nenv = B=2", "effective effective"),
        ("[x]\nprocesses = 1\n[uwsgi]\nprocesses = 2", "effective ignored"),
    ],
)
def test_who_wins(lines: str, statuses: str) -> None:
    assert [str(each.status) for each in settings(lines)] == statuses.split()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[other]\na = 1\n", "uWSGI does not read the section [other]"),
        ("a = 1\n", "uWSGI does not read what stands before any section"),
        ("[ uwsgi ]\na = 1\n", "uWSGI does not read the section [ uwsgi ]"),
        ("[uwsgi] ; here\na = 1\n", "uWSGI does not read the section [uwsgi] ; her]"),
    ],
)
def test_sections_that_nobody_reads(text: str, reason: str) -> None:
    [found] = held(*read(text, "uwsgi.ini"))
    assert (found.status, found.reason) == (Status.IGNORED, reason)


@pytest.mark.parametrize(
    ("lines", "name", "text"),
    [
        ("n = 3\nthreads = %(n)", "threads", "3"),
        ("threads = %(n)\nn = 3", "threads", "3"),
        ("n = 3\nn = 4\nthreads = %(n)", "threads", "3"),
        ("n = 3\nthreads = %(n * 2)", "threads", "6"),
        ("n = 4\nz = %(n + 1 * 2)", "z", "10"),
        ("n = 4\nz = %(n n)", "z", "44"),
        ("n = 7\nz = %(n / 2)", "z", "3"),
        ("n = 7\nz = %(n ++)", "z", "8"),
        ("set-placeholder = n=5\nz = %(n)", "z", "5"),
        ("set-ph = n=5\nz = a%(n)b", "z", "a5b"),
        ("set-ph = n = 5\nz = %(n)", "z", "%(n)"),
        ("z = %(nobody)", "z", "%(nobody)"),
        ("workers = 2\nz = %(processes)", "z", "2"),
        ("z = %n.%e", "z", "uwsgi.ini"),
        ("z = /run/%n.sock", "z", "/run/uwsgi.sock"),
        ("z = a%x", "z", "a"),
        ("z = 100%% x", "z", "100% x"),
        ("z = %q(x)", "z", "(x)"),
        ("for = a b\nenv = X=%(_)\nendfor =", "env", "X=b"),
        ("for-times = 3\nz = %(_)\nend-for =", "z", "3"),
        ("x = 1\nif-opt = x=1\nz = %(_)\nendif =", "z", "1"),
        ("x = 1\nif-not-opt = x\nz = 1\nendif =\nz = 2", "z", "2"),
        ("if-reload = true\nz = 1\nendif =\nif-not-reload =\nz = 2\nendif", "z", "2"),
    ],
)
def test_variables(lines: str, name: str, text: str) -> None:
    assert effective(lines)[name] == text


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ("processes = %k", Formula("s.cores_seen")),
        ("processes = %(%k * 2)", Formula("(s.cores_seen * 2)")),
        ("processes = %k%k", Unknown("computed from the cores of the machine")),
        ("chdir = %d", Unknown("%d: only the running server would tell")),
        ("chdir = @(/etc/x)", Unknown("read from another file: @(...)")),
        ("processes = $(NOBODY)", Unknown("depends on $NOBODY, which nobody has told")),
        ("n = 9\nlisten = %(n)", Amount.of(0)),
        ("listen = $(BACKLOG)", Amount.of(0)),
        ("if-exists = /x\nlisten = 9\nendif =", Unknown("only where there is a file /x")),
        ("listen = {{ n }}", Unknown("a template that was not rendered")),
        ("listen = @LISTEN@", Unknown("a template that was not rendered")),
    ],
)
def test_what_only_the_server_would_tell(lines: str, value: object) -> None:
    found = [s for s in settings(lines) if s.name in ("processes", "chdir", "listen")]
    assert [s.value for s in found] == [value]


@pytest.mark.parametrize(
    ("lines", "environment", "name", "text"),
    [
        ("http = :$(PORT)", {"PORT": "80"}, "http", ":80"),
        ("if-env = PORT\nhttp = :%(_)\nendif =", {"PORT": "80"}, "http", ":80"),
        ("if-env = A=b\nz = 1\nendif =\nif-env = A=c\nz = 2\nendif", {"A": "b"}, "z", "1"),
        ("if-not-env = A\nz = 1\nendif =\nz = 2", {"A": "b"}, "z", "2"),
        ("if-not-env = B\nz = 1\nendif =", {"A": "b"}, "z", "1"),
        ("processes = 2", {"UWSGI_PROCESSES": "7"}, "processes", "2"),
        ("z = 1", {"UWSGI_PROCESSES": "7"}, "processes", "7"),
        ("z = 1", {"UWSGI_DIE_ON_TERM": "1"}, "die-on-term", "1"),
    ],
)
def test_environment(lines: str, environment: dict[str, str], name: str, text: str) -> None:
    assert effective(lines, **environment)[name] == text


def test_a_condition_on_a_variable_that_nobody_sets_says_so() -> None:
    found = settings("if-env = PORT\nhttp = :1\nendif =\nif-not-env = PORT\nhttp = :2\nendif =")
    first, second = [s for s in found if s.name == "http"]
    assert (first.status, first.reason) == (Status.SHADOWED, "not reached: if-env = PORT")
    assert (second.status, second.reason) == (Status.EFFECTIVE, "unless the environment sets PORT")


def test_another_section_of_the_same_file() -> None:
    text = "[uwsgi]\na = 1\nini = :two\nb = 1\n[two]\na = 2\nb = 2\n"
    found = held(*read(text, "uwsgi.ini"))
    assert {s.name: s.text for s in found if s.status is Status.EFFECTIVE} == {
        "a": "2", "b": "1", "ini": ":two",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("command", "files", "name", "text"),
    [
        ("uwsgi --ini a.ini", {"a__ini": "[uwsgi]\nz = 1\n"}, "z", "1"),
        ("uwsgi a.ini", {"a__ini": "[uwsgi]\nz = 1\n"}, "z", "1"),
        ("uwsgi --ini a.ini:b", {"a__ini": "[uwsgi]\nz = 1\n[b]\nz = 2\n"}, "z", "2"),
        ("uwsgi -p 3 --ini a.ini", {"a__ini": "[uwsgi]\nworkers = 2\n"}, "processes", "2"),
        ("uwsgi --ini a.ini -p 3", {"a__ini": "[uwsgi]\nworkers = 2\n"}, "processes", "3"),
        ("uwsgi --ini a.ini", {"a__ini": "[uwsgi]\nz=1\nini = b.ini:c\n", "b__ini": "[c]\nz=2\n[uwsgi]\nz=3\n"}, "z", "2"),
        ("uwsgi --ini a.ini", {"a__ini": "[uwsgi]\nz=1\ninclude = b.ini\nz=4\n", "b__ini": "[uwsgi]\nz=3\n"}, "z", "4"),
        ("uwsgi --ini a.ini", {"a__ini": "[uwsgi]\nz=1\ninherit = b.ini\nz=4\n", "b__ini": "[uwsgi]\nz=3\n"}, "z", "3"),
        ("uwsgi --ini a.ini", {"a__ini": "[uwsgi]\nz=1\nini = %dc.ini\n", "c__ini": "[uwsgi]\nz=5\n"}, "z", "5"),
        ("uwsgi --yaml a.yaml", {"a__yaml": "uwsgi:\n  processes: 3\n  http: [':1', ':2']\nx: {processes: 9}\n"}, "processes", "3"),
        ("uwsgi --json a.json", {"a__json": '{"uwsgi": {"processes": 3, "master": true}}'}, "master", "true"),
    ],
)  # fmt: skip
def test_files_that_are_named(command: str, files: dict[str, str], name: str, text: str) -> None:
    assert stack(command, **files)[name] == text


@pytest.mark.parametrize(
    ("command", "name", "text"),
    [
        ("uwsgi -p 4", "processes", "4"),
        ("uwsgi -p4 -M", "processes", "4"),
        ("uwsgi -Mp 4", "master", "true"),
        ("uwsgi --workers=4", "processes", "4"),
        ("/usr/bin/uwsgi --listen 512 --vacuum", "listen", "512"),
        ("uwsgi --http :80 --die-on-term", "http", ":80"),
        ("newrelic-admin run-program uwsgi --master --threads 2", "threads", "2"),
        ("uwsgi --some-plugins-option 5 -t 9", "harakiri", "9"),
    ],
)
def test_command_lines(command: str, name: str, text: str) -> None:
    found = held(*told(command))
    assert {s.name: s.text for s in found}[name] == text


def test_an_option_that_needs_a_value() -> None:
    [found] = held(*told("uwsgi --listen"))
    assert (found.status, found.reason) == (Status.REFUSED, "--listen needs a value")


def test_a_variable_may_name_a_file() -> None:
    found = [i for i in told("uwsgi", UWSGI_INI="/app/uwsgi.ini") if isinstance(i, Include)]
    assert [i.pattern for i in found] == ["/app/uwsgi.ini"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[uwsgi]\n= 5\n", "the name of the option is missing"),
        ("[uwsgi]\nini = $(CONFIG)\n", "only the running server would tell which file that is"),
        (
            "[uwsgi]\nini = http://conf/x.ini\n",
            "only the running server would tell which file that is",
        ),
    ],
)
def test_unread(text: str, reason: str) -> None:
    [found] = read(text, "uwsgi.ini")
    assert isinstance(found, Unread)
    assert reason in found.reason


def test_xml_is_unread() -> None:
    [found] = read("<uwsgi/>", "uwsgi.xml")
    assert isinstance(found, Unread)


@pytest.mark.parametrize(
    ("line", "host", "port", "socket"),
    [
        ("socket = :3031", "", 3031, ""),
        ("socket = 127.0.0.1:3031", "127.0.0.1", 3031, ""),
        ("http-socket = [::1]:80", "::1", 80, ""),
        ("http = 0.0.0.0:8080", "", 8080, ""),
        ("https = :443,a.crt,a.key", "", 443, ""),
        ("uwsgi-socket = /run/shop.sock", "", None, "/run/shop.sock"),
    ],
)
def test_endpoints(line: str, host: str, port: int | None, socket: str) -> None:
    assert READER.endpoints is not None
    [found] = READER.endpoints(settings(line))
    assert (found.side, found.host, found.port, found.socket) == ("listens", host, port, socket)


def test_places() -> None:
    [found, flag] = read("; c\n[uwsgi]\n  listen =  100 \r\nmaster\n", "uwsgi.ini")
    assert found.place == Place("uwsgi.ini", Span(3, 3, 3, 16), Span(3, 13, 3, 16))
    assert flag.place == Place("uwsgi.ini", Span(4, 1, 4, 7))


def test_no_alias_is_an_option_of_its_own() -> None:
    names = {entry.name for entry in SCHEMA.entries.values()}
    assert set(ALIASES) & names == set()
    assert set(ALIASES.values()) <= names
    assert set(SHORT.values()) <= names
    assert names >= FLAGS - set(ALIASES)


PIECES = [
    "[uwsgi]\n",
    "[x]\n",
    "processes",
    "=",
    "5",
    "\n",
    " ",
    ";",
    "#",
    "%(",
    ")",
    "%k",
    "$(A)",
    "if-env = A\n",
]
PIECES += [
    "endif =\n",
    "for = a b\n",
    "%(_)",
    "endfor\n",
    "ini = :x\n",
    "é",
    "\udcff",
    "\r\n",
    "[",
    "]",
    "%",
    "\ufeff",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join)


@given(TEXTS)
def test_everything_that_is_said_stands_in_an_item(text: str) -> None:
    where = Lines(text, "uwsgi.ini")
    spans = [item.place.span for item in read(text, "uwsgi.ini") if item.place]
    ranges = [
        range(where.offset(s.line, s.column), where.offset(s.end_line, s.end_column)) for s in spans
    ]
    for token in tokens(text, INI):
        if token.kind in ("key", "value"):
            assert any(token.start in r and token.end - 1 in r for r in ranges)


@given(TEXTS)
def test_whatever_is_read_can_be_judged(text: str) -> None:
    found = [i for i in read(text, "uwsgi.ini") if isinstance(i, Setting)]
    assert len(held(*found)) >= len(found)


@given(st.text('uwsgi:{}[]",- \n0a', max_size=30) | TEXTS)
def test_whatever_a_tree_holds_can_be_judged(text: str) -> None:
    for path in ("uwsgi.yaml", "uwsgi.json"):
        found = [i for i in read(text, path) if isinstance(i, Setting)]
        assert len(held(*found)) >= len(found)


@pytest.mark.parametrize(
    "lines",
    [
        "for-times = 999999999\n" + "z = %(_)\n" * 500,
        "ini = :uwsgi\n" * 100,
        "a = %(b)%(b)\nb = %(a)%(a)\nz = %(a)",
        "z = " + "%(" * 50_000,
        "z = " + "%k" * 50_000,
        "z = 1\n" * 30_000,
    ],
)
def test_hostile_texts_end_somewhere(lines: str) -> None:
    assert settings(lines)


def real_files() -> list[Path]:
    found = [*Path("/etc/uwsgi").glob("**/*.ini"), *Path("/usr/share/uwsgi").glob("**/*.ini")]
    found += [*Path("/usr/share/doc").glob("uwsgi*/**/*.ini"), *CASES.glob("**/*uwsgi*.ini")]
    return sorted(path for path in found if path.is_file())


@pytest.mark.parametrize("path", real_files() or [None], ids=str)
def test_real_files_are_read(path: Path | None) -> None:
    if path is None:
        pytest.skip("no file of uWSGI here (Debian package uwsgi-core)")
    found = list(read(decoded(path.read_bytes()), path.name))
    wrong = [
        i for i in found if isinstance(i, Unread) and "only the running server" not in i.reason
    ]
    assert wrong == []
    assert [i for i in held(*found) if i.status in (Status.REFUSED, Status.UNKNOWN_NAME)] == []


@pytest.mark.parametrize(
    ("file", "name", "line", "text", "status"),
    [
        ("MC-005/cliquet.ini", "cliquet.storage_pool_size", 2, "50", "ignored"),
        ("MC-005/cliquet.ini", "processes", 5, "3", "effective"),
        ("MC-123/uwsgi-slim.ini", "listen", 4, "1024", "effective"),
        ("MC-124/uwsgi.ini", "listen", 4, "1024", "effective"),
        ("MC-173/graphite-web.ini", "processes", 5, "8", "effective"),
    ],
)
def test_cases(file: str, name: str, line: int, text: str, status: str) -> None:
    path = CASES / file
    if not path.is_file():
        pytest.skip("the cases are not beside the project")
    found = [s for s in held(*read(decoded(path.read_bytes()), path.name)) if s.name == name]
    assert [(s.place.span.line, s.text, str(s.status)) for s in found if s.place] == [
        (line, text, status)
    ]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("harakir = 30", Status.UNKNOWN_NAME),
        ("enable-thread = true", Status.UNKNOWN_NAME),
        ("shop-folder = /srv", Status.EFFECTIVE),
        ("sockets = /run\nsocket = %(sockets)/shop", Status.EFFECTIVE),
    ],
)
def test_a_name_that_is_nearly_one_is_a_slip(text: str, status: Status) -> None:
    found = settings(f"{text}\n")
    assert found[0].status is status
