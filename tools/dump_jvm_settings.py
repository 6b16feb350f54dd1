"""Writes settings.yaml and names.py of src/plimsoll/technologies/jvm/ from the Java that is here.

    python tools/dump_jvm_settings.py > src/plimsoll/technologies/jvm/settings.yaml
    python tools/dump_jvm_settings.py --names > src/plimsoll/technologies/jvm/names.py

What Java does not say of its flags (sizes that are computed, older releases, the options that are
no flags) stands in dump_jvm_settings.yaml beside this file and goes before what it says.
"""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

CURATED = Path(__file__).with_suffix(".yaml")
# Other names of -Xmx, -Xms and -Xss.
SAME = ("MaxHeapSize", "InitialHeapSize", "ThreadStackSize")
UNLOCK = ("-XX:+UnlockDiagnosticVMOptions", "-XX:+UnlockExperimentalVMOptions")
FLAG = re.compile(r" *(\w+) (\w+) +:?= (.*?) *\{([^}]*)\} \{(\w+)")
RANGE = re.compile(r" *\w+ (\w+) +\[ *(\S+) +\.\.\. +(\S+) *\]")
KINDS = {
    "bool": "boolean",
    "ccstr": "text",
    "ccstrlist": "text",
    "double": "number",
    "size_t": "size",
}
# The ends of the types of C++ say nothing of a flag.
WIDEST = {str(2**n - k) for n in (31, 32, 63, 64) for k in (0, 1)} | {str(-(2**63)), str(-(2**31))}


def asked(java: str, *options: str) -> list[str]:
    command = [java, *UNLOCK, *options, "-version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


def ranges(java: str) -> dict[str, tuple[str, str]]:
    found = (RANGE.match(line) for line in asked(java, "-XX:+PrintFlagsRanges"))
    return {f[1]: (f[2], f[3]) for f in found if f}


def entries(java: str, release: str) -> Iterator[str]:
    """A line for every flag that a product has."""
    known = ranges(java)
    written = set(re.findall(r"^(-XX:\w+):", CURATED.read_text("utf-8"), re.MULTILINE))
    for line in asked(java, "-XX:+PrintFlagsFinal"):
        found = FLAG.match(line)
        if found is None or found[2] in SAME or f"-XX:{found[2]}" in written:
            continue
        kind, name, default, _, origin = found.groups()
        said = [f"type: {KINDS.get(kind, 'size' if name.endswith('Size') else 'count')}"]
        if origin == "default" and default and KINDS.get(kind) != "text":
            said.append(f"default: {default}")
        low, high = known.get(name, ("", ""))
        is_number = re.compile(r"-?[0-9]+(\.[0-9]+)?").fullmatch
        if is_number(low) and low not in WIDEST:
            said.append(f"min: {_number(low)}")
        if is_number(high) and high not in WIDEST:
            said.append(f"max: {_number(high)}")
        yield f"-XX:{name}: {{{', '.join(said)}, source: measured {release}}}"


def _number(text: str) -> str:
    return text.removesuffix(".000") if "." in text else text


def names(java: str) -> str:
    """A module with the names of all flags."""
    flags = (FLAG.match(line) for line in asked(java, "-XX:+PrintFlagsFinal"))
    listed = {found[2] for found in flags if found}
    listed |= set(re.findall(r"^-XX:(\w+):", CURATED.read_text("utf-8"), re.MULTILINE))
    text = textwrap.fill(
        " ".join(sorted(listed)), 96, initial_indent="    ", subsequent_indent="    "
    )
    doc = (
        '"""The names of flags, to find slips of the pen. Written by tools/dump_jvm_settings.py."""'
    )
    head = f"{doc}\n\nfrom __future__ import annotations\n\n"
    return f'{head}_LISTED = """\n{text}\n"""\nNAMES = frozenset(_LISTED.split())'


def main() -> None:
    java = "java"
    if "--names" in sys.argv:
        print(names(java))
        return
    done = subprocess.run(
        [java, "-version"], capture_output=True, text=True, check=True, timeout=60
    )
    release = re.findall(r'"([^"]+)"', done.stderr)[0]
    print(CURATED.read_text("utf-8").rstrip())
    print(f"\n# Every other flag, as Java {release} says it (tools/dump_jvm_settings.py).")
    print("\n".join(sorted(entries(java, release))))


if __name__ == "__main__":
    main()
