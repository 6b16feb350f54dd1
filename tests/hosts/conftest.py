"""A server for the tests of hosts, once for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import servers
from support import sshd


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sshd.Sshd]:
    program = servers.path_of("sshd")
    if program is None or servers.path_of("ssh") is None:
        pytest.skip("needs openssh-server and openssh-client")
    with sshd.running(program, tmp_path_factory.mktemp("sshd")) as found:
        yield found
