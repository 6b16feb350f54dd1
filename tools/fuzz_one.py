"""One reader under a coverage-guided fuzzer: no text may make it raise, hang or misplace something.

    tools/fuzz_one.py NAME SECONDS      new texts for that time (in the environment of tools/fuzz.py)
    tools/fuzz_one.py .fuzz/FILE ...    reads these again, with no fuzzer

It starts from the repository's examples and the files beside the reader's tests. A text that the
reader fails on is kept in .fuzz/, once for each place in the code that fails, and it goes on.
"""

from __future__ import annotations

import hashlib
import random
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from types import FrameType

from damage import LONGEST, damaged
from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Item, Setting, Unread
from plimsoll.model.signs import Signs
from plimsoll.syntax.text import decoded, encoded
from plimsoll.technologies import Technology, signs, technology

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".fuzz"
PATH = "fuzz/file"
SECONDS_FOR_ONE = 1.5  # the bound that the product keeps for a file


class TooSlowError(Exception):
    """A text took a reader longer than any real file does."""


class MisplacedError(Exception):
    """Something is said to stand where the text is not."""


def read(of: Technology, text: str) -> None:
    """Everything that the stack does with a text of that technology."""
    text = decoded(encoded(text))
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
    from plimsoll.stack.settle import settled  # only now: what is imported before is not traced

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

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


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


def fuzz(name: str, seconds: int) -> None:
    """New texts for a reader, those first that reach code which none reached before. Never returns."""
    import atheris

    with atheris.instrument_imports(
        include=["plimsoll.syntax", f"plimsoll.technologies.{own(name)}"]
    ):
        of = technology(name)
    if of is None:
        sys.exit(f"fuzz: no technology {name!r}")
    texts, failures = sources(of), Failures()
    corpus = KEPT / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for text in texts:
        data = encoded(text)[:LONGEST]
        (corpus / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)

    def attempt_one(data: bytes) -> None:
        attempt(of, decoded(data), failures)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - no secret
        if chance.random() < 0.5:
            return bytes(atheris.Mutate(data, most))
        return encoded(damaged(chance, decoded(data), chance.choice(texts)))[:most]

    options = [
        f"-artifact_prefix={KEPT}/",
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-rss_limit_mb=0",
        "-timeout=60",
        "-report_slow_units=1000",
    ]
    atheris.Setup(
        [sys.argv[0], *options, "-print_final_stats=1", str(corpus)],
        attempt_one,
        custom_mutator=mutated,
    )
    atheris.Fuzz()


def own(name: str) -> str:
    return name.replace("-", "_")


def again(paths: list[str]) -> Failures:
    """The kept texts once more."""
    failures = Failures()
    for path in map(Path, paths):
        of = technology(path.name.partition(".")[0])
        if of is not None:
            attempt(of, decoded(path.read_bytes()), failures)
    return failures


def main(words: list[str]) -> int:
    if len(words) == 2 and words[1].isdigit():
        fuzz(words[0], int(words[1]))
    return 1 if again(words).kept else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
