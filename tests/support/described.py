"""What a manifest makes of a folder, as text: for fixtures with the expected result beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from plimsoll.model.place import Place
from plimsoll.model.reader import Deployment, Word
from plimsoll.model.setting import Setting, Status, Unread
from plimsoll.stack.files import Folder, matches
from plimsoll.stack.settle import settled
from plimsoll.technologies import signs, technology

EXPECTED = "expected.txt"


def described(name: str, folder: Path) -> str:
    """States, services and settings of the folder, one a line, each with its place."""
    known = technology(name)
    assert known is not None
    assert known.manifest is not None
    files = Folder(folder, (EXPECTED,))
    paths = [p for p in files.paths() if any(matches(p, g) for g in signs()[name].manifests)]
    lines: list[str] = []
    for state in known.manifest.states(paths):
        lines.append(f"state {' '.join(state)}")
        for each in known.manifest.describe(state, files.text):
            lines += [f"unread {each}"] if isinstance(each, Unread) else _deployment(each)
    return "\n".join(lines) + "\n"


def _deployment(found: Deployment) -> Iterator[str]:
    yield f"service {found.name} at {_at(found.place)}"
    for name in ("image", "directory", "mounts", "addresses", "published", "files"):
        if value := getattr(found, name):
            yield f"  {name}: {value}"
    for word in found.command:
        yield f"  word {_word(word)}"
    for name, word in found.environment.items():
        yield f"  variable {name} = {_word(word)}"
    if not found.technology:  # files that nobody runs
        return
    known = technology(found.technology)
    assert known is not None
    assert known.reader is not None
    for setting in settled(known.reader, known.schema, found.settings):
        yield f"  {_setting(setting)}"


def _word(word: Word) -> str:
    value = getattr(word, "value", None)
    unknown = f" ({value})" if value is not None else ""
    return f"{word.text!r} at {_at(word.place)}{unknown}"


def _setting(found: Setting) -> str:
    status = "" if found.status is Status.EFFECTIVE else f" [{found.status}]"
    winner = f" by {_at(found.winner.place)}" if found.winner else ""
    reason = f": {found.reason}" if found.reason else ""
    secret = " (secret)" if found.is_secret else ""
    text = f"{found.name} = {found.text!r} -> {found.value}"
    return f"{found.origin} {text}{secret} at {_at(found.place)}{status}{winner}{reason}"


def _at(place: Place | None) -> str:
    if place is None:
        return "nowhere"
    span = place.value or place.span
    return f"{place.path}:{span.line}:{span.column}"
