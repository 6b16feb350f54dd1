"""Another machine, reached by the OpenSSH client, as its user's own configuration has it."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import count
from math import ceil
from pathlib import Path, PurePosixPath

from plimsoll.hosts import MOST_OUTPUT, ChangedError, HostError, Result, Stat
from plimsoll.hosts.local import Local

# The first command opens the connection, all others go through it; it ends when nobody used it for so
# long. Host keys are checked whatever the user's configuration says, and nobody is asked for anything.
_OPTIONS = (
    *("-T", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "LogLevel=ERROR"),
    *("-o", "ControlMaster=auto", "-o", "ControlPersist=60"),
    *("-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=2"),
    *("-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "PermitLocalCommand=no"),
)
_CONNECT_SECONDS = 10
_FILE_SECONDS = 30.0
_LARGEST_FILE = 64 * 1024 * 1024
# OpenSSH ends with 255 when it fails itself; a command that ends so says it too.
_FAILED = 255
_OWN = "plimsoll: the command itself ended with 255"
# A signal is told by a code above this one, as shells do.
_SIGNALS = range(129, 129 + 64)
_CHANGED = 73

# Where it runs ends the command, and what it started, if we and our own limit are gone.
_COMMAND = f"""\
cd / && timeout -s KILL "$0" "$@"
code=$?
[ $code -ne {_FAILED} ] || echo '{_OWN}' >&2
exit $code"""
_FIND = 'PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; command -v -- "$1"'
_STAT = 'sha256sum <"$1" && stat -L -c "%a %u %g" -- "$1"'
# As on this machine: beside the file, on the disk, compared, renamed. A connection that breaks ends the
# bytes early: what came is compared too.
_REPLACE = f"""\
set -eu
folder=$1 name=$2 mode=$3 owner=$4 before=$5 wanted=$6
[ -d "$folder" ] || {{ echo 'No such file or directory' >&2; exit 1; }}
cd -- "$folder"
umask 077
new=$(mktemp "./.$name.XXXXXX")
trap 'rm -f -- "$new"' EXIT
trap 'exit 1' HUP INT TERM
cat >"$new"
[ "$(sha256sum <"$new")" = "$wanted  -" ] || {{ echo 'not all of it came' >&2; exit 1; }}
[ "$(stat -c %u:%g -- "$new")" = "$owner" ] || chown -- "$owner" "$new"
chmod -- "$mode" "$new"
sync -- "$new"
found=
if [ -e "./$name" ]; then found=$(sha256sum <"./$name"); fi
[ "${{found%% *}}" = "$before" ] || exit {_CHANGED}
mv -fT -- "$new" "./$name"
trap - EXIT
sync -- ."""


class Ssh:
    """A machine behind `connected`. Implements `Host`; it needs sh and GNU's or BusyBox's tools."""

    def __init__(self, target: str, folder: Path, config: Path | None) -> None:
        self.target = target
        self._folder = folder
        self._local = Local()
        self._numbers = count()
        self._options = [*_OPTIONS, "-o", f"ControlPath={folder}/line"]
        if config is not None:
            self._options += ["-F", str(config)]

    def find(self, program: str) -> str | None:
        done = self._script(_FIND, program)
        found = done.out.strip()
        return found if done.code == 0 and found.startswith("/") else None

    def run(
        self,
        words: Sequence[str],
        *,
        seconds: float,
        environment: Mapping[str, str] | None = None,
        given: bytes = b"",
        most: int = MOST_OUTPUT,
    ) -> Result:
        before = []
        if environment is not None:
            before = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
        limit = str(ceil(seconds) + 1)
        command = shlex.join(["exec", "sh", "-c", _COMMAND, limit, *before, *words])
        options = [
            "-o",
            "ClearAllForwardings=yes",
            "-o",
            f"ConnectTimeout={min(_CONNECT_SECONDS, ceil(seconds))}",
        ]
        try:
            done = self._local.run(
                ["ssh", *self._options, *options, "--", self.target, command],
                seconds=seconds,
                given=given,
                most=most,
            )
        except HostError as problem:
            raise HostError(
                f"{self.target}: {words[0]} {str(problem).removeprefix('ssh ')}"
            ) from None
        return self._told(words[0], done)

    def talk(
        self, address: str, sent: bytes, end: bytes, *, seconds: float, most: int = MOST_OUTPUT
    ) -> bytes:
        """Nobody there and one that closes without a word look the same from here: an error."""
        near = self._folder / f"talk-{next(self._numbers)}"
        forward = ("-L", f"{near}:{address}")
        self._control("forward", *forward)
        try:
            told = self._local.talk(str(near), sent, end, seconds=seconds, most=most)
        except HostError as problem:
            raise HostError(
                f"{self.target}: {str(problem).replace(str(near), address)}"
            ) from problem
        finally:
            self._control("cancel", *forward)
            near.unlink(missing_ok=True)
        if not told:
            raise HostError(f"{self.target}: {address}: nobody listens there, or it says nothing")
        return told

    def read(self, path: str) -> bytes:
        done = self.run(["cat", "--", path], seconds=_FILE_SECONDS, most=_LARGEST_FILE)
        if done.code or done.is_cut:
            reason = "it is too large" if done.is_cut else _reason(done)
            raise HostError(f"{self.target}: {path}: cannot be read: {reason}")
        return done.data

    def stat(self, path: str) -> Stat:
        done = self._script(_STAT, path)
        words = done.out.split()
        if done.code or len(words) != 5:
            raise HostError(f"{self.target}: {path}: cannot be read: {_reason(done)}")
        digest, _, mode, user, group = words
        return Stat(digest, int(mode, 8), (int(user), int(group)))

    def replace(
        self, path: str, data: bytes, mode: int, owner: tuple[int, int], *, before: str
    ) -> None:
        at = PurePosixPath(path)
        words = (str(at.parent), at.name, f"{mode:o}", f"{owner[0]}:{owner[1]}", before)
        done = self._script(_REPLACE, *words, sha256(data).hexdigest(), given=data)
        if done.code == _CHANGED:
            raise ChangedError(
                f"{self.target}: {path}: was changed by somebody else; nothing is written"
            )
        if done.code:
            raise HostError(f"{self.target}: {path}: cannot be written: {_reason(done)}")

    def close(self) -> None:
        """Ends the connection, if there is one."""
        with suppress(HostError):
            self._control("exit")

    def _script(self, script: str, *words: str, given: bytes = b"") -> Result:
        return self.run(["sh", "-c", script, "sh", *words], seconds=_FILE_SECONDS, given=given)

    def _control(self, wish: str, *words: str) -> None:
        """Tells the process that has the connection; that there is none is an error too."""
        if wish == "forward":
            self.run(["true"], seconds=_CONNECT_SECONDS)  # opens it
        command = ["ssh", *self._options, "-O", wish, *words, "--", self.target]
        done = self._local.run(command, seconds=_CONNECT_SECONDS)
        if done.code:
            raise HostError(f"{self.target}: {_reason(done)}")

    def _told(self, program: str, done: Result) -> Result:
        if done.code < 0 or done.code == _FAILED:
            text, mark, rest = done.err.rpartition(f"{_OWN}\n")
            if not mark or rest:
                raise HostError(f"{self.target}: {_reason(done)}")
            return Result(done.code, done.out, text, done.seconds, done.data, done.is_cut)
        if done.code in (126, 127) and done.err.startswith(("timeout: ", "env: ")):
            raise HostError(f"{self.target}: {program} cannot be started: {_reason(done)}")
        code = 128 - done.code if done.code in _SIGNALS else done.code
        return Result(code, done.out, done.err, done.seconds, done.data, done.is_cut)


@contextmanager
def connected(target: str, config: Path | None = None) -> Iterator[Ssh]:
    """*target*: what one would give to `ssh`: a name, user@name, ssh://user@name:port.

    The connection is made by the first command. *config*: in the place of the user's ssh_config.

    Raises:
        HostError: that is no machine's name.
    """
    if not target or target.startswith("-") or not target.isprintable() or " " in target:
        raise HostError(f"{target!r} is no name of a machine")
    with tempfile.TemporaryDirectory(prefix="plimsoll-ssh-") as folder:
        host = Ssh(target, Path(folder), config)
        try:
            yield host
        finally:
            host.close()


def _reason(done: Result) -> str:
    """The last that it said, from the last colon on where it names its file before."""
    lines = done.err.strip().splitlines()
    return lines[-1].rpartition(": ")[2] if lines else f"it ended with {done.code}"
