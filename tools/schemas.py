"""Writes docs/schemas/: what plimsoll.yaml and rule files may hold, for editors."""

from __future__ import annotations

import sys
from pathlib import Path

from plimsoll.cli import schema

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "schemas"
FILES = {"plimsoll.schema.json": "stack", "rule.schema.json": "rule"}


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for name, kind in FILES.items():
        (FOLDER / name).write_text(schema.text(kind), "utf-8")
    print(f"schemas: {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
