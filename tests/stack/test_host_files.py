"""What the files of a machine make of its kernel and its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.model.quantity import BYTES, GIB, UNLIMITED, Amount
from plimsoll.model.schema import key
from plimsoll.model.setting import Setting, Status, Unknown
from plimsoll.model.stack import Host
from plimsoll.stack import read_stack, read_texts

CASES = Path(__file__).parents[3] / "shared" / "cases"
SERVICE = "services: {db: {technology: postgresql, host: a}}\n"


def host(files: str, texts: dict[str, str], more: str = "") -> Host:
    said = f"hosts: {{a: {{memory: 4GiB, files: [{files}]{more}}}}}\n{SERVICE}"
    return read_texts({"plimsoll.yaml": said, **texts}).hosts["a"]


def kernel(of: Host, name: str) -> Setting:
    return of.settings[key(name)]


def where(setting: Setting) -> str:
    return str(setting.place)


def test_files_of_all_folders_hold_by_their_names() -> None:
    texts = {
        "etc/sysctl.conf": "vm.swappiness = 5\n",
        "etc/sysctl.d/10-a.conf": "vm.swappiness = 1\nnet.core.somaxconn = 1\n",
        "usr/lib/sysctl.d/50-b.conf": "net.core.somaxconn = 2\nvm.swappiness = 2\n",
        "run/sysctl.d/40-c.conf": "net.core.somaxconn = 3\n",
    }
    of = host(
        "etc/sysctl.conf, usr/lib/sysctl.d/*.conf, etc/sysctl.d/*.conf, run/sysctl.d/*", texts
    )
    assert kernel(of, "net.core.somaxconn").text == "2"
    assert kernel(of, "vm.swappiness").text == "5"
    assert of.limit("somaxconn").amount == Amount.of(2)
    shadowed = [(where(s), where(s.winner)) for s in of.read if s.winner]
    assert ("etc/sysctl.d/10-a.conf:2", "usr/lib/sysctl.d/50-b.conf:1") in shadowed


def test_a_file_hides_those_of_its_name_in_folders_behind_it() -> None:
    texts = {
        "etc/sysctl.d/50-b.conf": "net.core.somaxconn = 1\n",
        "usr/lib/sysctl.d/50-b.conf": "vm.swappiness = 2\n",
        "other/etc/sysctl.d/50-b.conf": "vm.dirty_ratio = 3\n",
    }
    of = host("'**/sysctl.d/*.conf', etc/sysctl.d/50-b.conf, usr/lib/sysctl.d/50-b.conf", texts)
    assert key("vm.swappiness") not in of.settings
    (hidden,) = [s for s in of.read if s.name == "vm.swappiness"]
    assert hidden.status is Status.IGNORED
    assert hidden.reason == "etc/sysctl.d/50-b.conf hides this file"


def test_what_plimsoll_yaml_states_goes_before_files() -> None:
    texts = {"sysctl.d/a.conf": "vm.swappiness = 1\n"}
    of = host("sysctl.d/a.conf", texts, ", settings: {vm.swappiness: 9}")
    assert kernel(of, "vm.swappiness").text == "9"


TUNED = {
    "profiles/db/tuned.conf": (
        "[main]\ninclude=base\n[vm]\ndirty_bytes = 536870912\n[sysctl]\nvm.swappiness=3\n"
    ),
    "profiles/base/tuned.conf": (
        "[vm]\ndirty_bytes = 40%\ndirty_background_bytes = 10%\n"
        "[sysctl]\nvm.swappiness=10\nnet.core.somaxconn=>2048\nvm.dirty_ratio=<8\n"
    ),
}


def test_a_profile_holds_over_those_that_it_includes() -> None:
    of = host("profiles/db/tuned.conf, profiles/base/tuned.conf", TUNED)
    assert kernel(of, "vm.swappiness").text == "3"
    assert kernel(of, "vm.dirty_bytes").value == Amount.of(536870912, BYTES)
    assert kernel(of, "vm.dirty_background_bytes").value == Amount.of(4 * GIB // 10, BYTES)
    assert kernel(of, "net.core.somaxconn").value == Amount(2048, 4096)
    assert kernel(of, "vm.dirty_ratio").value == Amount.of(8)
    (lost,) = [s for s in of.read if s.text == "10"]
    assert lost.status is Status.SHADOWED


def test_sysctl_is_applied_behind_a_profile_but_not_what_vendors_ship() -> None:
    texts = TUNED | {
        "etc/sysctl.d/a.conf": "vm.swappiness = 7\n",
        "usr/lib/sysctl.d/b.conf": "vm.dirty_ratio = 90\n",
    }
    of = host("profiles/db/tuned.conf, etc/sysctl.d/a.conf, usr/lib/sysctl.d/b.conf", texts)
    assert kernel(of, "vm.swappiness").text == "7"
    assert where(kernel(of, "vm.dirty_ratio")) == "profiles/base/tuned.conf:7"


def test_a_part_of_an_unknown_memory_is_unknown() -> None:
    said = "hosts: {a: {files: [tuned.conf]}}\n" + SERVICE
    texts = {"plimsoll.yaml": said, "tuned.conf": "[vm]\ndirty_bytes = 40%\n"}
    of = read_texts(texts).hosts["a"]
    assert kernel(of, "vm.dirty_bytes").value == Unknown("40% of the machine's memory")


def test_an_option_of_a_module_is_the_kernels_setting() -> None:
    texts = {"modprobe.d/nf.conf": "options nf_conntrack hashsize=32768\n"}
    found = kernel(host("modprobe.d/nf.conf", texts), "net.netfilter.nf_conntrack_buckets")
    assert (found.name, found.value) == ("nf_conntrack.hashsize", Amount.of(32768))
    assert where(found) == "modprobe.d/nf.conf:1"


LOGINS = "mysql - nofile 9\n* soft nofile 4096\n* hard nofile 8192\n* - nproc 100\n"


def test_limits_of_logins_hold_where_nothing_else_says() -> None:
    of = host("security/limits.conf", {"security/limits.conf": LOGINS})
    assert of.limit("nofile_soft").amount == Amount.of(4096)
    assert of.limit("nofile_hard").amount == Amount.of(8192)
    assert of.limit("tasks").amount is None
    assert len(of.read) == 6


def test_limits_of_logins_never_hold_for_a_unit() -> None:
    said = "hosts: {a: {files: [limits.conf]}}\nservices: {db: {host: a, files: [db.service]}}\n"
    unit = "[Service]\nExecStart=/usr/bin/redis-server\n"
    stack = read_texts({"plimsoll.yaml": said, "limits.conf": LOGINS, "db.service": unit})
    assert stack.services["db"].limit("nofile_soft").amount == Amount.of(1024)


def test_what_is_stated_goes_before_the_limits_of_logins() -> None:
    of = host("security/limits.conf", {"security/limits.conf": LOGINS}, ", nofile: 1024")
    assert of.limit("nofile_soft").amount == Amount.of(1024)


def test_later_files_of_limits_win() -> None:
    texts = {
        "security/limits.conf": "* - nofile 1\n",
        "security/limits.d/20-b.conf": "* - nofile unlimited\n",
        "security/limits.d/10-a.conf": "* - nofile 2\n",
    }
    of = host("security/limits.d/*.conf, security/limits.conf", texts)
    assert of.limit("nofile_soft").amount == Amount.of(UNLIMITED)


# -- files that nobody lists


def test_the_only_host_has_the_files_that_nobody_lists() -> None:
    texts = {
        "plimsoll.yaml": "hosts: {a: {}}\n" + SERVICE,
        "sysctl.d/redis.conf": "vm.overcommit_memory = 1\n",
        "limits.d/x.conf": "* - nofile 77\n",
        "tuned.conf": "[vm]\ndirty_ratio=3\n",
        "modprobe.d/m.conf": "options nf_conntrack hashsize=1\n",
    }
    stack = read_texts(texts)
    of = stack.hosts["a"]
    assert kernel(of, "vm.overcommit_memory").value == Amount.of(1)
    assert kernel(of, "vm.dirty_ratio").text == "3"
    assert of.limit("nofile_hard").amount == Amount.of(77)
    assert set(stack.services) == {"db"}
    assert not stack.unused
    assert not stack.unread


def test_of_several_hosts_it_has_to_be_said() -> None:
    texts = {"plimsoll.yaml": "hosts: {a: {}, b: {}}\n", "sysctl.conf": "vm.swappiness = 1\n"}
    stack = read_texts(texts)
    (unused,) = stack.unused
    assert str(unused).startswith("sysctl.conf: which host it is of is not known; list it under")
    assert not any(h.settings for h in stack.hosts.values())


def test_a_host_that_lists_its_files_has_no_others_of_the_kind() -> None:
    texts = {"sysctl.d/a.conf": "vm.swappiness = 1\n", "sysctl.d/b.conf": "vm.swappiness = 2\n"}
    of = host("sysctl.d/a.conf", texts | {"limits.d/x.conf": "* - nofile 77\n"})
    assert kernel(of, "vm.swappiness").text == "1"
    assert of.limit("nofile_hard").amount == Amount.of(77)


def test_of_several_profiles_the_one_that_includes_the_others_is_meant() -> None:
    stack = read_texts(TUNED | {"plimsoll.yaml": "hosts: {a: {memory: 4GiB}}\n"})
    assert kernel(stack.hosts["a"], "vm.swappiness").text == "3"
    more = {"profiles/web/tuned.conf": "[sysctl]\nvm.swappiness=1\n"}
    stack = read_texts(TUNED | more | {"plimsoll.yaml": "hosts: {a: {memory: 4GiB}}\n"})
    assert not stack.hosts["a"].settings
    assert [u.path for u in stack.unused] == ["profiles/db/tuned.conf", "profiles/web/tuned.conf"]


def test_files_of_a_machine_alone_are_one_machine() -> None:
    stack = read_texts({"sysctl.conf": "net.core.somaxcon = 5\n"})
    (setting,) = stack.hosts["host"].read
    assert setting.status is Status.UNKNOWN_NAME


@pytest.mark.parametrize("case", ["SD-046", "SD-068", "MC-128", "MC-125", "MC-207", "SD-033"])
def test_the_hosts_of_real_cases_are_read_whole(case: str) -> None:
    folder = CASES / case
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    stack = read_stack(folder)
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*.conf")]
    paths = {path for path in found if not path.startswith("fixed/")}
    assert not [u for u in stack.unread if u.path in paths]
    assert paths - {"redis.conf"} <= set(stack.texts)
