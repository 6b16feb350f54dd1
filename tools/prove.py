"""What is counted with large numbers, step after step. What has passed is not done again.

A step is the tests of one folder, with many random examples for every property, or a program
tools/prove_*.py, which puts its figures into docs/benchmarks.md. A step that passed leaves a file in
.prove/, named after all that the project consists of; so a run that was stopped goes on where it
was, and one after a change begins anew. Programs may keep what they counted so far beside it
(`kept`).

    tools/prove.py                all steps that have not passed
    tools/prove.py cases nginx    the steps whose names hold one of these words, passed or not
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROVED = ROOT / ".prove"


def main(words: Sequence[str]) -> int:
    failed = []
    for name, command in steps():
        if words and not any(word in name for word in words):
            continue
        mark = kept(f"{name.replace('/', '-')}.passed")
        if mark.exists() and not words:
            print(f"{name}: passed before")
            continue
        print(f"{name}: begins", flush=True)
        began = time.monotonic()
        passed = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
        print(f"{name}: {'passed' if passed else 'FAILED'}, {time.monotonic() - began:.0f} s")
        if passed:
            mark.touch()
        else:
            failed.append(name)
    if failed:
        print(f"not proved: {', '.join(failed)}")
    return 1 if failed else 0


def steps() -> Iterator[tuple[str, list[str]]]:
    """The name and the command of every step."""
    pytest = [str(Path(sys.executable).with_name("pytest")), "--hypothesis-profile=prove", "-q"]
    files = (ROOT / "tests").rglob("test_*.py")
    for folder in sorted({each.parent for each in files}):
        tests = [str(each.relative_to(ROOT)) for each in sorted(folder.glob("test_*.py"))]
        yield str(folder.relative_to(ROOT)), [*pytest, "-m", "newer or not newer", *tests]
    for program in sorted((ROOT / "tools").glob("prove_*.py")):
        yield program.stem.removeprefix("prove_"), [sys.executable, str(program), "--write"]


def kept(name: str) -> Path:
    """A file of this name that holds only as long as the project stays as it is."""
    folder = PROVED / state()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


@cache
def state() -> str:
    """All files of the project but its pages, as one word: the pages hold what is counted here."""
    listed = subprocess.run(
        ["git", "ls-files", "-zco", "--exclude-standard", "--", ".", ":!docs", ":!*.md"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    digest = hashlib.sha256()
    for name in sorted(set(listed.stdout.split(b"\0"))):
        path = ROOT / name.decode()
        if name and path.is_file():
            digest.update(name + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
