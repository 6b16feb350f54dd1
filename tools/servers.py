"""Debian's packages of the servers that tests start, installed where that is allowed.

It never fails: what is not there afterwards is a test that is skipped with its package's name.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

# The programs that tests start, and the package that brings each.
PACKAGES = {
    "nginx": "nginx-light",
    "redis-server": "redis-server",
    "redis-cli": "redis-tools",
    "initdb": "postgresql",
    "postgres": "postgresql",
    "psql": "postgresql",
    "pg_isready": "postgresql",
    "mariadb": "mariadb-client-core",
    "mariadb-install-db": "mariadb-server-core",
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "setpriv": "util-linux",
    "systemd": "systemd",
    "systemd-analyze": "systemd",
    "sysctl": "procps",
    "modprobe": "kmod",
    "unshare": "util-linux",
    "varnishd": "varnish",
    "rabbitmq-server": "rabbitmq-server",
    "erl": "rabbitmq-server",
    "gunicorn": "gunicorn",
    "chromium": "chromium",
    "bash": "bash",
    "fish": "fish",
    "zsh": "zsh",
    "groff": "groff-base",
    "git": "git",
    "django-admin": "python3-django",
    "java": "openjdk-17-jdk-headless",
    "javac": "openjdk-17-jdk-headless",
    "catalina.sh": "tomcat10",
    "apache2": "apache2",
    "haproxy": "haproxy",
    "ruby": "ruby",
    "puma": "puma",
    "unicorn": "unicorn",
    "sidekiq": "ruby-sidekiq",
    "php": "php-cli",
    "php-fpm8.2": "php8.2-fpm",
    "uwsgi-core": "uwsgi-core",
    "uvicorn": "uvicorn",
    "mariadbd": "mariadb-server-core",
    "my_print_defaults": "mariadb-client-core",
    "pgbouncer": "pgbouncer",
    "memcached": "memcached",
    "perl": "perl-base",
    "node": "nodejs",
}

# The libraries of Debian's Python that tests ask, and the package that brings each.
LIBRARIES = {
    "sqlalchemy": "python3-sqlalchemy",
    "psycopg2": "python3-psycopg2",
    "psycopg_pool": "python3-psycopg-pool",
    "redis": "python3-redis",
    "celery": "python3-celery",
}
DEBIANS_PYTHON = Path("/usr/lib/python3/dist-packages")

# What tests use where it is and nobody installs for them: Debian 12 has an older one, with a daemon.
ONLY_USED = {"docker": "docker-cli"}

# Where the start script of Tomcat lies, on no PATH.
TOMCAT = "/usr/share/tomcat10/bin"

# RUNLEVEL=1: the packages start nothing.
SETTINGS = {"RUNLEVEL": "1", "DEBIAN_FRONTEND": "noninteractive"}
APT = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]


def install_missing() -> None:
    """Installs what is missing, or says why it does not. Silent when all is there."""
    missing = missing_packages()
    if not missing:
        return
    reason = why_not(os.environ, Path("/etc/os-release"), os.geteuid()) or install(missing)
    if reason:
        print(f"servers: {reason}")
        skipped = ", ".join(missing_packages())
        print(f"servers: tests that need one of these are skipped: {skipped}", flush=True)


def missing_packages() -> list[str]:
    programs = {package for program, package in PACKAGES.items() if path_of(program) is None}
    libraries = {p for name, p in LIBRARIES.items() if not (DEBIANS_PYTHON / name).is_dir()}
    return sorted(programs | libraries)


def path_of(program: str) -> str | None:
    """Where it is, also in the folders of servers that a user's PATH leaves out."""
    postgresql = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    folders = [os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", TOMCAT, *postgresql]
    return shutil.which(program, path=os.pathsep.join(folders))


def why_not(environment: Mapping[str, str], release: Path, user: int) -> str:
    """Why nothing may be installed here; empty when it may."""
    if environment.get("PLIMSOLL_INSTALL") == "no":
        return "nothing is installed: PLIMSOLL_INSTALL=no"
    if not is_debian(release.read_text() if release.is_file() else ""):
        return "nothing is installed: this is neither Debian nor Ubuntu"
    return "nothing is installed: only root may" if user != 0 else ""


def is_debian(release: str) -> bool:
    """Whether that is the os-release of Debian, Ubuntu or what calls itself like them."""
    said = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    kinds = f"{said.get('ID', '')} {said.get('ID_LIKE', '')}".replace('"', "").split()
    return not {"debian", "ubuntu"}.isdisjoint(kinds)


def install(packages: list[str]) -> str:
    """Installs them; with fresh package lists when the present ones do not do. "" or what failed."""
    command = [*APT, "install", "-y", "--no-install-recommends"]
    if not run([*command, *packages]):
        return ""
    reason = run([*APT, "update"]) or run([*command, *packages])
    if reason and len(packages) > 1:  # one that this release does not have keeps none of the others
        reason = "; ".join(filter(None, (run([*command, each]) for each in packages)))
    return reason


def run(command: list[str]) -> str:
    """Runs it as it is printed. Empty, or why it failed."""
    settings = [f"{name}={value}" for name, value in SETTINGS.items()]
    print(f"servers: {' '.join(settings)} {shlex.join(command)}", flush=True)
    try:
        done = subprocess.run(
            command, env={**os.environ, **SETTINGS, "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as problem:
        return str(problem)
    if done.returncode == 0:
        return ""
    said = done.stdout.strip().splitlines() or ["it said nothing"]
    return f"apt-get ended with {done.returncode}: {said[-1]}"
