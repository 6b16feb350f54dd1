"""One rule in full: what it finds and why, an example with its arithmetic, how to mend or silence it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TextIO

from msgspec import Struct

from plimsoll.check.examples import Demonstration
from plimsoll.model.finding import Finding
from plimsoll.model.quantity import Amount
from plimsoll.model.rule import Level, Param, Rule, Target
from plimsoll.report.colors import Paint
from plimsoll.report.format import Look
from plimsoll.report.operands import repairs
from plimsoll.report.secrets import Mask
from plimsoll.report.width import visible, wrapped

_INDENT = "  "
_CODE = re.compile(r"(`[^`]+`)")
_MARKS = re.compile(r"[\\`*_<>\[\]|#]")


class Passage(Struct, frozen=True):
    """A piece of the page. *blocks*: texts that are shown as they are, by what they are called."""

    title: str
    texts: tuple[str, ...] = ()
    blocks: Mapping[str, str] | None = None


def passages(rule: Rule, shown: Demonstration | None) -> Iterator[Passage]:
    """What there is to say of a rule, in the order in which people ask."""
    yield Passage("Why", (flat(rule.why),))
    yield Passage("What is compared", _parameters(rule), {"": "\n".join(_compared(rule))})
    if shown is not None:
        mask = Mask.of(shown.stack)
        yield Passage("Example", (), shown.files)
        yield Passage("What it says of that", tuple(_said(shown.finding, mask)))
        mended = repairs(shown.finding.repair, mask)
        if mended:
            yield Passage("How to fix it", tuple(mended))
    yield Passage("How to silence it", _SILENCE, {"plimsoll.yaml": _switches(rule)})
    for title, texts in (
        ("How it is noticed", rule.symptoms),
        ("Seen in", rule.seen),
        ("Source", rule.source),
    ):
        if texts:
            yield Passage(title, texts)


def headline(rule: Rule) -> str:
    """How bad, how sure, and what it is asked of: "high, low; bound; each host, as h"."""
    severities = ", ".join(dict.fromkeys(str(level.severity) for level in rule.levels))
    kinds = ", ".join(dict.fromkeys(str(level.kind) for level in rule.levels))
    return f"{severities}; {kinds}; {for_whom(rule.target)}"


def write_rule(rule: Rule, shown: Demonstration | None, out: TextIO, look: Look) -> None:
    """The page for a terminal."""
    paint = Paint(look.is_colored)
    out.write(f"{paint.strong(visible(rule.id))}  {visible(rule.title)}\n")
    out.write(f"{paint.faint(headline(rule))}\n")
    for passage in passages(rule, shown):
        out.write(f"\n{paint.strong(passage.title)}\n")
        for text in passage.texts:
            for line in wrapped(text, look.width - len(_INDENT)):
                out.write(f"{_INDENT}{line}\n")
        for name, block in (passage.blocks or {}).items():
            if name:
                out.write(f"{_INDENT}{paint.faint(visible(name))}\n")
            for line in block.rstrip("\n").split("\n"):
                out.write(f"{_INDENT * 2}{visible(line)}\n")
    out.write(f"\n{paint.faint(visible(rule.place.path))}\n")


def markdown(rule: Rule, shown: Demonstration | None) -> str:
    """The page as it stands in the documentation."""
    return "\n".join(_markdown(rule, shown)) + "\n"


def _markdown(rule: Rule, shown: Demonstration | None) -> Iterator[str]:
    yield f"# {rule.id}"
    yield ""
    yield f"**{flat(rule.title)}** ({headline(rule)})"
    for passage in passages(rule, shown):
        yield ""
        yield f"## {passage.title}"
        bullet = "- " if len(passage.texts) > 1 else ""
        if passage.texts:
            yield ""
        for text in passage.texts:
            yield f"{bullet}{escaped(text)}"
        for name, block in (passage.blocks or {}).items():
            yield ""
            if name:
                yield f"`{name}`"
                yield ""
            yield "```"
            yield from block.rstrip("\n").split("\n")
            yield "```"


def for_whom(target: Target) -> str:
    """What the rule is asked once for each of."""
    said = [f"each {target.type or target.kind}"]
    if target.technologies:
        said.append(f"of {', '.join(target.technologies)}")
    if target.sources:
        said.append(f"from {', '.join(target.sources)}")
    if target.targets:
        said.append(f"to {', '.join(target.targets)}")
    if target.name:
        said.append(f"named {target.name}")
    return f"{' '.join(said)}, as {target.variable}"


def flat(text: str) -> str:
    """A text of several lines as one."""
    return " ".join(text.split())


def escaped(text: str) -> str:
    """A text in which Markdown finds no marks of its own, but for what stands in backticks."""
    pieces = _CODE.split(flat(text))
    return "".join(
        piece if n % 2 else _MARKS.sub(r"\\\g<0>", piece) for n, piece in enumerate(pieces)
    )


# ------------------------------------------------------------------------------------ its pieces


def _compared(rule: Rule) -> Iterator[str]:
    for name, expression in rule.lets:
        yield f"{name} = {flat(expression.text)}"
    for level in rule.levels:
        yield from _level(level)


def _level(level: Level) -> Iterator[str]:
    applies = " && ".join(flat(each.text) for each in level.when)
    when = f" when {applies}" if applies else ""
    if level.load is not None and level.limit is not None:
        sign = "<" if level.is_strict else "<="
        line = f"{flat(level.load.text)} {sign} {flat(level.limit.text)}"
        yield f"{level.severity} unless {line}{when}"
    for each in level.required:
        yield f"{level.severity} unless {flat(each.text)}{when}"
    for name, each in level.effect.items():
        yield f"  then {name} is {flat(each.text)}"


def _parameters(rule: Rule) -> tuple[str, ...]:
    if not rule.params:
        return ()
    told = ", ".join(f"{name}: {_value(param)}" for name, param in rule.params.items())
    return (f"Parameters, which plimsoll.yaml may set: {told}.",)


def _value(param: Param) -> str:
    """As plimsoll.yaml takes it."""
    text = str(param.value)
    return text.lower() if isinstance(param.value, bool) else text.replace(" ", "")


def _said(finding: Finding, mask: Mask) -> Iterator[str]:
    yield f"{finding.severity}: {mask.sentence(finding.message)}"
    if finding.arithmetic:
        yield mask.sentence(finding.arithmetic)


_SILENCE = (
    "Switch it off or lower it for the whole stack, or accept one finding with a reason and a last "
    "day; a comment `plimsoll: ignore[ID] until DAY because REASON` beside the setting does the same.",
)


def _switches(rule: Rule) -> str:
    lines = [f"rules: {{{rule.id}: off}}", f"rules: {{{rule.id}: {{severity: low}}}}"]
    number = next((n for n, p in rule.params.items() if isinstance(p.value, Amount)), None)
    if number:
        lines.append(f"rules: {{{rule.id}: {{{number}: {_value(rule.params[number])}}}}}")
    lines.append(f'ignore: [{{rule: {rule.id}, reason: "...", until: 2027-12-31, owner: ...}}]')
    return "\n".join(lines)
