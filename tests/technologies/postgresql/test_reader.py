from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.setting import Include, Item, Origin, Setting, Status, Unread
from plimsoll.stack.expand import Expansion
from plimsoll.stack.files import Folder
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import Lines, decoded, encoded
from plimsoll.technologies import technology
from plimsoll.technologies.postgresql.lexer import lines
from plimsoll.technologies.postgresql.reader import READER, effective, read

POSTGRESQL = technology("postgresql")
assert POSTGRESQL is not None
FILES = Path(__file__).parent / "files"
CASES = Path(__file__).parents[4] / "shared" / "cases"


def one(text: str) -> Item:
    [item] = read(text, "p.conf")
    return item


def setting(text: str) -> Setting:
    item = one(text)
    assert isinstance(item, Setting)
    return item


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("work_mem = 4MB", "work_mem", "4MB"),
        ("WORK_MEM 4MB # comment", "work_mem", "4MB"),
        ("\twork_mem='4MB'\r", "work_mem", "4MB"),
        ("datestyle = 'ISO, DMY'", "DateStyle", "ISO, DMY"),
        ("timezone = UTC", "TimeZone", "UTC"),
        ("sort_mem = 1MB", "work_mem", "1MB"),
        ("vacuum_mem = 1MB", "maintenance_work_mem", "1MB"),
        ("My.Thing = 'it''s'", "my.thing", "it's"),
        ("archive_command = 'test ! -f ${X}/%f'", "archive_command", "test ! -f ${X}/%f"),
        ("password_encryption = 'scram-sha-256'", "password_encryption", "scram-sha-256"),
        ("search_path = ''", "search_path", ""),
        ("\u0130x = 1", "\u0130x", "1"),
    ],
)
def test_settings(line: str, name: str, text: str) -> None:
    found = setting(line)
    assert (found.name, found.text, found.status) == (name, text, Status.EFFECTIVE)


def test_only_a_setting_of_an_extension_has_its_value_from_the_reader() -> None:
    assert setting("work_mem = 4MB").value is None
    assert setting("auto_explain.log_min_duration = '3s'").value == "3s"


def test_places() -> None:
    found = setting("# one\n  work_mem = '4 MB'   # three\n")
    assert found.place == Place("p.conf", Span(2, 3, 2, 20), Span(2, 14, 2, 20))
    assert setting("work_mem 4MB; ").place == Place("p.conf", Span(1, 1, 1, 14), Span(1, 10, 1, 14))
    assert setting("work_mem =  ").place == Place("p.conf", Span(1, 1, 1, 11))


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        ("work_mem = 12 GB", "12 GB", "GB stands behind 12; write '12 GB'"),
        ("work_mem = 4.5GB # x", "4.5GB", "GB stands behind 4.5; write '4.5GB'"),
        ("work_mem = 10e3", "10e3", "3 stands behind 10e; write '10e3'"),
        ("port = 5432;", "5432;", "; stands behind 5432"),
        ("listen_addresses = *", "*", "* has no quotes; write '*'"),
        (
            "lc_time = en_US.UTF8",
            "en_US.UTF8",
            "en_US.UTF8 has a dot and no quotes; write 'en_US.UTF8'",
        ),
        ("work_mem = 'a", "'a", "a quote is not closed"),
        ("work_mem =", "", "no value stands here"),
        ("work_mem", "", "no value stands here"),
        ("search_path = 'a' 'b'", "'a' 'b'", "'b' stands behind 'a'"),
    ],
)
def test_what_only_quotes_would_make_right_is_refused(line: str, text: str, reason: str) -> None:
    found = setting(line)
    assert (found.status, found.text) == (Status.REFUSED, text)
    assert found.reason == f"syntax error, the server refuses the file: {reason}"


@pytest.mark.parametrize(
    "line", ["primary_conninfo = host=a password=s3cret", "primary_conninfo = 's3cret {{ x }}'"]
)
def test_no_reason_tells_a_secret(line: str) -> None:
    found = one(line)
    assert isinstance(found, Setting | Unread)
    assert found.reason
    assert "s3cret" not in found.reason


def test_what_nobody_may_set_is_refused() -> None:
    found = setting("block_size = 8192")
    assert found.status is Status.REFUSED
    assert "cannot be set" in found.reason


@pytest.mark.parametrize(
    ("line", "pattern", "is_optional"),
    [
        ("include 'more.conf'", "more.conf", False),
        ("INCLUDE = '/etc/x.conf'", "/etc/x.conf", False),
        ("include_if_exists more/conf", "more/conf", True),
        ("include_dir = 'conf.d'", "conf.d/[!.]*.conf", True),
        ("include_dir 'conf.d/'", "conf.d/[!.]*.conf", True),
        ("include 'a*b?[c]'", "a[*]b[?][[]c]", False),
    ],
)
def test_includes(line: str, pattern: str, is_optional: bool) -> None:
    found = one(line)
    assert isinstance(found, Include)
    assert (found.pattern, found.is_optional) == (pattern, is_optional)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("include more.conf", "has a dot and no quotes"),
        ("include ''", "no path stands here"),
        ("hello-world = 1", "not a setting: hello-world = 1"),
        ("hello world again", ""),
        ("\ufeffwork_mem = 4MB", "a byte order mark stands before the first name"),
        ("work_mem = {{ work_mem }}", "a template that was not rendered"),
        ("work_mem = '{{ work_mem }}'", "a template that was not rendered"),
        ("work_mem = ${WORK_MEM}", "a template that was not rendered"),
        ("work_mem = @WORK_MEM@", "a template that was not rendered"),
        ("{% if big %}", "a template that was not rendered"),
        ("<%= @x %>", "a template that was not rendered"),
    ],
)
def test_unread(line: str, reason: str) -> None:
    found = one(line)
    if line == "hello world again":  # a name, a value, and more
        assert isinstance(found, Setting)
        assert found.status is Status.REFUSED
        return
    assert isinstance(found, Unread)
    assert reason in found.reason
    assert found.place


def at(
    path: str, text: str, origin: Origin = Origin.FILE, status: Status = Status.EFFECTIVE
) -> Setting:
    return Setting("work_mem", text, Place(path, Span(1, 1, 1, 2)), origin=origin, status=status)


FILE, OTHER = at("postgresql.conf", "1MB"), at("postgresql.conf", "2MB")
AUTO = at("data/postgresql.auto.conf", "3MB")
COMMAND = at("compose.yaml", "4MB", Origin.COMMAND_LINE)
ENVIRONMENT = at("compose.yaml", "5MB", Origin.ENVIRONMENT)
REFUSED = at("postgresql.conf", "1gb", status=Status.REFUSED)
STATED = at("plimsoll.yaml", "6MB", Origin.STATED)


@pytest.mark.parametrize(
    ("settings", "winner"),
    [
        ([FILE, OTHER], OTHER),
        ([AUTO, FILE], AUTO),
        ([FILE, AUTO], AUTO),
        ([COMMAND, FILE, AUTO], COMMAND),
        ([FILE, ENVIRONMENT], FILE),
        ([ENVIRONMENT], ENVIRONMENT),
        ([FILE, COMMAND, STATED], STATED),
        ([REFUSED, FILE], FILE),
    ],
)
def test_who_wins(settings: Sequence[Setting], winner: Setting) -> None:
    found = effective(settings)
    assert [each.status for each in found] == [
        Status.EFFECTIVE if each is winner else Status.SHADOWED for each in settings
    ]
    assert all(each.winner is winner for each in found if each.status is Status.SHADOWED)


@pytest.mark.parametrize(
    "settings", [[FILE, REFUSED], [REFUSED, COMMAND], [setting("work_mem = 1 GB"), FILE]]
)
def test_a_refused_line_stays_refused_unless_a_later_file_line_repeats_it(
    settings: Sequence[Setting],
) -> None:
    assert [s.status for s in effective(settings)].count(Status.REFUSED) == 1


def test_other_names_and_other_statuses_are_left_alone() -> None:
    settings = [FILE, *read("port = 1\n", "postgresql.conf")]
    assert effective([s for s in settings if isinstance(s, Setting)]) == settings


@pytest.mark.parametrize("folder", [p.name for p in FILES.iterdir()])
def test_folders(folder: str) -> None:
    expansion = Expansion(Folder(FILES / folder))
    found = expansion.file("postgresql.conf", READER)
    found += expansion.file("postgresql.auto.conf", READER)
    assert POSTGRESQL
    shown = []
    for each in settled(READER, POSTGRESQL.schema, found):
        by = f" by {each.winner.place}" if each.winner else ""
        shown.append(f"{each.place} {each.name} = {each.text} ({each.status}{by})")
    assert expansion.unread == []
    assert shown == (FILES / folder / "expected.txt").read_text().splitlines()


PIECES = [
    "work_mem",
    "include ",
    "ext.x",
    " = ",
    "'a''b'",
    "'",
    "\\",
    "4MB",
    "12 GB",
    "# c",
    "\n",
    "\r\n",
]
PIECES += ["\ufeff", "é", "\udcff", "{{ x }}", ";", "''", "block_size=1"]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join)


@given(TEXTS)
def test_everything_that_is_said_stands_in_an_item(text: str) -> None:
    where = Lines(text, "p.conf")
    spans = [item.place.span for item in read(text, "p.conf") if item.place]
    ranges = [
        range(where.offset(s.line, s.column), where.offset(s.end_line, s.end_column)) for s in spans
    ]
    for line in lines(text):
        for token in line:
            if token.kind in ("name", "value", "junk"):
                assert any(token.start in r and token.end - 1 in r for r in ranges)


@given(TEXTS)
def test_values_stand_where_they_are_said_to(text: str) -> None:
    where = Lines(text, "p.conf")
    for item in read(text, "p.conf"):
        if isinstance(item, Setting) and item.status is Status.REFUSED and item.place:
            span = item.place.value
            if span and "syntax" in item.reason:
                start = where.offset(span.line, span.column)
                assert text[start : where.offset(span.end_line, span.end_column)] == item.text


@given(
    st.from_regex(r"[a-z_]{1,9}", fullmatch=True),
    st.text(st.characters(exclude_characters="\0\n{<")),
)
def test_a_written_setting_is_read_back(name: str, text: str) -> None:
    raw = text.replace("\\", "\\\\").replace("'", "''")
    found = one(f"\t{name}\t=  '{raw}' # comment ' =\n")
    if name.startswith("include"):
        return
    assert isinstance(found, Setting)
    assert found.text == text


def real_files() -> list[Path]:
    found = [
        *Path("/etc/postgresql").glob("**/*"),
        *Path("/usr/share/postgresql").glob("*/*.sample"),
    ]
    found += CASES.glob("**/postgresql*.conf")
    return sorted(path for path in found if path.is_file())


@pytest.mark.parametrize("path", real_files() or [None], ids=str)
def test_real_files_are_read_without_loss(path: Path | None) -> None:
    if path is None:
        pytest.skip("no file of PostgreSQL here (Debian package postgresql)")
    if not os.access(path, os.R_OK):
        pytest.skip(f"{path} is not for this user to read")
    data = path.read_bytes()
    text = decoded(data)
    joined = "".join(token.text for line in lines(text) for token in line)
    assert encoded(joined) == data
    if path.name in ("postgresql.conf", "postgresql.conf.sample"):
        assert [item for item in read(text, path.name) if isinstance(item, Unread)] == []


def test_a_huge_line_is_read_in_no_time() -> None:
    assert len(list(read("x = " + "'\\" * 200_000, "p.conf"))) == 1
    assert len(list(read("x = " + "''" * 200_000, "p.conf"))) == 1
    assert len(list(read("a.b." * 100_000, "p.conf"))) == 1
