"""Writes src/plimsoll/technologies/uwsgi/settings.yaml from a real uwsgi.

    python tools/dump_uwsgi_settings.py uwsgi-core http,python3,... > settings.yaml

Names are what `--help` prints with these plugins. It prints neither types nor defaults: those that
matter stand in dump_uwsgi_settings.yaml beside this file, every other option is a text.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from plimsoll.technologies.uwsgi.names import ALIASES, FLAGS

CURATED = Path(__file__).with_suffix(".yaml")
LINE = re.compile(r"^ +(?:-.\|)?--([\w-]+)", re.MULTILINE)


def main(words: Sequence[str]) -> int:
    if len(words) != 2:
        sys.stderr.write(__doc__ or "")
        return 2
    run = [words[0], "--plugins", words[1], "--help"]
    said = subprocess.run(run, capture_output=True, text=True, check=False)
    version = subprocess.run([words[0], "--version"], capture_output=True, text=True, check=True)
    number = re.findall(r"[0-9.]+", version.stdout)[0]
    curated: Mapping[str, Mapping[str, Any]] = yaml.safe_load(CURATED.read_text("utf-8"))
    names = {*LINE.findall(said.stdout + said.stderr), *curated} - set(ALIASES)
    sys.stdout.write(
        f"# Options of uWSGI {number} and its plugins, written by tools/dump_uwsgi_settings.py from\n"
        "# `uwsgi --help`. Change dump_uwsgi_settings.yaml there.\n"
    )
    for name in sorted(names):
        plain = {"type": "boolean", "default": False} if name in FLAGS else {"type": "text"}
        said_of = {**(curated.get(name) or plain), "belongs": "uwsgi.ini [uwsgi]"}
        line = yaml.safe_dump(said_of, default_flow_style=True, sort_keys=False, width=10_000)
        sys.stdout.write(f"{name}: {line.strip()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
