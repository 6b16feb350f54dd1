"""Every kind of host gives the same answers: this machine, one behind OpenSSH, one in memory."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from plimsoll.hosts import ChangedError, Host, HostError, Stat
from plimsoll.hosts.local import Local
from plimsoll.hosts.ssh import connected
from support.hosts import FakeHost
from support.sshd import Sshd

OWN = (os.geteuid(), os.getegid())
BYTES = b"a\xff\r\n\0" * 1000


@pytest.fixture(scope="module", params=["local", "ssh"])
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """Those that run commands."""
    if request.param == "local":
        yield Local()
        return
    server: Sshd = request.getfixturevalue("server")
    with connected("shop-1", server.config) as found:
        yield found


@pytest.fixture(params=["local", "ssh", "memory"])
def keeper(request: pytest.FixtureRequest) -> Iterator[Host]:
    """Those that keep files."""
    if request.param == "memory":
        yield FakeHost()
    elif request.param == "local":
        yield Local()
    else:
        server: Sshd = request.getfixturevalue("server")
        with connected("shop-1", server.config) as found:
            yield found


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


@pytest.mark.parametrize("code", [0, 3, 126, 127, 255])
def test_what_a_command_gives(host: Host, code: int) -> None:
    script = f"import sys; print('out'); sys.stderr.write('err'); sys.exit({code})"
    found = host.run(python(script), seconds=20)
    assert (found.code, found.out, found.err) == (code, "out\n", "err")


def test_a_signal_is_told(host: Host) -> None:
    assert host.run(python("import os; os.kill(os.getpid(), 15)"), seconds=20).code == -15


def test_words_come_as_they_are(host: Host) -> None:
    words = ["$HOME;", "", "a b", "'\"`", "\n", "*", "-n", "\u00e9"]
    found = host.run(
        python("import sys; print(sys.stdin.read(), sys.argv[1:])") + words, seconds=20
    )
    assert found.out == f" {words}\n"


def test_the_environment_is_the_one_given(host: Host) -> None:
    code = "import os; print(os.environ.get('HOME'), os.environ['A'])"
    assert host.run(python(code), seconds=20, environment={"A": "b c"}).out == "None b c\n"


def test_it_reads_what_it_is_given_and_bytes_come_as_they_are(host: Host) -> None:
    code = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"
    given = BYTES * 100
    found = host.run(python(code), seconds=60, given=given, most=len(given))
    assert (found.data, found.is_cut) == (given, False)
    found = host.run(python(code), seconds=60, given=given, most=7)
    assert (found.data, found.is_cut) == (given[:7], True)


def test_it_works_in_the_root_folder(host: Host) -> None:
    assert host.run(["pwd"], seconds=20).out == "/\n"


@pytest.mark.parametrize("environment", [None, {"A": "b"}])
def test_a_program_that_is_not_there(host: Host, environment: dict[str, str] | None) -> None:
    assert host.find("no-such-program") is None
    with pytest.raises(HostError, match="no-such-program cannot be started: No such file"):
        host.run(["no-such-program"], seconds=20, environment=environment)


def test_a_program_that_is_there(host: Host) -> None:
    assert host.find("sh") in ("/bin/sh", "/usr/bin/sh")


def test_who_gives_no_answer_in_time(host: Host) -> None:
    with pytest.raises(HostError, match="sleep gave no answer in 1 s"):
        host.run(["sleep", "600"], seconds=1)
    assert host.run(["echo", "next"], seconds=20).out == "next\n"


@pytest.mark.parametrize("kind", [socket.AF_INET, socket.AF_UNIX])
@pytest.mark.parametrize("end", [b"\r\n", b""])
def test_what_comes_out_of_a_socket(
    host: Host, kind: socket.AddressFamily, end: bytes, tmp_path: Path
) -> None:
    with socket.socket(kind) as listening:
        listening.bind(("127.0.0.1", 0) if kind == socket.AF_INET else str(tmp_path / "s"))
        listening.listen()
        listening.settimeout(20)
        name = listening.getsockname()
        address = name if isinstance(name, str) else f"127.0.0.1:{name[1]}"
        done = threading.Event()

        def serve() -> None:
            line, _ = listening.accept()
            with line:
                line.sendall(line.recv(100) + b" back\r\n")
                if end:
                    done.wait(20)  # it stays open: the end is in what it says

        thread = threading.Thread(target=serve)
        thread.start()
        told = host.talk(address, b"INFO", end, seconds=20)
        done.set()
        thread.join()
    assert told == b"INFO back\r\n"


def test_nobody_listens(host: Host, tmp_path: Path) -> None:
    with pytest.raises(HostError, match=str(tmp_path / "nobody")):
        host.talk(str(tmp_path / "nobody"), b"INFO", b"", seconds=5)


def test_a_new_file(keeper: Host, tmp_path: Path) -> None:
    path = str(tmp_path / "a 'new' file")
    keeper.replace(path, BYTES, 0o640, OWN, before="")
    assert keeper.read(path) == BYTES
    assert keeper.stat(path) == Stat(digest(BYTES), 0o640, OWN)


def test_a_file_is_replaced_when_it_is_what_it_was_taken_for(keeper: Host, tmp_path: Path) -> None:
    path = str(tmp_path / "-n")
    keeper.replace(path, b"old", 0o644, OWN, before="")
    keeper.replace(path, b"", 0o600, OWN, before=digest(b"old"))
    assert (keeper.read(path), keeper.stat(path).mode) == (b"", 0o600)


@pytest.mark.parametrize("before", [digest(b"other"), ""])
def test_what_somebody_else_has_changed_is_left(keeper: Host, before: str, tmp_path: Path) -> None:
    path = str(tmp_path / "file")
    keeper.replace(path, b"theirs", 0o644, OWN, before="")
    with pytest.raises(ChangedError, match="was changed by somebody else; nothing is written"):
        keeper.replace(path, b"ours", 0o644, OWN, before=before)
    assert keeper.read(path) == b"theirs"
    assert [each.name for each in tmp_path.iterdir()] in (["file"], [])  # none beside it


def test_a_file_that_went_is_changed_too(keeper: Host, tmp_path: Path) -> None:
    with pytest.raises(ChangedError):
        keeper.replace(str(tmp_path / "file"), b"ours", 0o644, OWN, before=digest(b"old"))


def test_a_file_that_is_not_there(keeper: Host, tmp_path: Path) -> None:
    path = str(tmp_path / "none")
    for ask in (keeper.read, keeper.stat):
        with pytest.raises(HostError, match=r"none: cannot be read: [Nn]o such file"):
            ask(path)


def test_a_folder_that_is_not_there(host: Host, tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"none/file: cannot be written: No such file"):
        host.replace(str(tmp_path / "none" / "file"), b"", 0o644, OWN, before="")
    with pytest.raises(HostError, match="Is a directory"):
        host.read(str(tmp_path))
