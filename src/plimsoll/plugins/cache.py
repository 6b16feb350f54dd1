"""What was read once, kept for the next run: plain data in a folder that only the user can read.

A missing, foreign or broken cache is no error; it is only slower.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import stat
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import plimsoll

# Tuples, dictionaries, texts, numbers, truths and None, inside each other.
Plain = Any

_PRIVATE = 0o700
_LONGEST = 64 * 1024 * 1024
_DIGEST = 32
_CODE = (".py", ".lark")


def load(name: str, key: str) -> Plain:
    """What was stored under *name* with that *key*; None where there is nothing to be trusted."""
    folder = _folder()
    if folder is None:
        return None
    try:
        data = _read(folder / name)
    except OSError:
        return None
    payload = data[_DIGEST:]
    if sha256(payload).digest() != data[:_DIGEST]:
        return None
    try:
        found = marshal.loads(payload)  # noqa: S302 - data only, whole, and from the user's own folder
    except (EOFError, ValueError, TypeError):
        return None
    is_ours = isinstance(found, tuple) and len(found) == 2 and found[0] == _sealed(key)
    return found[1] if is_ours else None


def store(name: str, key: str, value: Plain) -> None:
    """Keeps *value*; another process sees it whole or not at all."""
    folder = _folder()
    if folder is None:
        return
    payload = marshal.dumps((_sealed(key), value))
    with contextlib.suppress(OSError):
        _replace(folder / name, sha256(payload).digest() + payload)


def name(kind: str, of: str) -> str:
    """Under which name to keep what comes from one folder; that of another gets another."""
    return f"{kind}-{sha256(of.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def digest(texts: list[tuple[str, str]]) -> str:
    """A key for the contents of files: their paths and texts."""
    found = sha256()
    for path, text in texts:
        for each in (path, text):
            data = each.encode("utf-8", "surrogateescape")
            found.update(f"{len(data)}:".encode() + data)
    return found.hexdigest()


def _folder() -> Path | None:
    """The cache folder, made where there is none; None where others could write into it."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        folder = (base if base.is_absolute() else Path.home() / ".cache") / "plimsoll"
        folder.mkdir(_PRIVATE, parents=True, exist_ok=True)
        found = folder.stat(follow_symlinks=False)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            return None
        if stat.S_IMODE(found.st_mode) != _PRIVATE:
            folder.chmod(_PRIVATE)
    except (OSError, RuntimeError):  # the latter: the user has no home
        return None
    return folder


def _read(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        is_private = found.st_uid == os.geteuid() and not found.st_mode & 0o022
        if not stat.S_ISREG(found.st_mode) or not is_private or found.st_size > _LONGEST:
            raise PermissionError(path)
        return file.read()


def _replace(path: Path, data: bytes) -> None:
    import tempfile  # it takes longer to load than a warm cache to read

    descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(made).replace(path)
    except OSError:
        Path(made).unlink(missing_ok=True)
        raise


def _sealed(key: str) -> str:
    return f"{_maker()} {key}"


@cache
def _maker() -> str:
    """What made the data: our version, and our code as it is on this disk."""
    code = [plimsoll.__version__, str(sys.implementation.cache_tag)]
    package = Path(__file__).parents[1]
    for folder, _, names in os.walk(package):
        for each in names:
            if each.endswith(_CODE):
                found = os.stat(f"{folder}/{each}")  # noqa: PTH116 - hundreds of them, at each start
                code.append(f"{folder} {each} {found.st_size} {found.st_mtime_ns}")
    return sha256("\n".join(sorted(code)).encode()).hexdigest()
