"""Past incidents on this machine: an SQLite file with full text, searched by cause before words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from plimsoll.learn.lessons.profile import of_postmortem
from plimsoll.learn.postmortem import Postmortem

_SCHEMA = """
create table if not exists incident (
    id integer primary key, path text not null, digest text not null, title text, start text,
    category text, setting text, technology text, cause text, minutes integer
);
create unique index if not exists incident_path on incident (path);
create table if not exists concept (
    incident integer not null references incident (id) on delete cascade, name text not null, weight real not null
);
create index if not exists concept_name on concept (name);
create virtual table if not exists words using fts5 (title, cause, body, tokenize = 'porter unicode61');
"""
_SAME_SETTING, _OF_WORDS = 100.0, 1.0
_INSERT = """
insert into incident (path, digest, title, start, category, setting, technology, cause, minutes)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_WORD = re.compile(r"\w+", re.UNICODE)
_WAIT_S = 10.0


class IndexFileError(Exception):
    """The file is no index, or cannot be written."""


class Told(Struct, frozen=True):
    """A row of the index. *weights*: of the concepts that it speaks of."""

    path: str
    digest: str
    title: str | None
    start: str | None
    category: str | None
    setting: str | None
    technology: str | None
    cause: str | None
    minutes: int | None
    body: str
    weights: dict[str, float]


class Hit(Struct, frozen=True):
    """*because*: what it shares with what was asked, the heaviest first."""

    path: str
    title: str | None
    start: str | None
    cause: str | None
    setting: str | None
    score: float
    because: tuple[str, ...]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The index in a file, made where it is absent.

    Raises:
        IndexFileError: the file is none.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_WAIT_S)) as connection:
            connection.execute("pragma foreign_keys = on")
            connection.executescript(_SCHEMA)
            yield connection
    except sqlite3.Error as problem:
        raise IndexFileError(f"{path}: {problem}") from problem


def known_digests(connection: sqlite3.Connection) -> dict[str, str]:
    """The digest of every file of the index, by path."""
    return dict(connection.execute("select path, digest from incident"))


def told(pm: Postmortem, digest: str, text: str) -> Told:
    """What the index holds of a postmortem; pure, so that every core can make its own."""
    cause = pm.root_cause
    return Told(
        path=pm.path,
        digest=digest,
        title=pm.title,
        start=pm.start.iso() if pm.start else None,
        category=str(cause.category) if cause else None,
        setting=cause.setting if cause else None,
        technology=cause.technology if cause else None,
        cause=cause.text if cause else None,
        minutes=pm.duration_minutes,
        body=text,
        weights=dict(of_postmortem(pm).weights),
    )


def put(connection: sqlite3.Connection, incidents: Iterable[Told]) -> int:
    """Stores each in the place of what its file said before, in one transaction; how many."""
    count = 0
    with connection:
        for each in incidents:
            _put_one(connection, each)
            count += 1
    return count


def forget(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Takes out what was read of these files."""
    with connection:
        for path in paths:
            _forget_one(connection, path)


def _forget_one(connection: sqlite3.Connection, path: str) -> None:
    old = connection.execute("select id from incident where path = ?", (path,)).fetchone()
    if old is not None:
        connection.execute("delete from words where rowid = ?", old)
        connection.execute("delete from incident where id = ?", old)


def _put_one(connection: sqlite3.Connection, each: Told) -> None:
    _forget_one(connection, each.path)
    row = (each.path, each.digest, each.title, each.start, each.category, each.setting,
           each.technology, each.cause, each.minutes)  # fmt: skip
    key = connection.execute(_INSERT, row).lastrowid
    connection.executemany(
        "insert into concept (incident, name, weight) values (?, ?, ?)",
        [(key, name, weight) for name, weight in each.weights.items()],
    )
    said = (key, each.title or "", each.cause or "", each.body)
    connection.execute("insert into words (rowid, title, cause, body) values (?, ?, ?, ?)", said)


def by_setting(connection: sqlite3.Connection, name: str, most: int = 10) -> list[Hit]:
    """Incidents whose cause names that setting or kind of setting; then those that only mention it."""
    exact = connection.execute(
        "select id from incident where lower(setting) = lower(?) order by start desc limit ?",
        (name, most),
    ).fetchall()
    scores = {row[0]: _SAME_SETTING for row in exact}
    because = {row[0]: [name] for row in exact}
    for key, score in _matching(connection, name, is_phrase=True, most=most):
        scores[key] = scores.get(key, 0.0) + score
        because.setdefault(key, []).append("the words")
    return _hits(connection, scores, because, most)


def by_text(connection: sqlite3.Connection, text: str, most: int = 10) -> list[Hit]:
    """Incidents in which the words stand, those about it first."""
    found = list(_matching(connection, text, is_phrase=False, most=most))
    return _hits(connection, dict(found), {key: ["the words"] for key, _ in found}, most)


def like(connection: sqlite3.Connection, pm: Postmortem, most: int = 10) -> list[Hit]:
    """Incidents of the same cause: the setting first, then what they share of it, then words."""
    scores: dict[int, float] = {}
    because: dict[int, list[str]] = {}
    cause = pm.root_cause
    if cause is not None and cause.setting:
        for (key,) in connection.execute(
            "select id from incident where setting = ?", (cause.setting,)
        ):
            scores[key] = _SAME_SETTING
            because[key] = [cause.setting]
    for name, weight in of_postmortem(pm).weights.items():
        rows = connection.execute("select incident, weight from concept where name = ?", (name,))
        for key, other in rows:
            scores[key] = scores.get(key, 0.0) + min(weight, other)
            because.setdefault(key, []).append(name)
    if cause is not None and cause.text:
        for key, score in _matching(connection, cause.text, is_phrase=False, most=50):
            scores[key] = scores.get(key, 0.0) + score
    own = connection.execute("select id from incident where path = ?", (pm.path,)).fetchone()
    if own is not None:
        scores.pop(own[0], None)
    return _hits(connection, scores, because, most)


def _matching(
    connection: sqlite3.Connection, text: str, *, is_phrase: bool, most: int
) -> Iterator[tuple[int, float]]:
    """Rows by their words, with a score between 0 and 10; titles and causes weigh more."""
    terms = [f'"{word}"' for word in _WORD.findall(text)[:40]]
    if not terms:
        return
    asked = f'"{" ".join(_WORD.findall(text)[:40])}"' if is_phrase else " OR ".join(terms)
    rows = connection.execute(
        "select rowid, bm25(words, 4.0, 6.0, 1.0) as rank from words where words match ? order by rank limit ?",
        (asked, most),
    )
    for key, rank in rows:
        yield key, min(10.0, -rank) * _OF_WORDS


def _hits(
    connection: sqlite3.Connection,
    scores: dict[int, float],
    because: dict[int, list[str]],
    most: int,
) -> list[Hit]:
    best: Sequence[int] = sorted(scores, key=lambda key: (-scores[key], key))[:most]
    out = []
    for key in best:
        row = connection.execute(
            "select path, title, start, cause, setting from incident where id = ?", (key,)
        )
        path, title, start, cause, setting = row.fetchone()
        shared = tuple(dict.fromkeys(because.get(key, ())))
        out.append(Hit(path, title, start, cause, setting, round(scores[key], 2), shared))
    return out
