"""Files out of published packages: what a test needs of others and we do not copy."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import urllib.request
from pathlib import Path

import pytest

_KEPT = Path(__file__).resolve().parents[2] / ".tools" / "npm"
_REGISTRY = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org").rstrip("/")


def npm_file(package: str, version: str, sha256: str, member: str) -> bytes:
    """A file of an npm package, got once; skips the test where no registry answers."""
    kept = _KEPT / f"{package.replace('/', '+')}-{version}.tgz"
    if not kept.is_file():
        url = f"{_REGISTRY}/{package}/-/{package.rpartition('/')[2]}-{version}.tgz"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - https
                data = answer.read()
        except OSError as problem:
            pytest.skip(f"no npm registry answers: {problem}")
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(data)
    data = kept.read_bytes()
    assert hashlib.sha256(data).hexdigest() == sha256, f"{kept} is not what was published"
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = archive.extractfile(f"package/{member}")
        assert found is not None
        return found.read()
