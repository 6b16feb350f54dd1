"""Who wins: which conditions hold, what variables say, which defaults a proxy has.

Several files are read as one, so all of this looks at the whole of them. Source: HAProxy manual,
2.3, 2.4 and chapter 4; each tried with 2.6.12.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from plimsoll.model.reader import shadowed
from plimsoll.model.setting import Block, Origin, Setting, Status, Unknown
from plimsoll.technologies.haproxy.conditions import holds
from plimsoll.technologies.haproxy.keywords import (
    DEFAULTS,
    FIRST_WINS,
    GLOBAL,
    LISTS,
    PROXIES,
)
from plimsoll.technologies.haproxy.lexer import expanded
from plimsoll.technologies.haproxy.values import Waiting

# A variable of the environment stands in a block of this kind, which has its name.
VARIABLE = "variable"

_DEEPEST = 50  # sections and lines that one inherits from
_CHANGES = frozenset({"setenv", "presetenv", "unsetenv", "resetenv"})

Chain = tuple[Block, ...]


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order: unknown or ignored below their conditions, the losers shadowed.

    A proxy's settings stand in the sections of defaults that it inherits from.
    """
    environment = _Environment()
    inheritance = _Inheritance()
    live = [inheritance.placed(environment.seen(each)) for each in settings]
    return _winners(live)


class _Environment:
    """Variables and conditions, as far as the files have been read."""

    def __init__(self) -> None:
        self.variables: dict[str, str] = {}
        self.judged: dict[Block, bool | None] = {}

    def seen(self, setting: Setting) -> Setting:
        for block in setting.scope:
            if block.kind == VARIABLE:
                self.variables[block.name] = setting.text
        found = self._expanded(setting)
        dead, doubtful = self._conditions(setting.scope)
        if dead:
            reason = f"the condition of line {_line(dead)} does not hold: {dead.name}"
            return replace(found, status=Status.IGNORED, reason=reason)
        if doubtful:
            reason = f"it depends on the condition of line {_line(doubtful)}: {doubtful.name}"
            return replace(found, value=Unknown(reason), status=Status.EFFECTIVE, reason="")
        if found.name in _CHANGES:
            self._change(found)
        return found

    def _expanded(self, setting: Setting) -> Setting:
        waiting = setting.value
        if not isinstance(waiting, Waiting):
            return setting
        own = _own_variables(setting)
        text = expanded(waiting.pieces, self.variables | own)
        if text is None:
            return setting
        return replace(setting, text=text, value=None)

    def _conditions(self, scope: Chain) -> tuple[Block | None, Block | None]:
        """The first condition around that does not hold, and the first that nobody can tell."""
        doubtful = None
        for block in scope:
            if block.kind != "if":
                continue
            if block not in self.judged:
                self.judged[block] = holds(block.name, self.variables)
            if self.judged[block] is False:
                return block, None
            if self.judged[block] is None:
                doubtful = doubtful or block
        return None, doubtful

    def _change(self, setting: Setting) -> None:
        name, _, text = setting.text.partition(" ")
        if setting.name == "setenv":
            self.variables[name] = text
        elif setting.name == "presetenv":
            self.variables.setdefault(name, text)
        elif setting.name == "unsetenv":
            for each in setting.text.split():
                self.variables.pop(each, None)
        else:
            kept = set(setting.text.split())
            self.variables = {n: t for n, t in self.variables.items() if n in kept}


def _own_variables(setting: Setting) -> dict[str, str]:
    line = str(setting.place.span.line) if setting.place else ""
    section = next((b.name or b.kind for b in setting.scope if b.kind != "if"), "")
    return {".LINE": line, ".SECTION": section}


def _line(block: Block) -> int:
    return block.place.span.line if block.place else 0


class _Inheritance:
    """The defaults that hold for the sections that follow, and those of a section's servers."""

    def __init__(self) -> None:
        self.last: Chain = ()
        self.named: dict[str, Chain] = {}
        self.above: dict[Block, Chain] = {}  # by section: the defaults around it
        self.lines: dict[Block, Chain] = {}  # by section: its `default-server` lines
        self.servers: dict[Block, Chain] = {}
        self.current: Block | None = None

    def placed(self, setting: Setting) -> Setting:
        at = next((n for n, b in enumerate(setting.scope) if b.kind != "if"), None)
        if at is None:
            return setting
        block = setting.scope[at]
        if block.kind == DEFAULTS or block.kind in PROXIES:
            return self._in_section(setting, block)
        if block.kind in ("server", "default-server"):
            return self._on_line(setting, block)
        return setting

    def _in_section(self, setting: Setting, block: Block) -> Setting:
        if block not in self.above:
            self.above[block] = () if block.kind == DEFAULTS else self.last
            self._opened(block)
        if setting.name == "from" and setting.status is Status.EFFECTIVE:
            self.above[block] = self.named.get(setting.text, ())
            self._opened(block)
        self.current = block
        return replace(setting, scope=(*self.above[block], *setting.scope))

    def _opened(self, block: Block) -> None:
        chain = (*self.above[block], block)[-_DEEPEST:]
        if block.kind == DEFAULTS:
            self.last = chain
            if block.name:
                self.named[block.name] = chain
        outer = [self.lines.get(each, ()) for each in self.above[block]]
        self.lines[block] = tuple(line for each in outer for line in each)

    def _on_line(self, setting: Setting, block: Block) -> Setting:
        """In the `default-server` lines above it: what a server lacks is theirs."""
        if self.current is None:
            return setting
        if block not in self.servers:
            lines = self.lines[self.current]
            self.servers[block] = () if block.kind == "default-server" else lines[-_DEEPEST:]
            if block.kind == "default-server":
                self.lines[self.current] = (*lines, block)[-_DEEPEST:]
        return replace(setting, scope=(*self.servers[block], *setting.scope))


def _winners(settings: Sequence[Setting]) -> list[Setting]:
    held: dict[tuple[object, ...], Setting] = {}
    keys = [_key(each) for each in settings]
    for each, key in zip(settings, keys, strict=True):
        if key is not None and each.status is Status.EFFECTIVE:
            is_first = _first_wins(each) and key in held
            if not is_first or each.origin is Origin.COMMAND_LINE:
                held[key] = each
    return [
        each if key is None or _is_doubtful(each, held.get(key)) else shadowed(each, held.get(key))
        for each, key in zip(settings, keys, strict=True)
    ]


def _is_doubtful(setting: Setting, winner: Setting | None) -> bool:
    """Whether both depend on conditions that nobody can tell: neither overrides the other."""
    pair = (setting, winner)
    return all(
        each and isinstance(each.value, Unknown) and any(b.kind == "if" for b in each.scope)
        for each in pair
    )


def _first_wins(setting: Setting) -> bool:
    return setting.name in FIRST_WINS and any(b.kind == GLOBAL for b in setting.scope)


def _key(setting: Setting) -> tuple[object, ...] | None:
    """What only one line can say; None where every line holds."""
    if setting.name in LISTS or setting.name.startswith("."):
        return None
    blocks = [b for b in setting.scope if b.kind != "if"]
    if not blocks or blocks[-1].kind == GLOBAL:
        return setting.name, GLOBAL
    if blocks[-1].kind in _OWN_KINDS:
        return setting.name, blocks[-1]
    return None


_OWN_KINDS = PROXIES | {DEFAULTS, "server", "default-server", "bind"}
