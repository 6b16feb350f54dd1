"""Configurations that are meant to be right: what packages install, what projects recommend.

Nothing in them is critical or high. A folder of `reference/` is a stack whose facts were looked up
and restated; its plimsoll.yaml says where they come from.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from plimsoll.check import check, load_rules
from plimsoll.model.finding import Severity
from plimsoll.stack import read_stack

TODAY = date(2026, 1, 1)
REFERENCE = Path(__file__).parent / "reference"
MACHINES = ("memory=1GiB,cores=1", "memory=4GiB,cores=2", "memory=64GiB,cores=16")

# Folders of /etc by the package that they come from, and units that belong to them.
PACKAGES = {
    "apache2": ("apache2", ("apache2.service",)),
    "haproxy": ("haproxy", ("haproxy.service",)),
    "mariadb-server": ("mysql", ("mariadb.service",)),
    "nginx": ("nginx", ("nginx.service",)),
    "php8.2-fpm": ("php/8.2/fpm", ("php8.2-fpm.service",)),
    "redis-server": ("redis", ("redis-server.service",)),
    "pgbouncer": ("pgbouncer", ("pgbouncer.service",)),
    "rabbitmq-server": ("rabbitmq", ("rabbitmq-server.service",)),
    "varnish": ("varnish", ("varnish.service",)),
    "tomcat10": ("tomcat10", ("tomcat10.service",)),
    "memcached": ("memcached.conf", ("memcached.service",)),
}


def alarms(folder: Path, machine: str) -> list[tuple[str, str]]:
    """What is found at high or above."""
    outcome = check(read_stack(folder, hosts=[machine] if machine else []), load_rules(), TODAY)
    return [(f.rule, f.message) for f in outcome.findings if f.severity >= Severity.HIGH]


@pytest.mark.real
@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("package", PACKAGES)
def test_what_debian_installs(package: str, machine: str, tmp_path: Path) -> None:
    name, units = PACKAGES[package]
    source = Path("/etc", name)
    if not source.exists():
        pytest.skip(f"{source} is not here (Debian package {package})")
    target = tmp_path / "etc" / name
    target.parent.mkdir(parents=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
    for unit in units:
        path = Path("/lib/systemd/system", unit)
        if path.is_file():
            (tmp_path / "lib/systemd/system").mkdir(parents=True, exist_ok=True)
            shutil.copy(path, tmp_path / "lib/systemd/system" / unit)
    assert alarms(tmp_path, machine) == []


@pytest.mark.parametrize("name", sorted(p.name for p in REFERENCE.glob("*/")))
def test_what_projects_recommend(name: str) -> None:
    assert alarms(REFERENCE / name, "") == []
