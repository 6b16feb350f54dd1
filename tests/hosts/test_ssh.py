"""A machine behind OpenSSH: one connection, keys that are checked, and limits that hold there too."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from plimsoll.hosts import HostError
from plimsoll.hosts.ssh import Ssh, connected
from support.sshd import Sshd, know


@pytest.fixture
def host(server: Sshd) -> Iterator[Ssh]:
    with connected("shop-1", server.config) as found:
        yield found


def test_all_commands_go_through_one_connection(host: Ssh, server: Sshd) -> None:
    before = server.connections()
    assert [host.run(["echo", str(n)], seconds=20).out for n in range(5)] == [
        f"{n}\n" for n in range(5)
    ]
    host.find("sh")
    host.read("/etc/passwd")
    assert server.connections() == before + 1


def is_alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("key", [None, "other"])
def test_a_machine_whose_key_is_not_known_or_another_is_not_asked(
    key: str | None, server: Sshd, tmp_path: Path
) -> None:
    """Also when the user's configuration says that it does not matter."""
    config = tmp_path / "ssh_config"
    lax = "StrictHostKeyChecking no\nUserKnownHostsFile " + str(tmp_path / "known") + "\n"
    config.write_text(lax + server.config.read_text())
    if key:
        know(Sshd(tmp_path_with_key(tmp_path, server, key), server.port), key)
    before = server.connections()
    with (
        connected("shop-1", config) as found,
        pytest.raises(HostError, match=r"shop-1: .*ost key verification failed"),
    ):
        found.run(["true"], seconds=20)
    assert server.connections() == before


def tmp_path_with_key(folder: Path, server: Sshd, key: str) -> Path:
    (folder / f"{key}.pub").write_text((server.folder / f"{key}.pub").read_text())
    return folder


def test_a_machine_that_does_not_let_us_in_is_told(server: Sshd, tmp_path: Path) -> None:
    config = tmp_path / "ssh_config"
    config.write_text(f"IdentityFile {tmp_path}/none\n{server.config.read_text()}")
    config.write_text(config.read_text().replace(f"{server.folder}/own", f"{server.folder}/other"))
    with (
        connected("shop-1", config) as found,
        pytest.raises(HostError, match=r"shop-1: Permission denied \(publickey"),
    ):
        found.run(["true"], seconds=20)


def test_a_machine_that_is_not_there_is_told(tmp_path: Path) -> None:
    config = tmp_path / "ssh_config"
    config.write_text("Host *\n    HostName 127.0.0.1\n    Port 9\n")
    with (
        connected("shop-1", config) as found,
        pytest.raises(HostError, match="shop-1: Connection refused"),
    ):
        found.read("/etc/passwd")


def test_what_takes_too_long_is_ended_there_with_all_that_it_started(
    host: Ssh, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    script = f"sleep 600 & echo $$ $! >{pids}; trap '' TERM HUP; wait; sleep 600"
    with pytest.raises(HostError, match="shop-1: sh gave no answer in 1 s"):
        host.run(["sh", "-c", script], seconds=1)
    found = pids.read_text().split()
    assert len(found) == 2
    wait_until(lambda: not any(map(is_alive, found)))


def test_its_words_are_its_own_when_it_ends_as_openssh_does(host: Ssh) -> None:
    found = host.run(["sh", "-c", "echo no >&2; exit 255"], seconds=20)
    assert (found.code, found.err) == (255, "no\n")


@pytest.mark.parametrize("target", ["", "-oProxyCommand=true", "a b", "a\nb"])
def test_what_is_no_name_of_a_machine(target: str) -> None:
    with pytest.raises(HostError, match="is no name of a machine"), connected(target):
        pass


def test_nothing_of_it_stays(server: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as name:  # short: the path of a socket has an end
        monkeypatch.setattr("tempfile.tempdir", name)
        with connected("shop-1", server.config) as found:
            found.run(["true"], seconds=20)
            assert len(list(Path(name).iterdir())) == 1
            assert len(naming(name)) == 1
        assert list(Path(name).iterdir()) == []
        wait_until(lambda: naming(name) == [])


def naming(text: str) -> list[str]:
    """The processes with that in their words: the client that keeps the connection has its socket."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if text.encode() in (each / "cmdline").read_bytes():
                found.append(each.name)
    return found
