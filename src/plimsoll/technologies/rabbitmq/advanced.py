"""advanced.config and rabbitmq.config: `[{rabbit, [{key, value}]}].`, by the names of rabbitmq.conf."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plimsoll.model.setting import Item, Setting, Unknown, Unread
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.technologies.rabbitmq.erlang import Term, TermError, term
from plimsoll.technologies.rabbitmq.names import APPLICATIONS, RENAMED

_NO_SETTING = "not a literal `{key, value}` that is read here"

# Keys whose value says by its shape which name it has in rabbitmq.conf.
_LIMITS = {"vm_memory_high_watermark", "disk_free_limit"}
_KINDS = {"absolute": "absolute", "mem_relative": "relative"}


def read(text: str, path: str) -> Iterator[Item]:
    """Every key, in file order; what is no literal term is unread as a whole."""
    lines = Lines(text, path)
    try:
        root = term(text)
    except TermError as problem:
        reason = UNRENDERED if is_unrendered(text) else str(problem)
        start, end = _content(text)
        yield Unread(path, reason, lines.place(min(problem.at, end), end))
        if problem.at > start:
            yield Unread(path, f"the rest of it: {reason}", lines.place(start, problem.at))
        return
    if root is None:
        return
    reading = _Reading(path, lines)
    if root.kind != "list":
        yield reading.unread(root)
        return
    for application in root.items:
        yield from reading.application(application)


def _content(text: str) -> tuple[int, int]:
    """Where something begins and ends."""
    end = len(text.rstrip())
    return end - len(text[:end].lstrip()), end


class _Reading(Struct, frozen=True):
    path: str
    lines: Lines

    def unread(self, what: Term) -> Unread:
        return Unread(self.path, _NO_SETTING, self.lines.place(what.start, what.end))

    def application(self, found: Term) -> Iterator[Item]:
        if not _is_pair(found) or found.items[1].kind != "list":
            yield self.unread(found)
            return
        name, keys = found.items
        prefix = APPLICATIONS.get(name.text, f"{name.text}.")
        for number, each in enumerate(keys.items):
            yield from self._pair(each, prefix, found.start if number == 0 else each.start)
        if not keys.items:
            yield Setting(name.text, "", self.lines.place(found.start, found.end))

    def _pair(self, found: Term, prefix: str, start: int) -> Iterator[Item]:
        """A key; *start*: where it begins, with what stands around the first of several."""
        found = Term(found.kind, found.text, start, found.end, found.items)
        if not _is_pair(found):
            yield self.unread(found)
            return
        key, said = found.items
        name = prefix + key.text
        name = RENAMED.get(name, name)
        if name in _LIMITS:
            yield self._limit(name, found, said)
        elif name.startswith("listeners.") and said.kind == "list":
            yield from self._listeners(name, found, said)
        elif said.kind == "list" and said.items and all(map(_is_pair, said.items)):
            for number, each in enumerate(said.items):
                yield from self._pair(each, f"{name}.", start if number == 0 else each.start)
        else:
            yield self._setting(name, found, said)

    def _limit(self, name: str, found: Term, said: Term) -> Setting:
        """`0.4`, `{absolute, "2GB"}`, `{mem_relative, 1.0}`, `50000000`."""
        if _is_pair(said) and said.items[0].text in _KINDS:
            return self._setting(f"{name}.{_KINDS[said.items[0].text]}", found, said.items[1])
        kind = "relative" if said.kind == "float" else "absolute"
        return self._setting(f"{name}.{kind}", found, said)

    def _listeners(self, name: str, found: Term, said: Term) -> Iterator[Item]:
        """Ports, and `{"127.0.0.1", 5672}`."""
        if not said.items:
            yield self._setting(name, found, said)
        for number, each in enumerate(said.items, start=1):
            made = self._setting(f"{name}.{number}", found if number == 1 else each, each)
            if each.kind == "tuple" and len(each.items) == 2:
                host, port = each.items
                text = f"{host.text}:{port.text}"
                made = Setting(made.name, text, made.place)
            yield made

    def _setting(self, name: str, found: Term, said: Term) -> Setting:
        place = self.lines.place(found.start, found.end, (said.start, said.end))
        if said.kind == "binary" and len(said.items) == 1:
            said = said.items[0]
        if not said.items and said.kind in ("atom", "string", "integer", "float"):
            return Setting(name, said.text, place)
        text = "[]" if said.kind == "list" and not said.items else ""
        value = None if text else Unknown(f"a {said.kind} of Erlang")
        return Setting(name, text, place, value=value)


def _is_pair(found: Term) -> bool:
    return found.kind == "tuple" and len(found.items) == 2 and found.items[0].kind == "atom"
