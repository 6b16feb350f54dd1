"""Pages in a real Chromium, without a screen and without the network."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.programs import need

# What the browser asks for by itself, whatever the page is.
_ITS_OWN = re.compile(r"^https?://[\w.]*\.(?:google|googleapis)\.com/")


@dataclass(frozen=True)
class Opened:
    """A page after its scripts have run. *asked*: addresses other than its own."""

    dom: str
    console: str
    asked: frozenset[str]
    picture: Path


def opened(url: str, folder: Path) -> Opened:
    """What a browser makes of a page; skips the test where there is no Chromium."""
    chromium = need("chromium", "chromium")
    log, picture = folder / "net.json", folder / "page.png"
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    options = ["--headless=new", "--disable-gpu", "--no-first-run", "--disable-sync"]
    options += ["--disable-component-update", "--disable-background-networking"]
    options += [f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", *root]
    options += ["--enable-logging=stderr", f"--screenshot={picture}", "--dump-dom"]
    done = subprocess.run(
        [chromium, *options, url], capture_output=True, text=True, timeout=60, check=True
    )
    said = log.read_text().rstrip()
    events = json.loads(said if said.endswith("}") else said.rstrip(",") + "]}")["events"]
    asked = {event["params"]["url"] for event in events if "url" in event.get("params", {})}
    others = {each for each in asked if not each.startswith(("data:", "chrome"))}
    others -= {url, url.partition("#")[0]}
    lines = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return Opened(
        done.stdout,
        "\n".join(lines),
        frozenset(each for each in others if not _ITS_OWN.search(each)),
        picture,
    )
