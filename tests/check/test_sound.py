"""What can be told of a rule when it is loaded: names, units, kinds."""

from __future__ import annotations

import pytest

from plimsoll.check.documents import FileError
from plimsoll.check.language import ThingType, UnknownName
from plimsoll.check.names import FIXED, LIMITS, Dictionary
from support.stacks import KNOWN, knowledge, rule

SERVICE = "for: {service: s, technology: [store]}\n"

WRONG = {
    "units": (SERVICE + "load: s.cache_size + s.timeout\nlimit: s.memory", "9:7: bytes + seconds"),
    "sides": (SERVICE + "load: s.cache_size\nlimit: s.timeout", "a load in bytes has no limit in"),
    "no number": (SERVICE + "load: s.durable\nlimit: s.memory", "needs a number here, not a cond"),
    "no condition": (SERVICE + "require: s.memory", "9:10: needs a condition here, not bytes"),
    "when": (SERVICE + "when: s.memory\nrequire: true", "needs a condition here, not bytes"),
    "name": (SERVICE + "require: s.durabel", "9:10: a service has no 'durabel'; did you mean dura"),
    "of another": (SERVICE + "require: s.worker_class == '1'", "a service has no 'worker_class'"),
    "in a message": (SERVICE + "require: true\nmessage: 'x {s.sizes}'", "10:14: a service has no"),
    "effect": (SERVICE + "require: true\neffect: {mode: 1}\nmessage: '{effect.mod}'", "11:12: no effect on 'mod'; did you mean mode"),
    "technology": (SERVICE.replace("store", "stoer") + "require: true", "8:6: `for:` names no tech"),
    "part": ("for: {part: p, type: pol}\nrequire: true", "parts of type 'pol'; did you mean pool"),
    "falls through": ("for: {link: l}\nrequire: l.processes > 1", "a link has no 'processes'"),
    "let": (SERVICE + "let: {x: s.memory + 1 * second}\nrequire: true", "9:10: bytes + seconds"),
    "let twice": (SERVICE + "let: {s: s.memory}\nrequire: true", "'s' already means something"),
    "constant": (SERVICE + "params: {never: 3}\nrequire: true", "'never' already means something"),
    "repair": (SERVICE + "require: true\nrepair: [s.cash_size]", "did you mean cache_size"),
    "param": (SERVICE + "params: {m: 3s}\nload: s.memory\nlimit: m", "a load in bytes has no limit"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_mean_anything_is_an_error(body: str, said: str) -> None:
    with pytest.raises(FileError) as error:
        rule(body)
    assert said in str(error.value)
    assert str(error.value).startswith("rules/demo.yaml:")


RIGHT = {
    "bare numbers fit any unit": SERVICE + "load: s.cache_size + 1\nlimit: 30",
    "a fact before a setting": SERVICE + "load: s.threads\nlimit: s['threads']",
    "a path through lists": "for: {host: h}\nrequire: true\nrepair: [h.services.memory_floor]",
    "parts": "for: {service: s, technology: [app]}\nrequire: s.pools.all(p, p.pool_max > 1)",
    "a setting of one of the technologies": (
        "for: {service: s, technology: [store, app]}\nrequire: s.worker_class == 'sync'"
    ),
    "a part has what its service has": "for: {part: p, type: pool}\nrequire: p.workers > 1",
    "ends of a link": "for: {link: l, from: [app], to: [store]}\nload: l.from.workers\nlimit: l.to.max_connections",
    "a library's settings": "for: {link: l}\nload: l.pool_size\nlimit: l.connections",
    "a kernel's settings": "for: {host: h}\nload: h.net_core_somaxconn\nlimit: 3",
    "the setting itself": "for: {setting: x}\nrequire: x.value == x.default && !x.counts_cores",
    "an earlier state": SERVICE + "load: s.max_connections\nlimit: s.before.max_connections",
    "keys of vendors": SERVICE + "load: s['cache-size']\nlimit: s.memory",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT.keys())
def test_what_can_mean_something_is_taken(body: str) -> None:
    assert rule(body).id == "demo"


def test_names_of_ends_are_those_of_their_technologies() -> None:
    with pytest.raises(FileError, match="a service has no 'max_connections'"):
        rule("for: {link: l, from: [app], to: [store]}\nload: l.from.max_connections\nlimit: 3")


def test_of_technologies_that_differ_any_value_may_come() -> None:
    settings = {"a": "size: {type: size}", "b": "size: {type: time}"}
    known = knowledge(settings, {}, {})
    body = "for: {service: s, technology: [a, b]}\nload: s.size\nlimit: 3"
    assert rule(body, known).id == "demo"


def test_the_block_that_opens_a_link_may_be_of_anybody_who_uses_the_library() -> None:
    fact = "link: {timeout: {unit: seconds, is: l.part.pool_timeout}}"
    assert knowledge(facts={"driver": fact}).facts["driver"]["link"]["timeout"].formula
    with pytest.raises(FileError, match="a part has no 'pool_timeuot'; did you mean pool_timeout"):
        knowledge(facts={"driver": fact.replace("timeout}", "timeuot}")})


FACTS_WRONG = {
    "unit": ("service: {processes: {unit: bytes, is: 1}}", "processes is in count for every"),
    "no unit": ("service: {slots: {is: 1}}", "needs `unit:`"),
    "formula": ("service: {processes: {unit: count, is: s.cache_size}}", "is to be count, not byt"),
    "name": ("service: {processes: {unit: count, is: s.max_connection}}", "did you mean max_conn"),
    "kind": ("services: {}", "unknown key of facts: 'services'; did you mean service"),
    "key": ("service: {slots: {unit: count, if: 1}}", "unknown key of a fact: 'if'"),
    "itself": (
        "service: {slots: {unit: count, is: s.slots + 1}}",
        "slots is calculated from itself",
    ),
    "syntax": ("service: {slots: {unit: count, is: 1 +}}", ":1:"),
}


@pytest.mark.parametrize(("text", "said"), FACTS_WRONG.values(), ids=FACTS_WRONG.keys())
def test_facts_are_checked_too(text: str, said: str) -> None:
    with pytest.raises(FileError) as error:
        knowledge(facts={"store": text})
    assert said in str(error.value)
    assert str(error.value).startswith("store/facts.yaml:1:")


def test_general_facts_are_documented_and_of_known_names() -> None:
    names = Dictionary(KNOWN)
    for kind, facts in KNOWN.general.items():
        for fact in facts.values():
            assert fact.doc.endswith("."), fact.name
            assert names.attribute_type(ThingType(kind), fact.name) == fact.type
            assert fact.name not in (*FIXED[kind], *LIMITS.get(kind, ())), fact.name


def test_an_unknown_name_comes_with_all_there_are() -> None:
    with pytest.raises(UnknownName) as error:
        Dictionary(KNOWN).attribute_type(ThingType("service", frozenset({"app"})), "nothing")
    assert {"workers", "pools", "clients", "memory", "replicas_peak"} <= set(error.value.candidates)
    assert "max_connections" not in error.value.candidates
