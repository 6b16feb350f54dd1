"""Units with their drop-ins, environment and socket; the expected result lies beside each folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.systemd.manifest import MANIFEST
from support.described import EXPECTED, described

SYSTEM = "lib/systemd/system"
TEMPLATE = "[Service]\nExecStart=/usr/bin/redis-server /etc/redis/redis-%i.conf\n"

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
            [("a@1.service", "a@.service", "a@.service.d/x.conf")],
            id="template and instance",
        ),
        pytest.param(
            ["a@.service", "a@1.service.d/x.conf", "a@2.service.d/y.conf"],
            [("a@.service", "a@1.service.d/x.conf"), ("a@.service", "a@2.service.d/y.conf")],
            id="instances that only drop-ins tell of",
        ),
        pytest.param(
            ["a@.service.d/x.conf", "a@1.service.d/y.conf"],
            [("a@.service.d/x.conf", "a@1.service.d/y.conf")],
            id="drop-ins of a template and an instance alone",
        ),
        pytest.param(
            [
                "etc/systemd/system/multi-user.target.wants/a@1.service",
                "etc/systemd/system/multi-user.target.wants/b.service",
                "lib/systemd/system/a@.service",
                "lib/systemd/system/b.service",
            ],
            [
                (
                    "lib/systemd/system/a@.service",
                    "etc/systemd/system/multi-user.target.wants/a@1.service",
                ),
                (
                    "lib/systemd/system/b.service",
                    "etc/systemd/system/multi-user.target.wants/b.service",
                ),
            ],
            id="links of what is enabled",
        ),
        pytest.param(
            ["a@.service", "a@1.socket", "a@.socket"],
            [("a@.service", "a@1.socket", "a@.socket")],
            id="instance of a socket",
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


def services(files: dict[str, str]) -> list[Deployment]:
    found = [
        each
        for state in MANIFEST.states(list(files))
        for each in MANIFEST.describe(state, lambda path: files.get(path, Unread(path, "absent")))
    ]
    assert not [each for each in found if isinstance(each, Unread)]
    return [each for each in found if isinstance(each, Deployment)]


def test_a_drop_in_of_an_instance_holds_over_its_template() -> None:
    files = {
        f"{SYSTEM}/redis@.service": TEMPLATE + "MemoryMax=2G\n",
        "etc/systemd/system/redis@.service.d/all.conf": "[Service]\nTasksMax=9\n",
        "etc/systemd/system/redis@big-one.service.d/mem.conf": "[Service]\nMemoryMax=1G\n",
    }
    [service] = services(files)
    assert service.name == "redis@big-one"
    assert [word.text for word in service.command][1:] == ["/etc/redis/redis-big-one.conf"]
    held = {each.name: each.text for each in service.settings}
    assert held["MemoryMax"] == "1G"
    assert held["TasksMax"] == "9"
    assert set(service.files) == set(files)


@pytest.mark.parametrize(
    ("files", "names"),
    [
        pytest.param({f"{SYSTEM}/a@.service": TEMPLATE}, [], id="installed, never started"),
        pytest.param(
            {f"{SYSTEM}/a@.service": TEMPLATE, f"{SYSTEM}/service.d/x.conf": "[Service]\nNice=1\n"},
            [],
            id="a drop-in of all services tells of no instance",
        ),
        pytest.param(
            {
                f"{SYSTEM}/a@.service": TEMPLATE,
                "etc/systemd/system/a@.service.d/x.conf": "[Service]\nNice=1\n",
            },
            ["a"],
            id="somebody set it up",
        ),
        pytest.param({"deploy/a@.service": TEMPLATE}, ["a"], id="our own"),
        pytest.param({"etc/systemd/system/a@.service": TEMPLATE}, ["a"], id="the machine's own"),
        pytest.param(
            {
                f"{SYSTEM}/a@.service": TEMPLATE,
                "etc/systemd/system/multi-user.target.wants/a@1.service": TEMPLATE,
                "etc/systemd/system/multi-user.target.wants/a@2.service": TEMPLATE,
            },
            ["a@1", "a@2"],
            id="enabled twice",
        ),
    ],
)
def test_templates(files: dict[str, str], names: list[str]) -> None:
    assert [each.name for each in services(files)] == names


@pytest.mark.parametrize(
    ("lines", "is_there"),
    [
        ("Type=oneshot\nExecStart=/bin/true", False),
        ("Type=oneshot\nExecStart=true\nExecStart=-/usr/bin/true", False),
        ("Type=oneshot\nExecStart=/bin/sh -c true", False),
        ("Type=oneshot\nExecStart=/bin/sh -ec 'exit 0'", False),
        ("Type=oneshot\nExecStart=/bin/bash -c :", False),
        ("Type=oneshot\nExecStart=/bin/false\nExecStart=\nExecStart=/bin/true", False),
        ("Type=oneshot\nExecStart=/bin/true\nExecStart=/usr/bin/migrate", True),
        ("Type=oneshot\nExecStart=/bin/sh -c 'true && migrate'", True),
        ("Type=oneshot\nExecStart=/bin/sh /srv/true", True),
        ("Type=oneshot\nExecStart=/usr/bin/migrate", True),
        ("Type=oneshot\nExecStart='", True),
        ("ExecStart=/bin/true", True),
    ],
)
def test_a_unit_that_only_groups_others_is_no_service(lines: str, is_there: bool) -> None:
    assert bool(services({"a.service": f"[Service]\n{lines}\n"})) is is_there


def test_who_wins_is_the_one_that_holds_and_no_reset_on_the_way() -> None:
    known = technology("systemd")
    assert known is not None
    assert known.reader is not None
    [service] = services(
        {
            "a.service": "[Service]\nExecStart=/bin/old\nMemoryMax=2G\n",
            "a.service.d/x.conf": "[Service]\nMemoryMax=\nMemoryMax=1G\nExecStart=\nExecStart=/bin/new\n",
        }
    )
    found = settled(known.reader, known.schema, service.settings)
    winners = {(s.name, s.text): s.winner.text for s in found if s.winner}
    assert winners == {
        ("MemoryMax", "2G"): "1G",
        ("MemoryMax", ""): "1G",
        ("ExecStart", "/bin/old"): "/bin/new",
        ("ExecStart", ""): "/bin/new",
    }
    held = [each for each in found if each.winner is None]
    assert all(any(s.winner is each for each in held) for s in found if s.winner)
