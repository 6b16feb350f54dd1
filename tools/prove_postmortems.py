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
from plimsoll.learn.reading.texts import MOST_BYTES

PLIMSOLL = str(Path(sys.executable).parent / "plimsoll")
COMMAND = "make prove, postmortems"
# Of 108 real postmortems, how many have the trait.
SHARES = {
    "headings": 76, "bold labels": 41, "table": 13, "12-hour clock": 49, "no zone": 26, "no year": 20, "approximate": 35,
    "seconds": 6, "impossible clock": 5, "midnight": 18, "no start": 5, "no title": 20, "no timeline": 13, "emoji": 7,
    "mojibake": 1, "check boxes": 5, "owners": 5, "wrong path": 49, "listed twice": 19, "front matter": 16, "image": 12,
    "code": 13, "HTML": 2, "links": 21, "percent": 40,
}  # fmt: skip
# How zones are named where they are.
NAMED = {"UTC": 50, "letters": 37, "offset": 7}
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
OFFSETS = {"UTC+2": 120, "UTC-05:00": -300, "GMT+3": 180}
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
# *host* makes nearly every sentence a new one, so that nothing is read from a cache.
FILLER = (
    "The {service} service of {host} is used by the shop and by two partners, and its traffic rises in the evening.",
    "Nobody who knows {host} was in the office that day, and the first call was made from a train.",
    "The change had been tested on {host}, a smaller machine, where its effect could not be seen.",
    "Two dashboards of {host} showed different numbers, because one of them counts retries.",
    "The runbook of {host} describes the old set-up of {service} and was of little help.",
    "After the first alert the graphs of {host} looked normal for some minutes.",
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
        self.zone, self.offset = self._zone()
        if self.has["impossible clock"]:  # 14:15pm
            self.has["12-hour clock"] = False
        if self.has["no start"]:  # it stands in the first entry then, and the day in the summary
            self.has["no timeline"] = self.has["midnight"] = self.has["seconds"] = False
        self.start = datetime(2016, 1, 1) + timedelta(minutes=self.random.randrange(5 * 525_600))  # noqa: DTZ001
        if self.has["midnight"]:
            self.start = self.start.replace(hour=23, minute=self.random.randrange(10, 50))
        elif self.start.hour >= 20:
            self.start = self.start.replace(hour=self.start.hour - 8)
        self.minutes = self.random.randrange(35, 220)
        self.end = self.start + timedelta(minutes=self.minutes)

    def _zone(self) -> tuple[str, int | None]:
        """How the zone is written, and its minutes from UTC; None where it is not told."""
        if self.has["no zone"]:
            return "", None
        kind = self.random.choices(list(NAMED), list(NAMED.values()))[0]
        known = {"UTC": {"UTC": 0}, "letters": ZONES, "offset": OFFSETS}[kind]
        return self.random.choice(list(known.items()))

    def made(self) -> Made:
        parts = [
            self._head(),
            self._summary(),
            self._impact(),
            self._timeline(),
            self._cause(),
            self._actions(),
        ]
        text = "\n\n".join(part for part in parts if part) + "\n"
        if self.has["HTML"]:
            text = _as_html(text)
        if self.has["mojibake"]:
            text = text.replace("\U0001f6a8", "\U0001f6a8".encode().decode("cp1252", "ignore"))
            text = text.replace("it is", "it\u00e2\u20ac\u2122s")
        ending = "html" if self.has["HTML"] else "md"
        return Made(f"incident-{self.number:05}.{ending}", text, self._iso())

    def _iso(self) -> str:
        day = self.start.strftime("--%m-%d" if self.has["no year"] else "%Y-%m-%d")
        said = f"{day}T{self.start:%H:%M}:00"
        if self.offset is None:
            return said
        hours, minutes = divmod(abs(self.offset), 60)
        return f"{said}{'-' if self.offset < 0 else '+'}{hours:02}:{minutes:02}"

    def _clock(self, at: datetime) -> str:
        return (
            at.strftime("%I:%M %p").lstrip("0")
            if self.has["12-hour clock"]
            else at.strftime("%H:%M")
        )

    def _day(self, at: datetime) -> str:
        if self.has["no year"]:
            return at.strftime("%B ") + str(at.day)
        return self.random.choice(
            [at.strftime("%Y-%m-%d"), at.strftime("%B ") + f"{at.day}, {at.year}"]
        )

    def _title(self, text: str) -> str:
        if self.has["headings"]:
            return f"## {text}"
        return f"**{text}:**" if self.has["bold labels"] else f"{text}:"

    def _filler(self) -> str:
        count = self.random.randrange(7, 17)
        return " ".join(
            self.random.choice(FILLER).format(
                service=self.service, host=f"host {self.random.randrange(10**5):x}"
            )
            for _ in range(count)
        )

    def _head(self) -> str:
        front = f"---\nweight: {self.number}\n---\n\n" if self.has["front matter"] else ""
        if self.has["no title"]:
            return front.rstrip()
        emoji = " \U0001f6a8" if self.has["emoji"] or self.has["mojibake"] else ""
        title = f"{self.service.capitalize()} failed for {self.minutes} minutes, case {self.number}{emoji}"
        return front + (f"# {title}" if self.has["headings"] else title)

    def _summary(self) -> str:
        said = f"On {self._day(self.start)}, "
        zone = f" {self.zone}" if self.zone else ""
        if self.has["no start"]:
            said += f"{self.service} was down.{f' All times are in{zone}.' if zone else ''}"
        else:
            said += f"from {self._clock(self.start)} to {self._clock(self.end)}{zone}, {self.service} was down."
        image = "\n\n![the queue](queue.png)" if self.has["image"] else ""
        return f"{self._title('Summary')}\n\n{said} Case {self.number}. {self._filler()}{image}"

    def _impact(self) -> str:
        if self.has["percent"]:
            said = f"{self.random.randrange(5, 96)}% of users could not use {self.service}."
        else:
            said = f"Users could not use {self.service}, and support had {self.number % 90 + 10} calls."
        if self.has["headings"] and self.has["bold labels"]:
            return f"**Impact:** {said} {self._filler()}"
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
        if self.has["no timeline"]:
            return ""
        rows = list(self._entries())
        head = f"{self._title('Timeline')}\n"
        if self.has["table"]:
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
        if self.has["seconds"] and not self.has["12-hour clock"]:
            return f"{about}{at:%H:%M}:{self.random.randrange(60):02}"
        return about + self._clock(at)

    def _cause(self) -> str:
        said = f"The root cause was that {self.setting} was set wrongly for {self.service}. {self._filler()}"
        return f"{self._title('Root cause')}\n\n{said}"

    def _actions(self) -> str:
        box = "[ ] " if self.has["check boxes"] else ""
        link = f" [#{self.number}](https://example.org/{self.number})" if self.has["links"] else ""
        owner = " (owner: Ada, due 2030-01-31)" if self.has["owners"] else ""
        items = [
            f"- {box}Check {self.setting} in the pipeline{owner}{link}",
            f"- {box}Alert on errors of {self.service}{owner}{link}",
        ]
        text = f"{self._title('Action items')}\n\n" + "\n".join(items)
        if self.has["listed twice"]:
            text += f"\n\n{self._title('Lessons learned')}\n\n- We should check {self.setting} in the pipeline"
        return text


def _as_html(text: str) -> str:
    """The same with paragraphs, headings and lists of HTML."""
    out = []
    for block in text.split("\n\n"):
        if block.startswith("#"):
            level = len(block) - len(block.lstrip("#"))
            out.append(f"<h{level}>{block.lstrip('# ')}</h{level}>")
        elif block.startswith("- "):
            items = "".join(f"<li>{line.removeprefix('- ')}</li>" for line in block.split("\n"))
            out.append(f"<ul>{items}</ul>")
        else:
            out.append(block if block.startswith(("---", "|", "```")) else f"<p>{block}</p>")
    return "\n".join(out)


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
    hostile = _hostile(MEGABYTES * 10**6), _hostile(MOST_BYTES)
    text = _table(len(told), median, (seconds, busy), peak, len(wrong), hostile)
    print(text)
    if args.write:
        pages.fill(COMMAND, text)
    return 1 if wrong else 0


MEGABYTES = 50
# One line each of what a file is full of: it is repeated until the file is as large as it is to be.
HOSTILE = {
    "lines": b"- 10:00 the server was down because of an error in the configuration\n",
    "one line": b"- 10:00 the server was down because ",
    "elements": b"<div><p>",
    "zeros": b"\0",
}


def _hostile(size: int) -> tuple[float, float]:
    """The most seconds and MiB that a file of that size costs."""
    costs = [_cost(line * (size // len(line))) for line in HOSTILE.values()]
    return max(seconds for seconds, _ in costs), max(peak for _, peak in costs)


def _cost(data: bytes) -> tuple[float, float]:
    with tempfile.NamedTemporaryFile(suffix=".html") as file:
        file.write(data)
        file.flush()
        began = perf_counter()
        said = subprocess.run(
            [sys.executable, "-c", _PEAK, PLIMSOLL, "postmortem", "read", file.name],
            capture_output=True,
            text=True,
            check=True,
        )
        return perf_counter() - began, float(said.stdout.split()[-1]) / 1024


_PEAK = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
)


def _table(
    count: int,
    median: float,
    seconds: tuple[float, float],
    peak: float,
    wrong: int,
    hostile: tuple[tuple[float, float], tuple[float, float]],
) -> str:
    rows = (
        (
            f"{count:,} simulated postmortems, all distinct, median {median / 1000:.1f} kB: read and indexed",
            f"{seconds[0]:.0f} s, {seconds[1]:.0f} s of processor time",
        ),
        ("their starts read as stated", f"{count - wrong:,} of {count:,}"),
        ("peak memory of one process", f"{peak:.0f} MiB"),
        *(
            (f"{what}, the worst of {len(HOSTILE)} kinds", f"{cost[0]:.1f} s, {cost[1]:.0f} MiB")
            for what, cost in zip(
                (
                    f"a file of {MEGABYTES} MB, refused",
                    f"a file as large as is read ({MOST_BYTES // 1024} kB)",
                ),
                hostile,
                strict=True,
            )
        ),
    )
    head = "| what | figure |\n|---|---|\n"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    tail = f"\n\nPython {platform.python_version()}, {cores} cores, shared with other work."
    return head + "\n".join(f"| {what} | {figure} |" for what, figure in rows) + tail


if __name__ == "__main__":
    sys.exit(main())
