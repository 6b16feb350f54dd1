"""The load: requests come at their moments, however slow the server; nothing is lost of the count."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plimsoll.drill.lab.load import (
    MOST_REQUESTS,
    MOST_SECONDS,
    NOT_SENT,
    REFUSED,
    TIMED_OUT,
    Answer,
    Load,
    Report,
    Request,
    Sample,
    address_of,
    percentile,
    run,
)

OK = b"HTTP/1.0 200 OK\r\nX-Kind: test\r\n\r\nhello"


class Caller:
    """Implements `Visitor`."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []

    def next(self) -> Request:
        return Request("GET", "/page", (("Cookie", "a=b"),))

    def took(self, request: Request, answer: Answer) -> None:  # noqa: ARG002 - of the interface
        self.answers.append(answer)


class Counted:
    """A server on loopback. *arrived*: when each request came; *peers*: the addresses they came from."""

    def __init__(self, answer: bytes, wait: float) -> None:
        self.answer, self.wait = answer, wait
        self.arrived: list[float] = []
        self.peers: Counter[str] = Counter()
        self.heads: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.arrived.append(asyncio.get_running_loop().time())
        self.peers[writer.get_extra_info("peername")[0]] += 1
        try:
            self.heads.append(await reader.readuntil(b"\r\n\r\n"))
            await asyncio.sleep(self.wait)
            writer.write(self.answer)
        finally:
            writer.close()


@contextmanager
def serving(answer: bytes = OK, wait: float = 0.0) -> Iterator[Counted]:
    server = Counted(answer, wait)
    ready = threading.Event()
    stopping: list[Callable[[], object]] = []

    async def serve() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        stopping.append(lambda: loop.call_soon_threadsafe(stop.set))
        async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
            server.port = listening.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        stopping[0]()
        thread.join()


def test_a_slow_server_does_not_slow_arrivals() -> None:
    with serving(wait=1.5) as server:
        report = run(Load("127.0.0.1", server.port, 40.0, 1.0, timeout=20.0), [Caller()])
    assert len(server.arrived) == 40
    # All came before the first was answered: a closed loop with one visitor would take a minute.
    assert server.arrived[-1] - server.arrived[0] < 1.5
    assert report.errors() == {}
    assert min(each.latency for each in report.samples) >= 1.5


def test_latency_counts_from_the_moment_that_was_set() -> None:
    """A generator that falls behind says so, instead of moving its moments."""

    class Busy(Caller):
        def next(self) -> Request:
            if not self.answers:
                threading.Event().wait(0.5)  # holds up the whole generator, once
                self.answers.append(Answer(0, (), b""))
            return super().next()

    with serving() as server:
        report = run(Load("127.0.0.1", server.port, 20.0, 0.5, timeout=20.0), [Busy()])
    assert [round(each.at, 2) for each in report.samples] == [n / 20 for n in range(10)]
    assert report.samples[1].latency >= 0.4


def test_every_visitor_has_an_address_of_its_own() -> None:
    with serving() as server:
        run(Load("127.0.0.1", server.port, 60.0, 0.5), [Caller(), Caller(), Caller()])
    assert server.peers == {address_of(n): 10 for n in range(3)}
    assert len({address_of(n) for n in range(5000)}) == 5000


def test_what_is_asked_and_what_comes_back() -> None:
    caller = Caller()
    with serving() as server:
        run(Load("127.0.0.1", server.port, 10.0, 0.1), [caller])
    assert caller.answers == [Answer(200, (("x-kind", "test"),), b"hello")]
    assert server.heads == [b"GET /page HTTP/1.0\r\nHost: shop.example\r\nCookie: a=b\r\n\r\n"]


@pytest.mark.parametrize(
    ("answer", "wait", "error"),
    [
        pytest.param(b"HTTP/1.0 503 No\r\n\r\n", 0.0, "503", id="a fault of the server"),
        pytest.param(b"HTTP/1.0 404 No\r\n\r\n", 0.0, None, id="none of the server"),
        pytest.param(OK, 5.0, TIMED_OUT, id="too late"),
        pytest.param(b"", 0.0, REFUSED, id="closed without an answer"),
        pytest.param(b"no HTTP\r\n\r\n", 0.0, REFUSED, id="nonsense"),
    ],
)
def test_what_went_wrong_is_told(answer: bytes, wait: float, error: str | None) -> None:
    with serving(answer, wait) as server:
        report = run(Load("127.0.0.1", server.port, 20.0, 0.25, timeout=0.5), [Caller()])
    assert report.errors() == ({error: 5} if error else {})


def test_nobody_there() -> None:
    with serving() as server:
        port = server.port
    assert run(Load("127.0.0.1", port, 20.0, 0.25), [Caller()]).errors() == {REFUSED: 5}


def test_those_above_the_bound_are_errors_and_not_sent() -> None:
    with serving(wait=1.0) as server:
        load = Load("127.0.0.1", server.port, 100.0, 0.2, timeout=20.0, at_once=5)
        report = run(load, [Caller()])
    assert (len(server.arrived), report.errors()) == (5, {NOT_SENT: 15})


@pytest.mark.parametrize(
    "load",
    [
        pytest.param(Load("192.0.2.1", 80, 1.0, 1.0), id="another machine"),
        pytest.param(Load("0.0.0.0", 80, 1.0, 1.0), id="every address"),  # noqa: S104
        pytest.param(Load("127.0.0.1", 80, 1.0, MOST_SECONDS + 1), id="too long"),
        pytest.param(Load("127.0.0.1", 80, MOST_REQUESTS + 1, 1.0), id="too many"),
        pytest.param(Load("127.0.0.1", 80, 0.0, 1.0), id="none"),
        pytest.param(Load("127.0.0.1", 80, 1.0, float("nan")), id="no number"),
    ],
)
def test_its_bounds(load: Load) -> None:
    with pytest.raises(ValueError, match=r"."):
        run(load, [Caller()])


def test_a_load_needs_visitors() -> None:
    with pytest.raises(ValueError, match="visitors"):
        run(Load("127.0.0.1", 80, 1.0, 1.0), [])


samples = st.builds(
    Sample,
    st.floats(0, 20),
    st.floats(0, 5),
    st.just("/"),
    st.sampled_from(["", "", "500", TIMED_OUT]),
)


@given(st.lists(samples))
@settings(max_examples=50)
def test_each_request_is_counted_once(found: list[Sample]) -> None:
    report = Report(tuple(found))
    seconds = report.seconds()
    assert sum(each.asked for each in seconds) == len(found)
    assert sum(each.errors for each in seconds) == sum(report.errors().values())
    assert all(each.asked == each.errors + each.answered for each in seconds)
    assert [each.at for each in seconds] == sorted({int(each.at) for each in found})


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_this_share_does_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(each <= found for each in values) >= len(values) * share - 1e-9
    assert sum(each < found for each in values) < len(values) * share + 1e-9


def test_percentiles_of_known_values() -> None:
    values = [float(n) for n in range(1, 101)]
    found = [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)]
    assert found == [50.0, 95.0, 99.0, 100.0]
    assert percentile([], 0.5) == 0.0
