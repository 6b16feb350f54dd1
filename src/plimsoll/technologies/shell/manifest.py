"""Reads start and deploy scripts: the server that a script becomes. None of it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Deployment, Manifest, Open, Word
from plimsoll.model.setting import Setting, Unread
from plimsoll.syntax.shell import Start, starts
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain

# What scripts do around the server that they start.
_AROUND = """: . [ [[ alias apk apt apt-get awk basename break cat cd chmod chown command continue cp
    curl cut date dirname docker echo exit false find git grep head id install kill ln logger ls
    make mkdir mktemp mv npm nproc pip pip3 popd printf ps pushd pwd read return rm rsync sed seq
    service shift sleep sort source ssh stat sysctl systemctl tail tar tee test timeout touch tr trap
    true type ulimit umask uname wait wc wget which xargs yarn"""
_HELPERS = frozenset(_AROUND.split())


def describe(paths: Sequence[str], open_: Open) -> Iterator[Deployment | Unread]:
    """The server that each script starts: what it becomes, else the last that it waits for."""
    return run(paths, open_, {})


def run(
    paths: Sequence[str], open_: Open, environment: Mapping[str, Word]
) -> Iterator[Deployment | Unread]:
    """The server that each script starts when it is run with an environment."""
    for path in paths:
        text = open_(path)
        if isinstance(text, Unread):
            yield text
            continue
        lines = Lines(text, path)
        found = starts(text, lines.place, environment)
        server = _server(found)
        if server is not None:
            limits = list(_limits(found, path))
            yield from (each for each in limits if isinstance(each, Unread))
            own = tuple(each for each in limits if isinstance(each, Setting))
            yield _deployment(server, path, lines.place(0, 0), own)


def _limits(found: Sequence[Start], path: str) -> Iterator[Setting | Unread]:
    """What `ulimit -n` leaves to what is started behind it."""
    for start in found:
        if start.words[0].text != "ulimit" or start.is_piped or start.is_background:
            continue
        options = "".join(word.text[1:] for word in start.words[1:] if word.text.startswith("-"))
        amount = start.words[-1]
        if "n" not in options or len(start.words) < 3 or amount.text.startswith("-"):
            continue
        place = start.words[0].place
        whole = " ".join(word.text for word in start.words)
        if isinstance(amount, Uncertain) or not start.is_certain:
            yield Unread(path, f"{whole}: what it leaves is only known when it runs", place)
            continue
        kinds = [n for n, letter in (("soft", "S"), ("hard", "H")) if letter in options]
        for kind in kinds or ("soft", "hard"):
            yield Setting(f"ulimit.nofile.{kind}", amount.text, _around(place, amount.place))


def _around(first: Place | None, last: Place | None) -> Place | None:
    if first is None or last is None:
        return first
    a, b = first.span, last.span
    return Place(first.path, Span(a.line, a.column, b.end_line, b.end_column), b)


def _server(found: Sequence[Start]) -> Start | None:
    programs = [start for start in found if not _is_helper(start)]
    for choice in (
        [start for start in programs if start.is_last],
        [start for start in programs if not start.is_background],
        programs,
    ):
        if choice:
            return choice[-1]
    return None


def _is_helper(start: Start) -> bool:
    """Whether a command is none of a server; of one that is only known when it runs nobody knows."""
    name = start.words[0]
    return isinstance(name, Uncertain) or start.is_piped or name.text.rpartition("/")[2] in _HELPERS


def _deployment(server: Start, path: str, start: Place, limits: tuple[Setting, ...]) -> Deployment:
    name = path.rpartition("/")[2].removesuffix(".sh")
    return Deployment(
        name=name,
        technology="shell",
        place=server.words[0].place or start,
        settings=limits,
        command=server.words,
        environment=server.environment,
        files=(path,),
    )


def states(paths: Sequence[str]) -> Sequence[Sequence[str]]:
    """Each script stands for itself."""
    return [[path] for path in paths]


MANIFEST = Manifest(
    describe=describe,
    run=run,
    states=states,
)
