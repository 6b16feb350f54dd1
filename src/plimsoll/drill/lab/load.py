"""A bounded load on a server of this machine: requests come when they come, however slow it is.

The model is open: the moment of each request is set beforehand, and its latency counts from that
moment. A generator that waits for answers before it asks again would be slowed down by the very
outage that it should see.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from msgspec import Struct

MOST_REQUESTS = 100_000
MOST_SECONDS = 600.0
_MOST_BYTES = 4 * 1024 * 1024
REFUSED, TIMED_OUT, NOT_SENT = "no connection", "no answer in time", "too many wait"


class Request(Struct, frozen=True):
    """*headers*: without those that the generator knows itself: Host, Content-Length, Connection."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Answer(Struct, frozen=True):
    code: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Visitor(Protocol):
    """Somebody who asks for one thing after the other, and remembers what came back."""

    def next(self) -> Request:
        """What to ask for now; what was asked before may still be under way."""
        ...

    def took(self, request: Request, answer: Answer) -> None: ...


class Sample(Struct, frozen=True):
    """One request. *at*: its moment, in seconds from the start; *latency*: seconds from then on.

    *error*: what went wrong, or the code of an answer that tells of a fault of the server; empty.
    """

    at: float
    latency: float
    path: str
    error: str = ""


class Load(Struct, frozen=True):
    """*rate*: requests in a second. *at_once*: how many may wait; those above are errors, unsent."""

    host: str
    port: int
    rate: float
    seconds: float
    timeout: float = 2.0
    at_once: int = 2000


class Second(Struct, frozen=True):
    """What became of the requests of one second. *latencies* of those that were answered well."""

    at: int
    asked: int
    errors: int
    answered: int
    p95: float


class Report(Struct, frozen=True):
    samples: tuple[Sample, ...]

    def errors(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for each in self.samples:
            if each.error:
                found[each.error] = found.get(each.error, 0) + 1
        return found

    def error_share(self) -> float:
        return sum(self.errors().values()) / len(self.samples) if self.samples else 0.0

    def percentile(self, share: float) -> float:
        """The latency that this share of all requests did not exceed; a failed one counts its wait."""
        return percentile([each.latency for each in self.samples], share)

    def seconds(self) -> list[Second]:
        """One after the other; *answered*: how many answers came for the requests of that second."""
        by_second: dict[int, list[Sample]] = {}
        for each in self.samples:
            by_second.setdefault(int(each.at), []).append(each)
        return [_second(at, found) for at, found in sorted(by_second.items())]

    def after(self, seconds: float) -> Report:
        """Without the first seconds: those of a server that just started tell of the start."""
        return Report(tuple(each for each in self.samples if each.at >= seconds))


def _second(at: int, samples: Sequence[Sample]) -> Second:
    errors = sum(bool(each.error) for each in samples)
    p95 = percentile([each.latency for each in samples], 0.95)
    return Second(at, len(samples), errors, len(samples) - errors, p95)


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed; 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    rank = -(-len(ordered) * share // 1)
    return ordered[max(0, int(rank) - 1)]


def run(load: Load, visitors: Sequence[Visitor]) -> Report:
    """The k-th request is the next one of the k-th visitor, and round again.

    Each visitor has an address of its own on loopback, as limits for each client want it.

    Raises:
        ValueError: not loopback, or beyond the bounds.
    """
    _check(load, visitors)
    return asyncio.run(_run(load, visitors))


def _check(load: Load, visitors: Sequence[Visitor]) -> None:
    if not ipaddress.ip_address(load.host).is_loopback:
        raise ValueError(f"{load.host} is not this machine: load is only put on loopback")
    if not 0 < load.seconds <= MOST_SECONDS or load.rate <= 0:
        raise ValueError(
            f"{load.seconds:g} s with {load.rate:g} requests/s: at most {MOST_SECONDS:g} s"
        )
    if load.rate * load.seconds > MOST_REQUESTS:
        raise ValueError(f"{load.rate * load.seconds:.0f} requests are more than {MOST_REQUESTS}")
    if not visitors:
        raise ValueError("a load needs visitors")


async def _run(load: Load, visitors: Sequence[Visitor]) -> Report:
    loop = asyncio.get_running_loop()
    samples: list[Sample] = []
    waiting: set[asyncio.Task[None]] = set()
    began = loop.time()
    for number in range(int(load.rate * load.seconds)):
        at = number / load.rate
        if (early := began + at - loop.time()) > 0:
            await asyncio.sleep(early)
        which = number % len(visitors)
        if len(waiting) >= load.at_once:
            samples.append(Sample(at, 0.0, "", NOT_SENT))
            continue
        task = loop.create_task(_ask(load, which, visitors[which], began + at, at, samples.append))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
    if waiting:
        await asyncio.wait(waiting)
    return Report(tuple(sorted(samples, key=lambda each: each.at)))


async def _ask(
    load: Load,
    which: int,
    visitor: Visitor,
    moment: float,
    at: float,
    tell: Callable[[Sample], None],
) -> None:
    """One request of one visitor; whatever happens becomes its sample."""
    request, error = visitor.next(), ""
    try:
        async with asyncio.timeout_at(moment + load.timeout):
            answer = await _exchange(load, address_of(which), request)
        if answer.code >= 500:
            error = str(answer.code)
        visitor.took(request, answer)
    except TimeoutError:
        error = TIMED_OUT
    except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
        error = REFUSED
    tell(Sample(at, asyncio.get_running_loop().time() - moment, request.path, error))


def address_of(visitor: int) -> str:
    """One of 127.1.0.0/16."""
    return f"127.1.{visitor // 250 % 250}.{1 + visitor % 250}"


async def _exchange(load: Load, own: str, request: Request) -> Answer:
    reader, writer = await asyncio.open_connection(
        load.host, load.port, local_addr=(own, 0) if "." in load.host else None
    )
    try:
        writer.write(_written(request))
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = tuple(_header(line) for line in head[1:] if ":" in line)
        body = await reader.read(_MOST_BYTES)
        while piece := await reader.read(_MOST_BYTES):
            body += piece[: _MOST_BYTES - len(body)]
        return Answer(int(head[0].split(" ", 2)[1]), headers, body)
    finally:
        writer.close()


def _written(request: Request) -> bytes:
    """As HTTP/1.0: the answer ends where the connection does."""
    lines = [f"{request.method} {request.path} HTTP/1.0", "Host: shop.example"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    if request.body:
        lines.append(f"Content-Length: {len(request.body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + request.body


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()
