"""What containers may use: limits, requests, and what LimitRanges give where nothing is written.

Source: Kubernetes, "Limit Ranges"; core/v1 defaults (a request is the limit where only that is
written; of a LimitRange `default` is `max`, `defaultRequest` is `default`, then `min`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from plimsoll.model.setting import Block, Origin, Setting, Status
from plimsoll.syntax.yaml_tree import Leaf, Table
from plimsoll.technologies.kubernetes.flatten import Context, leaf_setting
from plimsoll.technologies.kubernetes.objects import Objects, same_namespace
from plimsoll.technologies.kubernetes.quantities import quantity

_AS_LIMIT = "where only a limit is written it is the request too"


class Range(Struct, frozen=True):
    """What one LimitRange says of containers."""

    name: str
    table: Table

    def amounts(self, name: str) -> Mapping[str, Leaf]:
        return _leaves(self.table.table(name))

    @property
    def limits(self) -> Mapping[str, Leaf]:
        return {**self.amounts("max"), **self.amounts("default")}

    @property
    def requests(self) -> Mapping[str, Leaf]:
        return {**self.amounts("min"), **self.limits, **self.amounts("defaultRequest")}


def ranges(found: Objects, namespace: str) -> list[Range]:
    """What the LimitRanges of a namespace say of containers."""
    return [
        Range(each.name, table)
        for each in found.of("LimitRange")
        if same_namespace(each, namespace)
        for table in each.spec.tables("limits")
        if table.text("type") == "Container"
    ]


def _leaves(table: Table | None) -> dict[str, Leaf]:
    entries = table.entries if table else {}
    return {n: v for n, v in entries.items() if isinstance(v, Leaf) and not v.is_null}


def added_resources(
    container: Table, scope: tuple[Block, ...], known: Sequence[Range]
) -> Iterator[Setting]:
    """Limits and requests that hold though the container does not write them."""
    limits = _leaves(container.table("resources", "limits"))
    requests = _leaves(container.table("resources", "requests"))
    context = Context(scope)
    for name, leaf in limits.items():
        if name not in requests:
            found = leaf_setting(leaf, f"resources.requests.{name}", context)
            yield replace(found, origin=Origin.DERIVED, reason=found.reason or _AS_LIMIT)
    for each in known:
        for kind, given, written in (
            ("limits", each.limits, limits),
            ("requests", each.requests, {**limits, **requests}),
        ):
            for name, leaf in given.items():
                if name not in written:
                    found = leaf_setting(leaf, f"resources.{kind}.{name}", context)
                    reason = f"the default of LimitRange {each.name}"
                    yield replace(found, reason=found.reason or reason)


def judged(settings: Sequence[Setting], known: Sequence[Range]) -> list[Setting]:
    """*settings* of one container; requests and limits that the API server refuses are marked."""
    amounts = {s.name: s for s in settings if s.status is Status.EFFECTIVE}
    return [_judged(each, amounts, known) for each in settings]


def _judged(setting: Setting, amounts: Mapping[str, Setting], known: Sequence[Range]) -> Setting:
    kind, _, name = setting.name.removeprefix("resources.").partition(".")
    if setting.status is not Status.EFFECTIVE or kind not in ("limits", "requests"):
        return setting
    reason = _above_limit(setting, amounts, name) if kind == "requests" else ""
    if reason:
        limit = amounts.get(f"resources.limits.{name}")
        return replace(setting, status=Status.REFUSED, reason=reason, winner=limit)
    reason = _out_of_range(setting, name, known)
    return replace(setting, status=Status.REFUSED, reason=reason) if reason else setting


def _above_limit(request: Setting, amounts: Mapping[str, Setting], name: str) -> str:
    limit = amounts.get(f"resources.limits.{name}")
    wanted, most = _exact(request.text), _exact(limit.text) if limit else None
    if wanted is None or most is None or limit is None or wanted <= most:
        return ""
    whose = f" ({limit.reason})" if limit.reason else ""
    return f"must be less than or equal to {name} limit of {limit.text}{whose}"


def _out_of_range(setting: Setting, name: str, known: Sequence[Range]) -> str:
    exact = _exact(setting.text)
    for each in known:
        most, least = (each.amounts(n).get(name) for n in ("max", "min"))
        top, bottom = (_exact(leaf.text) if leaf else None for leaf in (most, least))
        if exact is None:
            continue
        if top is not None and exact > top and most is not None:
            return f"LimitRange {each.name}: maximum {name} usage per Container is {most.text}"
        if bottom is not None and exact < bottom and least is not None:
            return f"LimitRange {each.name}: minimum {name} usage per Container is {least.text}"
    return ""


def _exact(text: str) -> Fraction | None:
    found = quantity(text)
    return found if isinstance(found, Fraction) else None
