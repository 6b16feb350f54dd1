"""plimsoll incidents: past incidents, found again and measured."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from plimsoll.cli.command import Command, CommandError, one_of
from plimsoll.cli.postmortem_files import bytes_at, each_readable, postmortem_at, refuse, text_at

if TYPE_CHECKING:
    from plimsoll.learn.lessons.index import Hit, Told
    from plimsoll.learn.postmortem import Postmortem

_ACTIONS = ("index", "search", "measure")
_FORMATS = ("text", "json", "csv", "html")
_INDEX = Path(".plimsoll", "incidents.db")
_ENDINGS = {".md", ".markdown", ".txt", ".html", ".htm"}
_MANY = 200  # files from which a pool of processes is worth its start
_CHUNK = 50


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action",
        metavar="|".join(_ACTIONS),
        type=one_of("action", lambda: _ACTIONS),
        help="index: read postmortems into the index; search: find past incidents in it; "
        "measure: how long they took and where the minutes went",
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="FILE|WORD",
        help="index, measure: files and folders of postmortems; search: words",
    )
    parser.add_argument("--like", type=Path, metavar="FILE", help="search: incidents like this one")
    parser.add_argument(
        "--setting", default="", metavar="NAME", help="search: incidents with this setting"
    )
    parser.add_argument(
        "--index",
        type=Path,
        default=_INDEX,
        metavar="FILE",
        help=f"where the index is (default: {_INDEX.as_posix()})",
    )
    parser.add_argument(
        "--change",
        default="",
        metavar="YYYY-MM-DD",
        help="measure: compare the incidents before that day with those from it on",
    )
    parser.add_argument(
        "--format",
        default="text",
        type=one_of("format", lambda: _FORMATS),
        metavar="|".join(_FORMATS),
        help="search: text or json; measure: any of them (default: text)",
    )


def run(args: Namespace, out: TextIO) -> int:
    """0 indexed, found or measured, 1 there is none, 2 a file cannot be read."""
    from plimsoll.learn.lessons.index import IndexFileError

    actions = {"index": _index, "search": _search, "measure": _measure}
    try:
        return actions[args.action](args, out)
    except IndexFileError as problem:
        raise CommandError(str(problem)) from problem


def _index(args: Namespace, out: TextIO) -> int:
    from plimsoll.learn.lessons.index import forget, known_digests, opened, put

    if not args.what:
        raise CommandError("plimsoll incidents index: which files?")
    folders = [Path(each) for each in args.what]
    unread: list[str] = []
    paths = _files(folders, unread)
    with opened(args.index) as connection:
        known = known_digests(connection)
        there = {str(path) for path in paths}
        gone = [path for path in known if path not in there and _is_below(path, folders)]
        digests = dict(each_readable(paths, _digest, unread))
        changed = [path for path, digest in digests.items() if known.get(str(path)) != digest]
        forget(connection, gone)
        count = put(connection, _told(changed, unread))
    left = len(digests) - len(changed)
    out.write(f"{args.index.as_posix()}: {count} read, {left} unchanged, {len(gone)} gone\n")
    refuse(unread)
    return 0


def _is_below(path: str, folders: Sequence[Path]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)


def _files(paths: Sequence[Path], unread: list[str]) -> list[Path]:
    """The files that are named, and those of the folders that are; what is none goes to *unread*."""
    found: list[Path] = []
    for path in paths:
        below = sorted(p for p in path.rglob("*") if p.suffix.lower() in _ENDINGS)
        if path.is_file():
            found.append(path)
        elif below:
            found += below
        elif path.is_dir():
            unread.append(f"{path}: no postmortem in it ({', '.join(sorted(_ENDINGS))})")
        else:
            unread.append(f"{path}: no such file or folder")
    return found


def _digest(path: Path) -> tuple[Path, str]:
    return path, sha256(bytes_at(path)).hexdigest()


def _told(paths: Sequence[Path], unread: list[str]) -> Iterator[Told]:
    """What the index holds of each; what cannot be read is told in *unread*."""
    for each in _read_all(paths):
        if isinstance(each, CommandError):
            unread.append(str(each))
        else:
            yield each


def _read_all(paths: Sequence[Path]) -> Iterator[Told | CommandError]:
    """Many files on every core."""
    if len(paths) < _MANY:
        yield from map(_read_one, paths)
        return
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield from pool.map(_read_one, paths, chunksize=_CHUNK)


def _read_one(path: Path) -> Told | CommandError:
    from plimsoll.learn.lessons.index import told
    from plimsoll.learn.reading.read import read

    try:
        text = text_at(path)
    except CommandError as problem:
        return problem
    return told(read(text, str(path)), _digest(path)[1], "\n".join(text.lines))


def _measure(args: Namespace, out: TextIO) -> int:
    from plimsoll.learn.measures.measure import measure
    from plimsoll.learn.measures.summary import summary

    if not args.what:
        raise CommandError("plimsoll incidents measure: which files?")
    unread: list[str] = []
    paths = _files([Path(each) for each in args.what], unread)
    told = [
        pm for read in each_readable(paths, postmortem_at, unread) for pm in _each_incident(read)
    ]
    found = summary([measure(pm) for pm in told if pm.is_incident], _day(args.change))
    if args.format == "json":
        from plimsoll.learn.measures.tables import plain_data

        json.dump(plain_data(found), out, ensure_ascii=False, indent=2)
        out.write("\n")
    elif args.format == "csv":
        import csv

        from plimsoll.learn.measures.tables import COLUMNS

        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows([getattr(each, name) for name in COLUMNS] for each in found.incidents)
    elif args.format == "html":
        from plimsoll.learn.measures.page import page

        out.write(page(found))
    else:
        from plimsoll.learn.measures.tables import text_lines

        out.writelines(f"{line}\n" for line in text_lines(found))
    refuse(unread)
    return 0 if found.incidents else 1


def _each_incident(postmortem: Postmortem) -> Iterator[Postmortem]:
    yield postmortem
    yield from postmortem.others


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as problem:
        raise CommandError(f"--change {text!r}: no day; write it like 2027-01-31") from problem


def _search(args: Namespace, out: TextIO) -> int:
    from plimsoll.learn.lessons.index import by_setting, by_text, like, opened

    asked = [bool(args.what), args.like is not None, bool(args.setting)]
    if args.format not in ("text", "json"):
        raise CommandError("plimsoll incidents search: --format text or json")
    if sum(asked) != 1:
        raise CommandError("plimsoll incidents search: words, --like FILE or --setting NAME")
    if not args.index.is_file():
        raise CommandError(f"{args.index}: no index; make one with `plimsoll incidents index DIR`")
    with opened(args.index) as connection:
        if args.like is not None:
            hits = like(connection, postmortem_at(args.like))
        elif args.setting:
            hits = by_setting(connection, args.setting)
        else:
            hits = by_text(connection, " ".join(args.what))
    if args.format == "json":
        json.dump([_said(each) for each in hits], out, ensure_ascii=False, indent=2)
        out.write("\n")
    else:
        for each in hits:
            _tell(each, out)
        if not hits:
            out.write("no incident is like it\n")
    return 0 if hits else 1


def _said(hit: Hit) -> dict[str, object]:
    return {name: getattr(hit, name) for name in hit.__struct_fields__}


def _tell(hit: Hit, out: TextIO) -> None:
    day = (hit.start or "").partition("T")[0]
    out.write(f"{hit.path}: {hit.title or 'no title'}{f', {day}' if day else ''}\n")
    if hit.cause:
        out.write(f"    {hit.cause}\n")
    if hit.because:
        out.write(f"    shares {', '.join(hit.because[:4])}\n")


COMMAND = Command(
    "Finds past incidents again, and measures them.",
    arguments,
    run,
    examples=(
        ("plimsoll incidents index docs/postmortems", "read them into .plimsoll/incidents.db"),
        (
            "plimsoll incidents measure docs/postmortems",
            "how long they took, where the minutes went",
        ),
        (
            "plimsoll incidents measure docs/postmortems --change 2027-01-01 --format html",
            "one page with pictures; before that day against from it on",
        ),
        ("plimsoll incidents search connection pool", "in which these words stand"),
        ("plimsoll incidents search --like pm.md", "of the same cause, the setting first"),
        (
            "plimsoll incidents search --setting max_connections",
            "in which this setting was the cause",
        ),
    ),
)
