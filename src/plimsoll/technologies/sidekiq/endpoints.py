"""The Redis that Sidekiq keeps its jobs in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Endpoint
from plimsoll.model.setting import Origin, Setting, Status, Unknown
from plimsoll.syntax.urls import parsed

KIND = "redis"
_URL = "redis.url"
_DEFAULT = Setting(_URL, "redis://localhost:6379/0", origin=Origin.DEFAULT, technology="sidekiq")
_PORT = 6379


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """Where the jobs are: one for each side that says so, else the variable's, else the default."""
    found = [s for s in settings if s.name == _URL and s.status is Status.EFFECTIVE]
    own = [s for s in found if s.scope] or found or [_DEFAULT] * _is_started(settings)
    for setting in own:
        block = setting.scope[-1] if setting.scope else None
        url = None if isinstance(setting.value, Unknown) else parsed(setting.text)
        is_socket = url is not None and url.scheme == "unix"
        yield Endpoint(
            side="connects",
            setting=setting,
            host=url.host or "localhost" if url and not is_socket else "",
            port=url.port or _PORT if url and not is_socket else None,
            socket=url.path if url and is_socket else "",
            technology="redis",
            library="sidekiq",
            part=f"{block.kind} {block.name}" if block else "",
        )


def _is_started(settings: Sequence[Setting]) -> bool:
    """Whether Sidekiq itself is there: its own file, or its command line."""
    return any(
        s.origin is Origin.COMMAND_LINE or (s.place and s.place.path.endswith((".yml", ".erb")))
        for s in settings
    )
