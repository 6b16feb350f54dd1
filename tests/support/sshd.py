"""An OpenSSH server on loopback that lets in whoever runs the tests, by a key of its own."""

from __future__ import annotations

import getpass
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plimsoll.hosts.started import start

PRIVILEGE_SEPARATION = Path("/run/sshd")  # where Debian's sshd wants a folder when root starts it
SERVER = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/own.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
MaxSessions 50
LogLevel VERBOSE
"""
CLIENT = """\
Host *
    HostName 127.0.0.1
    Port {port}
    User {user}
    IdentityFile {folder}/own
    IdentitiesOnly yes
    GlobalKnownHostsFile none
    UserKnownHostsFile {folder}/known
"""


@dataclass(frozen=True)
class Sshd:
    """*config*: for the client. *known*: its file of host keys. *log*: what the server says."""

    folder: Path
    port: int

    @property
    def config(self) -> Path:
        return self.folder / "ssh_config"

    @property
    def known(self) -> Path:
        return self.folder / "known"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def connections(self) -> int:
        """How many it has let in."""
        return self.log.read_text().count("Accepted publickey")


@contextmanager
def running(sshd: str, folder: Path) -> Iterator[Sshd]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for name in ("host", "own", "other"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(words, check=True)
    values = {"folder": folder, "port": port, "user": getpass.getuser()}
    (folder / "sshd_config").write_text(SERVER.format(**values))
    (folder / "ssh_config").write_text(CLIENT.format(**values))
    know(Sshd(folder, port), "host")
    made = os.geteuid() == 0 and not PRIVILEGE_SEPARATION.is_dir()
    if made:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755)
    words = [sshd, "-D", "-e", "-f", str(folder / "sshd_config")]
    found = start("sshd", words, folder=folder, log=folder / "log", environment=os.environ)
    try:
        end = time.monotonic() + 20
        while "Server listening" not in (folder / "log").read_text():
            assert found.code() is None, (folder / "log").read_text()
            assert time.monotonic() < end
            time.sleep(0.01)
        yield Sshd(folder, port)
    finally:
        found.stop(signal.SIGTERM, seconds=10)
        if made:
            PRIVILEGE_SEPARATION.rmdir()


def know(server: Sshd, key: str) -> None:
    """Has the client know the server by that key."""
    kind, text = (server.folder / f"{key}.pub").read_text().split()[:2]
    server.known.write_text(f"[127.0.0.1]:{server.port} {kind} {text}\n")
