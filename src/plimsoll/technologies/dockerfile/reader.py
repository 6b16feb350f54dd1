"""Dockerfiles to settings, and what their values mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from plimsoll.model.reader import Endpoint, Reader, Rejected, last_wins
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Setting, Status, Unread, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.technologies.dockerfile.stages import stages

# Durations as Go writes them.
_DIALECT = Dialect(
    times={
        "ns": Fraction(1, 10**9),
        "us": Fraction(1, 10**6),
        "µs": Fraction(1, 10**6),
        "ms": Fraction(1, 1000),
        "s": 1,
        "m": 60,
        "h": 3600,
    },
    takes_fractions=True,
    combines=True,
)
# Of these each one counts.
_SEVERAL = frozenset({"ADD", "COPY", "EXPOSE", "RUN", "VOLUME", "ONBUILD"})


def read(text: str, path: str) -> Iterator[Setting | Unread]:
    """What every instruction says, in the block of its stage."""
    yield from stages(text, path).items()


def value(text: str, entry: Entry) -> Value | Rejected:
    """What *text* means by an entry of settings.yaml."""
    return _DIALECT.value(text, entry)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Of what there can be one of the last instruction counts."""
    judged = iter(last_wins([each for each in settings if each.name not in _SEVERAL]))
    return [each if each.name in _SEVERAL else next(judged) for each in settings]


def endpoints(settings: Sequence[Setting]) -> Iterator[Endpoint]:
    """The ports that the image declares."""
    for each in settings:
        port, _, protocol = each.text.partition("/")
        is_port = each.name == "EXPOSE" and port.isdigit() and protocol in ("", "tcp")
        if is_port and each.status is Status.EFFECTIVE:
            yield Endpoint("listens", each, "0.0.0.0", int(port))  # noqa: S104


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    endpoints=endpoints,
    root="image",
)
