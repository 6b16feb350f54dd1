"""What is told of a rule when it is loaded: types, units and names."""

from __future__ import annotations

import pytest

from plimsoll.check.language import (
    ANY,
    BARE,
    TEXT,
    TRUTH,
    ListType,
    Names,
    NumType,
    RuleTypeError,
    ThingType,
    Type,
    parse,
    typecheck,
)
from plimsoll.model.quantity import BYTES, COUNT, SECONDS, Unit

COUNTS, SIZES, TIMES = NumType(COUNT), NumType(BYTES), NumType(SECONDS)
SERVICE, HOST = ThingType("service", frozenset({"redis"})), ThingType("host")
KNOWN: dict[tuple[str, str], Type] = {
    ("service", "memory"): SIZES,
    ("service", "timeout"): TIMES,
    ("service", "replicas"): COUNTS,
    ("service", "policy"): TEXT,
    ("service", "persistent"): TRUTH,
    ("service", "host"): HOST,
    ("service", "clients"): ListType(SERVICE),
    ("host", "memory"): SIZES,
    ("host", "services"): ListType(SERVICE),
    ("setting", "value"): ANY,
    ("link", "part"): ThingType("part"),
}
VARIABLES: dict[str, Type] = {
    "s": SERVICE,
    "h": HOST,
    "x": ThingType("setting"),
    "spare": BARE,
    "l": ThingType("link"),
    "p": ThingType("location"),
}


@pytest.fixture
def known(names: type) -> Names:
    made: Names = names(KNOWN)
    return made


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("1", BARE),
        ("1 + 1", BARE),
        ("l.part == p", TRUTH),
        ("s.replicas * s.memory", SIZES),
        ("s.memory * s.replicas", SIZES),
        ("s.memory / s.memory", COUNTS),
        ("s.memory / s.timeout", NumType(Unit(bytes=1, seconds=-1))),
        ("1 / s.timeout", NumType(Unit(seconds=-1))),
        ("s.memory / s.timeout * s.timeout", SIZES),
        ("0.1 * h.memory", SIZES),
        ("spare * h.memory", SIZES),
        ("max(0, s.memory)", SIZES),
        ("min(s.memory, 256 * MiB)", SIZES),
        ("s.memory - 5", SIZES),
        ("-s.memory", SIZES),
        ("ceil(s.timeout)", TIMES),
        ("s.timeout % minute", TIMES),
        ("30 * second", TIMES),
        ("s.timeout < never", TRUTH),
        ("s.memory < unlimited", TRUTH),
        ("s.memory > 0", TRUTH),
        ("s.policy == 'a'", TRUTH),
        ("s.persistent && !s.persistent", TRUTH),
        ("s.persistent == true", TRUTH),
        ("s.policy in ['a', 'b']", TRUTH),
        ("s.host == h", TRUTH),
        ("s in h.services", TRUTH),
        ("s.policy.startsWith('all')", TRUTH),
        ("s.policy.matches('^all')", TRUTH),
        ("s.persistent ? 1 : s.memory", SIZES),
        ("has(s.memory)", TRUTH),
        ("written(s.memory)", TRUTH),
        ("h.services", ListType(SERVICE)),
        ("h.services.size()", COUNTS),
        ("h.services.map(v, v.memory)", ListType(SIZES)),
        ("h.services.map(v, v.memory).sum()", SIZES),
        ("h.services.map(v, v.memory).max()", SIZES),
        ("h.services.filter(v, v.persistent)", ListType(SERVICE)),
        ("h.services.all(v, v.clients.exists(w, w.memory > v.memory))", TRUTH),
        ("[1, s.memory]", ListType(SIZES)),
        ("s.persistent ? [1] : [s.memory]", ListType(SIZES)),
        ("[].sum()", BARE),
        ("x.value > 5", TRUTH),
        ("x.value == 'on'", TRUTH),
        ("x.value.contains('on')", TRUTH),
        ("x.value + 5", BARE),
        ("x.value.map(v, v.name)", ListType(ANY)),
        ("s['timeout']", ANY),
        ("s['memory']", SIZES),
    ],
)
def test_types_and_units(known: Names, text: str, type_: Type) -> None:
    assert typecheck(parse(text), VARIABLES, known) == type_


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("s.memory + s.timeout", 1, "bytes + seconds makes no sense"),
        ("1 + (s.memory - s.timeout)", 6, "bytes - seconds makes no sense"),
        ("s.replicas + s.memory", 1, "count + bytes makes no sense"),
        ("s.memory > 5 * second", 1, "bytes > seconds makes no sense"),
        ("s.memory == s.timeout", 1, "bytes == seconds makes no sense"),
        ("s.memory % s.timeout", 1, "bytes % seconds makes no sense"),
        ("min(s.memory, s.timeout)", 15, "min() of bytes and seconds makes no sense"),
        ("s.persistent ? s.memory : s.timeout", 1, "both sides of : have to be alike"),
        ("[s.memory, s.timeout]", 12, "a list of bytes cannot hold seconds"),
        ("s.memory in [s.timeout]", 1, "bytes cannot be in a list of seconds"),
        ("s.memory < never", 1, "bytes < seconds makes no sense"),
        ("s.memry", 1, "a service has no 'memry'; did you mean memory?"),
        ("s['timeotu']", 1, "a service has no 'timeotu'; did you mean timeout?"),
        ("1 + sparr", 5, "unknown name 'sparr'; did you mean spare?"),
        ("5 * Mib", 5, "unknown name 'Mib'; did you mean MiB?"),
        ("s.memory.size", 1, "bytes has no 'size'"),
        ("s.memory && true", 1, "expected a condition, found bytes; compare it"),
        ("!s.policy", 2, "expected a condition, found text"),
        ("s.policy + 'a'", 1, "expected a number, found text"),
        ("s.policy < 'a'", 1, "expected a number, found text"),
        ("l.part == s", 1, "a part == a service makes no sense"),
        ("p == s", 1, "a location == a service makes no sense"),
        ("s.policy == 5", 1, "text == a bare number makes no sense"),
        ("s.persistent == 'on'", 1, "a condition == text makes no sense"),
        ("1 < 2 < 3", 1, "expected a number, found a condition"),
        ("s.host == s", 1, "a host == a service makes no sense"),
        ("h.services == [s]", 1, "lists are not compared"),
        ("h.services.memory", 1, "a list of a service has no 'memory'; write .map(x, x.memory)"),
        ("h.services + 1", 1, "expected a number, found a list of a service; write .sum()"),
        ("h.services.sum()", 1, "sum() wants a list of numbers, found a list of a service"),
        ("s.memory.sum()", 1, "expected a list, found bytes"),
        ("s.memory.startsWith('a')", 1, "expected text, found bytes"),
        ("s.policy.contains(5)", 19, "expected text, found a bare number"),
        ("h.services.all(v, v.memory)", 19, "expected a condition, found bytes"),
        ("h.services.map(s, s.memory)", 1, "'s' already means something"),
        ("h.services.map(second, 1)", 1, "'second' already means something"),
        ("[[1]] == 1", 1, "lists are not compared"),
        ("[1] in [1]", 1, "a list of a bare number cannot be in a list of a bare number"),
    ],
)
def test_what_makes_no_sense_is_an_error_at_its_column(
    known: Names, text: str, column: int, message: str
) -> None:
    with pytest.raises(RuleTypeError) as caught:
        typecheck(parse(text), VARIABLES, known)
    assert caught.value.column == column
    assert message in caught.value.message


def test_only_a_path_goes_through_lists(known: Names) -> None:
    through = parse("h.services.memory")
    assert typecheck(through, VARIABLES, known, is_path=True) == ListType(SIZES)
    with pytest.raises(RuleTypeError, match="no 'memroy'; did you mean memory"):
        typecheck(parse("h.services.memroy"), VARIABLES, known, is_path=True)


def test_alike_things_of_two_technologies_are_of_either(known: Names) -> None:
    two: dict[str, Type] = {"a": SERVICE, "b": ThingType("service", frozenset({"mysql"}))}
    wanted = ThingType("service", frozenset({"redis", "mysql"}))
    assert typecheck(parse("1 < 2 ? a : b"), two, known) == wanted
