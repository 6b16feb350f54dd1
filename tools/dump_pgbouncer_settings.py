"""Writes src/plimsoll/technologies/pgbouncer/settings.yaml from a real PgBouncer.

    python tools/dump_pgbouncer_settings.py > settings.yaml

Names and defaults are those of SHOW CONFIG. Units, words, sentinels and other versions stand in
dump_pgbouncer_settings.yaml beside this file.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

CURATED = Path(__file__).with_suffix(".yaml")
CONFIG = """[pgbouncer]
listen_port = 6543
unix_socket_dir = {folder}
auth_type = any
admin_users = pgbouncer
"""


def asked() -> list[dict[str, str]]:
    """The rows of SHOW CONFIG; the server does not run as root."""
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "p.ini").write_text(CONFIG.format(folder=folder))
        words = [*(as_nobody if os.geteuid() == 0 else []), "pgbouncer", f"{folder}/p.ini"]
        process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        try:
            while not (folder / ".s.PGSQL.6543").exists():
                time.sleep(0.05)
            ask = ["psql", "-X", "-h", name, "-p", "6543", "-U", "pgbouncer", "--csv"]
            said = subprocess.run(
                [*ask, "-c", "SHOW CONFIG", "pgbouncer"], capture_output=True, text=True, check=True
            )
        finally:
            process.terminate()
            process.wait()
    return list(csv.DictReader(io.StringIO(said.stdout, newline="")))


def entry(row: Mapping[str, str], curated: Mapping[str, Any]) -> dict[str, Any]:
    name, default = row["key"], row["default"]
    said: dict[str, Any] = {"type": "text", "default": default or "unset"}
    if name in curated["times"].split():
        said = {"type": "time", "default": f"{default}s" if default != "0" else 0}
    elif default.isdigit():
        said = {"type": "count", "default": int(default)}
    if name in curated["never"].split():
        said["infinite"] = [0]
        said["default"] = "never" if default == "0" else said["default"]
    if name in curated["unlimited"].split():
        said |= {"infinite": [0], "default": "unlimited"}
    if row["changeable"] == "yes":
        said["apply"] = "reload"
    return said


def main() -> int:
    curated = yaml.safe_load(CURATED.read_text("utf-8"))
    found = {
        r["key"]: entry(r, curated) for r in asked() if r["key"] not in curated["not_settings"]
    }
    for name, said in curated["settings"].items():
        found[name] = {**found.get(name, {}), **said}
    done = subprocess.run(["pgbouncer", "--version"], capture_output=True, text=True, check=True)
    sys.stdout.write(
        "# Every setting of PgBouncer, written by tools/dump_pgbouncer_settings.py: SHOW CONFIG of\n"
        f"# {done.stdout.split()[1]} and the manual. Change dump_pgbouncer_settings.yaml there.\n"
    )
    for name in sorted(found):
        said = {"belongs": "pgbouncer.ini [pgbouncer]", **found[name]}
        line = yaml.safe_dump(said, default_flow_style=True, sort_keys=False, width=10_000)
        sys.stdout.write(f"{name}: {line.strip()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
