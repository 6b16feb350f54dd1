from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import BYTES, MIB, UNLIMITED, Amount
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Include, Item, Setting, Status, Unknown, Unread
from plimsoll.stack.settle import settled
from plimsoll.syntax.expression_ini import tokens
from plimsoll.syntax.expression_values import LEVELS
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies import technology
from plimsoll.technologies.php.reader import READER, read

PHP = technology("php")
assert PHP is not None
SCHEMA = PHP.schema
CASES = Path(__file__).parents[4] / "shared" / "cases"


def held(*items: Item) -> list[Setting]:
    return settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])


def settings(text: str, path: str = "php.ini") -> list[Setting]:
    return held(*read(text, path))


def one(text: str) -> Setting:
    [found] = settings(text)
    return found


def told(command: str, **environment: str) -> list[Item]:
    assert READER.arguments is not None
    words = [Word(word) for word in command.split()]
    return list(READER.arguments(words, {n: Word(t) for n, t in environment.items()}))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("memory_limit = 128M", 128 * 2**20),
        ("memory_limit = 512 M", 512 * 2**20),
        ("memory_limit = 1g", 2**30),
        ("memory_limit = 0x10M", 2**24),
        ("memory_limit = -1", UNLIMITED),
        ("post_max_size = 0", UNLIMITED),
        ("post_max_size = 512MB", 512),
        ("post_max_size = 0.5G", UNLIMITED),  # it is taken for 0
        ("post_max_size = 1T", 1),
        ("post_max_size = 512MK", 512 * 2**10),
        ("opcache.memory_consumption = 256", 256 * 2**20),
        ("session.cache_expire = 180", 180 * 60),
        ("max_execution_time = 0", UNLIMITED),
        ("max_execution_time = 60s", 60),
        ("max_execution_time = On", 1),
        ("max_input_vars = 1K", 1024),
        ("error_reporting = E_ALL", 32767),
        ("error_reporting = E_ALL & ~E_NOTICE", 32759),
        ("max_input_vars = ", 0),
    ],
)
def test_numbers(line: str, value: float) -> None:
    found = one(line).value
    assert isinstance(found, Amount)
    assert (found.low, found.high) == (value, value)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("opcache.enable = On", True),
        ("opcache.enable = yes", True),
        ('opcache.enable = "on"', True),
        ("opcache.enable = 2", True),
        ("opcache.enable = off", False),
        ("opcache.enable = none", False),
        ("opcache.enable =", False),
        ("opcache.enable = maybe", False),
    ],
)
def test_truths(line: str, value: bool) -> None:
    assert one(line).value is value


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("post_max_size = 512MB", "'512MB', which PHP takes for 512"),
        ("post_max_size = 0.5G", "'0.5G', which PHP takes for 0"),
        ("max_execution_time = 30s", "'30s', which PHP takes for 30"),
    ],
)
def test_what_php_makes_of_a_number_is_said(line: str, reason: str) -> None:
    found = one(line)
    assert (found.status, found.reason) == (Status.EFFECTIVE, reason)


def test_of_opcaches_megabytes_the_digits_count() -> None:
    found = one("opcache.memory_consumption = 300M")
    assert (found.value, found.reason) == (Amount.of(300 * MIB, BYTES), "")


@pytest.mark.parametrize(
    "line",
    [
        "max_input_vars = -1",
        "opcache.memory_consumption = 4",
        "opcache.max_accelerated_files = 2000000",
    ],
)
def test_out_of_range_the_default_stays(line: str) -> None:
    found = one(line)
    assert found.status is Status.IGNORED
    assert found.reason.endswith("its default stays")


@pytest.mark.parametrize("text", ["512MB", "1GB", "0.5G", "512Mi", "", "64"])
def test_a_limit_below_what_is_in_use_is_not_taken(text: str) -> None:
    found = one(f"memory_limit = {text}")
    assert found.status is Status.IGNORED
    assert isinstance(found.value, Unknown)


def test_minus_one_is_the_sum_or_the_other_one() -> None:
    assert one("max_input_time = -1").value == Formula("s.max_execution_time")


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("memory_limit=1G\nmemory_limit=2G\n", "shadowed effective"),
        ("[PHP]\nmemory_limit=1G\n[other]\nmemory_limit=2G\n", "shadowed effective"),
        ("memory_limit=1G\n[HOST=a.b]\nmemory_limit=2G\n", "effective effective"),
        (
            "memory_limit=1G\n[PATH=/a]\nmemory_limit=2G\n[x]\nmemory_limit=3G",
            "shadowed effective effective",
        ),
        ("memory_limit=1G\nMemory_Limit=2G\n", "effective effective"),
        ("extension=a\nextension=b\nzend_extension=c\n", "effective effective effective"),
        ("memory_limit=1G\nmemory_limit=512MB\n", "shadowed ignored"),
        ("memory_limit=1G\nmemory_limit\n", "effective ignored"),
        ("memory_limit=1G\na == b\nmemory_limit=2G\n", "effective ignored ignored"),
    ],
)
def test_who_wins(text: str, statuses: str) -> None:
    assert [str(each.status) for each in settings(text)] == statuses.split()


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ("conf.d/20-b.ini", "conf.d/10-a.ini", 0),
        ("conf.d/10-a.ini", "php.ini", 0),
        (".user.ini", "conf.d/99-z.ini", 0),
        ("etc/php/8.2/cli/php.ini", "etc/php/8.2/fpm/php.ini", 1),
        ("etc/php/8.2/fpm/php.ini", "etc/php/8.2/cli/conf.d/10-a.ini", 0),
        ("etc/php/8.2/apache2/php.ini", "etc/php/8.2/cli/php.ini", 0),
        ("php-cli.ini", "php-fpm-fcgi.ini", 1),
    ],
)
def test_which_file_wins(first: str, second: str, winner: int) -> None:
    items = [*read("memory_limit=1G", first), *read("memory_limit=2G", second)]
    found = held(*items)
    assert [each.status for each in found].index(Status.EFFECTIVE) == winner
    other = found[1 - winner]
    assert other.status is Status.SHADOWED or "only; here it runs as" in other.reason


def test_the_command_says_whose_files_are_read() -> None:
    files = [
        *read("memory_limit=1G", "php/cli/php.ini"),
        *read("memory_limit=2G", "php/fpm/php.ini"),
    ]
    found = held(*files, *told("php script.php"))
    assert [s.status for s in found[:2]] == [Status.EFFECTIVE, Status.IGNORED]


def test_what_the_command_lines_php_has_whatever_its_file_says() -> None:
    found = held(
        *read("max_execution_time = 30", "php.ini"), *told("php -d max_input_time=9 x.php")
    )
    told_of = {(s.name, s.status): s.text for s in found}
    assert told_of["max_execution_time", Status.IGNORED] == "30"
    assert told_of["max_execution_time", Status.EFFECTIVE] == "0"
    assert told_of["max_input_time", Status.EFFECTIVE] == "9"


@pytest.mark.parametrize(
    ("command", "name", "text"),
    [
        ("php -d memory_limit=2G x.php", "memory_limit", "2G"),
        ("php -dmemory_limit=2G x.php", "memory_limit", "2G"),
        ("php8.2 -qd memory_limit=2G", "memory_limit", "2G"),
        ("php -d short_open_tag x.php", "short_open_tag", "1"),
        ("php -d memory_limit=-1 x.php", "memory_limit", "-1"),
        ("/usr/sbin/php-fpm8.2 -F -y x.conf -d memory_limit=2G", "memory_limit", "2G"),
        ("php-fpm --fpm-config x.conf -d memory_limit=2G", "memory_limit", "2G"),
    ],
)
def test_command_lines(command: str, name: str, text: str) -> None:
    found = [i for i in told(command) if isinstance(i, Setting) and i.name == name]
    assert [each.text for each in found][-1] == text


def test_a_scripts_own_words_are_no_options() -> None:
    found = told("php artisan.php -d memory_limit=2G")
    assert [i for i in found if isinstance(i, Setting) and i.name == "memory_limit"] == []


@pytest.mark.parametrize(
    ("command", "environment", "pattern"),
    [
        ("php -c /srv/php.ini", {}, "/srv/php.ini"),
        ("php -c /srv", {}, "/srv/php.ini"),
        ("php-fpm -c/srv", {}, "/srv/php.ini"),
        ("php", {"PHPRC": "/srv"}, "/srv/php.ini"),
        ("php", {"PHP_INI_SCAN_DIR": "/a"}, "/a/*.ini"),
        ("php", {"PHP_INI_SCAN_DIR": ":/a"}, "/a/*.ini"),
    ],
)
def test_files_that_are_named(command: str, environment: dict[str, str], pattern: str) -> None:
    found = [i.pattern for i in told(command, **environment) if isinstance(i, Include)]
    assert found == [pattern]


def test_no_file_is_read() -> None:
    found = held(*read("memory_limit=1G", "php.ini"), *told("php -n"))
    assert (found[0].status, found[0].reason) == (Status.IGNORED, "-n: no php.ini is read")


def test_variables_are_those_of_the_environment_or_read_before() -> None:
    text = "post_max_size = 9M\nmemory_limit = ${post_max_size}\nmax_input_vars = ${VARS}0\n"
    found = held(*read(text, "php.ini"), *told("php-fpm", VARS="50"))
    assert [str(each.value) for each in found[:3]] == ["9 MiB", "9 MiB", "500"]


def test_a_variable_that_nobody_told_is_unknown() -> None:
    found = one("memory_limit = ${LIMIT}").value
    assert isinstance(found, Unknown)
    assert "${LIMIT}" in found.reason


@pytest.mark.parametrize(
    "line", ["memory_limit = {{ limit }}", "memory_limit = <%= @limit %>", "memory_limit = @LIMIT@"]
)
def test_templates_are_unknown(line: str) -> None:
    found = one(line)
    assert (found.name, found.value) == (
        "memory_limit",
        Unknown("a template that was not rendered"),
    )


def test_lines_of_a_template_do_not_stop_the_reader() -> None:
    found = list(read("{% if x %}\nmemory_limit = 1G\n<% end %>\n", "php.ini"))
    assert [type(each) for each in found] == [Unread, Setting, Unread]
    assert one("{% if x %}\nmemory_limit = 1G\n").status is Status.EFFECTIVE


def test_places() -> None:
    [found] = read('; c\n  memory_limit = "1G" ; d\r\n', "php.ini")
    assert found.place == Place("php.ini", Span(2, 3, 2, 22), Span(2, 18, 2, 22))


def test_sessions_on_a_server_are_endpoints() -> None:
    text = (
        "session.save_handler = redis\n"
        'session.save_path = "tcp://Cache:6380?weight=1, unix:///run/redis.sock, tcp://b"\n'
    )
    assert READER.endpoints is not None
    found = [(e.host, e.port, e.socket, e.technology) for e in READER.endpoints(settings(text))]
    assert found == [
        ("cache", 6380, "", "redis"),
        ("", None, "/run/redis.sock", "redis"),
        ("b", 6379, "", "redis"),
    ]


def test_sessions_in_files_are_none() -> None:
    assert READER.endpoints is not None
    assert list(READER.endpoints(settings("session.save_path = /var/lib/php\n"))) == []


PIECES = [
    "memory_limit",
    "=",
    "1G",
    "\n",
    " ",
    ";",
    '"',
    "'",
    "[PHP]\n",
    "[HOST=a]",
    "On",
    "${X}",
    "&",
    "(",
]
PIECES += [
    "\r\n",
    "é",
    "\udcff",
    "{{ x }}",
    "\ufeff",
    "a = b\n",
    "\t",
    "[",
    "]",
    "$",
    "\\",
    "E_ALL",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join)


@given(TEXTS)
def test_everything_that_is_said_stands_in_an_item(text: str) -> None:
    where = Lines(text, "php.ini")
    places = [item.place for item in read(text, "php.ini")]
    places += [b.place for i in read(text, "php.ini") if isinstance(i, Setting) for b in i.scope]
    spans = [p.span for p in places if p]
    ranges = [
        range(where.offset(s.line, s.column), where.offset(s.end_line, s.end_column)) for s in spans
    ]
    for token in tokens(text):
        if token.kind in ("label", "plain", "single", "double") and token.text.strip(" "):
            at = token.start + len(token.text) - len(token.text.lstrip(" "))
            assert any(at in r for r in ranges) or _is_section(text, token.start)


def _is_section(text: str, at: int) -> bool:
    """Whether a name stands in brackets that no setting follows."""
    return "[" in text[:at].rpartition("]")[2]


@given(TEXTS)
def test_whatever_is_read_can_be_judged(text: str) -> None:
    found = [i for i in read(text, "php.ini") if isinstance(i, Setting)]
    assert len(settled(READER, SCHEMA, found)) == len(found)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "x" * 2_000_000,
        'a = "' + "\\" * 500_000,
        "a = b\n" * 100_000,
        "[" * 300_000,
        "a = " + "${" * 200_000,
    ],
)
def test_hostile_texts_are_read_in_no_time(text: str) -> None:
    assert list(read(text, "php.ini"))


def real_files() -> list[Path]:
    found = [*Path("/etc/php").glob("**/*.ini"), *Path("/usr/lib/php").glob("*/php.ini*")]
    found += [*Path("/usr/share").glob("php*/**/*.ini"), *CASES.glob("**/php.ini")]
    return sorted(path for path in found if path.is_file())


@pytest.mark.parametrize("path", real_files() or [None], ids=str)
def test_real_files_are_read_as_a_whole(path: Path | None) -> None:
    if path is None:
        pytest.skip("no file of PHP here (Debian package php8.2-cli)")
    found = list(read(decoded(path.read_bytes()), path.name))
    assert [i for i in found if isinstance(i, Unread)] == []
    assert [i for i in held(*found) if i.status is not Status.EFFECTIVE] == []


@pytest.mark.parametrize(
    ("case", "name", "value"),
    [("MC-099", "max_execution_time", "3 min"), ("MC-198/old-server", "memory_limit", "512 MiB")],
)
def test_cases(case: str, name: str, value: str) -> None:
    path = CASES / case / "php.ini"
    if not path.is_file():
        pytest.skip("the cases are not beside the project")
    found = {each.name: each for each in settings(decoded(path.read_bytes()))}
    assert str(found[name].value) == value


def test_no_constant_is_forgotten() -> None:
    total = 0
    for number in LEVELS.values():
        total |= int(number)
    assert str(total) == LEVELS["E_ALL"]
