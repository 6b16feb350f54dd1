"""Properties of an application as several formats give them, by relaxed names.

A name in a file, in the environment or on the command line means the same property when letters
and digits are the same: `max-pool-size`, `maxPoolSize`, `MAX_POOL_SIZE`. Source: Spring Boot's
reference, externalized configuration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Origin, Unknown, Unread
from plimsoll.syntax import shell
from plimsoll.syntax.properties import properties
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.syntax.yaml_leaves import leaves
from plimsoll.syntax.yaml_nodes import documents

_DOCUMENT = re.compile(r"^[#!]---[ \t\r]*$", re.MULTILINE)
_DROPPED = re.compile(r"[^a-z0-9.\[\]]")
_PROFILE = re.compile(
    r"(?:\A|/)(?:application|bootstrap)-(?P<profile>[^/.]+)\.(?:properties|ya?ml)\Z"
)
_ON_PROFILE = ("spring.config.activate.onprofile", "spring.profiles")
_ITEM = re.compile(r"\.(\d+)(?=\.|\Z)")
_OPTION = re.compile(r"--(?P<name>[A-Za-z][^=\s]*)(?:=(?P<text>.*))?", re.DOTALL)
_JAVA = re.compile(r"-D(?P<name>[A-Za-z][^=\s]*)=(?P<text>.*)", re.DOTALL)
_JAVA_VARIABLES = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS", "CATALINA_OPTS")
_HOLDER = re.compile(r"\$\{([^${}:]+)(?::([^${}]*))?\}")
_MARKS = re.compile(r"[{<@]")
_FILTERED = re.compile(r"@[\w.]+@")
_DEEPEST = 8


class Property(Struct, frozen=True):
    """*profile*: with which its document holds; empty for always. *source*: what stands higher wins."""

    name: str
    text: str
    place: Place | None
    profile: str = ""
    origin: Origin = Origin.FILE
    belongs: str = ""
    unknown: Unknown | None = None


def relaxed(name: str) -> str:
    """A name as it is compared: dots stay."""
    return _DROPPED.sub("", name.lower())


def bare(name: str) -> str:
    """A name as it is compared with one of the environment, which has no dots."""
    return relaxed(name).replace(".", "").replace("[", "").replace("]", "")


def read(text: str, path: str) -> Iterator[Property | Unread]:
    """Every property of a file, in file order."""
    of_file = _PROFILE.search(path)
    profile = of_file["profile"] if of_file else ""
    found = _of_yaml(text, path) if path.endswith((".yml", ".yaml")) else _of_lines(text, path)
    for document in found:
        on = next((p.text for p in _told(document) if _says_profile(p.name)), profile)
        for item in document:
            yield replace(item, profile=on) if on and isinstance(item, Property) else item


def _says_profile(name: str) -> bool:
    return "profile" in name.lower() and relaxed(name) in _ON_PROFILE


def _told(document: Sequence[Property | Unread]) -> Iterator[Property]:
    return (each for each in document if isinstance(each, Property))


def _of_lines(text: str, path: str) -> Iterator[list[Property | Unread]]:
    where, document = Lines(text, path), list[Property | Unread]()
    ends = [found.start() for found in _DOCUMENT.finditer(text)]
    for each in properties(text):
        while ends and each.start > ends[0]:
            ends.pop(0)
            yield document
            document = []
        place = where.place(each.start, each.end, (each.value_start, each.end))
        if each.fault:
            document.append(Unread(path, each.fault, place))
        else:
            document.append(_property(each.key.lstrip("\ufeff"), each.value.strip(), place))
    yield document


def _of_yaml(text: str, path: str) -> Iterator[list[Property | Unread]]:
    for document in documents(text, path):
        if isinstance(document, Unread):
            yield [document]
        else:
            yield [
                _property(_ITEM.sub(r"[\1]", leaf.name), leaf.text, leaf.place)
                for leaf in leaves(document)
            ]


def _property(name: str, text: str, place: Place) -> Property:
    """Maven and Gradle put something in for `@...@`."""
    is_template = bool(_MARKS.search(text)) and (
        is_unrendered(text, has_variables=True) or _FILTERED.search(text) is not None
    )
    return Property(name, text, place, unknown=Unknown(UNRENDERED) if is_template else _held(text))


def _held(text: str) -> Unknown | None:
    """Why a text with placeholders is not known until they are filled."""
    return Unknown(f"{text[:60]} was not filled") if "${" in text else None


def given(words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Property]:
    """The properties of the environment, of Java's `-D` and of the command line, later ones win."""
    for name, word in environment.items():
        unknown = word.value if isinstance(word, Uncertain) else None
        why = unknown if isinstance(unknown, Unknown) or unknown is None else Unknown(str(unknown))
        yield Property(
            name,
            word.text,
            word.place,
            "",
            Origin.ENVIRONMENT,
            "environment",
            why or _held(word.text),
        )
    line = shell.again(shell.unwrapped(words, environment), environment)
    java = [w for n in _JAVA_VARIABLES if n in environment for w in shell.words_in(environment[n])]
    for word in (*java, *line):
        if found := _JAVA.fullmatch(word.text):
            yield _of_word(word, found, "-D")
    for word in line:
        if found := _OPTION.fullmatch(word.text):
            yield _of_word(word, found, "--")


def _of_word(word: Word, found: re.Match[str], belongs: str) -> Property:
    text = found["text"] or ""
    start = found.start("text") if found["text"] is not None else len(word.text)
    inner = shell.located(word.text, word.place)(start, start + len(text))
    place = word.place
    if place is not None and inner is not None and inner is not place:
        place = Place(place.path, place.value or place.span, inner.span)
    return Property(found["name"], text, place, "", Origin.COMMAND_LINE, belongs, _held(text))


class Filled(Struct, frozen=True):
    """A text with its placeholders filled. *missing*: names that nobody gave, with their default."""

    text: str
    missing: tuple[str, ...] = ()
    is_known: bool = True


def filled(text: str, look: Callable[[str], str | None]) -> Filled:
    """*text* with `${name:default}` replaced, inner ones first; *look* tells what a name is."""
    missing: list[str] = []
    known = True

    def told(found: re.Match[str]) -> str:
        nonlocal known
        said = look(found[1].strip())
        if said is None:
            missing.append(found[1].strip())
            known = known and found[2] is not None
            return found[2] or ""
        return said

    for _ in range(_DEEPEST):
        if not known or _HOLDER.search(text) is None or len(text) > 10_000:
            break
        text = _HOLDER.sub(told, text)
    return Filled(text, tuple(missing), known and _HOLDER.search(text) is None)
