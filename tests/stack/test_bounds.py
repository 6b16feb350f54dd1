"""What a file may cost, far past the bound: the product gives up, says so, and goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from plimsoll.model.setting import Unread
from plimsoll.stack.bounds import MOST_SETTINGS, bounded


def endless() -> Iterator[int]:
    while True:
        yield from ()


def backtracking() -> Iterator[int]:
    import re

    yield len(re.findall(r"(a+)+$", "a" * 200 + "b"))


def swallowing() -> Iterator[int]:
    while True:
        try:
            yield from endless()
        except Exception:  # noqa: BLE001, S112 - what a careless reader would write
            continue


def hungry() -> Iterator[int]:
    kept = [bytearray(50_000_000) for _ in range(100)]
    yield len(kept)


def hungry_in_pieces() -> Iterator[int]:
    kept: list[list[int]] = []
    while True:
        kept.append([len(kept)] * 10_000)


def talkative() -> Iterator[int]:
    n = 0
    while True:
        yield (n := n + 1)


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        pytest.param(endless, "takes more than 1.5 s to read", id="a loop without end"),
        pytest.param(backtracking, "takes more than 1.5 s to read", id="a regular expression"),
        pytest.param(
            swallowing, "takes more than 1.5 s to read", id="one that goes on after faults"
        ),
        pytest.param(hungry, "takes more than 300 MB of memory to read", id="5 GB"),
        pytest.param(hungry_in_pieces, "takes more than 300 MB of memory to read", id="in pieces"),
        pytest.param(talkative, "says more than 40,000 things", id="settings without end"),
    ],
)
def test_it_gives_up(work: Callable[[], Iterator[int]], reason: str) -> None:
    assert bounded("a.conf", work) == Unread("a.conf", reason)
    assert bounded("b.conf", lambda: [1, 2]) == [1, 2]  # and the next one is read


def test_several_files_may_cost_more() -> None:
    some = range(2 * MOST_SETTINGS)
    assert bounded("a", lambda: some, files=2) == list(some)
    assert bounded("a", lambda: some) == Unread("a", "says more than 40,000 things")


def test_outside_of_the_main_thread_only_the_number_is_bound() -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(bounded("a", talkative)))
    thread.start()
    thread.join()
    assert found == [Unread("a", "says more than 40,000 things")]
