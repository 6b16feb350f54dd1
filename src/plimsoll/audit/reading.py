"""Many files of a host in one command, so that a host far away costs no more than one near."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plimsoll.hosts import Host

MOST = 64 * 1024**2

# Each piece of a file between two zero bytes is a record that begins with the file's name and a zero
# byte. So no content can pass for another file.
_GREP = ("grep", "-sazZH", "-e", "")
_FIND = ("find", "-L")


def pieces(host: Host, paths: Iterable[str], *, seconds: float) -> dict[str, tuple[bytes, ...]]:
    """The files at *paths* that can be read, each as its pieces between zero bytes.

    Raises:
        HostError: no answer in time.
    """
    wanted = list(paths)
    if not wanted:
        return {}
    return recorded(host.run((*_GREP, "--", *wanted), seconds=seconds, most=MOST).data)


def matching(host: Host, pattern: str, *, seconds: float) -> dict[str, tuple[bytes, ...]]:
    """The files that a pattern of ours (`/proc/[0-9]*/cmdline`) matches, as `pieces`."""
    script = f"exec {' '.join(_GREP[:-1])} '' {pattern}"
    return recorded(host.run(("sh", "-c", script), seconds=seconds, most=MOST).data)


def links(host: Host, paths: Sequence[str], *, seconds: float) -> dict[str, str]:
    """Where symbolic links lead, by their path; those that may not be read are left out."""
    if not paths:
        return {}
    words = ("find", *paths, "-maxdepth", "0", "-printf", r"%p\0%l\0")
    told = host.run(words, seconds=seconds, most=MOST).data.split(b"\0")[:-1]
    return {
        _text(path): _text(target)
        for path, target in zip(told[::2], told[1::2], strict=False)
        if target
    }


def changed(host: Host, paths: Sequence[str], *, seconds: float) -> dict[str, float]:
    """When files were last written, in seconds since 1970; those that are not there are left out."""
    if not paths:
        return {}
    words = (*_FIND, *paths, "-maxdepth", "0", "-printf", r"%p\0%T@\0")
    told = host.run(words, seconds=seconds, most=MOST).data.split(b"\0")[:-1]
    return {_text(path): float(when) for path, when in zip(told[::2], told[1::2], strict=False)}


def below(host: Host, folders: Sequence[str], most: int, *, seconds: float) -> list[str]:
    """The files below *folders*, at most *most* of them, in order of name."""
    if not folders:
        return []
    words = (*_FIND, *folders, "-maxdepth", "4", "-type", "f", "-print0")
    told = host.run(words, seconds=seconds, most=MOST).data.split(b"\0")[:-1]
    return sorted({_text(each) for each in told})[:most]


def recorded(data: bytes) -> dict[str, tuple[bytes, ...]]:
    """What grep shows of files, by their path."""
    found: dict[str, list[bytes]] = {}
    told = data.split(b"\0")
    for path, piece in zip(told[::2], told[1::2], strict=False):
        found.setdefault(_text(path), []).append(piece)
    return {path: tuple(each) for path, each in found.items()}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
