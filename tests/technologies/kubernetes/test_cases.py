"""Real cases: the setting that was at fault is given, at the line of its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from plimsoll.stack import read_stack

CASES = Path(__file__).parents[4] / "shared" / "cases"


@pytest.mark.parametrize(
    ("case", "path", "line", "name"),
    [
        ("MC-186", "deployment.yaml", 9, "resources.limits.memory"),
        ("MC-187", "limiting-redis.yaml", 8, "resources.limits.memory"),
        ("MC-189", "limitrange.yaml", 7, "resources.limits.memory"),
        ("MC-066", "api-deployment.yaml", 11, "env.JAVA_TOOL_OPTIONS"),
    ],
)
def test_the_culprit_is_a_setting(case: str, path: str, line: int, name: str) -> None:
    if not (CASES / case).is_dir():
        pytest.skip("the collected cases are not here")
    stack = read_stack(CASES / case)
    found = {
        (s.name, s.place.path, s.place.span.line)
        for service in stack.services.values()
        for s in service.settings
        if s.place is not None
    }
    assert (name, path, line) in found


@pytest.mark.parametrize(
    ("case", "part", "name"),
    [
        ("MC-116", "container", "terminationGracePeriodSeconds"),
        ("MC-119", "probe", "failureThreshold"),
    ],
)
def test_the_culprit_is_a_default(case: str, part: str, name: str) -> None:
    if not (CASES / case).is_dir():
        pytest.skip("the collected cases are not here")
    stack = read_stack(CASES / case)
    [service] = stack.services.values()
    [mine] = [each for each in service.parts if each.type == part]
    assert mine.own(name) is None
    default = mine.schema.default(name, None, part)
    assert default is not None
    assert str(default.value) in ("30 s", "3")
