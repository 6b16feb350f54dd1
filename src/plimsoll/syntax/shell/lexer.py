"""A shell text to tokens that lose nothing: words with their quotes, operators, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plimsoll.syntax.text import Token

_SPACE = re.compile(r"(?:[ \t\f\v]|\r(?=\n))+")
_CONTINUATION = re.compile(r"\\\r?\n")
_OPERATOR = re.compile(r"&&|\|\||;;&|;;|;&|\|&|&>>|&>|<<<|<<-|<<|<&|<>|>>|>&|>\||[;&|()<>]")
_PLAIN = re.compile(r"[^\s;&|()<>\"'`$\\]+")
_QUOTED = re.compile(r"[^\"`$\\]+")
_INNER = re.compile(r"[^\"'`$\\(){}]+")
_ARRAY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")  # in front of the items of an array
_ENDS_WORD = frozenset(" \t\f\v\r\n;&|()<>")

REDIRECTIONS = frozenset({"<", ">", ">>", "<<", "<<-", "<<<", "<&", ">&", "<>", ">|", "&>", "&>>"})


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text*: word, operator, newline, comment, space, continuation, document."""
    at = 0
    documents: list[tuple[str, bool]] = []
    awaits: bool | None = None  # the next word ends a here-document; its tabs are stripped
    while at < len(text):
        token = _token(text, at)
        yield token
        at = token.end
        if token.kind == "operator":
            awaits = token.text == "<<-" if token.text in ("<<", "<<-") else None
        elif token.kind == "word" and awaits is not None:
            documents.append((_unquoted(token.text), awaits))
            awaits = None
        elif token.kind == "newline" and documents:
            end = _end_of_documents(text, at, documents)
            if end > at:
                yield Token("document", text[at:end], at)
            at, documents = end, []


def _token(text: str, at: int) -> Token:
    if text[at] == "\n":
        return Token("newline", "\n", at)
    if found := _SPACE.match(text, at):
        return Token("space", found[0], at)
    if found := _CONTINUATION.match(text, at):
        return Token("continuation", found[0], at)
    if text[at] == "#":
        end = text.find("\n", at)
        return Token("comment", text[at : end if end >= 0 else len(text)], at)
    if found := _OPERATOR.match(text, at):
        return Token("operator", found[0], at)
    return Token("word", text[at : end_of_word(text, at)], at)


def end_of_word(text: str, at: int) -> int:
    """Where the word that starts at *at* ends; an open quote goes on to the end of the text."""
    start = at
    while at < len(text):
        if found := _PLAIN.match(text, at):
            at = found.end()
        elif text[at] == "\\":
            joined = _CONTINUATION.match(text, at)
            at = joined.end() if joined else min(at + 2, len(text))
        elif text[at] in "\"'`" or text.startswith(("$(", "${", "$'", '$"'), at):
            at = end_of_group(text, at)
        elif text[at] == "(" and _ARRAY.fullmatch(text, start, at):
            at = end_of_group(text, at, ")")
        elif text[at] in _ENDS_WORD and at > start:
            return at
        else:
            at += 1  # a lone `$`; a return that ends no line
    return at


def end_of_group(text: str, at: int, closer: str = "") -> int:
    """Where the quote or substitution that starts at *at* ends, with all that is nested in it.

    *closer*: what ends it, where it starts with a bracket that means nothing elsewhere.
    """
    closers: list[str] = [closer] if closer else []
    at += len(closer)
    while at < len(text):
        top = closers[-1] if closers else ""
        character = text[at]
        if top == "'":
            end = text.find("'", at)
            at = end if end >= 0 else len(text)
            character = text[at] if at < len(text) else ""
        if character == "\\" and top != "'":
            at += 2
            continue
        opened = "" if top == "'" else _opened(text, at, top)
        if character and character == top:
            closers.pop()
            at += 1
            if not closers:
                return at
        elif opened:
            closers.append(_CLOSERS[opened])
            at += len(opened)
        elif found := (_QUOTED if top == '"' else _INNER).match(text, at):
            at = found.end()
        else:
            at += 1
    return len(text)


_CLOSERS = {"$(": ")", "${": "}", "(": ")", "$'": "'", '$"': '"', '"': '"', "'": "'", "`": "`"}


def _opened(text: str, at: int, top: str) -> str:
    """What opens at *at* inside of a group that *top* closes."""
    if text[at] == "$":
        pair = text[at : at + 2]
        return pair if pair in ("$(", "${") or (pair in ("$'", '$"') and top != '"') else ""
    if text[at] == "`" or (text[at] == '"' and top != '"'):
        return text[at] if text[at] != top else ""
    if text[at] == "'" and top != '"':
        return "'"
    return "(" if text[at] == "(" and top == ")" else ""


def _unquoted(word: str) -> str:
    return re.sub(r"[\"'\\]", "", word)


def _end_of_documents(text: str, at: int, documents: list[tuple[str, bool]]) -> int:
    for delimiter, strips in documents:
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end + 1
            line = text[at:end].rstrip("\r\n")
            at = end
            if (line.lstrip("\t") if strips else line) == delimiter:
                break
    return at
