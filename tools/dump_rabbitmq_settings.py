"""Writes src/plimsoll/technologies/rabbitmq/settings.yaml from the schemas of an installed RabbitMQ.

    python tools/dump_rabbitmq_settings.py /usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8 > settings.yaml
    python tools/dump_rabbitmq_settings.py --names /usr/lib/rabbitmq/lib/... > names

Names and types are what the schemas of the server and its plug-ins say (priv/schema/*.schema).
Defaults, units and other versions stand in dump_rabbitmq_settings.yaml beside this file.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

CURATED = Path(__file__).with_suffix(".yaml")
_MAPPING = re.compile(r'\{mapping,\s*"([^"]+)",\s*"[^"]+",\s*\[')
_TYPE = re.compile(r"\{datatype,\s*")
_SECRET = re.compile(r"(?:^|[._])(?:pass|password|passphrase|secret|token|key\.\w+)$")
_WORDS = re.compile(r"'[^']*'|\w+")
_BOUNDS = {
    "non_negative_integer": ["min: 0"],
    "non_zero_positive_integer": ["min: 1"],
    "byte": ["min: 0", "max: 255"],
    "port": ["min: 1", "max: 65534"],
}


def mappings(text: str) -> Iterator[tuple[str, str]]:
    """Every setting of a schema, with what stands in its brackets."""
    text = re.sub(r"(?m)^\s*%.*$", "", text)
    for found in _MAPPING.finditer(text):
        yield found[1], text[found.end() : _end(text, found.end(), "[", "]")]


def _end(text: str, start: int, opens: str, closes: str) -> int:
    depth, at = 1, start
    while depth and at < len(text):
        depth += (text[at] == opens) - (text[at] == closes)
        at += 1
    return at - 1


def entry(inside: str) -> list[str]:
    """What settings.yaml says of a setting, by its datatype."""
    found = _TYPE.search(inside)
    said = inside[found.end() : _end(inside, found.end(), "{", "}")].strip() if found else ""
    if said.startswith("["):  # one of several types is any text
        inner = said[1:-1].strip()
        said = inner if re.fullmatch(r"\w+|\{enum,\s*\[[^\]]*\]\}", inner) else ""
    if said.startswith("{enum"):
        words = [word.strip("'") for word in _WORDS.findall(said[5:])]
        if sorted(words) == ["false", "true"]:
            return ["type: boolean"]
        return ["type: enum", "values: [" + ", ".join(f'"{word}"' for word in words) + "]"]
    if said == "flag":
        return ["type: boolean", 'values: ["on", "off"]']
    plain = {"integer": "count", "float": "number", "bytesize": "size"}
    bounds = [each for name, own in _BOUNDS.items() if f'"{name}"' in inside for each in own]
    return [f"type: {plain.get(said, 'text')}", *bounds]


def dumped(root: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(root.glob("plugins/*/priv/schema/*.schema")):
        for name, inside in mappings(path.read_text("utf-8", "replace")):
            said = entry(inside)
            if _SECRET.search(name):
                said.append("secret: true")
            found[name] = ", ".join(said)
    return found


def main(*words: str) -> None:
    root = Path(words[-1])
    found, version = dumped(root), root.name.rpartition("-")[2]
    if words[0] == "--names":
        sys.stdout.write("\n".join(textwrap.wrap(" ".join(sorted(found)), 96)) + "\n")
        return
    curated = CURATED.read_text()
    sys.stdout.write(
        "# Every setting of rabbitmq.conf, written by tools/dump_rabbitmq_settings.py: the\n"
    )
    sys.stdout.write(f"# schemas of {version}. Change dump_rabbitmq_settings.yaml there.\n")
    for name in sorted(found):
        if f"\n{name}:" not in f"\n{curated}":
            source = f'belongs: rabbitmq.conf, source: "schema of {version}"'
            sys.stdout.write(f"{name}: {{{found[name]}, {source}}}\n")
    sys.stdout.write(curated)


if __name__ == "__main__":
    main(*sys.argv[1:])
