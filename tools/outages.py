"""The shop under a load, with its own files and with those of a variant.

The servers have one processor and the load another, so that two make a small machine of its own beside
whatever else runs. What proves an outage is counted and not timed: threads, killed processes, rows.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from plimsoll.drill.lab import load
from plimsoll.drill.lab.answers import speaks_http
from plimsoll.drill.lab.lab import lab
from plimsoll.drill.lab.load import Load, Report
from plimsoll.drill.lab.shop import Shop
from plimsoll.drill.lab.state import LabError
from plimsoll.drill.lab.visitors import CATEGORIES, Buyer, shoppers

# One of the visitors is a buyer: each of her requests is for a report that sorts all reviews.
RATE, VISITORS, TIMEOUT_S = 60.0, 240, 2.0
# The application may have what its unit says. The database has a tenth: so few are the shop's rows here.
MIB = 1024 * 1024
MEMORY = {"app": 768 * MIB, "db": 208 * MIB}
# A start has slow requests of its own.
SETTLED_S = 2.0
_EVERY_S = 0.5
_BUYER = int(RATE)  # her place in the row: she asks for the first time after a second
_READY_S = 3.0
_ROWS = (
    "SELECT tup_returned, xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'shop'"
)


@dataclass(frozen=True)
class Look:
    """What there is to see of a shop at one moment. *rows*, *transactions*: None without an answer."""

    threads: int
    processes: int
    killed: int
    rows: int | None
    transactions: int | None
    hits: int
    misses: int


@dataclass(frozen=True)
class Phase:
    """What visitors saw, and what was to be seen of the servers meanwhile."""

    report: Report
    looks: tuple[Look, ...]

    def most(self, of: Callable[[Look], int]) -> int:
        return max(of(each) for each in self.looks)

    def grown(self, of: Callable[[Look], int | None]) -> int:
        """How far a counter came; one that a crash has set back goes on from there."""
        values = [value for each in self.looks if (value := of(each)) is not None]
        return sum(max(0, new - old) for old, new in pairwise(values))


@dataclass(frozen=True)
class Outage:
    """How a variant's outage shows. *of*: the evidence in a phase; *proves*: in a sound and a faulty one."""

    variant: str
    evidence: str
    of: Callable[[Phase], float]
    proves: Callable[[float, float], bool]


def _is_threefold(sound: float, faulty: float) -> bool:
    return faulty > 3 * sound


def _rows_per_transaction(phase: Phase) -> float:
    return phase.grown(lambda look: look.rows) / max(1, phase.grown(lambda look: look.transactions))


def _hit_share(phase: Phase) -> float:
    hits, misses = phase.grown(lambda look: look.hits), phase.grown(lambda look: look.misses)
    return hits / max(1, hits + misses)


OUTAGES = (
    Outage(
        "shop-seed-000",
        "threads of the application",
        lambda phase: phase.most(lambda look: look.threads),
        _is_threefold,
    ),
    Outage(
        "shop-seed-001",
        "processes of the database killed for memory",
        lambda phase: phase.most(lambda look: look.killed),
        lambda sound, faulty: sound == 0 < faulty,
    ),
    Outage("shop-seed-002", "rows read for a transaction", _rows_per_transaction, _is_threefold),
    Outage(
        "shop-seed-003",
        "processes of the application",
        lambda phase: phase.most(lambda look: look.processes),
        _is_threefold,
    ),
    Outage(
        "shop-seed-004",
        "share of look-ups that the cache answers",
        _hit_share,
        lambda sound, faulty: sound > 0.75 and faulty < 0.25,
    ),
)


@contextmanager
def sound_shop(source: Path) -> Iterator[Shop]:
    """A shop that runs and was visited: its servers have the last of our processors."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(own)})
    try:
        with lab() as found:
            shop = Shop(found, source)
            shop.start(MEMORY)
            for path in ("/", *(f"/category/{each}/" for each in range(1, CATEGORIES + 1))):
                while not speaks_http(shop.ports["web"], path, "200"):
                    time.sleep(_EVERY_S)
            yield shop
    finally:
        os.sched_setaffinity(0, own)


def deploy(shop: Shop, variant: Path) -> None:
    """The files of a variant; what does not answer soon is visited all the same."""
    for server in shop.deploy(variant):
        with suppress(LabError):
            shop.lab.wait_until_ready(server, seconds=_READY_S)


def watched(shop: Shop, seconds: float) -> Phase:
    """So many seconds of load. Looking begins once the shop has settled, when there is the time."""
    wanted = Load("127.0.0.1", shop.ports["web"], RATE, seconds, TIMEOUT_S)
    visitors = shoppers(VISITORS)
    visitors[_BUYER] = Buyer()
    first = partial(os.sched_setaffinity, 0, {min(range(os.cpu_count() or 1))})
    looks: list[Look] = []
    with ThreadPoolExecutor(1, initializer=first) as pool:
        running = pool.submit(load.run, wanted, visitors)
        time.sleep(min(SETTLED_S, seconds / 4))
        while not running.done():
            looks.append(look(shop))
            time.sleep(_EVERY_S)
        return Phase(running.result(), (*looks, look(shop)))


def look(shop: Shop) -> Look:
    """Each takes a few milliseconds of the shop's processor."""
    app = shop.lab.processes("app")
    rows = transactions = None
    with suppress(LabError):  # no answer, in the outage
        [[first, second]] = shop.query(_ROWS)
        rows, transactions = int(first), int(second)
    cached = shop.cached()
    return Look(
        threads=sum(each.threads for each in app),
        processes=len(app),
        killed=shop.lab.killed_for_memory("db"),
        rows=rows,
        transactions=transactions,
        hits=cached.hits,
        misses=cached.misses,
    )
