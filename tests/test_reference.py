"""Configurations that are meant to be right: what packages install, what projects recommend.

Nothing in them is critical or high. A folder of `reference/` is a stack whose facts were looked up
and restated; its plimsoll.yaml says where they come from. What pgtune recommends is computed here.
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


# pgtune, le0pard/pgtune, src/features/configuration/configurationSlice.js at 01bb6447: what it gives
# for Linux and an SSD where nobody says how many connections there are. Shares of memory, in kB.
CONNECTIONS = {"web": 200, "oltp": 300, "dw": 40, "desktop": 20, "mixed": 100}
WAL = {"web": (1, 4), "oltp": (2, 8), "dw": (4, 16), "desktop": (0.1, 2), "mixed": (1, 4)}
GB = 1024 * 1024  # in kB


def pgtune(kind: str, memory: int, cores: int, version: int) -> str:
    """The postgresql.conf for a machine with *memory* kB."""
    shared = memory // (16 if kind == "desktop" else 4)
    maintenance = min(memory // (8 if kind == "dw" else 16), 8 * GB)
    wal = 3 * shared // 100
    wal = 16384 if wal > 14336 else max(wal, 32)
    workers = cores if cores >= 4 else 8
    sort = (memory - shared) / ((CONNECTIONS[kind] + workers) * 3)
    sort = int(sort / {"dw": 2, "mixed": 2, "desktop": 6}.get(kind, 1))
    least, most = WAL[kind]
    said = {
        "max_connections": CONNECTIONS[kind],
        "shared_buffers": f"{shared}kB",
        "effective_cache_size": f"{memory // 4 if kind == 'desktop' else memory * 3 // 4}kB",
        "maintenance_work_mem": f"{maintenance}kB",
        "checkpoint_completion_target": 0.9,
        "wal_buffers": f"{wal}kB",
        "default_statistics_target": 500 if kind == "dw" else 100,
        "random_page_cost": 1.1,
        "effective_io_concurrency": 200,
        "work_mem": f"{max(sort, 4096)}kB",
        "huge_pages": "try" if shared >= 2 * GB else "off",
        "min_wal_size": f"{round(least * 1000) if least < 1 else int(least * 1024)}MB",
        "max_wal_size": f"{most}GB",
        "wal_compression": "lz4" if version >= 15 else "on",
    }
    if maintenance >= 2 * GB:
        said["autovacuum_work_mem"] = "2GB"
    if kind in ("web", "oltp", "mixed"):
        said["jit"] = "off"
    if kind == "desktop":
        said |= {"wal_level": "minimal", "max_wal_senders": 0}
    if cores >= 4:
        half = -(-cores // 2)
        said |= {
            "max_worker_processes": cores,
            "max_parallel_workers_per_gather": half if kind == "dw" else min(half, 4),
            "max_parallel_workers": cores,
            "max_parallel_maintenance_workers": min(half, 4),
        }
    if cores >= 16:
        said["autovacuum_max_workers"] = 5 if cores >= 32 else 4
    return "".join(f"{name} = {value}\n" for name, value in said.items())


@pytest.mark.parametrize("version", [14, 15, 18])
@pytest.mark.parametrize(("gibibytes", "cores"), [(1, 1), (4, 2), (16, 4), (64, 16)])
@pytest.mark.parametrize("kind", CONNECTIONS)
def test_what_pgtune_recommends(
    kind: str, gibibytes: int, cores: int, version: int, tmp_path: Path
) -> None:
    machine = f"{{memory: {gibibytes}GiB, cores: {cores}}}"
    service = f'{{technology: postgresql, version: "{version}", host: h, files: [postgresql.conf]}}'
    stated = f"hosts: {{h: {machine}}}\nservices: {{db: {service}}}\n"
    (tmp_path / "plimsoll.yaml").write_text(stated)
    (tmp_path / "postgresql.conf").write_text(pgtune(kind, gibibytes * GB, cores, version))
    assert alarms(tmp_path, "") == []
