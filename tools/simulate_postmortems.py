"""Thousands of postmortems that nobody wrote: how long reading and indexing them takes, and whether each
start is read right. Traits stand at the shares at which they were counted in 108 real ones.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import pages

PLIMSOLL = str(Path(sys.executable).parent / "plimsoll")
COMMAND = "python tools/simulate_postmortems.py"
# Of 108 real postmortems, how many have the trait.
SHARES = {
    "headings": 76, "bold labels": 41, "table": 13, "12-hour clock": 49, "zone": 82, "letters": 37, "year": 88,
    "approximate": 35, "midnight": 18, "impossible clock": 5, "emoji": 7, "wrong path": 49, "twice": 19,
    "check boxes": 5, "owners": 5, "front matter": 16, "code": 13, "percent": 40,
}  # fmt: skip
REAL = 108
ZONES = {
    "CET": 60,
    "EST": -300,
    "PST": -480,
    "EAT": 180,
    "IST": 330,
    "JST": 540,
    "CAT": 120,
    "WAT": 60,
}
SERVICES = [
    "checkout",
    "search",
    "login",
    "catalogue",
    "basket",
    "payment",
    "mail",
    "reports",
    "uploads",
    "feed",
    "chat",
    "billing",
    "stock",
]
SETTINGS = (
    "the worker count of the web server", "the connection pool of the application", "a memory limit of the container",
    "the timeout of the load balancer", "the lifetime of the cache", "the number of open files", "a firewall rule",
    "the readiness probe", "the thread count of the service", "a parameter of the database",
)  # fmt: skip
STEPS = (
    "the graphs of {service} are compared with those of last week", "the log of {service} is searched for errors",
    "a second engineer joins the call", "customers are told on the status page", "{service} is restarted on one host",
    "the queue in front of {service} is watched", "traffic is moved to the other zone", "the last release is looked at",
    "the database team looks at slow queries", "the load of all hosts is compared",
)  # fmt: skip
FILLER = (
    "The {service} service is used by the shop and by two partners, and its traffic rises in the evening.",
    "Nobody was in the office that day, and the first call was made from a train.",
    "The change had been tested on a smaller machine, where its effect could not be seen.",
    "Two dashboards showed different numbers, because one of them counts retries.",
    "The runbook of {service} describes the old set-up and was of little help.",
    "After the first alert the graphs looked normal for some minutes.",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A text and the start that it states, as ISO 8601 says it."""

    name: str
    text: str
    start: str


class Teller:
    """Tells one incident; every choice comes from its own seed."""

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self.random = random.Random(seed * 1_000_003 + number)  # noqa: S311 (no secret)
        self.has = {name: self.random.random() < share / REAL for name, share in SHARES.items()}
        self.service = self.random.choice(SERVICES)
        self.setting = self.random.choice(SETTINGS)
        self.zone = self._zone()
        self.start = datetime(2016, 1, 1) + timedelta(minutes=self.random.randrange(5 * 525_600))  # noqa: DTZ001
        if self.has["midnight"]:
            self.start = self.start.replace(hour=23, minute=self.random.randrange(10, 50))
        elif self.start.hour >= 20:
            self.start = self.start.replace(hour=self.start.hour - 8)
        self.minutes = self.random.randrange(35, 220)
        self.end = self.start + timedelta(minutes=self.minutes)

    def _zone(self) -> str:
        if not self.has["zone"]:
            return ""
        return self.random.choice(list(ZONES)) if self.has["letters"] else "UTC"

    def made(self) -> Made:
        parts = [
            self._head(),
            self._summary(),
            self._impact(),
            self._timeline(),
            self._cause(),
            self._actions(),
        ]
        return Made(f"incident-{self.number:05}.md", "\n\n".join(parts) + "\n", self._iso())

    def _iso(self) -> str:
        day = self.start.strftime("%Y-%m-%d" if self.has["year"] else "--%m-%d")
        offset = ""
        if self.zone:
            minutes = ZONES.get(self.zone, 0)
            offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
        return f"{day}T{self.start:%H:%M}:00{offset}"

    def _clock(self, at: datetime) -> str:
        return (
            at.strftime("%I:%M %p").lstrip("0")
            if self.has["12-hour clock"]
            else at.strftime("%H:%M")
        )

    def _day(self, at: datetime) -> str:
        if not self.has["year"]:
            return at.strftime("%B ") + str(at.day)
        return self.random.choice(
            [at.strftime("%Y-%m-%d"), at.strftime("%B ") + f"{at.day}, {at.year}"]
        )

    def _title(self, text: str) -> str:
        if self.has["headings"]:
            return f"## {text}"
        return f"**{text}:**" if self.has["bold labels"] else f"{text}:"

    def _filler(self) -> str:
        count = self.random.randrange(8, 19)
        said = [self.random.choice(FILLER).format(service=self.service) for _ in range(count)]
        return " ".join(said)

    def _head(self) -> str:
        front = f"---\nweight: {self.number}\n---\n\n" if self.has["front matter"] else ""
        emoji = " \U0001f6a8" if self.has["emoji"] else ""
        title = f"{self.service.capitalize()} failed for {self.minutes} minutes, case {self.number}{emoji}"
        return front + (f"# {title}" if self.has["headings"] else title)

    def _summary(self) -> str:
        last = self._clock(self.end) if not self.has["midnight"] else f"{self._clock(self.end)}"
        span = f"On {self._day(self.start)}, from {self._clock(self.start)} to {last}"
        zone = f" {self.zone}" if self.zone else ""
        return (
            f"{self._title('Summary')}\n\n{span}{zone}, {self.service} was down. {self._filler()}"
        )

    def _impact(self) -> str:
        if self.has["percent"]:
            said = f"{self.random.randrange(5, 96)}% of users could not use {self.service}."
        else:
            said = f"Users could not use {self.service}, and support had {self.number % 90 + 10} calls."
        return f"{self._title('Impact')}\n\n{said} {self._filler()}"

    def _entries(self) -> Iterator[tuple[datetime, str]]:
        at = self.start
        yield at, f"{self.service} is down, requests fail"
        yield (
            at + timedelta(minutes=5),
            f"alert on errors of {self.service}, on-call begins to investigate",
        )
        middle = self.random.randrange(2, 8)
        room = self.minutes - 20
        for n in range(middle):
            step = self.random.choice(STEPS).format(service=self.service)
            if n == 0 and self.has["wrong path"]:
                step = "a network problem is suspected and the routers are checked"
            yield at + timedelta(minutes=6 + room * (n + 1) // (middle + 3)), step
        yield (
            at + timedelta(minutes=self.minutes - 12),
            f"{self.setting} is found to be configured wrongly",
        )
        yield at + timedelta(minutes=self.minutes - 5), f"{self.setting} is corrected"
        yield self.end, f"{self.service} is fully restored, incident resolved"

    def _timeline(self) -> str:
        rows = list(self._entries())
        head = f"{self._title('Timeline')}\n"
        if self.has["table"] and self.has["headings"]:
            lines = ["| Time | Event |", "|---|---|"]
            lines += [f"| {self._clock(at)} | {text} |" for at, text in rows]
        else:
            lines = [f"- {self._stamp(at, n)}: {text}" for n, (at, text) in enumerate(rows)]
        code = "\n\n```\n2011-01-01T00:00:00Z ERROR upstream gone\n```" if self.has["code"] else ""
        return head + "\n" + "\n".join(lines) + code

    def _stamp(self, at: datetime, n: int) -> str:
        about = "~" if self.has["approximate"] and n == 2 else ""
        if self.has["impossible clock"] and at.hour > 12:
            return f"{about}{at:%H:%M}pm"
        return about + self._clock(at)

    def _cause(self) -> str:
        said = f"The root cause was that {self.setting} was set wrongly for {self.service}. {self._filler()}"
        return f"{self._title('Root cause')}\n\n{said}"

    def _actions(self) -> str:
        box = "[ ] " if self.has["check boxes"] else ""
        owner = " (owner: Ada, due 2030-01-31)" if self.has["owners"] else ""
        items = [
            f"- {box}Check {self.setting} in the pipeline{owner}",
            f"- {box}Alert on errors of {self.service}{owner}",
        ]
        text = f"{self._title('Action items')}\n\n" + "\n".join(items)
        if self.has["twice"]:
            text += f"\n\n{self._title('Lessons learned')}\n\n- We should check {self.setting} in the pipeline"
        return text


def make(count: int, seed: int, folder: Path) -> list[Made]:
    """Writes them; all are distinct."""
    told = [Teller(n, seed).made() for n in range(count)]
    if len({each.text for each in told}) != count:
        sys.exit("two of them are the same")
    for each in told:
        folder.joinpath(each.name).write_text(each.text, "utf-8")
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--write", action="store_true", help="put the figures into docs/benchmarks.md"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, index = Path(name, "texts"), Path(name, "incidents.db")
        folder.mkdir()
        told = make(args.count, args.seed, folder)
        began = perf_counter()
        subprocess.run(
            [PLIMSOLL, "incidents", "index", str(folder), "--index", str(index)], check=True
        )
        seconds = perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak, busy = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
        with sqlite3.connect(index) as connection:
            read = dict(connection.execute("select path, start from incident"))
    wrong = [each for each in told if read.get(str(folder / each.name)) != each.start]
    for each in wrong[:5]:
        print(f"{each.name}: {each.start} is stated, {read.get(str(folder / each.name))} was read")
    median = statistics.median(len(each.text.encode()) for each in told)
    hostile = _hostile()
    text = _table(len(told), median, (seconds, busy), peak, len(wrong), hostile)
    print(text)
    if args.write:
        pages.fill(COMMAND, text)
    return 1 if wrong else 0


def _hostile() -> tuple[float, float]:
    """Seconds and MiB that a file of 50 MB costs."""
    with tempfile.NamedTemporaryFile(suffix=".md") as file:
        file.write(
            b"- 10:00 the server was down because of an error in the configuration\n" * 720_000
        )
        file.flush()
        began = perf_counter()
        said = subprocess.run(
            [sys.executable, "-c", _PEAK, PLIMSOLL, "postmortem", "read", file.name],
            capture_output=True,
            text=True,
            check=False,
        )
        return perf_counter() - began, float(said.stdout.split()[-1]) / 1024


_PEAK = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL, check=False)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
)


def _table(
    count: int,
    median: float,
    seconds: tuple[float, float],
    peak: float,
    wrong: int,
    hostile: tuple[float, float],
) -> str:
    rows = (
        (
            f"{count:,} simulated postmortems, all distinct, median {median / 1000:.1f} kB: read and indexed",
            f"{seconds[0]:.0f} s, {seconds[1]:.0f} s of processor time",
        ),
        ("their starts read as stated", f"{count - wrong:,} of {count:,}"),
        ("peak memory of one process", f"{peak:.0f} MiB"),
        (
            "a file of 50 MB: refused after, with a peak of",
            f"{hostile[0]:.1f} s, {hostile[1]:.0f} MiB",
        ),
    )
    head = "| what | figure |\n|---|---|\n"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    tail = f"\n\nPython {platform.python_version()}, {cores} cores, shared with other work."
    return head + "\n".join(f"| {what} | {figure} |" for what, figure in rows) + tail


if __name__ == "__main__":
    sys.exit(main())
