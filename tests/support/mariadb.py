"""MariaDB, asked for its variables as it would start with them; nothing is started."""

from __future__ import annotations

import subprocess

from support.programs import need

# Variables that may have a fraction, whatever type settings.yaml gives them.
REALS = {"long_query_time", "log_slow_query_time", "max_statement_time", "slave_max_statement_time"}
REALS |= {"expire_logs_days", "innodb_defragment_fill_factor", "innodb_max_dirty_pages_pct"}
REALS |= {"innodb_max_dirty_pages_pct_lwm"}


def variables(*words: object, nofile: int | None = None) -> dict[str, str] | str:
    """Every variable as the server would have it; what it says where it does not start."""
    limit = ["prlimit", f"--nofile={nofile}:{nofile}"] if nofile else []
    program = need("mariadbd", "mariadb-server-core")
    done = subprocess.run(
        [*limit, program, *map(str, words), "--user=nobody", "--help", "--verbose"],
        capture_output=True, timeout=30, check=False, cwd="/",
    )  # fmt: skip
    said = done.stderr.decode("utf-8", "replace")
    errors = [line for line in said.splitlines() if "ERROR" in line]
    if done.returncode or errors:
        return "\n".join(errors) or said[-300:]
    table = done.stdout.decode("utf-8", "replace").partition("Variables (--variable-name")[2]
    rows = (line.partition(" ") for line in table.partition("\n\n")[0].splitlines()[3:])
    return {name.replace("-", "_").lower(): value.strip() for name, _, value in rows}
