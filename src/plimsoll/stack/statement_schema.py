"""plimsoll.yaml as a JSON Schema, for editors: made of the tables that read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from plimsoll.model.schema import Type
from plimsoll.stack.statement import (
    HOST_AMOUNTS,
    HOST_KEYS,
    IGNORE_KEYS,
    KEYS,
    LIMIT_AMOUNTS,
    LINK_AMOUNTS,
    LINK_BOOLEANS,
    LINK_KEYS,
    ROLES,
    SERVICE_AMOUNTS,
    SERVICE_KEYS,
    SEVERITIES,
)
from plimsoll.technologies import names

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | bool

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_ONE: Json = {"type": ["string", "number", "boolean"]}
_TEXT: Json = {"type": "string"}
_NAMED: Json = {"type": ["object", "null"], "additionalProperties": _ONE}

_AMOUNT: Mapping[Type, Json] = {
    Type.SIZE: {"type": ["string", "number"], "examples": ["512MiB", "4GiB"]},
    Type.TIME: {"type": ["string", "number"], "examples": ["250ms", "30s", "5min"]},
    Type.NUMBER: {"type": ["string", "number"], "examples": [2, "25%"]},
    Type.COUNT: {"type": ["string", "number"], "examples": [100, "unlimited"]},
}

_ABOUT = {
    "hosts": "The machines, by name.",
    "services": "The services, by name: each one technology deployed once, with its replicas.",
    "links": "Who opens connections to whom; those that addresses show need not be written.",
    "measured": "What was seen, by <service>.<fact>; it narrows a worst case.",
    "ignore": "Findings that are accepted, each with its reason.",
    "rules": "By rule: off, a severity, or parameters.",
    "exclude": "Files that are left out, as globs.",
    "memory": "Bytes that it has, or may use.",
    "cores": "Cores that it has, or may use.",
    "swap": "Bytes of swap.",
    "disk": "Bytes of disk.",
    "nofile": "Open files, soft and hard.",
    "nofile_soft": "Open files at first.",
    "nofile_hard": "Open files at most.",
    "tasks": "Processes and threads.",
    "threads_max": "kernel.threads-max of the machine.",
    "pid_max": "kernel.pid_max of the machine.",
    "shm": "Bytes of /dev/shm.",
    "somaxconn": "net.core.somaxconn of its network namespace.",
    "grace": "Time between the signal to stop and the kill.",
    "files": "Files that it reads, as globs.",
    "settings": "Values by the vendor's name that stand in no file.",
    "technology": "What it is; a name that is not known is a service all the same.",
    "version": "Its version, in quotes.",
    "host": "The machine that it runs on.",
    "role": "May lose anything (cache), holds jobs (queue), or sessions and data (store).",
    "baseline": "Files of the same service in an accepted state, to compare with.",
    "command": "How it is started.",
    "environment": "Variables that it is started with.",
    "limits": "What it may use.",
    "replicas": "Instances that run at the same time.",
    "replicas_max": "The most that an autoscaler may start.",
    "surge": "Instances that a deploy starts on top, as a share.",
    "from": "The service that opens the connections.",
    "to": "The service that they lead to.",
    "pool": "The client library, whose defaults hold.",
    "connections": "The most that one process opens.",
    "retries": "Further tries after the first.",
    "tries": "Servers that are tried for one request.",
    "timeout": "How long one try may take.",
    "connect_timeout": "How long one try to connect may take.",
    "pool_wait": "How long a request waits for a free connection.",
    "lifetime": "After this the client replaces a connection.",
    "idle": "After this the client closes an idle connection.",
    "idle_kept": "How long the client keeps an idle connection.",
    "backoff": "Sum of the pauses between tries.",
    "checked": "Whether the client tests a connection before it uses it.",
    "reuses": "Whether idle connections are kept for the next request.",
    "rule": "The rule's id.",
    "service": "The service or host that it is about; without it, all of them.",
    "reason": "Why it is accepted.",
    "until": "The last day on which it holds, such as 2027-01-31.",
    "owner": "Who is to settle it.",
}


def statement_schema() -> Json:
    """What a plimsoll.yaml may hold."""
    said: dict[str, Json] = {
        "hosts": _by_name(_host()),
        "services": _by_name(_service()),
        "links": {"type": ["array", "null"], "items": _link()},
        "measured": {
            "type": ["object", "null"],
            "patternProperties": {r"^.+\..+$": _ONE},
            "additionalProperties": False,
        },
        "ignore": {"type": ["array", "null"], "items": _ignored()},
        "rules": _by_name({"anyOf": [{"enum": ["off", "no", False]}, _adjusted()]}),
        "exclude": _words(),
    }
    return {
        "$schema": DRAFT,
        "title": "plimsoll.yaml",
        "description": "What no file of a stack says: machines, services, links, accepted findings.",
        **_object(said, KEYS),
        "type": ["object", "null"],
    }


def _host() -> Json:
    said = {**_amounts(HOST_AMOUNTS), "files": _words(), "settings": _NAMED}
    return _object(said, HOST_KEYS)


def _service() -> Json:
    said: dict[str, Json] = {
        **_amounts(SERVICE_AMOUNTS),
        "technology": {"anyOf": [{"enum": list(names())}, _TEXT]},
        "version": {"type": ["string", "number"], "pattern": "^[0-9]"},
        "host": _TEXT,
        "role": {"enum": list(ROLES)},
        "files": _words(),
        "baseline": _words(),
        "command": _words(),
        "environment": _NAMED,
        "limits": _object(_amounts(LIMIT_AMOUNTS), LIMIT_AMOUNTS),
        "settings": _NAMED,
    }
    return _object(said, SERVICE_KEYS)


def _link() -> Json:
    said: dict[str, Json] = {
        **_amounts(LINK_AMOUNTS),
        **{name: {"type": "boolean"} for name in LINK_BOOLEANS},
        "from": _TEXT,
        "to": _TEXT,
        "pool": _TEXT,
    }
    return {**_object(said, LINK_KEYS), "required": ["from", "to"]}


def _ignored() -> Json:
    said = dict.fromkeys(IGNORE_KEYS, _TEXT)
    return {**_object(said, IGNORE_KEYS), "required": ["rule", "reason"]}


def _adjusted() -> Json:
    return {
        "type": "object",
        "properties": {"severity": {"enum": list(SEVERITIES)}},
        "additionalProperties": _ONE,
    }


def _amounts(types: Mapping[str, Type]) -> dict[str, Json]:
    return {name: _AMOUNT[type_] for name, type_ in types.items()}


def _words() -> Json:
    return {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}, {"type": "null"}]}


def _by_name(value: Json) -> Json:
    return {"type": ["object", "null"], "additionalProperties": value}


def _object(said: Mapping[str, Json], keys: Iterable[str]) -> dict[str, Json]:
    """A mapping that has these keys and no others."""
    properties = {key: {"description": _ABOUT[key], **_mapping(said[key])} for key in keys}
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


def _mapping(value: Json) -> Mapping[str, Json]:
    assert isinstance(value, Mapping)  # noqa: S101 - every schema here is one
    return value
