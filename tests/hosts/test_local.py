"""Commands on this machine: their answers, their limits, and nothing left of them."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from plimsoll.hosts import MOST_OUTPUT, HostError
from plimsoll.hosts.local import Local


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_a_command_gives() -> None:
    code = "import sys; print('out'); sys.stderr.write('err'); sys.exit(3)"
    found = Local().run(python(code), seconds=20)
    assert (found.code, found.out, found.err) == (3, "out\n", "err")


def test_it_has_no_input_and_no_shell() -> None:
    found = Local().run(
        [*python("import sys; print(sys.stdin.read(), sys.argv[1])"), "$HOME;"], seconds=20
    )
    assert found.out == " $HOME;\n"


def test_the_environment_is_the_one_given() -> None:
    code = "import os; print(os.environ.get('HOME'), os.environ['A'])"
    assert Local().run(python(code), seconds=20, environment={"A": "b"}).out == "None b\n"


def test_bytes_that_are_no_text_are_shown() -> None:
    code = r"import sys; sys.stdout.buffer.write(b'\xff')"
    assert Local().run(python(code), seconds=20).out == "\ufffd"


def test_bytes_come_as_they_are() -> None:
    code = r"import sys; sys.stdout.buffer.write(b'a\xff\r\n\0')"
    assert Local().run(python(code), seconds=20).data == b"a\xff\r\n\0"


def test_it_reads_what_it_is_given() -> None:
    given = bytes(range(256)) * 10_000  # more than a pipe holds, both ways
    code = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"
    found = Local().run(python(code), seconds=60, given=given, most=len(given))
    assert found.data == given
    assert not found.is_cut


def test_it_need_not_read_what_it_is_given() -> None:
    found = Local().run(python("print('no, thanks')"), seconds=60, given=b"x" * 1_000_000)
    assert (found.code, found.out) == (0, "no, thanks\n")


def test_a_signal_is_told() -> None:
    found = Local().run(python("import os; os.kill(os.getpid(), 9)"), seconds=20)
    assert found.code == -9


def test_a_program_that_is_not_there() -> None:
    assert Local().find("no-such-program") is None
    with pytest.raises(HostError, match="no-such-program cannot be started: No such file"):
        Local().run(["no-such-program"], seconds=1)


def test_a_program_that_is_there() -> None:
    assert Local().find("sh") in ("/bin/sh", "/usr/bin/sh")


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("time.sleep(600)", id="one that hangs"),
        pytest.param("os.close(1); os.close(2); time.sleep(600)", id="one that closes its output"),
        pytest.param("signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", id="deaf"),
        pytest.param("subprocess.run(['sleep', '600'])", id="one that starts another"),
        pytest.param("exec('while True: print(1)')", id="one that never stops talking"),
    ],
)
def test_who_gives_no_answer_in_time_is_ended_with_all_that_it_started(
    code: str, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    head = f"import os, signal, subprocess, time; open({str(pid)!r}, 'w').write(str(os.getpid()));"
    with pytest.raises(HostError, match=r"gave no answer in 1 s"):
        Local().run(python(head + code), seconds=1)
    found = int(pid.read_text())
    end = time.monotonic() + 10
    while any(is_running(p) for p in of_group(found)) and time.monotonic() < end:
        time.sleep(0.01)
    assert [p for p in of_group(found) if is_running(p)] == []


def of_group(group: int) -> list[int]:
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(each.name)) == group:
                found.append(int(each.name))
        except ProcessLookupError:
            continue
    return found


def test_of_what_floods_us_the_first_megabyte_is_kept() -> None:
    code = "import sys; sys.stdout.write('x' * 300_000_000)"
    found = Local().run(python(code), seconds=60)
    assert (found.code, len(found.out), found.is_cut) == (0, MOST_OUTPUT, True)


def test_how_much_is_kept_may_be_said() -> None:
    code = "import sys; sys.stdout.write('x' * 10)"
    assert Local().run(python(code), seconds=60, most=4).data == b"xxxx"
    assert not Local().run(python(code), seconds=60, most=10).is_cut
