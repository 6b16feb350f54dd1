from __future__ import annotations

import pytest

from plimsoll.model.setting import Setting, Status, Unknown
from plimsoll.stack import read_texts
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.haproxy.conditions import holds
from plimsoll.technologies.haproxy.reader import READER

HAPROXY = technology("haproxy")
assert HAPROXY is not None
SCHEMA = HAPROXY.schema


def read(*texts: str) -> list[Setting]:
    """The settings of some files, in order, as they hold."""
    items = [item for n, text in enumerate(texts) for item in READER.read(text, f"{n}.cfg")]
    return settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])


def chain(settings: list[Setting], name: str, text: str) -> str:
    found = next(s for s in settings if (s.name, s.text) == (name, text))
    return "/".join(str(block) for block in found.scope)


def status(settings: list[Setting], text: str) -> Status:
    return next(s for s in settings if s.text == text).status


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["defaults\nfrontend f\n mode tcp\n"], "defaults/frontend f", id="the last one"),
        pytest.param(
            ["defaults a\ndefaults b\nfrontend f\n mode tcp\n"], "defaults b/frontend f", id="named, too"
        ),
        pytest.param(
            ["defaults a\ndefaults\nfrontend f from a\n mode tcp\n"], "defaults a/frontend f", id="from"
        ),
        pytest.param(
            ["defaults a\ndefaults b from a\nbackend f\n mode tcp\n"],
            "defaults a/defaults b/backend f",
            id="defaults of defaults",
        ),
        pytest.param(
            ["defaults\n", "frontend f\n mode tcp\n"], "defaults/frontend f", id="of another file"
        ),
        pytest.param(["frontend f\n mode tcp\n", "defaults\n"], "frontend f", id="only those above"),
        pytest.param(["frontend f from x\n mode tcp\n"], "frontend f", id="of a name that is not there"),
    ],
)  # fmt: skip
def test_a_proxy_stands_in_the_defaults_that_it_has(texts: list[str], expected: str) -> None:
    assert chain(read(*texts), "mode", "tcp") == expected


def test_a_server_stands_in_the_default_server_lines_above_it() -> None:
    settings = read(
        "defaults\n default-server inter 5s\nbackend b\n default-server fall 7\n"
        " server s 10.0.0.1:80 rise 3\n default-server weight 9\n"
    )
    assert chain(settings, "rise", "3") == "default-server/default-server/server s"
    assert chain(settings, "inter", "5s") == "default-server"


def part_values(text: str, kind: str, name: str) -> list[str | None]:
    plimsoll = "services: {lb: {technology: haproxy, files: [haproxy.cfg]}}"
    stack = read_texts({"plimsoll.yaml": plimsoll, "haproxy.cfg": text})
    found = []
    for part in stack.services["lb"].parts:
        if part.type == kind:
            own, around = part.own(name), part.parent
            while own is None and around is not None:
                own, around = around.own(name), around.parent
            found.append(str(own.value) if own else None)
    return found


def test_what_a_proxy_has() -> None:
    text = (
        "defaults\n timeout client 5s\n maxconn 7\nfrontend a\n bind :80 maxconn 3\n"
        "listen b\n timeout client 9s\n bind :81\n server s 10.0.0.1:80\n"
    )
    assert part_values(text, "proxy", "timeout client") == ["5 s", "9 s"]
    assert part_values(text, "proxy", "maxconn") == ["7", "7"]
    assert part_values(text, "listener", "maxconn") == ["3", "7"]
    assert part_values(text, "proxy-server", "maxconn") == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("global\n maxconn 1\n maxconn 2\n", [Status.EFFECTIVE, Status.SHADOWED]),
        ("global\n maxconn 1\nglobal\n maxconn 2\n", [Status.EFFECTIVE, Status.SHADOWED]),
        ("global\n nbthread 1\nglobal\n nbthread 2\n", [Status.SHADOWED, Status.EFFECTIVE]),
        ("defaults\n maxconn 1\n maxconn 2\n", [Status.SHADOWED, Status.EFFECTIVE]),
        ("frontend a\n maxconn 1\nfrontend b\n maxconn 2\n", [Status.EFFECTIVE, Status.EFFECTIVE]),
        ("defaults\n log 1\n log 2\n", [Status.EFFECTIVE, Status.EFFECTIVE]),
        ("resolvers r\n nameserver 1\n nameserver 2\n", [Status.EFFECTIVE, Status.EFFECTIVE]),
        ("backend b\n server s a:1 weight 1 weight 2\n", [Status.SHADOWED, Status.EFFECTIVE]),
    ],
)
def test_of_two_lines(text: str, expected: list[Status]) -> None:
    settings = read(text)
    assert [s.status for s in settings if s.text in ("1", "2") and "_" not in s.name] == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", False), ("0", False), ("1", True), ("-3", True), ("!1", False), ("(0) || 1", True),
        ("1 && 0 || 1", True), ("1 && (0 || 1)", True), ("!(1 && 1)", False),
        ("defined(A)", True), ("defined(B)", None), ("!defined(B)", None), ("defined(A) || feature(X)", True),
        ("feature(X) && 0", False), ("feature(OPENSSL)", None), ('streq("$A",x)', True),
        ('streq("${A}",y)', False), ('strneq("$A",y)', True), ('streq("$B",y)', None),
        ("version_atleast(2.4)", True), ("version_atleast(2.9)", None), ("version_before(2.4)", False),
        ("version_atleast(x)", None), ("enabled(SPLICE)", None), ("1 1", None), ("(", None), ("1 &&", None),
        ("(" * 5000, None), ("!" * 1900 + "1", None),
    ],
)  # fmt: skip
def test_conditions(condition: str, expected: bool | None) -> None:
    assert holds(condition, {"A": "x"}) is expected


def test_what_a_condition_does_to_settings() -> None:
    settings = read(
        ".if 0\nglobal\n nbthread 3\n.elif feature(X)\nglobal\n nbthread 4\n.else\nglobal\n nbthread 5\n"
        ".endif\n.if 1\nglobal\n nbthread 6\n.endif\n"
    )
    found = {s.text: s for s in settings if s.name == "nbthread"}
    assert found["3"].status is Status.IGNORED
    assert "line 1" in found["3"].reason
    assert isinstance(found["4"].value, Unknown)
    assert isinstance(found["5"].value, Unknown)
    assert found["6"].status is Status.EFFECTIVE


def test_branches_that_nobody_can_tell_do_not_shadow_each_other() -> None:
    settings = read("global\n.if feature(X)\n nbthread 3\n.else\n nbthread 4\n.endif\n")
    found = [s for s in settings if s.name == "nbthread"]
    assert [s.status for s in found] == [Status.EFFECTIVE, Status.EFFECTIVE]
    assert all(isinstance(s.value, Unknown) for s in found)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("setenv N 7\n", "7"),
        ('setenv M 7\n setenv N "$M"\n', "7"),
        ("setenv N 7\n presetenv N 8\n", "7"),
        ("presetenv N 8\n", "8"),
        ("setenv N 7\n unsetenv N\n", None),
        ("setenv N 7\n resetenv M\n", None),
        ("", None),
    ],
)
def test_variables_of_the_configuration(lines: str, expected: str | None) -> None:
    settings = read(f'global\n {lines} nbthread "$N"\n')
    found = next(s for s in settings if s.name == "nbthread")
    if expected is None:
        assert isinstance(found.value, Unknown)
        assert "$N" in found.value.reason
    else:
        assert (found.text, str(found.value)) == (expected, expected)


def test_a_variable_of_the_environment() -> None:
    compose = "services: {lb: {image: haproxy:2.6, environment: {N: '7'}, volumes: ['./h.cfg:/h.cfg'], command: haproxy -f /h.cfg}}"
    stack = read_texts({"compose.yaml": compose, "h.cfg": 'global\n maxconn "${N}"\n'})
    maxconn = stack.services["lb"].setting("maxconn")
    assert maxconn is not None
    assert str(maxconn.value) == "7"
