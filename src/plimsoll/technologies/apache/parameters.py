"""Parameters inside a directive's arguments: `ProxyPass ... retry=5`, `WSGIDaemonProcess ... threads=8`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.setting import Block, Setting
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.apache.lexer import unquoted

# Directives whose parameters are those of a block: its kind.
BLOCKS = {
    "ProxyPass": "ProxyPass",
    "ProxyPassMatch": "ProxyPass",
    "BalancerMember": "BalancerMember",
    "ProxySet": "ProxySet",
    "WSGIDaemonProcess": "WSGIDaemonProcess",
}
# Directives whose first word is a part of the name: `php_value memory_limit 128M`.
NAMED = frozenset({"php_value", "php_flag", "php_admin_value", "php_admin_flag"})
_WORKERS = frozenset({"ProxyPass", "ProxyPassMatch", "BalancerMember", "ProxySet"})
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://|[^=]*\|)|!|unix:")
_READ_TIMEOUT = re.compile(r"(handshake|header|body)=([0-9]+)(?:-([0-9]+))?", re.IGNORECASE)
_PARAMETER = re.compile(r"([A-Za-z_-]+)=(.*)", re.DOTALL)


def settings(whole: Setting, words: Sequence[Token], lines: Lines) -> Iterator[Setting]:
    """*whole*, the setting of a directive written as *words*, and those of its parameters."""
    if whole.name in NAMED and len(words) > 1:
        yield from _named(whole, words, lines)
        return
    yield whole
    if whole.name in BLOCKS and len(words) > 1:
        yield from _in_block(whole, words, lines)
    elif whole.name == "RequestReadTimeout":
        yield from _read_timeouts(whole, words, lines)
    elif whole.name == "LoadModule":
        yield from _mpm(whole, words, lines)


def _piece(whole: Setting, name: str, text: str, at: tuple[int, int], lines: Lines) -> Setting:
    return replace(whole, name=name, text=text, place=lines.place(*at, at), value=None)


def _named(whole: Setting, words: Sequence[Token], lines: Lines) -> Iterator[Setting]:
    """PHP's settings, by the names that they have in a pool: `php_admin_value[memory_limit]`."""
    name = f"{whole.name}[{unquoted(words[1].text)}]"
    value_at = (words[2].start, words[-1].end) if len(words) > 2 else None
    text = " ".join(unquoted(word.text) for word in words[2:])
    place = lines.place(words[0].start, words[-1].end, value_at)
    yield replace(whole, name=name, text=text, place=place)


def _in_block(whole: Setting, words: Sequence[Token], lines: Lines) -> Iterator[Setting]:
    arguments = words[1:]
    texts = [unquoted(word.text) for word in arguments]
    target = _target(whole.name, texts)
    if texts[target] == "!":
        return
    block = Block(BLOCKS[whole.name], texts[target], whole.place)
    inner = replace(whole, scope=(*whole.scope, block))
    at = (arguments[target].start, arguments[target].end)
    if "=" not in texts[target] or _URL.match(texts[target]):
        yield _piece(inner, "address", texts[target], at, lines)
    for word, text in zip(arguments, texts, strict=True):
        found = _PARAMETER.fullmatch(text)
        if not found or _URL.match(text):
            continue
        place = lines.place(word.start, word.end, _value_of(word, found[2]))
        yield replace(inner, name=found[1], text=found[2], place=place, value=None)


def _target(name: str, texts: Sequence[str]) -> int:
    """The index of what requests are passed to, or of the name of a group of processes."""
    if name not in _WORKERS:
        return 0
    return next((n for n, text in enumerate(texts) if _URL.match(text)), 0)


def _value_of(word: Token, text: str) -> tuple[int, int]:
    """Where a parameter's value stands; the whole word where it is written in another way."""
    end = word.end - (1 if word.text[:1] in ('"', "'") and word.text[-1:] == word.text[:1] else 0)
    start = end - len(text)
    raw = word.text[start - word.start : end - word.start]
    return (start, end) if raw == text else (word.start, word.end)


def _read_timeouts(whole: Setting, words: Sequence[Token], lines: Lines) -> Iterator[Setting]:
    """RequestReadTimeout-header: until the first byte; -header-max: the most, with MinRate."""
    for word in words[1:]:
        found = _READ_TIMEOUT.match(unquoted(word.text))
        if not found:
            continue
        name = f"{whole.name}-{found[1].lower()}"
        yield _piece(whole, name, found[2], _inside(word, found, 2), lines)
        if found[3]:
            yield _piece(whole, f"{name}-max", found[3], _inside(word, found, 3), lines)


def _inside(word: Token, found: re.Match[str], group: int) -> tuple[int, int]:
    """Where a piece of a word stands; the whole word where it is written in another way."""
    if not word.text.startswith(found.string):
        return word.start, word.end
    return word.start + found.start(group), word.start + found.end(group)


def _mpm(whole: Setting, words: Sequence[Token], lines: Lines) -> Iterator[Setting]:
    module = words[1] if len(words) > 1 else None
    found = (
        re.fullmatch(r"mpm_(prefork|worker|event)_module", unquoted(module.text))
        if module
        else None
    )
    if module and found:
        yield _piece(whole, "mpm", found[1], (module.start, module.end), lines)
