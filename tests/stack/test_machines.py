from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.model.quantity import BYTES, GIB, Amount
from plimsoll.stack import StackError, read_stack

SERVICE = "services: {db: {technology: postgresql}}\n"


def folder(tmp_path: Path, said: str) -> Path:
    (tmp_path / "plimsoll.yaml").write_text(said)
    return tmp_path


def test_a_machine_without_a_name_is_the_only_one_there_is(tmp_path: Path) -> None:
    root = folder(tmp_path, "hosts: {shop-1: {memory: 4GiB, cores: 2}}\n" + SERVICE)
    stack = read_stack(root, hosts=["memory=1GiB"])
    assert list(stack.hosts) == ["shop-1"]
    assert stack.hosts["shop-1"].limit("memory").amount == Amount.of(GIB, BYTES)
    assert stack.hosts["shop-1"].limit("cores").amount == Amount.of(2)


def test_of_several_machines_it_has_to_say_which(tmp_path: Path) -> None:
    root = folder(tmp_path, "hosts: {a: {}, b: {}}\n" + SERVICE)
    with pytest.raises(StackError, match=r"say which host it is, --host NAME:...; there are a, b"):
        read_stack(root, hosts=["memory=1GiB"])
    with pytest.raises(StackError, match=r"no host 'c'; there are a, b"):
        read_stack(root, hosts=["c:memory=1GiB"])


def test_without_stated_machines_services_run_on_the_given_one(tmp_path: Path) -> None:
    stack = read_stack(folder(tmp_path, SERVICE), hosts=["memory=1GiB"])
    assert stack.services["db"].limit("memory").amount == Amount.of(GIB, BYTES)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("memory", "write it like --host memory=4GiB,cores=2"),
        ("memory=4GiX", "unknown unit 'GiX'"),
        ("memroy=4GiB", "unknown key 'memroy' of host host; did you mean 'memory'?"),
    ],
)
def test_what_is_wrong_with_the_option_is_said(tmp_path: Path, option: str, said: str) -> None:
    with pytest.raises(StackError) as caught:
        read_stack(folder(tmp_path, SERVICE), hosts=[option])
    assert said in str(caught.value)


def test_this_machine_is_measured(tmp_path: Path) -> None:
    host = read_stack(folder(tmp_path, SERVICE), this_host=True).hosts["host"]
    meminfo = Path("/proc/meminfo").read_text().split()
    total = int(meminfo[meminfo.index("MemTotal:") + 1]) * 1024
    assert host.limit("memory").amount == Amount.of(total, BYTES)
    assert all(layer.place is None for layer in host.limit("memory").layers)


def test_a_kernel_allows_as_many_threads_as_an_eighth_of_the_memory_holds(tmp_path: Path) -> None:
    root = folder(tmp_path, "hosts: {a: {memory: 4GiB}, b: {memory: 4GiB, threads_max: 7}}\n")
    hosts = read_stack(root).hosts
    assert hosts["a"].limit("threads_max").amount == Amount.of(32768)
    assert hosts["b"].limit("threads_max").amount == Amount.of(7)
    assert hosts["a"].limit("pid_max").amount == Amount(32768, 4194304)
