"""Writes src/plimsoll/technologies/varnish/settings.yaml from a real varnishd.

    python tools/dump_varnish_settings.py varnishd > settings.yaml

Its parameters, with their units, defaults and bounds, are what `varnishd -x parameter` says. What
stands in VCL and in options that are no parameters is in dump_varnish_settings.yaml beside this.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

CURATED = Path(__file__).with_suffix(".yaml")
_ENTRY = re.compile(r"\.\. _ref_param_\w+:\n\n(\w+)\n~+\n(.*?)(?=\n\.\. _ref_param|\Z)", re.DOTALL)
_FACT = re.compile(r"\* (Units|Default|Minimum|Maximum|Flags): (.*)")
_AMOUNT = re.compile(r"([0-9.]+)([bkMGT]?)")
_SIZES = {"b": "B", "k": "KiB", "M": "MiB", "G": "GiB", "T": "TiB"}


def entry(facts: dict[str, str], source: str) -> str:
    """The entry of a parameter."""
    units, default = facts.get("Units", ""), facts.get("Default", "")
    said = ["type: text", f"default: {quoted(default)}"]
    if units == "bool":
        said = ["type: boolean", f"default: {'true' if default.startswith('on') else 'false'}"]
    elif units == "bytes":
        said = ["type: size", *bounds(facts, _size)]
    elif units == "seconds":
        said = ["type: time", *bounds(facts, lambda text: f"{_plain(text)}s")]
    elif re.fullmatch(r"[0-9]+(?: \(auto.*)?", default):
        said = ["type: count", *bounds(facts, _plain)]
    elif re.fullmatch(r"[0-9.]+", default):
        said = ["type: number", *bounds(facts, _plain)]
    elif "platform" in default:
        said = ["type: count"]
    restarts = "must_restart" in facts.get("Flags", "")
    return ", ".join(
        [*said, f"apply: {'restart' if restarts else 'reload'}", f'source: "{source}"']
    )


def bounds(facts: dict[str, str], shown: Callable[[str], str]) -> Iterator[str]:
    """Default, least and most; one that depends on another parameter is none."""
    for key, name in (("Default", "default"), ("Minimum", "min"), ("Maximum", "max")):
        text = facts.get(key, "")
        found = _AMOUNT.match(text)
        is_whole = found is not None and text[found.end() :][:1] in ("", " ")
        if found and is_whole and (key == "Default" or "%" not in text):
            yield f"{name}: {shown(found[0])}"


def _plain(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _size(text: str) -> str:
    number, unit = (text, "b") if text[-1].isdigit() else (text[:-1], text[-1])
    return f"{_plain(number)}{_SIZES[unit]}" if _plain(number) != "0" else "0"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main(server: str) -> None:
    version = subprocess.run([server, "-V"], capture_output=True, text=True, check=True).stderr
    number = re.findall(r"varnish-([0-9.]+)", version)[0]
    done = subprocess.run([server, "-x", "parameter"], capture_output=True, text=True, check=True)
    source = f"varnishd -x parameter, {number}"
    curated = CURATED.read_text()
    sys.stdout.write(
        "# Parameters of varnishd, written by tools/dump_varnish_settings.py: what the\n"
    )
    sys.stdout.write(f"# server {number} says. Change dump_varnish_settings.yaml there.\n")
    for found in _ENTRY.finditer(done.stdout):
        if f"\n{found[1]}:" not in f"\n{curated}":
            said = entry(dict(_FACT.findall(found[2])), source)
            sys.stdout.write(f"{found[1]}: {{{said}}}\n")
    sys.stdout.write(curated)


if __name__ == "__main__":
    main(*sys.argv[1:])
