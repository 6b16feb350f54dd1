"""Parameters inside a directive's arguments, as settings of their own with their exact places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.setting import Block, Setting
from plimsoll.syntax.braces import unescaped, unquoted
from plimsoll.syntax.text import Lines, Token
from plimsoll.technologies.nginx.directives import directives

# Directives that make a part with values of its own: the kind of its block.
BLOCKS = {
    "listen": "listen",
    "server": "backend",
    "proxy_cache_path": "proxy_cache_path",
    "fastcgi_cache_path": "fastcgi_cache_path",
    "uwsgi_cache_path": "uwsgi_cache_path",
    "scgi_cache_path": "scgi_cache_path",
    "limit_req_zone": "limit_req_zone",
    "limit_conn_zone": "limit_conn_zone",
}
# Directives that pass requests on, and the schemes that may stand before the address.
PASSES = {
    "proxy_pass": ("http", "https"),
    "fastcgi_pass": (),
    "uwsgi_pass": ("uwsgi", "suwsgi"),
    "scgi_pass": (),
    "grpc_pass": ("grpc", "grpcs"),
    "memcached_pass": (),
}
# A name and a size in one parameter: `zone=one:10m`.
_ZONES = ("zone", "keys_zone")


def address(text: str) -> tuple[str, int, int]:
    """The scheme of what a request is passed to, and from where to where its address stands."""
    before, separator, _ = text.partition("://")
    start = len(before) + len(separator) if separator else 0
    if text.startswith("unix:", start):
        close = text.find(":", start + len("unix:"))
    else:
        close = text.find("/", start)
    scheme = before.lower() if separator else ""
    return scheme, start, close if close >= 0 else len(text)


def settings(whole: Setting, words: Sequence[Token], lines: Lines) -> Iterator[Setting]:
    """*whole*, the setting of a directive written as *words*, and those of its parameters."""
    kind = BLOCKS.get(whole.name)
    if kind and len(words) > 1:
        block = Block(kind, unquoted(words[1]), whole.place)
        whole = replace(whole, scope=(*whole.scope, block))
        yield whole
        for word in words[2:]:
            yield from _parameter(whole, word, lines)
        return
    yield whole
    known = directives().get(whole.name)
    if whole.name in PASSES and len(words) == 2:
        yield _address(whole, words[1], lines)
    elif known and known.notation == "buffers" and len(words) == 3:
        yield _piece(whole, f"{whole.name}_number", words[1], lines)
        yield _piece(whole, f"{whole.name}_size", words[2], lines)
    elif whole.name.endswith("_cache_valid") and len(words) > 1:
        yield _piece(whole, f"{whole.name}_time", words[-1], lines)
    elif whole.name == "proxy_set_header" and whole.text.lower().startswith("connection "):
        yield _piece(whole, f"{whole.name}_connection", words[-1], lines)
    elif whole.name.endswith("_hide_header") and whole.text.lower() == "set-cookie":
        yield _piece(whole, f"{whole.name}_set_cookie", words[-1], lines)


def _piece(whole: Setting, name: str, word: Token, lines: Lines) -> Setting:
    at = (word.start, word.end)
    return replace(whole, name=name, text=unquoted(word), place=lines.place(*at, at))


def _address(whole: Setting, word: Token, lines: Lines) -> Setting:
    raw, begin = _inner(word)
    _, start, end = address(raw)
    at = (begin + start, begin + end)
    text = unescaped(raw[start:end])
    return replace(whole, name="pass_address", text=text, place=lines.place(*at, at))


def _inner(word: Token) -> tuple[str, int]:
    """A word without its quotes, and where that begins; escapes stay."""
    quote = 1 if word.kind == "quoted" else 0
    return word.text[quote : len(word.text) - quote], word.start + quote


def _parameter(whole: Setting, word: Token, lines: Lines) -> Iterator[Setting]:
    """`name=value`, or a word that switches something on."""
    raw, start = _inner(word)
    end = start + len(raw)
    name, equals, text = raw.partition("=")
    if not equals:
        place = lines.place(word.start, word.end)
        yield replace(whole, name=unescaped(raw), text="on", place=place)
        return
    begin = start + len(name) + 1
    place = lines.place(word.start, word.end, (begin, end))
    yield replace(whole, name=unescaped(name), text=unescaped(text), place=place)
    zone, colon, size = text.partition(":")
    if name in _ZONES and colon:
        middle = begin + len(zone)
        for part, at in (("name", (begin, middle)), ("size", (middle + 1, end))):
            piece = lines.place(*at, at)
            shown = unescaped(zone if part == "name" else size)
            yield replace(whole, name=f"{name}_{part}", text=shown, place=piece)
