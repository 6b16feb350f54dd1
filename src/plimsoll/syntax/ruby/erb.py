"""ERB around YAML: expressions that are literal enough are resolved, all else in it is a template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from plimsoll.model.place import Place
from plimsoll.model.reader import Word
from plimsoll.model.setting import Setting, Unread, Value
from plimsoll.syntax.python.deferred import Deferred
from plimsoll.syntax.python.values import Computed, Reference, Result
from plimsoll.syntax.ruby.evaluation import Evaluator, is_plain, meaning, shown
from plimsoll.syntax.ruby.parser import parsed
from plimsoll.syntax.templates import UNRENDERED
from plimsoll.syntax.yaml_leaves import Leaf, leaves
from plimsoll.syntax.yaml_nodes import documents

_TAG = re.compile(r"<%(?!%)(?P<kind>[=#-]?)(?P<code>.*?)-?%>", re.DOTALL)
_MARK = "\ue000"  # stands where an expression stands, so that places do not move
_MARKS = re.compile(f"{_MARK}+")
_SHARED = re.compile(r"[^\n]")
_BRANCHES = re.compile(
    r"\b(?:if|unless|else|elsif|end|do|case|when|while|until|for)\b|\{\s*(?:\||$)"
)


class Rendered(Struct, frozen=True):
    """One value of a YAML file: *text* and *value* as a Setting has them."""

    leaf: Leaf
    text: str
    value: Value | None = None
    asked: Mapping[str, Word | None] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return self.leaf.place

    def setting(self, name: str) -> Setting:
        return Setting(name, self.text, self.place, value=self.value, reason=self._reason())

    def _reason(self) -> str:
        unset = [name for name, word in self.asked.items() if word is None]
        return f"unless the environment sets {' or '.join(unset)}" if unset else ""


def rendered(
    text: str, path: str, environment: Mapping[str, Word] | None = None
) -> Iterator[Rendered | Unread]:
    """The values of a YAML file with ERB in it, in order; what stands in a branch is not told."""
    if "<%" not in text:
        yield from _values(text, path, _Template(text, path, (), environment))
        return
    tags = tuple(_TAG.finditer(text))
    masked = _TAG.sub(_masked, text)
    yield from _values(masked, path, _Template(text, path, tags, environment))


def _masked(tag: re.Match[str]) -> str:
    return _SHARED.sub(_MARK if tag["kind"] == "=" else " ", tag[0])


def _values(masked: str, path: str, template: _Template) -> Iterator[Rendered | Unread]:
    for document in documents(masked, path):
        if isinstance(document, Unread):
            yield document if not template.tags else _reasoned(document)
            return
        for leaf in leaves(document):
            if leaf.keys:
                yield template.read(leaf)
            elif leaf.text:
                yield Unread(path, "no map of settings", leaf.place)


def _reasoned(problem: Unread) -> Unread:
    return Unread(problem.path, f"{UNRENDERED}: {problem.reason}", problem.place)


class _Template(Struct, frozen=True):
    text: str
    path: str
    tags: Sequence[re.Match[str]]
    environment: Mapping[str, Word] | None

    def read(self, leaf: Leaf) -> Rendered:
        start, end = leaf.node.start, leaf.node.end
        mine = [t for t in self.tags if start <= t.start() < end and t["kind"] == "="]
        if self._is_in_branch(start):
            unknown = Computed(f"template: {UNRENDERED}")
            return Rendered(leaf, self.text[start:end], self._meaning(unknown))
        if not mine:
            return Rendered(leaf, leaf.text)
        values, asked = self._evaluated(mine)
        if not all(is_plain(v) for v in values) or len(values) != len(_MARKS.findall(leaf.text)):
            why = next((v for v in values if not is_plain(v)), None)
            return Rendered(leaf, self.text[start:end], self._unknown(mine[0], why), asked)
        texts = iter("" if v is None else shown(v) for v in values)
        return Rendered(leaf, _MARKS.sub(lambda _: next(texts), leaf.text), None, asked)

    def _evaluated(
        self, tags: Sequence[re.Match[str]]
    ) -> tuple[list[Result], dict[str, Word | None]]:
        values: list[Result] = []
        asked: dict[str, Word | None] = {}
        for tag in tags:
            code = tag["code"].strip()
            found = parsed(code)
            inner = Evaluator(code, self.path, self.environment)
            value, mine = inner.watched(found[0]) if len(found) == 1 else (Computed(""), {})
            values.append(value)
            asked |= mine
        return values, asked

    def _unknown(self, tag: re.Match[str], why: Result) -> Value | None:
        if isinstance(why, Computed) and why.asks_environment:
            return self._meaning(why)
        formula = meaning(why)
        is_all = isinstance(why, Computed | Reference) or formula is None
        code = " ".join(tag["code"].split())[:60]
        return self._meaning(Computed(f"template: <%= {code} %>")) if is_all else formula

    def _meaning(self, value: Computed) -> Value | None:
        return Deferred(value.reason, self.text) if value.asks_environment else meaning(value)

    def _is_in_branch(self, at: int) -> bool:
        """Whether code around it decides if it is there at all."""
        steps = [t for t in self.tags if t["kind"] in ("", "-") and _BRANCHES.search(t["code"])]
        return bool(steps) and steps[0].start() < at < steps[-1].start()
