"""Writes src/plimsoll/technologies/redis/settings.yaml from a real redis-server.

    python tools/dump_redis_settings.py redis-server redis-cli > settings.yaml

Type, range and words of each setting are what the server says when it refuses a value. What it
does not say (units of time, which values mean "never", other versions) stands in
dump_redis_settings.yaml beside this file.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from plimsoll.technologies.redis.names import RENAMED

CURATED = Path(__file__).with_suffix(".yaml")
OF_THE_RUN = {"dir", "unixsocket", "port"}  # what this script says on the command line
LARGEST = 2**63 - 1
LIMITS = "client-output-buffer-limit"


@contextmanager
def running(server: str, cli: str) -> Iterator[Any]:
    """Asks a bare server: a function from the words of a command to the lines of its answer."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        socket = f"{folder}/s"
        words = [server, "--port", "0", "--unixsocket", socket, "--dir", folder]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        while not Path(socket).exists():
            time.sleep(0.02)

        def ask(*command: str) -> list[str]:
            done = subprocess.run([cli, "-s", socket, *command], capture_output=True, check=True)
            return done.stdout.decode().split("\n")[:-1]

        try:
            yield ask
        finally:
            process.terminate()
            process.wait()


def refusal(server: str, name: str, value: str) -> str:
    """Why the server refuses a value in a file; empty when it takes it."""
    text = f"{name} {value}\nno-such-setting\n"
    done = subprocess.run([server, "-"], input=text, capture_output=True, text=True, check=False)
    found = re.search(r"at line (\d+)\n>>> .*\n(.*)", done.stdout + done.stderr)
    return found[2] if found and found[1] == "1" else ""


def entry(server: str, name: str, default: str, *, is_fixed: bool) -> dict[str, Any]:
    """What settings.yaml says of a setting, from the server's refusals."""
    said: dict[str, Any] = {}
    wrong = refusal(server, name, "no-such-value")
    if "'yes' or 'no'" in wrong:
        said |= {"type": "boolean", "default": default == "yes"}
    elif words := re.search(r"one of the following: (.*)", wrong):
        said |= {"type": "enum", "default": default, "values": words[1].split(", ")}
    elif "memory" in wrong:
        said |= {"type": "size", "default": amount(int(default)), **bounds(server, name, "0", "B")}
    elif "integer" in wrong:
        said |= {"type": "count", "default": int(default), **bounds(server, name, "-" + "9" * 15)}
    elif "octal" in wrong:
        said |= {"type": "count", "default": int(default, 8)}
    else:
        said |= {"type": "text", "default": default}
    if not is_fixed:
        said["apply"] = "reload"
    return {**said, "belongs": "redis.conf"}


def bounds(server: str, name: str, low: str, unit: str = "") -> dict[str, object]:
    """The range that the server names when it refuses *low*; a bound of the machine is none."""
    found = re.search(r"between (-?\d+) and (-?\d+) ", refusal(server, name, low))
    if found is None:
        return {}
    least, most = int(found[1]), int(found[2])
    said: dict[str, object] = {"min": amount(least) if unit else least}
    if most < LARGEST:
        said["max"] = amount(most) if unit else most
    return said


def amount(number: int) -> object:
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if number and number % size == 0:
            return f"{number // size}{unit}"
    return f"{number}B" if number else 0


def dumped(server: str, cli: str) -> dict[str, dict[str, Any]]:
    with running(server, cli) as ask:
        lines = ask("CONFIG", "GET", "*")
        found = dict(zip(lines[::2], lines[1::2], strict=True))
        names = sorted(set(found) - set(RENAMED) - {LIMITS})
        fixed = {
            name
            for name in names
            if re.search("immutable|protected", "".join(ask("CONFIG", "SET", name, found[name])))
        }
    entries = {n: entry(server, n, found[n], is_fixed=n in fixed) for n in names}
    for name in OF_THE_RUN:
        entries[name]["default"] = "unset"
    return entries | limits(found[LIMITS].split())


def limits(words: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Three settings for each class of clients: the reader takes a line apart like that."""
    entries: dict[str, dict[str, Any]] = {}
    for class_, hard, soft, seconds in zip(*[iter(words)] * 4, strict=True):
        name = f"{LIMITS}-{'replica' if class_ == 'slave' else class_}"
        common = {"min": 0, "infinite": [0], "apply": "reload", "belongs": "redis.conf"}
        for part, number in (("hard", int(hard)), ("soft", int(soft))):
            default = amount(number) if number else "unlimited"
            entries[f"{name}-{part}"] = {"type": "size", "default": default, **common}
        default = f"{seconds}s" if int(seconds) else "never"
        entries[f"{name}-seconds"] = {"type": "time", "default": default, **common}
    return entries


def merged(
    entries: Mapping[str, Mapping[str, Any]], curated: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What the server says, with what is known beside it; a time is given in its own unit."""
    names = sorted({*entries, *curated})
    found = {name: {**entries.get(name, {}), **curated.get(name, {})} for name in names}
    for name, said in found.items():
        if said["type"] == "time" and name in entries and not name.startswith(LIMITS):
            unit = str(said.get("bare", "1s")).lstrip("1")
            for key in {"default", "min", "max"} & set(said):
                if isinstance(said[key], int) and said[key] and "default" not in curated[name]:
                    said[key] = f"{said[key]}{unit}"
        if said.get("default") in (*said.get("infinite", ()), *_with_units(said)):
            said["default"] = "never" if said["type"] == "time" else "unlimited"
    return found


def _with_units(said: Mapping[str, Any]) -> list[str]:
    unit = str(said.get("bare", "1s")).lstrip("1")
    return [f"{number}{unit}" for number in said.get("infinite", ())]


def main(words: Sequence[str]) -> int:
    if len(words) != 2:
        sys.stderr.write(__doc__ or "")
        return 2
    version = subprocess.run([words[0], "--version"], capture_output=True, text=True, check=True)
    number = re.findall(r"v=([0-9.]+)", version.stdout)[0]
    curated = yaml.safe_load(CURATED.read_text("utf-8"))
    sys.stdout.write(
        "# Every setting of Redis, written by tools/dump_redis_settings.py: CONFIG GET of a running\n"
        f"# server {number} and its refusals. Change dump_redis_settings.yaml there.\n"
    )
    for name, said in merged(dumped(*words), curated).items():
        line = yaml.safe_dump(said, default_flow_style=True, sort_keys=False, width=10_000)
        sys.stdout.write(f"{name}: {line.strip()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
