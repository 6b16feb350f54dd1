"""Writes src/plimsoll/technologies/php/settings.yaml from a real php-fpm.

    python tools/dump_php_settings.py php-fpm8.2 > settings.yaml

Names and defaults are what `-i` prints with an empty php.ini and every extension that is installed;
a setting that it shows as On or Off is a boolean. What it does not say (units, which values mean
"never") stands in dump_php_settings.yaml beside this file.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

CURATED = Path(__file__).with_suffix(".yaml")
LINE = re.compile(r"^(\S+) => .* => (.*)$", re.MULTILINE)
NOTHING = {"no value", "not set", "<i>no value</i>"}
OF_THE_MACHINE = {"extension_dir", "include_path", "session.save_path", "sendmail_path"}
HEADINGS = {"Directive", "Variable"}


def dumped(server: str) -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as folder:
        (Path(folder) / "php.ini").write_text("")
        words = [server, "-c", f"{folder}/php.ini", "-i"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    found = {name: text for name, text in LINE.findall(said) if name not in HEADINGS}
    return {
        name: entry(name, text)
        for name, text in sorted(found.items())
        if not text.startswith("(setting ")
    }


def entry(name: str, text: str) -> dict[str, Any]:
    """What settings.yaml says of a setting, from its default as it is printed."""
    if text in ("On", "Off"):
        return {"type": "boolean", "default": text == "On"}
    if text == "Unlimited":
        return {"type": "count", "default": "unlimited", "infinite": [-1]}
    if re.fullmatch(r"-?\d+", text):
        return {"type": "count", "default": int(text)}
    if re.fullmatch(r"\d+\.\d+", text):
        return {"type": "number", "default": float(text)}
    is_told = text not in NOTHING and name not in OF_THE_MACHINE
    return {"type": "text", "default": text if is_told else "unset"}


def main(words: Sequence[str]) -> int:
    if len(words) != 1:
        sys.stderr.write(__doc__ or "")
        return 2
    version = subprocess.run([words[0], "-v"], capture_output=True, text=True, check=True)
    number = re.findall(r"PHP ([0-9.]+)", version.stdout)[0]
    curated: Mapping[str, Mapping[str, Any]] = yaml.safe_load(CURATED.read_text("utf-8"))
    found = dumped(words[0])
    sys.stdout.write(
        "# Settings of PHP and its usual extensions, written by tools/dump_php_settings.py: what\n"
        f"# php-fpm {number} prints with an empty php.ini. Change dump_php_settings.yaml there.\n"
    )
    for name in sorted({*found, *curated}):
        said = {**found.get(name, {}), **curated.get(name, {}), "apply": "reload"}
        said |= {"belongs": "php.ini"} | ({"source": said["source"]} if "source" in said else {})
        line = yaml.safe_dump(said, default_flow_style=True, sort_keys=False, width=10_000)
        sys.stdout.write(f"{name}: {line.strip()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
