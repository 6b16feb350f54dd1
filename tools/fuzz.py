"""Damaged files for every reader: none may raise, hang, or place something outside of its text.

    tools/fuzz.py                FUZZ_SECONDS (60) of new texts; FUZZ_SEED repeats a run
    tools/fuzz.py .fuzz/FILE ... reads these again

The texts are the repository's examples and test files, damaged. One that a reader fails on is kept
in .fuzz/, once for each place in the code that fails.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from time import monotonic
from types import FrameType

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Item, Setting, Unread
from plimsoll.model.signs import Signs
from plimsoll.stack.settle import settled
from plimsoll.syntax.text import decoded, encoded
from plimsoll.technologies import Technology, names, signs, technology

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".fuzz"
PATH = "fuzz/file"
SECONDS_FOR_ONE = 5.0
LONGEST = 200_000


class TooSlowError(Exception):
    """A text took a reader longer than any real file does."""


class MisplacedError(Exception):
    """Something is said to stand where the text is not."""


# ------------------------------------------------------------------------------------- one text


def read(of: Technology, text: str) -> None:
    """Everything that the stack does with a text of that technology."""
    if of.reader is not None:
        items = list(of.reader.read(text, PATH))
        check_places(items, text)
        settle(of, items)
        if of.reader.arguments is not None:
            words = [Word(word) for word in text.split()[:50]]
            settle(of, list(of.reader.arguments(words, {w.text: w for w in words})))
    if of.manifest is not None:
        for state in of.manifest.states([PATH]):
            list(of.manifest.describe(state, lambda path: opened(path, text)))


def settle(of: Technology, items: list[Item]) -> None:
    if of.reader is None:
        return
    settings = [item for item in items if isinstance(item, Setting)]
    held = settled(of.reader, of.schema, settings)
    if of.reader.endpoints is not None:
        list(of.reader.endpoints(held))


def opened(path: str, text: str) -> str | Unread:
    return text if path == PATH else Unread(path, "there is no such file")


def check_places(items: list[Item], text: str) -> None:
    """Raises: MisplacedError: one of them ends before it begins, or stands outside of *text*."""
    widths = [len(line) for line in text.split("\n")]
    for item in items:
        scope = () if isinstance(item, Unread) else item.scope
        for place in [item.place, *(block.place for block in scope)]:
            for span in spans(place):
                check_span(span, widths, item)


def spans(place: Place | None) -> Iterator[Span]:
    if place is not None:
        yield place.span
        if place.value is not None:
            yield place.value


def check_span(span: Span, widths: list[int], item: Item) -> None:
    begin, end = (span.line, span.column), (span.end_line, span.end_column)
    for line, column in (begin, end):
        # a line's feed is part of it: what reaches it may end one column behind the text
        if not (1 <= line <= len(widths) and 1 <= column <= widths[line - 1] + 2):
            raise MisplacedError(f"{span} in a text of {len(widths)} lines: {item}")
    if begin > end:
        raise MisplacedError(f"{span} ends before it begins: {item}")


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ------------------------------------------------------------------------------------ damaging it

# What lexers and number readers trip over.
PIECES = (
    "{", "}", "{" * 3000, "[" * 3000, "(" * 3000, ";", "#", "'", '"', '"""', "\\", "\\\n", "\n",
    "\r\n", "\r", "\0", "\t", "\x0b", "\x85", "\u2028", "\ufeff", "\udcff", "\U0001f6a2", "²", "٣",
    "$", "${", "${A:-", "%", "%%i", "&a", "*a", "<<: *a\n", "!!python/object:x.y {}", "---\n", "=",
    ":", ": ", "- ", "include *;\n", "-1", "0", "00", "1e999", "9" * 5000, "0x", "1.5.2", "nan",
    "inf", "18446744073709551616", "kB", "ms", "on", "~", "|\n", ">-\n", " " * 500, "a" * 5000,
)  # fmt: skip

Damage = Callable[[random.Random, str, str], str]


def cut(chance: random.Random, text: str, _: str) -> str:
    start, end = two_places(chance, text)
    return text[:start] + text[end:]


def repeat(chance: random.Random, text: str, _: str) -> str:
    start, end = two_places(chance, text)
    return text[:end] + text[start:end] * chance.choice((1, 1, 2, 50)) + text[end:]


def put_in(chance: random.Random, text: str, _: str) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(PIECES) + text[at:]


def replace(chance: random.Random, text: str, _: str) -> str:
    at = chance.randint(0, len(text))
    return (
        text[:at]
        + chr(chance.choice((chance.randrange(128), chance.randrange(0xD800))))
        + (text[at + 1 :])
    )


def graft(chance: random.Random, text: str, other: str) -> str:
    start, end = two_places(chance, other)
    at = chance.randint(0, len(text))
    return text[:at] + other[start:end] + text[at:]


def two_places(chance: random.Random, text: str) -> tuple[int, int]:
    """A piece of the text, rather short than long."""
    start = chance.randint(0, len(text))
    return start, min(len(text), start + int(chance.expovariate(1 / 40)))


DAMAGES: tuple[Damage, ...] = (cut, repeat, put_in, put_in, replace, graft)


def damaged(chance: random.Random, text: str, other: str) -> str:
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        text = chance.choice(DAMAGES)(chance, text, other)
    return decoded(encoded(text[:LONGEST]))


# ----------------------------------------------------------------------------------- all of them


def sources(of: Technology) -> list[str]:
    """The texts of a technology: those beside its tests and examples known by their names."""
    shown = signs().get(of.name, Signs())
    globs = (*shown.files, *shown.manifests)
    own = ROOT / "tests" / "technologies" / of.name.replace("-", "_")
    paths = [path for path in own.rglob("*") if "__pycache__" not in path.parts]
    paths += [path for path in (ROOT / "examples").rglob("*") if known_by(path, globs)]
    texts = [decoded(path.read_bytes()) for path in sorted(paths) if path.is_file()]
    return texts or [""]


def known_by(path: Path, globs: tuple[str, ...]) -> bool:
    return any(fnmatch(path.as_posix(), f"*/{glob}") for glob in globs)


@dataclass
class Failures:
    """The texts that were kept, by the place in the code that failed."""

    kept: dict[tuple[str, str], Path] = field(default_factory=dict)

    def keep(self, of: Technology, text: str, problem: BaseException) -> None:
        at = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{type(problem).__name__} at {Path(at.filename).name}:{at.lineno}"
        if (of.name, place) in self.kept:
            return
        KEPT.mkdir(exist_ok=True)
        data = encoded(text)
        path = KEPT / f"{of.name}.{hashlib.sha256(data).hexdigest()[:12]}"
        path.write_bytes(data)
        self.kept[of.name, place] = path
        print(f"{of.name}: {place}: {str(problem)[:200]}\n    kept: {path.relative_to(ROOT)}")


def attempt(of: Technology, text: str, failures: Failures) -> None:
    try:
        with limited(SECONDS_FOR_ONE):
            read(of, text)
    except Exception as problem:  # noqa: BLE001 - any of them is what we look for
        failures.keep(of, text, problem)


def known() -> list[Technology]:
    """Every technology that reads something."""
    found = [technology(name) for name in names()]
    return [each for each in found if each and (each.reader or each.manifest)]


def fuzz(seconds: float, seed: int) -> Failures:
    """New texts for that time, the technologies in turn."""
    chance, failures, count = random.Random(seed), Failures(), 0  # noqa: S311 - no secret
    technologies = known()
    texts = {of.name: sources(of) for of in technologies}
    every = [text for own in texts.values() for text in own]
    until = monotonic() + seconds
    while monotonic() < until:
        for of in technologies:
            text = damaged(chance, chance.choice(texts[of.name]), chance.choice(every))
            attempt(of, text, failures)
            count += 1
    told = ", ".join(f"{name} ({len(own)} texts)" for name, own in texts.items())
    print(f"fuzz: {count} damaged texts, seed {seed}, for {told}: {len(failures.kept)} failures")
    return failures


def again(paths: list[str]) -> Failures:
    """The kept texts once more."""
    failures, of = Failures(), {each.name: each for each in known()}
    for path in map(Path, paths):
        attempt(of[path.name.partition(".")[0]], decoded(path.read_bytes()), failures)
    return failures


def main(words: list[str]) -> int:
    seed = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(2**32)))
    seconds = float(os.environ.get("FUZZ_SECONDS", "60"))
    return 1 if (again(words) if words else fuzz(seconds, seed)).kept else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
