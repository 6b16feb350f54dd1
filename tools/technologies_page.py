"""Writes docs/technologies.md: what is read, and by what it is recognized, from the folders."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from plimsoll.model.signs import Signs
from plimsoll.technologies import names, signs, technology

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "technologies.md"

HEAD = """\
# What is read

Written by `make docs` from the folders of `src/plimsoll/technologies/`. A file with another name is read
where `plimsoll.yaml` lists it with its service. Names in brackets are known only by what the file holds.
*settings*: how many we know with their type and default; others are read too, and are text.
"""
_MOST = 6


def main() -> int:
    PAGE.write_text(page(), "utf-8")
    print(f"technologies: {PAGE.relative_to(ROOT)}")
    return 0


def page() -> str:
    """Services and their runtimes first, then what belongs to them."""
    known = {name: signs().get(name, Signs()) for name in names()}
    services = [n for n, own in known.items() if own.programs or own.images]
    manifests = [n for n, own in known.items() if own.manifests and n not in services]
    others = [n for n in known if n not in services and n not in manifests]
    parts = [HEAD]
    for title, chosen in (
        ("Services and runtimes", services),
        ("Manifests", manifests),
        ("Libraries, applications and machines", others),
    ):
        parts += [f"## {title}", "", *_table(chosen, known), ""]
    return "\n".join(parts)


def _table(chosen: Iterable[str], known: dict[str, Signs]) -> Iterator[str]:
    yield "| technology | files | programs and images | settings |"
    yield "|---|---|---|---|"
    for name in chosen:
        own, found = known[name], technology(name)
        count = len(found.schema.entries) if found else 0
        started = dict.fromkeys((*own.programs, *own.images))
        files = _listed(own.files or own.manifests)
        yield f"| {name} | {f'({files})' if own.holds and files else files} | {_listed(started)} | {count} |"


def _listed(names: Iterable[str]) -> str:
    every = [f"`{name}`" for name in names]
    return ", ".join(every[:_MOST]) + (", ..." if len(every) > _MOST else "")


if __name__ == "__main__":
    sys.exit(main())
