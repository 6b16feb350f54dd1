from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Setting, Status, Unknown, Unread
from plimsoll.model.version import Version
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies import technology
from plimsoll.technologies.php_fpm.names import GLOBAL, POOL
from plimsoll.technologies.php_fpm.reader import READER, read

FPM = technology("php-fpm")
assert FPM is not None
SCHEMA = FPM.schema
CASES = Path(__file__).parents[4] / "shared" / "cases"


def held(*items: Item) -> list[Setting]:
    return settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])


def settings(text: str, path: str = "www.conf") -> list[Setting]:
    return held(*read(text, path))


def in_pool(line: str) -> Setting:
    return settings(f"[www]\n{line}\n")[-1]


def in_global(line: str) -> Setting:
    return settings(f"[global]\n{line}\n")[-1]


def told(command: str, **environment: str) -> list[Item]:
    assert READER.arguments is not None
    words = [Word(word) for word in command.split()]
    return list(READER.arguments(words, {n: Word(t) for n, t in environment.items()}))


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("pm.max_children = 5", "pm.max_children", 5),
        ("pm.max_children = 5 ; behind it", "pm.max_children", 5),
        ("PM.Max_Children = 5", "pm.max_children", 5),
        ("pm.max_requests = 0", "pm.max_requests", UNLIMITED),
        ("pm.max_requests =", "pm.max_requests", UNLIMITED),
        ("request_terminate_timeout = 30", "request_terminate_timeout", 30),
        ("request_terminate_timeout = 30s", "request_terminate_timeout", 30),
        ("request_terminate_timeout = 2m", "request_terminate_timeout", 120),
        ("request_terminate_timeout = 1h", "request_terminate_timeout", 3600),
        ("request_terminate_timeout = 1d", "request_terminate_timeout", 86_400),
        ("request_terminate_timeout = 0", "request_terminate_timeout", UNLIMITED),
        ("request_terminate_timeout = 1.5s", "request_terminate_timeout", 1),
        ("listen.backlog = -1", "listen.backlog", UNLIMITED),
        ("listen.backlog = 1|2", "listen.backlog", 3),
        ("rlimit_core = unlimited", "rlimit_core", UNLIMITED),
        ("php_admin_value[memory_limit] = 256M", "memory_limit", 2**28),
        ("php_value[max_execution_time] = 600", "max_execution_time", 600),
        ("php_value[post_max_size] = 512MB", "post_max_size", 512),
        ("php_admin_value[opcache.memory_consumption] = 64M", "opcache.memory_consumption", 2**26),
    ],
)
def test_numbers_of_a_pool(line: str, name: str, value: float) -> None:
    found = in_pool(line)
    assert (found.name, found.status) == (name, Status.EFFECTIVE)
    assert isinstance(found.value, Amount)
    assert (found.value.low, found.value.high) == (value, value)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("pm = Ondemand", "ondemand"),
        ("catch_workers_output = yes", True),
        ("clear_env = no", False),
        ('clear_env = "1"', True),
        ('clear_env = "yes"', True),
        ("clear_env = 0", False),
        ("php_flag[log_errors] = on", True),
        ("php_admin_flag[log_errors] = off", False),
        ("listen = /run/php-$pool.sock", "/run/php-www.sock"),
        ("env[PATH] = /usr/bin:$PATH", "/usr/bin:$PATH"),
        ("security.limit_extensions = .php .php5", ".php .php5"),
    ],
)
def test_other_values_of_a_pool(line: str, value: object) -> None:
    assert in_pool(line).value == value


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("log_level = WARN", "warning"),
        ("daemonize = no", False),
        ("syslog.facility = local0", "local0"),
    ],
)
def test_values_of_all_pools(line: str, value: object) -> None:
    found = in_global(line)
    assert (found.value, found.scope) == (value, ())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("pm.max_children = 5x", "no whole number"),
        ("pm.max_children = 1.5", "no whole number"),
        ("pm.max_children = 0", "0 is below 1"),
        ("pm.max_children = -3", "-3 is below 1"),
        ("pm.max_children =", "0 is below 1"),
        ("pm = fast", "'fast' is none of static, dynamic, ondemand"),
        ("request_terminate_timeout = 30S", "'S' is no unit of time"),
        ("request_terminate_timeout = 5min", "'n' is no unit of time"),
        ("request_terminate_timeout =", "a time is missing"),
        ("catch_workers_output = 2", "neither yes nor no"),
        ("php_flag[x] = maybe", "neither yes nor no"),
        ("process.priority = 100", "100 is above 20"),
        ("rlimit_core = -1", "-1 is below 0"),
        ("env[x] =", "its value is missing"),
        ("env[] = x", "the name in brackets is missing"),
        ("slowlog", "stands alone, without a value"),
        ("# comment", "stands alone, without a value"),
        ("pm = static = x", "unexpected '='"),
        ("pm = (1", "no `)` behind `(`"),
    ],
)
def test_refused(line: str, reason: str) -> None:
    found = in_pool(line)
    assert found.status is Status.REFUSED
    assert reason in found.reason
    assert isinstance(found.value, Unknown)


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        ("process_control_timeout = 10", Status.MISPLACED, "belongs into [global]"),
        ("pm.max_childern = 5", Status.UNKNOWN_NAME, "did you mean pm.max_children?"),
        ("php_admin_valeu[x] = 5", Status.UNKNOWN_NAME, "did you mean php_admin_value?"),
        ("# pm = static", Status.UNKNOWN_NAME, "php-fpm has no '# pm'"),
    ],
)
def test_names(line: str, status: Status, reason: str) -> None:
    found = in_pool(line)
    assert found.status is status
    assert reason in found.reason


def test_a_pools_name_outside_of_a_pool() -> None:
    found = in_global("pm.max_children = 5")
    assert (found.status, found.reason) == (
        Status.MISPLACED, "belongs into a pool: php-fpm does not start"
    )  # fmt: skip
    assert in_global("php_value[x] = 1").status is Status.REFUSED


def test_a_limit_below_what_php_uses_is_not_taken() -> None:
    assert in_pool("php_admin_value[memory_limit] = 512MB").status is Status.IGNORED


def test_what_php_makes_of_a_size_is_said() -> None:
    found = in_pool("php_admin_value[post_max_size] = 64MB")
    assert (found.status, found.reason) == (Status.EFFECTIVE, "'64MB', which PHP takes for 64")


@pytest.mark.parametrize(
    ("lines", "statuses"),
    [
        ("pm = static\npm = dynamic", "shadowed effective"),
        ("php_value[a] = 1\nphp_value[a] = 2", "effective shadowed"),
        ("php_flag[a] = on\nphp_value[a] = 2", "effective shadowed"),
        ("php_value[a] = 1\nphp_admin_value[a] = 2", "shadowed effective"),
        (
            "php_admin_value[a] = 1\nphp_value[a] = 2\nphp_admin_value[a] = 3",
            "effective shadowed shadowed",
        ),
        ("env[A] = 1\nenv[A] = 2", "effective shadowed"),
        ("access.suppress_path[] = /a\naccess.suppress_path[] = /b", "effective effective"),
    ],
)
def test_who_wins_in_a_pool(lines: str, statuses: str) -> None:
    assert [str(each.status) for each in settings(f"[www]\n{lines}\n")] == statuses.split()


def test_pools_of_one_name_are_one() -> None:
    first, second, third = held(
        *read("[www]\npm = static\n[b]\npm = static\n", "a.conf"),
        *read("[WWW]\npm = dynamic\n", "b.conf"),
    )
    assert first.status is Status.SHADOWED
    assert first.winner == third
    assert second.status is Status.EFFECTIVE
    assert first.scope == third.scope != second.scope


def test_sections_of_digits_and_several_in_a_file() -> None:
    found = settings("[164448]\npm = static\n[global]\nlog_level = error\n[x y]\npm = dynamic\n")
    assert ["/".join(map(str, each.scope)) for each in found] == ["pool 164448", "", "pool x y"]


def test_a_file_that_a_pool_includes_begins_its_own() -> None:
    [outer] = [i for i in read("[a]\npm = static\n", "a.conf") if isinstance(i, Setting)]
    [inner] = [i for i in read("[b]\npm = static\n", "b.conf") if isinstance(i, Setting)]
    found = READER.effective([outer, replace(inner, scope=(*outer.scope, *inner.scope))])
    assert [each.scope[-1].name for each in found] == ["a", "b"]
    assert all(len(each.scope) == 1 for each in found)


@pytest.mark.parametrize(
    ("line", "pattern"),
    [
        ("include=/etc/php/8.2/fpm/pool.d/*.conf", "/etc/php/8.2/fpm/pool.d/*.conf"),
        ("include = etc/php-fpm.d/*.conf ; docker's", "/etc/php-fpm.d/*.conf"),
    ],
)
def test_includes(line: str, pattern: str) -> None:
    [found] = read(f"{line}\n", "php-fpm.conf")
    assert isinstance(found, Include)
    assert found.pattern == pattern


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[www]\n{% if x %}\n", "a template that was not rendered"),
        ("[www]\npm = it's\n", "what follows is lost"),
        ("[w;w]\n", "no `]` behind `[`: php-fpm does not start"),
        ("include = ${DIR}/x\n", "depends on variables"),
    ],
)
def test_unread(text: str, reason: str) -> None:
    found = [each for each in read(text, "www.conf") if isinstance(each, Unread)]
    assert len(found) == 1
    assert reason in found[0].reason
    assert found[0].place


def test_templates_are_unknown() -> None:
    assert in_pool("pm.max_children = {{ n }}").value == Unknown("a template that was not rendered")
    assert in_pool("pm.max_children = @CHILDREN@").value == Unknown(
        "a template that was not rendered"
    )


def test_variables_are_those_of_the_environment() -> None:
    items = read("[www]\npm.max_children = ${CHILDREN}\nlisten = ${HOST}:9000\n", "www.conf")
    found = held(*items, *told("php-fpm", CHILDREN="7"))
    assert found[0].value == Amount.of(7)
    assert isinstance(found[1].value, Unknown)


def test_places() -> None:
    text = '[www]\r\n  php_value[a] = "b" ; c\r\n'
    [found] = read(text, "www.conf")
    assert found.place == Place("www.conf", Span(2, 3, 2, 21), Span(2, 18, 2, 21))
    assert isinstance(found, Setting)
    assert found.scope[0].place == Place("www.conf", Span(1, 1, 1, 6))


@pytest.mark.parametrize(
    ("command", "pattern", "daemonize"),
    [
        (
            "php-fpm8.2 --nodaemonize --fpm-config /etc/php/8.2/fpm/php-fpm.conf",
            "/etc/php/8.2/fpm/php-fpm.conf",
            "no",
        ),
        ("/usr/sbin/php-fpm -F -R -y/x.conf", "/x.conf", "no"),
        ("php-fpm -FRy x.conf -d memory_limit=1G", "x.conf", "no"),
        ("php-fpm --fpm-config=x.conf -D", "x.conf", "yes"),
    ],
)
def test_command_lines(command: str, pattern: str, daemonize: str) -> None:
    found = told(command)
    assert [i.pattern for i in found if isinstance(i, Include)] == [pattern]
    assert [i.text for i in found if isinstance(i, Setting)] == [daemonize]


@pytest.mark.parametrize(
    ("line", "host", "port", "socket"),
    [
        ("listen = 9000", "", 9000, ""),
        ("listen = 127.0.0.1:9000", "127.0.0.1", 9000, ""),
        ("listen = [::]:9000", "", 9000, ""),
        ("listen = /run/php/php8.2-fpm.sock", "", None, "/run/php/php8.2-fpm.sock"),
    ],
)
def test_endpoints(line: str, host: str, port: int | None, socket: str) -> None:
    assert READER.endpoints is not None
    [found] = READER.endpoints(settings(f"[www]\n{line}\n"))
    assert (found.side, found.host, found.port, found.socket, found.part) == (
        "listens",
        host,
        port,
        socket,
        "www",
    )


def test_the_backlog_is_another_one_since_8_2() -> None:
    old, new = (SCHEMA.default("listen.backlog", Version(v), "pool") for v in ("8.1", "8.2"))
    assert old is not None
    assert new is not None
    assert (old.value, new.value) == (Amount.of(511), Amount.of(UNLIMITED))


def test_every_name_has_an_entry() -> None:
    assert {n for n in GLOBAL if SCHEMA.entry(n) is None} == {"include"}
    assert {n for n in POOL if SCHEMA.entry(n, "pool") is None} == {"include"}


PIECES = [
    "[www]\n",
    "[global]\n",
    "pm",
    "=",
    "5",
    "\n",
    " ",
    ";",
    '"',
    "'",
    "php_value[",
    "]",
    "env[A]",
    "${X}",
]
PIECES += [
    "\r\n",
    "é",
    "\udcff",
    "{{ x }}",
    "\ufeff",
    "pm = static\n",
    "\t",
    "[",
    "$pool",
    "include=/x\n",
    "on",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join)


@given(TEXTS)
def test_every_line_that_says_something_has_an_item(text: str) -> None:
    where = Lines(text, "www.conf")
    items = list(read(text, "www.conf"))
    lines = {
        n for i in items if i.place for n in range(i.place.span.line, i.place.span.end_line + 1)
    }
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.strip("\ufeff \t\r")
        if plain and not plain.startswith((";", "[", "\ufeff")) and "\r" not in plain:
            assert number in lines or plain.lstrip("\ufeff \t").startswith((";", "[")), line
    assert all(
        where.offset(i.place.span.line, i.place.span.column) <= len(text) for i in items if i.place
    )


@given(TEXTS)
def test_whatever_is_read_can_be_judged(text: str) -> None:
    found = [i for i in read(text, "www.conf") if isinstance(i, Setting)]
    assert len(settled(READER, SCHEMA, found)) == len(found)


@pytest.mark.parametrize(
    "text",
    [
        "[a]\npm = " + "x" * 2_000_000,
        "[a]\n" + "pm = static\n" * 50_000,
        "[a]\n" + "[" * 300_000,
        "x" * 300_000,
    ],
)
def test_hostile_texts_are_read(text: str) -> None:
    assert list(read(text, "www.conf"))


def real_files() -> list[Path]:
    found = [*Path("/etc/php").glob("*/fpm/*.conf"), *Path("/etc/php").glob("*/fpm/pool.d/*.conf")]
    found += [
        *CASES.glob("**/php-fpm.d/*.conf"),
        *CASES.glob("**/pool.d/*.conf"),
        *CASES.glob("**/zabbix.conf"),
    ]
    return sorted(path for path in found if path.is_file())


@pytest.mark.parametrize("path", real_files() or [None], ids=str)
def test_real_files_are_read_as_a_whole(path: Path | None) -> None:
    if path is None:
        pytest.skip("no file of php-fpm here (Debian package php8.2-fpm)")
    found = list(read(decoded(path.read_bytes()), path.name))
    assert [i for i in found if isinstance(i, Unread)] == []
    assert [i for i in held(*found) if i.status is not Status.EFFECTIVE] == []


@pytest.mark.parametrize(
    ("file", "name", "line", "text"),
    [
        ("MC-071/pool.d/site-01.conf", "pm.max_spare_servers", 8, "8"),
        ("MC-095/zabbix.conf", "max_execution_time", 3, "600"),
        ("MC-096/php-fpm.d/www.conf", "request_terminate_timeout", 7, "5s"),
        ("MC-200/php-fpm.d/www.conf", "pm.max_children", 5, "5"),
    ],
)
def test_cases(file: str, name: str, line: int, text: str) -> None:
    path = CASES / file
    if not path.is_file():
        pytest.skip("the cases are not beside the project")
    found = [s for s in settings(decoded(path.read_bytes())) if s.name == name]
    assert [(s.place.span.line, s.text) for s in found if s.place] == [(line, text)]
