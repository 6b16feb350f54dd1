"""Checks the shop and each of its variants, and shows the findings.

Exit code 0 when the shop is clean and every variant is flagged, else 1.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from variants import ROOT, SHOP, Variant, lay_out, variants

PLIMSOLL = Path(sys.executable).parent / "plimsoll"


def main() -> int:
    found = variants()
    if not (ROOT / SHOP).is_dir() or not found:
        print(f"demo: there is no {SHOP}, or no examples/shop-*.patch", file=sys.stderr)
        return 1
    told = [shop(), *map(changed, found)]
    heading("In short")
    for line, _ in told:
        print(line)
    return 0 if all(is_right for _, is_right in told) else 1


def shop() -> tuple[str, bool]:
    """What there is to say of the shop as it is, and whether that is right."""
    heading("The shop as it is")
    code = check(None, "--fail-on", "medium")
    return f"  {'clean' if code == 0 else f'NOT CLEAN (exit code {code})'}: {SHOP.name}", code == 0


def changed(variant: Variant) -> tuple[str, bool]:
    """The same of a variant."""
    heading(variant.name)
    print("\n".join([variant.message, "", *(f"    {line}" for line in variant.changes), ""]))
    code = check(variant)
    verdict = "flagged" if code == 1 else f"NOT FLAGGED (exit code {code})"
    return f"  {verdict}: {variant.name}", code == 1


def check(variant: Variant | None, *options: str) -> int:
    """The exit code of `plimsoll check` on the shop with that change, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-demo-") as folder:
        lay_out(variant, Path(folder))
        print(f"$ plimsoll check {SHOP}", *options, flush=True)
        command = [str(PLIMSOLL), "check", str(SHOP), *options]
        return subprocess.run(command, cwd=folder, check=False).returncode


def heading(text: str) -> None:
    print(f"\n=== {text} {'=' * (75 - len(text))}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
