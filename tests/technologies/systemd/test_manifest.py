"""Units with their drop-ins, environment and socket; the expected result lies beside each folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.technologies.systemd.manifest import MANIFEST
from support.described import EXPECTED, described

FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())


@pytest.mark.parametrize("folder", FIXTURES, ids=lambda folder: folder.name)
def test_a_folder_is_described(folder: Path) -> None:
    assert described("systemd", folder) == (folder / EXPECTED).read_text("utf-8")


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["a.service", "b.service"], [("a.service",), ("b.service",)], id="two units"),
        pytest.param(
            ["a.service", "a.service.d/z.conf", "a.service.d/b.conf"],
            [("a.service", "a.service.d/b.conf", "a.service.d/z.conf")],
            id="drop-ins by name",
        ),
        pytest.param(["a.socket", "a.service"], [("a.socket", "a.service")], id="socket"),
        pytest.param(["a.timer"], [("a.timer",)], id="timer alone"),
        pytest.param(
            ["x/a.service", "y/a.service"], [("x/a.service",), ("y/a.service",)], id="two trees"
        ),
        pytest.param(
            ["etc/systemd/system/a.service.d/x.conf", "usr/lib/systemd/system/a.service"],
            [("usr/lib/systemd/system/a.service", "etc/systemd/system/a.service.d/x.conf")],
            id="drop-in in another folder of the tree",
        ),
        pytest.param(
            ["a-b.service", "a-.service.d/x.conf", "service.d/y.conf"],
            [("a-b.service", "a-.service.d/x.conf", "service.d/y.conf")],
            id="shortened name and type",
        ),
        pytest.param(
            ["a@.service", "a@1.service", "a@.service.d/x.conf"],
            [("a@.service", "a@.service.d/x.conf"), ("a@1.service", "a@.service.d/x.conf")],
            id="template and instance",
        ),
        pytest.param(
            ["mariadb.service.d/l.conf"], [("mariadb.service.d/l.conf",)], id="drop-in alone"
        ),
        pytest.param(["service.d/l.conf"], [], id="drop-in of no unit"),
        pytest.param(["nginx.conf", "x.d/y.conf"], [], id="other files"),
    ],
)
def test_states(paths: list[str], expected: list[tuple[str, ...]]) -> None:
    assert MANIFEST.states(paths) == expected
