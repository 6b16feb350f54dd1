"""Who wins: which `<IfModule>`, `<IfDefine>` count, what `${...}` is, which of two lines holds.

Source: Apache httpd manual, core, mod_version and "Configuration Sections"; tried with 2.4.71.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from plimsoll.model.reader import shadowed
from plimsoll.model.setting import Block, Origin, Setting, Status, Unknown
from plimsoll.model.version import Version
from plimsoll.technologies.apache.directives import directives
from plimsoll.technologies.apache.envvars import VARIABLE
from plimsoll.technologies.apache.modules import Modules, identifier

# Sections that are looked at while the files are read: what stands in them stands around them.
TRANSPARENT = frozenset({"IfModule", "IfDefine", "IfVersion", "IfFile", "IfDirective", "IfSection"})
_WORKERS = frozenset({"ProxyPass", "BalancerMember", "ProxySet", "WSGIDaemonProcess"})
_ALSO_ONCE = re.compile(r"php_(?:admin_)?(?:value|flag)\[.*\]|RequestReadTimeout-.*|mpm")
_VARIABLE = re.compile(r"\$\{([^}\s]+)\}")
_COMPARED = re.compile(r"(!?)\s*(=|==|>|>=|<|<=)?\s*([0-9]+(?:\.[0-9]+)*)")
_SERIES = Version("2.4")
# Where a directive stands: the letter of its contexts.
_CONTEXTS = {
    "VirtualHost": "v", "Directory": "d", "DirectoryMatch": "d", "Files": "d", "FilesMatch": "d",
    "Location": "d", "LocationMatch": "d", "Proxy": "d", "ProxyMatch": "d", "If": "d", "ElseIf": "d",
    "Else": "d", ".htaccess": "h",
}  # fmt: skip


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """The same settings in order: ignored or unknown in sections that do not count, losers shadowed."""
    reading = _Reading(settings)
    live = [_placed(reading.seen(each)) for each in settings]
    keys = [_key(each) for each in live]
    held = {
        key: each
        for each, key in zip(live, keys, strict=True)
        if key is not None and each.status is Status.EFFECTIVE
    }
    return [
        each if key is None or _is_doubtful(each, held.get(key)) else shadowed(each, held.get(key))
        for each, key in zip(live, keys, strict=True)
    ]


class _Reading:
    """What was defined and loaded, as far as the files have been read."""

    def __init__(self, settings: Sequence[Setting]) -> None:
        self.modules = Modules(settings)
        self.defined: dict[str, str] = {}
        self.environment: dict[str, str] = {}
        self.judged: dict[Block, bool | None] = {}
        self.is_started = any(s.origin is Origin.COMMAND_LINE for s in settings)
        for each in settings:
            if each.origin is Origin.COMMAND_LINE and each.name == "Define":
                self._define(each.text)
            for block in each.scope:
                if block.kind == VARIABLE and "$" not in each.text:
                    self.environment[block.name] = each.text

    def seen(self, setting: Setting) -> Setting:
        found = self._expanded(setting)
        dead, doubtful = self._sections(setting.scope)
        if any(block.kind == "Macro" for block in setting.scope):
            reason = "in a macro: it counts where the macro is used"
            return replace(found, status=Status.IGNORED, reason=reason)
        if dead is not None:
            reason = f"<{dead}> in line {_line(dead)} does not hold"
            return replace(found, status=Status.IGNORED, reason=reason)
        if doubtful is not None:
            reason = f"it depends on <{doubtful}> in line {_line(doubtful)}"
            return replace(found, value=Unknown(reason), status=Status.EFFECTIVE, reason="")
        if found.name == "Define" and found.origin is not Origin.COMMAND_LINE:
            self._define(found.text)
        elif found.name == "UnDefine":
            self.defined.pop(found.text, None)
        elif found.name == "LoadModule":
            self.modules.load(found.text.split(" ")[0])
        return found

    def _define(self, text: str) -> None:
        name, _, told = text.partition(" ")
        self.defined[name] = told

    def _expanded(self, setting: Setting) -> Setting:
        if "${" not in setting.text:
            return setting
        text = _VARIABLE.sub(self._told, setting.text)
        if text == setting.text:
            return setting
        return replace(setting, text=text, value=None, status=_fresh(setting), reason="")

    def _told(self, found: re.Match[str]) -> str:
        name = found[1]
        return self.defined.get(name, self.environment.get(name, found[0]))

    def _sections(self, scope: Sequence[Block]) -> tuple[Block | None, Block | None]:
        """The first section around that does not count, and the first that nobody can tell."""
        doubtful = None
        for block in scope:
            if block.kind not in TRANSPARENT:
                continue
            if block not in self.judged:
                self.judged[block] = self._holds(block)
            if self.judged[block] is False:
                return block, None
            if self.judged[block] is None:
                doubtful = doubtful or block
        return None, doubtful

    def _holds(self, block: Block) -> bool | None:
        name = _VARIABLE.sub(self._told, block.name).strip()
        if block.kind == "IfVersion":
            return _version(name)
        is_negated = name.startswith("!")
        name = name.lstrip("!").strip()
        found: bool | None = None
        if block.kind == "IfModule":
            found = self.modules.has(identifier(name))
        elif block.kind == "IfDefine":
            found = True if name in self.defined else (False if self.is_started else None)
        return found if found is None else found != is_negated


def _fresh(setting: Setting) -> Status:
    """What was refused for its variable is looked at again."""
    return Status.EFFECTIVE if setting.status is Status.REFUSED else setting.status


def _version(condition: str) -> bool | None:
    """Whether a condition holds in every 2.4; None where that depends on the patch level."""
    found = _COMPARED.fullmatch(condition)
    if found is None:
        return None
    wanted, operator = Version(found[3]), found[2] or "="
    if wanted.numbers[:2] == (2, 4) and len(wanted.numbers) > 2:
        return None
    holds = {
        "=": wanted == _SERIES, "==": wanted == _SERIES, ">": None if wanted == _SERIES
        else wanted < _SERIES, ">=": wanted <= _SERIES, "<": wanted > _SERIES,
        "<=": None if wanted == _SERIES else wanted >= _SERIES,
    }[operator]  # fmt: skip
    return holds if holds is None else holds != bool(found[1])


def _line(block: Block) -> int:
    return block.place.span.line if block.place else 0


def _placed(setting: Setting) -> Setting:
    """*setting*, misplaced where the server refuses it for the section around it."""
    known = directives().get(setting.name.lower())
    blocks = [b for b in setting.scope if b.kind in _CONTEXTS]
    if known is None or not blocks or setting.status is not Status.EFFECTIVE:
        return setting
    inner = blocks[-1]
    if any(b.kind in _WORKERS for b in setting.scope) or _is_allowed(inner, known.contexts):
        return setting
    reason = f"{setting.name} cannot occur within <{inner.kind}> section"
    return replace(setting, status=Status.MISPLACED, reason=reason)


def _is_allowed(block: Block, contexts: str) -> bool:
    letter = _CONTEXTS[block.kind]
    return letter in contexts or (letter == "d" and "h" in contexts)


def _key(setting: Setting) -> tuple[object, ...] | None:
    """What only one line of a level can say; None where every line counts."""
    blocks = [b for b in setting.scope if b.kind not in TRANSPARENT and b.kind != "Use"]
    if not (blocks and blocks[-1].kind in _WORKERS):
        known = directives().get(setting.name.lower())
        if not (known and known.is_once) and not _ALSO_ONCE.fullmatch(setting.name):
            return None
    return setting.name, tuple(_level(block) for block in blocks)


def _level(block: Block) -> tuple[object, ...]:
    """Two sections for the same directory or location are one level; two virtual hosts are two."""
    alike = block.kind in _CONTEXTS and block.kind not in ("VirtualHost", "If", "ElseIf", "Else")
    return (block.kind, block.name) if alike else (block.kind, block.name, block.place)


def _is_doubtful(setting: Setting, winner: Setting | None) -> bool:
    """Whether both stand in sections that nobody can tell: neither overrides the other."""
    pair = (setting, winner)
    return all(
        each is not None
        and isinstance(each.value, Unknown)
        and any(block.kind in TRANSPARENT for block in each.scope)
        for each in pair
    )
