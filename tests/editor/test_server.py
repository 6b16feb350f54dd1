"""A real process of the server, spoken to as an editor speaks."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_client import Editor, Json, insertion, replacement
from support.counts import drawn

RULE = "connections-exceed-server"
STATEMENT = """\
hosts: {m: {memory: 4GiB, cores: 2, nofile: 65536}}
services:
  app: {technology: gunicorn, host: m, files: [gunicorn.conf.py]}
  db: {technology: postgresql, version: "15", host: m, files: [postgresql.conf]}
links:
  - {from: app, to: db, connections: 20}
"""
GUNICORN = "workers = 2\n"
POSTGRES = "# plain\nmax_connections = 30\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "plimsoll.yaml").write_text(STATEMENT)
    (folder / "gunicorn.conf.py").write_text(GUNICORN)
    (folder / "postgresql.conf").write_text(POSTGRES)
    return folder


def codes(found: list[Json]) -> list[str]:
    return [str(each["code"]) for each in found]


def one(found: list[Json], code: str = RULE) -> Json:
    (only,) = [each for each in found if each["code"] == code]
    return only


def range_of(found: Json) -> tuple[int, int, int, int]:
    start, end = found["range"]["start"], found["range"]["end"]
    return start["line"], start["character"], end["line"], end["character"]


def at(uri: str, line: int, character: int) -> Json:
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}


def actions(editor: Editor, uri: str, found: Json) -> list[Json]:
    params = {
        "textDocument": {"uri": uri},
        "range": found["range"],
        "context": {"diagnostics": [found]},
    }
    return list(editor.ask("textDocument/codeAction", params))


def test_a_finding_follows_the_value_that_is_typed(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "postgresql.conf")
        found = one(editor.diagnostics(uri))
        assert range_of(found) == (1, 18, 1, 20)
        assert found["severity"] == 1
        assert found["source"] == "plimsoll"
        assert "40 > 30 - 3 = 27" in found["message"]
        assert found["codeDescription"]["href"].endswith(f"/{RULE}.yaml")
        related = [each["location"]["uri"] for each in found["relatedInformation"]]
        assert (shop / "gunicorn.conf.py").as_uri() in related
        editor.change(uri, replacement((1, 18), (1, 20), "300"))
        assert RULE not in codes(editor.diagnostics(uri))
        editor.change(uri, insertion(0, 0, "# 😀\n"), replacement((2, 18), (2, 21), "20"))
        assert range_of(one(editor.diagnostics(uri))) == (2, 18, 2, 20)
        assert (shop / "postgresql.conf").read_text() == POSTGRES
        assert editor.goodbye() == 0


def test_columns_are_told_in_the_units_that_were_agreed_on(tmp_path: Path) -> None:
    folder = tmp_path / "é"
    folder.mkdir()
    path = folder / "redis.conf"
    path.write_text('rename-command "😀é" x\nmaxclientz 5\n')
    (folder / "plimsoll.yaml").write_text(
        "services: {r: {technology: redis, files: [redis.conf]}}\n"
    )
    text = 'requirepass "😀é" maxclientz\n'
    for units, wanted in (("utf-16", 4), ("utf-8", 6), ("utf-32", 3)):
        with Editor() as editor:
            said = editor.initialize(
                folder, capabilities={"general": {"positionEncodings": [units]}}
            )
            assert said["positionEncoding"] == units
            uri = editor.open(path, text)
            editor.diagnostics(uri)
            editor.change(uri, replacement((0, 0), (0, 13 + wanted + 1), "maxclientz"))
            shown = editor.ask("textDocument/hover", at(uri, 0, 1))
            assert "maxclientz" in shown["contents"]["value"]


def test_files_beside_the_open_one_are_shown_and_cleared(shop: Path) -> None:
    (shop / "gunicorn.conf.py").write_text("workers = 64\n")
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "postgresql.conf")
        editor.diagnostics(uri)
        beside = (shop / "gunicorn.conf.py").as_uri()
        assert "workers-exceed-cores" in codes(editor.shown[beside])
        editor.close(uri)
        other = editor.open(shop.parent / "nothing.txt", "")
        editor.diagnostics(other)
        assert editor.shown[beside] == []
        assert editor.shown[uri] == []


def test_what_is_not_saved_in_one_file_counts_for_another(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        database = editor.open(shop / "postgresql.conf")
        assert RULE in codes(editor.diagnostics(database))
        application = editor.open(shop / "gunicorn.conf.py", "workers = 1\n")
        editor.diagnostics(application)
        editor.ask("textDocument/hover", at(database, 0, 0))  # waits for all of the stack
        assert RULE not in codes(editor.shown[database])


def test_what_changes_on_the_disk_is_seen_after_a_rest_and_at_once_when_told(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "postgresql.conf")
        editor.diagnostics(uri)
        (shop / "gunicorn.conf.py").write_text("workers = 1\n")
        editor.save(uri)
        editor.ask("textDocument/hover", at(uri, 0, 0))
        editor.change(uri, insertion(0, 0, "#"))
        assert RULE not in codes(editor.diagnostics(uri))


@pytest.mark.parametrize(
    ("statement", "line", "says"),
    [
        pytest.param("services:\n  a: {tecnology: x}\n", 1, "did you mean", id="key"),
        pytest.param("services: {a: {\n", 1, "", id="syntax"),
        pytest.param("rules:\n  no-such-rule: off\n" + STATEMENT, 1, "no rule", id="rule"),
    ],
)
def test_a_broken_statement_is_shown_at_its_line(
    shop: Path, statement: str, line: int, says: str
) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "plimsoll.yaml")
        editor.diagnostics(uri)
        editor.change(uri, {"text": statement})
        found = one(editor.diagnostics(uri), "cannot-check")
        assert range_of(found)[0] == line
        assert says in found["message"]
        editor.change(uri, {"text": STATEMENT})
        assert "cannot-check" not in codes(editor.diagnostics(uri))


def test_a_broken_rule_of_ones_own_is_shown_in_its_file(shop: Path) -> None:
    own = shop / ".plimsoll" / "rules"
    own.mkdir(parents=True)
    (own / "my-rule.yaml").write_text("id: my-rule\ntitel: x\n")
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "postgresql.conf")
        assert editor.diagnostics(uri) == []
        assert codes(editor.shown[(own / "my-rule.yaml").as_uri()]) == ["cannot-check"]


def test_a_file_outside_of_any_stack_is_checked_alone(tmp_path: Path) -> None:
    path = tmp_path / "redis.conf"
    with Editor() as editor:
        editor.initialize()
        uri = editor.open(path, "maxmemory 5xb\n")
        assert codes(editor.diagnostics(uri)) != []
        unknown = editor.open(tmp_path / "notes.txt", "maxmemory 5xb\n")
        assert editor.diagnostics(unknown) == []
        unsaved = "untitled:Untitled-1"
        item = {"uri": unsaved, "languageId": "x", "version": 1, "text": ""}
        editor.tell("textDocument/didOpen", {"textDocument": item})
        editor.change(uri, {"text": "maxmemory 5mb\n"})
        editor.diagnostics(uri)
        assert unsaved not in editor.shown


def test_several_folders_each_with_stacks_below(tmp_path: Path) -> None:
    for name in ("one", "two/deploy"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "plimsoll.yaml").write_text(STATEMENT)
        (folder / "gunicorn.conf.py").write_text(GUNICORN)
        (folder / "postgresql.conf").write_text(POSTGRES)
    with Editor() as editor:
        editor.initialize(tmp_path / "one", tmp_path / "two")
        uris = [editor.open(tmp_path / name / "postgresql.conf") for name in ("one", "two/deploy")]
        assert all(RULE in codes(editor.diagnostics(uri)) for uri in uris)
        editor.change(uris[0], {"text": "max_connections = 300\n"})
        assert RULE not in codes(editor.diagnostics(uris[0]))
        assert RULE in codes(editor.diagnostics(uris[1]))


def test_a_setting_is_explained_where_it_stands(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "postgresql.conf", "max_connections = 50\nmax_connections = 30\n")
        shown = editor.ask("textDocument/hover", at(uri, 1, 3))["contents"]["value"]
        assert r"**max\_connections of db** = `30`" in shown
        assert "overrides `50`, postgresql.conf:1" in shown
        assert "148%" in shown
        assert "40 > 30 - 3 = 27" in shown
        first = editor.ask("textDocument/hover", at(uri, 0, 3))["contents"]["value"]
        assert "no effect: shadowed" in first
        assert editor.ask("textDocument/hover", at(uri, 2, 0)) is None


def test_a_finding_can_be_accepted_or_its_rule_switched_off(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "postgresql.conf")
        found = one(editor.diagnostics(uri))
        offered = {each["title"]: each for each in actions(editor, uri, found)}
        assert all(each["diagnostics"][0]["code"] for each in offered.values())
        accept = next(each for title, each in offered.items() if title.startswith(f"Accept {RULE}"))
        editor.change(uri, *edits(accept, uri))
        assert RULE not in codes(editor.diagnostics(uri))
        off = offered[f"Switch {RULE} off in plimsoll.yaml"]
        (change,) = off["edit"]["documentChanges"]
        assert change["textDocument"]["uri"] == (shop / "plimsoll.yaml").as_uri()
        assert f"{RULE}: off" in change["edits"][0]["newText"]


def test_the_smallest_change_is_found_when_it_is_chosen(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "postgresql.conf")
        found = one(editor.diagnostics(uri))
        (repair,) = (e for e in actions(editor, uri, found) if e["title"] == f"Repair {RULE}")
        assert "edit" not in repair
        resolved = editor.ask("codeAction/resolve", repair)
        places = [each["textDocument"]["uri"] for each in resolved["edit"]["documentChanges"]]
        assert len(places) == len(set(places)) >= 1
        last: list[Json] = []
        for each in places:
            opened = uri if each == uri else editor.open(Path(each.removeprefix("file://")))
            editor.change(opened, *edits(resolved, each))
            last = editor.diagnostics(opened)
        assert RULE not in codes(last)


def test_what_is_repaired_already_has_no_edit(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "postgresql.conf")
        found = one(editor.diagnostics(uri))
        (repair,) = (e for e in actions(editor, uri, found) if e["title"] == f"Repair {RULE}")
        editor.change(uri, replacement((1, 18), (1, 20), "300"))
        editor.diagnostics(uri)
        assert "edit" not in editor.ask("codeAction/resolve", repair)


def edits(action: Json, uri: str) -> list[Json]:
    """The changes that an action makes in a file."""
    return [
        {"range": each["range"], "text": each["newText"]}
        for change in action["edit"]["documentChanges"]
        if change["textDocument"]["uri"] == uri
        for each in change["edits"]
    ]


# ------------------------------------------------------------------------------------- what it bears


def test_garbage_between_messages_does_no_harm(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        editor.send(b"garbage\r\nContent-Length: x\r\n\r\n")
        editor.send(b"Content-Length: 7\r\n\r\n{broken")
        editor.send(b"Content-Length: 4\r\n\r\n\xff\xfe\x00\x01")
        editor.tell("no/such/notification", {"a": 1})
        with pytest.raises(AssertionError, match="no/such/request"):
            editor.ask("no/such/request", {})
        with pytest.raises(AssertionError):
            editor.ask("textDocument/hover", {"position": "nowhere"})
        editor.tell("textDocument/didChange", {"textDocument": {"uri": "file:///x", "version": 2}})
        uri = editor.open(shop / "postgresql.conf")
        assert RULE in codes(editor.diagnostics(uri))
        assert editor.goodbye() == 0


def test_an_editor_that_is_gone_ends_it(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        editor.open(shop / "postgresql.conf")
        assert editor.process.stdin is not None
        editor.process.stdin.close()
        assert editor.process.wait(30) == 1


def test_a_message_that_is_too_long_ends_it(shop: Path) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        editor.send(b"Content-Length: 99999999999\r\n\r\n")
        assert editor.process.wait(30) == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_can_be_ended_while_it_checks(shop: Path, how: signal.Signals) -> None:
    with Editor() as editor:
        editor.initialize(shop)
        uri = editor.open(shop / "postgresql.conf")
        for number in range(20):
            editor.change(uri, insertion(0, 0, f"# {number}\n"))
        os.kill(editor.process.pid, how)
        assert editor.process.wait(30) != 0


def test_nothing_of_what_is_read_is_run(tmp_path: Path) -> None:
    trap = tmp_path / "run"
    text = f"import pathlib\npathlib.Path({str(trap)!r}).touch()\nworkers = 3\n"
    (tmp_path / "gunicorn.conf.py").write_text(text)
    with Editor() as editor:
        editor.initialize(tmp_path)
        uri = editor.open(tmp_path / "gunicorn.conf.py")
        editor.diagnostics(uri)
        editor.change(uri, insertion(0, 0, "import os\n"))
        editor.diagnostics(uri)
    assert not trap.exists()


# ---------------------------------------------------------------------------------- any edits at all

PIECES = st.sampled_from(
    [
        "max_connections = 3",
        "0",
        "0\n",
        "#",
        "\n",
        "'",
        " = ",
        "shared_buffers = 9TB\n",
        "é😀",
        "\r\n",
    ]
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 4), st.integers(0, 30), PIECES),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("edits")
    (folder / "plimsoll.yaml").write_text(STATEMENT)
    (folder / "gunicorn.conf.py").write_text(GUNICORN)
    (folder / "postgresql.conf").write_text(POSTGRES)
    with Editor() as typing, Editor() as fresh:
        typing.initialize(folder)
        fresh.initialize(folder)
        yield folder, typing, fresh


@settings(drawn(15, 300), deadline=None)
@given(changes=CHANGES)
def test_any_edits_end_in_what_a_fresh_check_of_the_text_finds(
    long_lived: tuple[Path, Editor, Editor], changes: list[tuple[int, int, int, int, str]]
) -> None:
    folder, typing, fresh = long_lived
    path = folder / "postgresql.conf"
    uri = typing.open(path)
    text = POSTGRES
    for line, column, end_line, end_column, new in changes:
        start, end = sorted([(line, column), (end_line, end_column)])
        typing.change(uri, replacement(start, end, new))
        text = edited(text, start, end, new)
    found = typing.diagnostics(uri)
    fresh.open(path, text)
    assert found == fresh.diagnostics(uri)
    typing.close(uri)
    fresh.close(uri)


def edited(text: str, start: tuple[int, int], end: tuple[int, int], new: str) -> str:
    """*text* with an edit, by another way than the server's: on UTF-16 units."""
    units = text.encode("utf-16-le")
    a, b = _offset(units, start), _offset(units, end)
    return (units[:a] + new.encode("utf-16-le") + units[b:]).decode("utf-16-le", "replace")


def _offset(units: bytes, at: tuple[int, int]) -> int:
    lines = units.decode("utf-16-le", "surrogatepass").replace("\r\n", "\x00\n").split("\n")
    if at[0] >= len(lines):
        return len(units)
    before = sum(len((line + "\n").encode("utf-16-le")) for line in lines[: at[0]])
    line = lines[at[0]].removesuffix("\x00").encode("utf-16-le")
    return before + min(2 * at[1], len(line))
