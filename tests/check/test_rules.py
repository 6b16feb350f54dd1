"""Rule files: every key, and what is wrong with a place and a suggestion."""

from __future__ import annotations

import pytest

from plimsoll.check.documents import FileError
from plimsoll.check.rules import read_rule
from plimsoll.model.finding import Kind, Severity
from plimsoll.model.quantity import BYTES, SECONDS, Amount
from plimsoll.model.rule import Expression, Param, TargetKind, Verdict
from plimsoll.model.setting import Status
from support.stacks import rule

FULL = """\
id: cache-too-large
title: The cache is too large
severity: high
kind: bound
for: {service: s, technology: [store, app]}
when: [has(s.cache_size), s.replicas > 1]
params: {share: 0.5, longest: 30s, least: 64MiB, part: 25%, word: fast, strictly: true, end: never}
let:
  spare: s.memory * share
  twice: spare * 2
load: s.cache_size
limit: twice
strict: true
untouched: low
assumed: medium
unless: [other-rule]
message: "cache {s.cache_size} in {limit}, {effect.cache_size} is made of it"
why: The kernel kills it.
symptoms: ["log:killed"]
seen: [seed-001]
repair: [s.cache_size, [s.max_connections, s.work_mem]]
effect: {cache_size: spare}
source: [a manual, a measurement]
examples:
  - flagged: &files {a.conf: "x = 1  # <- here"}
    expect: {severity: high, effect: {cache_size: 12MiB}}
  - clean: {<<: *files, b.conf: y}
  - skipped: {c.conf: ""}
"""


def read(text: str = FULL, path: str = "rules/cache-too-large.yaml") -> object:
    return read_rule(text, path)


def test_every_key_is_read() -> None:
    made = read_rule(FULL, "rules/cache-too-large.yaml")
    (level,) = made.levels

    assert (made.id, made.title, made.why) == (
        "cache-too-large",
        "The cache is too large",
        "The kernel kills it.",
    )
    assert made.target.kind is TargetKind.SERVICE
    assert (made.target.variable, made.target.technologies) == ("s", ("store", "app"))
    assert [e.text for e in level.when] == ["has(s.cache_size)", "s.replicas > 1"]
    assert [(name, e.text) for name, e in made.lets] == [
        ("spare", "s.memory * share"),
        ("twice", "spare * 2"),
    ]
    assert (text(level.load), text(level.limit), level.is_strict) == ("s.cache_size", "twice", True)
    assert (made.untouched, made.assumed) == (Severity.LOW, Severity.MEDIUM)
    assert (made.unless, made.symptoms, made.seen) == (
        ("other-rule",),
        ("log:killed",),
        ("seed-001",),
    )
    assert made.source == ("a manual", "a measurement")
    assert level.effect["cache_size"].text == "spare"
    assert (level.severity, level.kind, level.name) == (Severity.HIGH, Kind.BOUND, "")


def test_parameters_have_units_and_kinds() -> None:
    params = read_rule(FULL, "rules/cache-too-large.yaml").params
    infinite = Amount.of(float("inf"))

    assert params["longest"] == Param(Amount.of(30, SECONDS))
    assert params["least"] == Param(Amount.of(64 * 1024**2, BYTES))
    assert params["word"] == Param("fast")
    assert params["strictly"] == Param(value=True)
    assert params["end"] == Param(infinite, is_bare=True)
    assert (params["share"].is_bare, float(amount(params["share"]).low)) == (True, 0.5)
    assert (params["part"].is_bare, float(amount(params["part"]).low)) == (True, 0.25)


def test_a_message_is_text_and_names() -> None:
    (level,) = read_rule(FULL, "rules/cache-too-large.yaml").levels
    pieces = [p.text if isinstance(p, Expression) else f"|{p}|" for p in level.message]
    assert pieces == [
        "|cache |",
        "s.cache_size",
        "| in |",
        "limit",
        "|, |",
        "effect.cache_size",
        "| is made of it|",
    ]


def test_without_a_message_the_title_is_said() -> None:
    assert rule("for: {service: s}\nrequire: s.memory_limited").levels[0].message == (
        "It does not fit",
    )


def test_an_inner_list_of_repair_is_ranked() -> None:
    (level,) = read_rule(FULL, "rules/cache-too-large.yaml").levels
    assert [([p.text for p in r.paths], r.is_ranked) for r in level.repair] == [
        (["s.cache_size"], False),
        (["s.max_connections", "s.work_mem"], True),
    ]


def test_examples_may_share_files() -> None:
    examples = read_rule(FULL, "rules/cache-too-large.yaml").examples
    assert [(e.verdict, sorted(e.files)) for e in examples] == [
        (Verdict.FLAGGED, ["a.conf"]),
        (Verdict.CLEAN, ["a.conf", "b.conf"]),
        (Verdict.SKIPPED, ["c.conf"]),
    ]
    assert examples[0].expected == {"severity": "high"}
    assert examples[0].effect == {"cache_size": "12MiB"}
    assert examples[0].place.span.line == 25


def test_a_level_replaces_what_it_says_and_keeps_the_rest() -> None:
    made = rule("""
        for: {service: s, technology: [store]}
        let: {floor: s.memory_floor}
        limit: s.memory
        strict: true
        message: "{load} of {limit}"
        repair: [s.cache_size]
        levels:
          - severity: critical
            kind: exact
            load: floor
          - severity: medium
            load: s.cache_size
            limit: 2 * s.memory
            strict: false
            when: s.replicas > 1
            message: large
            repair: [s.work_mem]
            effect: {cache_size: s.memory}
          - severity: low
            require: s.durable
            message: not safe
    """)
    first, second, third = made.levels

    assert (first.kind, text(first.load), text(first.limit)) == (Kind.EXACT, "floor", "s.memory")
    assert first.is_strict
    assert (second.kind, text(second.limit), second.is_strict) == (
        Kind.BOUND,
        "2 * s.memory",
        False,
    )
    assert second.message == ("large",)
    assert [e.text for e in second.when] == ["s.replicas > 1"]
    assert second.repair[0].paths[0].text == "s.work_mem"
    assert (third.load, [e.text for e in third.required]) == (None, ["s.durable"])
    assert made.severity is Severity.CRITICAL


def test_a_level_is_called_by_its_load_or_its_severity() -> None:
    made = rule("""
        for: {service: s, technology: [store]}
        let: {floor: s.memory_floor}
        limit: s.memory
        levels:
          - {severity: critical, load: floor}
          - {severity: low, load: 2 * floor}
    """)
    assert [level.name for level in made.levels] == ["floor", "low"]


@pytest.mark.parametrize(
    ("said", "kind", "variable"),
    [
        ("{service: s}", TargetKind.SERVICE, "s"),
        ("{link: l, from: [app], to: [store]}", TargetKind.LINK, "l"),
        ("{host: h}", TargetKind.HOST, "h"),
        ("{part: p, type: pool, technology: [app]}", TargetKind.PART, "p"),
        (
            "{setting: x, technology: store, name: 'max_.*', status: ignored}",
            TargetKind.SETTING,
            "x",
        ),
    ],
)
def test_the_five_kinds_of_targets(said: str, kind: TargetKind, variable: str) -> None:
    made = rule(f"for: {said}\nrequire: true")
    assert (made.target.kind, made.target.variable) == (kind, variable)


def test_a_setting_is_effective_unless_the_rule_says_otherwise() -> None:
    def statuses(said: str) -> tuple[Status, ...]:
        return rule(f"for: {{setting: x{said}}}\nrequire: true").target.statuses

    assert statuses("") == (Status.EFFECTIVE,)
    assert statuses(", status: [ignored, refused]") == (Status.IGNORED, Status.REFUSED)
    assert statuses(", status: any") == tuple(Status)


WRONG = {
    "no yaml": ("a: [", "1:5: no YAML"),
    "too deep": ("a: " + "[" * 100_000, "1:103: nested more than 100 levels deep"),
    "merged into itself": (FULL.replace("- clean: {<<: *files,", "- clean: &mine {<<: *mine,"), "27:23: the anchor &mine contains itself"),
    "nothing": ("# only a comment\n", "1:1: the file says nothing"),
    "a list": ("- a\n", "1:1: needs `key: value` pairs"),
    "unknown key": (FULL + "limits: 3\n", "29:1: unknown key of a rule: 'limits'; did you mean limit"),
    "size as a formula": (FULL.replace("least: 64MiB", "least: 64 * MiB"), "7:43: least is one value, not a formula; write 64MiB"),
    "time as a formula": (FULL.replace("longest: 30s", "longest: 30*minute"), "write 30min"),
    "twice": (FULL + "title: x\n", "29:1: 'title' is here twice"),
    "other id": (FULL.replace("id: cache-too-large", "id: x"), "1:5: the id 'x' is not the file's"),
    "no id": (FULL.replace("id: cache-too-large", "id: Cache"), "1:5: 'Cache' is no id"),
    "severity": (FULL.replace("severity: high\nk", "severity: hihg\nk"), "3:11: no severity 'hihg'; did you mean high"),
    "kind": (FULL.replace("kind: bound", "kind: guess"), "4:7: no kind 'guess'; there are bound,"),
    "for key": (FULL.replace("technology: [store", "tech: [store"), "5:19: unknown key of for: service: 'tech'"),
    "for nothing": (FULL.replace("{service: s,", "{server: s,"), "5:6: `for:` needs one of service"),
    "variable": (FULL.replace("{service: s,", "{service: S,"), "5:16: 'S' cannot be a name"),
    "syntax": (FULL.replace("load: s.cache_size\n", "load: s.cache_size +\n"), "11:21: "),
    "syntax in a message": (FULL.replace("in {limit}", "in {limit +}"), "17:43: "),
    "half a line": (FULL.replace("limit: twice\n", ""), "a load line needs `limit:` too"),
    "both": (FULL + "require: true\n", "12:8: `limit:` and `require:` exclude each other"),
    "strict": (FULL.replace("strict: true\n", "strict: yes\n"), "13:9: needs true or false"),
    "expected": (FULL.replace("expect: {severity", "expect: {sverity"), "26:14: unknown key of expect: 'sverity'; did you mean severity"),
    "no verdict": (FULL.replace("- skipped:", "- ignored:"), "28:5: unknown key of an example: 'ignored'"),
    "regex": (FULL.replace("{service: s, technology: [store, app]}", "{setting: x, name: '('}"), "no regular expression"),
    "path": (FULL.replace("repair: [s.cache_size,", "repair: [1 + 1,"), "`repair:` takes paths"),
    "half a name": (FULL.replace("in {limit}", "in {limit"), "17:35: { without its other half"),
    "no text of a file": (FULL.replace('{a.conf: "x', '{b.conf: {c: 1}, a.conf: "x'), "25:30: needs a text here"),
    "empty value": (FULL.replace("why: The kernel kills it.", "why:"), "18:5: needs a value here"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_has_a_place_and_a_suggestion(text: str, said: str) -> None:
    with pytest.raises(FileError) as error:
        read(text)
    assert str(error.value).startswith("rules/cache-too-large.yaml:")
    assert said in str(error.value)


def test_keys_are_listed_once() -> None:
    with pytest.raises(FileError) as error:
        read(FULL + "q: 3\n")
    assert " kind, let, " in str(error.value)
    assert str(error.value).count(" kind,") == 1


@pytest.mark.parametrize("name", ["id", "title", "kind", "for", "why", "source", "examples"])
def test_every_required_key_is_asked_for(name: str) -> None:
    kept = [block for block in blocks(FULL) if not block.startswith(f"{name}:")]
    with pytest.raises(FileError, match=f"a rule needs `{name}:`"):
        read("".join(kept))


def test_a_rule_needs_a_severity_and_a_line_or_a_condition() -> None:
    with pytest.raises(FileError, match="needs `severity:`"):
        read(FULL.replace("severity: high\nkind", "kind"))
    with pytest.raises(FileError, match="needs `load:` and `limit:`, or `require:`"):
        read("".join(b for b in blocks(FULL) if b.split(":")[0] not in ("load", "limit", "strict")))


def test_a_level_narrows_its_rule() -> None:
    made = rule("""
        for: {service: s}
        when: s.memory_limited
        levels:
          - {severity: high, when: [s.cores > 1, s.memory_limited], require: s.cores > 2}
          - {severity: low, require: s.cores > 4}
    """)
    said = [[each.text for each in level.when] for level in made.levels]
    assert said == [["s.memory_limited", "s.cores > 1"], ["s.memory_limited"]]


def test_levels_go_from_the_worst() -> None:
    body = """
        for: {service: s}
        limit: s.memory
        levels: [{severity: low, load: s.memory}, {severity: high, load: s.memory}]
    """
    with pytest.raises(FileError, match="the worst severity comes first"):
        rule(body)


def test_one_example_has_to_be_flagged() -> None:
    with pytest.raises(FileError, match="needs one that is `flagged:`"):
        rule("for: {service: s}\nrequire: true\nexamples: [{clean: {a.conf: x}}]")


def text(expression: Expression | None) -> str:
    return expression.text if expression else ""


def amount(param: Param) -> Amount:
    assert isinstance(param.value, Amount)
    return param.value


def blocks(yaml: str) -> list[str]:
    """The text of each top key with what stands below it."""
    found: list[str] = []
    for line in yaml.splitlines(keepends=True):
        if line[0] in " -" and found:
            found[-1] += line
        else:
            found.append(line)
    return found
