"""RabbitMQ's environment: variables of the server, of its image, and rabbitmq-env.conf.

Source: manual, Configuration: environment variables; docker-library/rabbitmq up to 3.8; Bitnami.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Include, Item, Origin, Setting, Unknown
from plimsoll.syntax.arguments import place_of
from plimsoll.syntax.globs import literal
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.rabbitmq.names import APPLICATIONS

_PREFIX = "RABBITMQ_"
_NOWHERE = Place("", Span(1, 1, 1, 1))
_NAMES: Mapping[str, str] = {
    "NODE_PORT": "listeners.tcp.default",
    "NODE_PORT_NUMBER": "listeners.tcp.default",
    "DEFAULT_USER": "default_user",
    "DEFAULT_PASS": "default_pass",
    "DEFAULT_VHOST": "default_vhost",
    "USERNAME": "default_user",
    "PASSWORD": "default_pass",
    "VHOST": "default_vhost",
    "CHANNEL_MAX": "channel_max",
    "HEARTBEAT": "heartbeat",
    "DISK_FREE_ABSOLUTE_LIMIT": "disk_free_limit.absolute",
    "DISK_FREE_RELATIVE_LIMIT": "disk_free_limit.relative",
    "CLUSTER_PARTITION_HANDLING": "cluster_partition_handling",
}
_WATERMARK = "VM_MEMORY_HIGH_WATERMARK"
_RELATIVE = re.compile(r"[0-9]*\.?[0-9]+")
_ARGUMENTS = ("SERVER_ADDITIONAL_ERL_ARGS", "SERVER_START_ARGS")
_ERL = re.compile(r"-(\w+)\s+(\w+)\s+(\"[^\"]*\"|'[^']*'|\{[^}]*\}|[^\s-]\S*)")
_FILES = ("CONFIG_FILE", "ADVANCED_CONFIG_FILE")


def arguments(_words: Sequence[Word], environment: Mapping[str, Word]) -> Iterator[Item]:
    """What the variables set; its command line has no settings."""
    told = {n.removeprefix(_PREFIX): w for n, w in environment.items() if n.startswith(_PREFIX)}
    yield from _settings(told, Origin.ENVIRONMENT)


def read(text: str, path: str) -> Iterator[Item]:
    """rabbitmq-env.conf: a shell's assignments, with or without RABBITMQ_ in front."""
    from plimsoll.syntax.shell import assignments  # few stacks have such a file

    found = assignments(text, Lines(text, path).place)
    told = {name.removeprefix(_PREFIX): word for name, word in found.items()}
    yield from _settings(told, Origin.FILE, all_of_them=True)


def _settings(
    told: Mapping[str, Word], origin: Origin, *, all_of_them: bool = False
) -> Iterator[Item]:
    for name, word in told.items():
        if name in _FILES and not isinstance(word, Uncertain):
            yield Include(literal(word.text), word.place or _NOWHERE, is_optional=True)
        elif name == _WATERMARK:
            yield _setting(f"{_WATERMARK.lower()}.{_kind(told, word)}", word, origin)
        elif name in _ARGUMENTS:
            yield from _erlang(word, origin)
        elif name in _NAMES:
            yield _setting(_NAMES[name], word, origin)
        elif all_of_them:
            yield _setting(f"{_PREFIX}{name}", word, origin)


def _kind(told: Mapping[str, Word], word: Word) -> str:
    said = told.get(f"{_WATERMARK}_TYPE")
    if said is not None and said.text in ("absolute", "relative"):
        return said.text
    return "relative" if _RELATIVE.fullmatch(word.text) else "absolute"


def _setting(name: str, word: Word, origin: Origin) -> Setting:
    value = Unknown("only known when it runs") if isinstance(word, Uncertain) else None
    return Setting(name, word.text, place_of(word), origin=origin, value=value)


def _erlang(word: Word, origin: Origin) -> Iterator[Setting]:
    """`-rabbit key value`: it beats every file."""
    for application, key, text in _ERL.findall(word.text):
        if application in APPLICATIONS:
            plain = text.strip("'\"")
            kind = ".relative" if key == _WATERMARK.lower() and _RELATIVE.fullmatch(plain) else ""
            name = f"{APPLICATIONS[application]}{key}{kind}"
            yield Setting(name, plain, word.place, origin=origin)
