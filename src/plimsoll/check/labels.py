"""What things are called in findings, and the attribute that a type of parts is found under."""

from __future__ import annotations

from plimsoll.model.stack import Host, Link, Part

# What the stack calls a machine that nobody named.
_UNNAMED = "host"


def host(of: Host) -> str:
    return "the host" if of.name == _UNNAMED else f"host {of.name}"


def link(of: Link) -> str:
    return f"{of.source} -> {of.target}"


def part(of: Part) -> str:
    return f"{of.service}, {of.type} {of.name}".rstrip()


def plural(type_: str) -> str:
    """The attribute of a service that holds its parts of that type: `locations`, `proxies`."""
    word = type_.replace("-", "_")
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"
