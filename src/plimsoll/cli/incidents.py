"""plimsoll incidents: past incidents, found again."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from plimsoll.cli.command import Command, CommandError, one_of
from plimsoll.cli.postmortem import postmortem_at, text_at

if TYPE_CHECKING:
    from plimsoll.learn.lessons.index import Hit
    from plimsoll.learn.postmortem import Postmortem

_ACTIONS = ("index", "search")
_INDEX = Path(".plimsoll", "incidents.db")
_ENDINGS = {".md", ".markdown", ".txt", ".html", ".htm"}
_MANY = 200  # files from which a pool of processes is worth its start
_CHUNK = 50


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action",
        metavar="|".join(_ACTIONS),
        type=one_of("action", lambda: _ACTIONS),
        help="index: read postmortems into the index; search: find past incidents in it",
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="FILE|WORD",
        help="index: files and folders of postmortems; search: words",
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
        "--format",
        default="text",
        type=one_of("format", lambda: ("text", "json")),
        metavar="text|json",
        help="search: how to write what is found (default: text)",
    )


def run(args: Namespace, out: TextIO) -> int:
    """0 indexed or found, 1 nothing is like it, 2 a file cannot be read."""
    from plimsoll.learn.lessons.index import IndexFileError

    try:
        return _index(args, out) if args.action == "index" else _search(args, out)
    except IndexFileError as problem:
        raise CommandError(str(problem)) from problem


def _index(args: Namespace, out: TextIO) -> int:
    from plimsoll.learn.lessons.index import known_digests, opened, put

    if not args.what:
        raise CommandError("plimsoll incidents index: which files?")
    paths = list(_files([Path(each) for each in args.what]))
    with opened(args.index) as connection:
        known = known_digests(connection)
        changed = [path for path in paths if known.get(str(path)) != _digest(path)]
        count = put(connection, _read_all(changed))
    out.write(f"{args.index.as_posix()}: {count} read, {len(paths) - count} unchanged\n")
    return 0


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in _ENDINGS)
        elif path.is_file():
            yield path
        else:
            raise CommandError(f"{path}: no such file or folder")


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as problem:
        raise CommandError(f"{path}: {problem.strerror or problem}") from problem


def _read_all(paths: Sequence[Path]) -> Iterator[tuple[Postmortem, str, str]]:
    """Each postmortem with its digest and its text; many of them on every core."""
    if len(paths) < _MANY:
        yield from map(_read_one, paths)
        return
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield from pool.map(_read_one, paths, chunksize=_CHUNK)


def _read_one(path: Path) -> tuple[Postmortem, str, str]:
    text = "\n".join(text_at(path).lines)
    return postmortem_at(path), _digest(path), text


def _search(args: Namespace, out: TextIO) -> int:
    from plimsoll.learn.lessons.index import by_setting, by_text, like, opened

    asked = [bool(args.what), args.like is not None, bool(args.setting)]
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
    "Finds past incidents again.",
    arguments,
    run,
    examples=(
        ("plimsoll incidents index docs/postmortems", "read them into .plimsoll/incidents.db"),
        ("plimsoll incidents search connection pool", "in which these words stand"),
        ("plimsoll incidents search --like pm.md", "of the same cause, the setting first"),
        (
            "plimsoll incidents search --setting max_connections",
            "in which this setting was the cause",
        ),
    ),
)
