"""Writes settings.yaml and options.py of src/plimsoll/technologies/mysql from a real MariaDB.

    python tools/dump_mariadb_settings.py src/plimsoll/technologies/mysql

Names, types, ranges and defaults are what the server says of its variables and options; which
options other programs take, what they say. What it does not say (units, MySQL's own options and
defaults) stands in dump_mariadb_settings.yaml beside this file.
"""

from __future__ import annotations

import csv
import io
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

CURATED = Path(__file__).with_suffix(".yaml")
CLIENTS = ("mariadb", "mariadb-dump", "mariadb-admin", "mariadb-check", "mariadb-import",
           "mariadb-show", "mariadb-slap", "mariadb-binlog", "mariadb-upgrade")  # fmt: skip
CHECKERS = ("myisamchk", "aria_chk")
OPTION = re.compile(r"  (?:-.,? ? ?)?--([a-zA-Z][\w-]*)(\[=[^ ]*\]|=[^ ]*)?")
RENAMED = {  # a variable, and the option that sets it
    "locked_in_memory": "memlock", "time_zone": "default_time_zone",
    "tx_isolation": "transaction_isolation", "tx_read_only": "transaction_read_only",
}  # fmt: skip
QUESTION = """
    select lower(variable_name) name, variable_type type, numeric_min_value low,
      numeric_max_value high, numeric_block_size block, default_value value,
      enum_value_list words, read_only fixed, command_line_argument argument
    from information_schema.system_variables"""
LARGEST = 2**63 - 1
FLAVOURS = {
    "BOOLEAN": "boolean",
    "ENUM": "enum",
    "SET": "text",
    "FLAGSET": "text",
    "VARCHAR": "text",
}
HEAD = '''\
"""Names of options, written by tools/dump_mariadb_settings.py."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())

'''
UNSET = {"type": "text", "default": "unset"}
NO_SETTINGS = (
    "help",
    "verbose",
    "version",
    "initialize",
    "initialize_insecure",
    "getopt_prefix_matching",
)


@contextmanager
def running() -> Iterator[Path]:
    """The socket of a bare server."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        data = [f"--datadir={folder}/data", "--user=mysql"]
        made = ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal"]
        subprocess.run([*made, *data], check=True, capture_output=True)
        words = ["mariadbd", "--no-defaults", *data, f"--socket={folder}/s", "--skip-networking"]
        process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        while not (folder / "s").exists():
            time.sleep(0.05)
        try:
            yield folder / "s"
        finally:
            process.terminate()
            process.wait()


def switched_on() -> set[str]:
    """The options that are on where nobody says anything."""
    words = ["mariadbd", "--no-defaults", "--help", "--verbose"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^([a-z][\w-]*) +TRUE$", said, re.MULTILINE)
    return {name.replace("-", "_") for name in found}


def variables(socket: Path) -> dict[str, dict[str, str]]:
    """Every variable that an option sets, by the option's name."""
    words = ["mariadb", "--no-defaults", f"--socket={socket}", "-uroot", "-B", "-e", QUESTION]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    rows = csv.DictReader(io.StringIO(done.stdout), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {RENAMED.get(row["name"], row["name"]): row for row in rows}


def options(program: str) -> dict[str, str]:
    """The options of a program: how each takes its value (flag, optional, required)."""
    arguments = ["--no-defaults", "--help", "--verbose"] if program == "mariadbd" else ["--help"]
    said = subprocess.run([program, *arguments], capture_output=True, text=True, check=False).stdout
    found: dict[str, str] = {}
    for line in said.partition("\nVariables (--variable-name")[0].splitlines():
        if option := OPTION.match(line):
            name = option[1].replace("-", "_").lower()
            value = option[2] or ""
            found[name] = "optional" if value[:1] == "[" else "required" if value else "flag"
    return found


def entry(
    name: str, row: Mapping[str, str] | None, how: str, curated: Mapping[str, Any]
) -> dict[str, Any]:
    """What settings.yaml says of an option, from the server's own row if it has one."""
    if row is None:
        is_on = name in curated["on"]
        return {"type": "boolean", "default": is_on} if how == "flag" else dict(UNSET)
    type_ = FLAVOURS.get(row["type"], "number" if row["type"] == "DOUBLE" else "count")
    has_words = row["type"] in ("ENUM", "SET") and row["words"] != "NULL"
    if type_ == "enum" and not has_words:
        type_ = "text"
    if type_ in ("count", "number") and name in curated["sizes"]:
        type_ = "size"
    elif type_ in ("count", "number") and name in curated["times"]:
        type_ = "time"
    said: dict[str, Any] = {"type": type_, "default": default(row["value"], type_)}
    if has_words:
        said["values"] = row["words"].split(",")
    elif type_ in ("count", "number", "size", "time"):
        said |= {
            k: number(row[c], type_)
            for k, c in (("min", "low"), ("max", "high"))
            if is_bound(row[c])
        }
    if row["fixed"] == "NO":
        said["apply"] = "reload"
    return said


def is_bound(text: str) -> bool:
    return text not in ("NULL", "") and abs(float(text)) < LARGEST


def default(text: str, type_: str) -> object:
    if text == "NULL":
        return "unset" if type_ != "boolean" else False
    if type_ == "boolean":
        return text in ("ON", "TRUE", "1")
    return text if type_ in ("enum", "text") else number(text, type_)


def number(text: str, type_: str) -> object:
    """A number as settings.yaml writes it."""
    exact = float(text) if "." in text else int(text)
    if not exact or type_ in ("count", "number") or (isinstance(exact, float) and exact % 1):
        return exact if type_ != "time" or not exact else f"{exact}s"
    if type_ == "time":
        return f"{int(exact)}s"
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if int(exact) % size == 0:
            return f"{int(exact) // size}{unit}"
    return f"{int(exact)}B"


def of_mysql(text: str, curated: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The options that only MySQL has, from the lines of `mysql_only`."""
    found: dict[str, dict[str, Any]] = {}
    for name, value, since, until in (line.split() for line in text.splitlines()):
        type_ = "boolean" if value in ("TRUE", "FALSE") else "text"
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            type_ = "number" if "." in value else "count"
        type_ = (
            "size" if name in curated["sizes"] else "time" if name in curated["times"] else type_
        )
        said: dict[str, Any] = {"type": type_, "default": default(value, type_)}
        if value == "unset":
            said["default"] = "unset"
        if since != "-":
            said["since"] = since
        found[name] = said | {"until": until}
    return found


def versions(name: str, curated: Mapping[str, Any]) -> dict[str, str]:
    """Where an option of MariaDB exists: not in MySQL, or not in its later versions."""
    if any(re.fullmatch(glob.replace("*", ".*"), name) for glob in curated["mariadb_only"].split()):
        return {"since": "10"}
    if name in curated["gone_in_mysql_8"].split():
        return {"until": "8.0", "again": "10"}
    if name in curated["gone_in_mysql_8_4"].split():
        return {"until": "8.4", "again": "10"}
    return {}


def is_ignored(name: str) -> bool:
    """Whether MariaDB takes an option that it no longer has, without any effect."""
    words = ["mariadbd", "--no-defaults", f"--{name}=1", "--help", "--verbose"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return "was removed. It does nothing now" in done.stderr


def settings(
    curated: Mapping[str, Any], own: Mapping[str, str], rows: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, Any]]:
    found = of_mysql(curated["mysql_only"], curated)
    for name in curated["forks"].split():
        found[name] = {
            "type": "text",
            "default": "unset",
            "until": "10",
            "source": "Percona Server",
        }
    for name, how in own.items():
        if name not in NO_SETTINGS:
            found[name] = entry(name, rows.get(name), how, curated) | versions(name, curated)
    for name, said in curated["settings"].items():
        found[name] = {**found.get(name, {}), **said}
    return {name: tidy(found[name]) for name in sorted(found) if name not in NO_SETTINGS}


def tidy(said: dict[str, Any]) -> dict[str, Any]:
    """An infinite default in its own word; a file's name that the package decided is none."""
    if said.get("default") in said.get("infinite", ()) and "infinite" in said:
        said["default"] = "never" if said["type"] == "time" else "unlimited"
    if said["type"] == "time" and "bare" in said:
        unit = said["bare"].lstrip("1")
        for key in {"default", "min", "max"} & set(said):
            if isinstance(said[key], int | str) and re.fullmatch(r"-?[0-9]+s?", str(said[key])):
                said[key] = f"{str(said[key]).rstrip('s')}{unit}" if str(said[key]) != "0" else 0
    said.setdefault("belongs", "my.cnf [mysqld]")
    return said


def module(
    found: Mapping[str, Any],
    own: Mapping[str, str],
    ignored: Sequence[str],
    rows: Mapping[str, Mapping[str, str]],
) -> str:
    """options.py: what the reader has to know of names before anybody looks into settings.yaml."""
    clients = {name for program in CLIENTS for name in options(program)}
    checkers = {name for program in CHECKERS for name in options(program)}
    kinds: dict[str, list[str]] = {"flag": [], "optional": [], "required": []}
    for name, said in found.items():
        how = "optional" if said["type"] == "boolean" else "required"
        needs = (
            rows.get(name, {}).get("argument") == "REQUIRED"
        )  # of switches --help does not say it
        kinds["required" if needs else own.get(name, how)].append(name)
    mysql = [name for name, said in found.items() if said.get("until") and not said.get("again")]
    mariadb = [name for name, said in found.items() if said.get("since") == "10"]
    signed = sorted(n for n, r in rows.items() if r["type"] in ("INT", "BIGINT") and n in own)
    blocks = {n: int(r["block"]) for n, r in rows.items() if r["block"].isdigit() and n in own}
    blocks["binlog_row_event_max_size"] = 256  # an option without a variable of its own
    strict = sorted(n for n, r in rows.items() if r["argument"] == "NONE" and n in own)
    sets = {
        "FLAGS": (kinds["flag"], "Options that need no value: on, off, 1 or 0 may stand there."),
        "STRICT_FLAGS": (
            strict,
            "Those whose line MariaDB ignores where another word stands there.",
        ),
        "SIGNED": (signed, "Numbers that may be negative."),
        "OPTIONAL": (kinds["optional"], "Options that may stand alone."),
        "REQUIRED": (kinds["required"], "Options that need a value."),
        "MYSQL_ONLY": (mysql, "Options that MariaDB does not have."),
        "MARIADB_ONLY": (mariadb, "Options that MySQL does not have."),
        "IGNORED_BY_MARIADB": (ignored, "Options of old that MariaDB takes, without any effect."),
        "OF_CLIENTS": (
            sorted(clients),
            "Options of mariadb, mariadb-dump and the other client programs.",
        ),
        "OF_CHECKERS": (sorted(checkers), "Options of myisamchk and aria_chk."),
    }
    lines = [HEAD]
    for name, (names, doc) in sets.items():
        lines += ["", f"# {doc}", f'{name} = _names("""', *wrapped(names), '""")']
    lines += ["", "# Numbers that are cut to a multiple of this.", "BLOCKS = {"]
    lines += [f'    "{name}": {size},' for name, size in sorted(blocks.items()) if size > 1]
    return "\n".join([*lines, "}"]) + "\n"


def wrapped(names: Sequence[str]) -> list[str]:
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 98:
            lines.append("")
        lines[-1] += f"{name} " if lines[-1] else f"    {name} "
    return [line.rstrip() for line in lines]


def main(words: Sequence[str]) -> int:
    if len(words) != 1:
        sys.stderr.write(__doc__ or "")
        return 2
    curated = yaml.safe_load(CURATED.read_text("utf-8"))
    curated |= {key: set(curated[key].split()) for key in ("sizes", "times")}
    curated["on"] = switched_on()
    own = options("mariadbd")
    with running() as socket:
        rows = variables(socket)
    found = settings(curated, own, rows)
    said = subprocess.run(["mariadbd", "--version"], capture_output=True, text=True, check=True)
    version = re.findall(r"Ver ([0-9.]+)", said.stdout)[0]
    only = [line.split()[0] for line in curated["mysql_only"].splitlines()]
    folder = Path(words[0])
    with (folder / "settings.yaml").open("w") as out:
        out.write(
            "# Every setting of MySQL and MariaDB, written by tools/dump_mariadb_settings.py: a running\n"
            f"# MariaDB {version}, and the options of MySQL. Change dump_mariadb_settings.yaml there.\n"
            "# Versions below 10 are MySQL's.\n"
        )
        for name, entry_ in found.items():
            line = yaml.safe_dump(entry_, default_flow_style=True, sort_keys=False, width=10_000)
            out.write(f"{name}: {line.strip()}\n")
    ignored = [name for name in only if is_ignored(name)]
    (folder / "options.py").write_text(module(found, own, ignored, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
