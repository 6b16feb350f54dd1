"""PHP, asked what it makes of texts and of configuration files."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.programs import need

# Reads texts (base64) from its input and prints what its scanner makes of each.
_SCANNER = """
$found = [];
foreach (json_decode(stream_get_contents(STDIN), true) as $text) {
    error_clear_last();
    $read = @parse_ini_string(base64_decode($text), true, INI_SCANNER_NORMAL);
    $found[] = $read === false ? null : $read;
}
echo json_encode($found, JSON_INVALID_UTF8_SUBSTITUTE | JSON_FORCE_OBJECT);
"""
_SETTINGS = """
$found = [];
foreach (ini_get_all(null, false) as $name => $text) {
    $found[$name] = [$text, @ini_parse_quantity((string) $text)];
}
echo "\\n<<<", json_encode($found, JSON_INVALID_UTF8_SUBSTITUTE), ">>>";
"""


def php() -> str:
    return need("php", "php-cli")


def scanned(texts: Sequence[str], environment: Mapping[str, str]) -> list[Any]:
    """What PHP's scanner reads in each text; None where it stops at a fault."""
    coded = [base64.b64encode(t.encode("utf-8", "surrogateescape")).decode() for t in texts]
    done = subprocess.run(
        [php(), "-n", "-r", _SCANNER],
        input=json.dumps(coded),
        capture_output=True,
        text=True,
        env=dict(environment),
        timeout=60,
        check=True,
    )
    found = json.loads(done.stdout)
    return [found[str(at)] for at in range(len(texts))]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a PHP has after it read its files: text and number by name, and what it said."""

    held: Mapping[str, tuple[str, int]]
    said: str


def settings(file: Path, environment: Mapping[str, str], *options: str) -> Settings:
    words = [php(), "-c", str(file), *options, "-r", _SETTINGS]
    done = subprocess.run(
        words,
        capture_output=True,
        env={"PHP_INI_SCAN_DIR": "", **environment},
        timeout=60,
        check=False,
    )
    out = (done.stdout + done.stderr).decode("utf-8", "replace")
    before, _, rest = out.partition("\n<<<")
    body, _, after = rest.partition(">>>")
    return Settings({n: (str(t), int(q)) for n, (t, q) in json.loads(body).items()}, before + after)
