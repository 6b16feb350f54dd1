"""Reads load balancers of AWS out of Terraform, CloudFormation and what configures CDK."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from plimsoll.model.reader import Reader, Rejected, last_wins
from plimsoll.model.schema import Entry
from plimsoll.model.setting import Item, Setting, Status, Unset, Value
from plimsoll.syntax.amounts import Dialect
from plimsoll.syntax.several import spanned
from plimsoll.technologies.aws_alb.cloudformation import cloudformation
from plimsoll.technologies.aws_alb.terraform import BALANCER, GROUP, Awaits, terraform

_DIALECT = Dialect(true=("true",), false=("false",), rejection=Status.REFUSED)
_MOST_STEPS = 10


def read(text: str, path: str) -> Iterator[Item]:
    """The settings of every load balancer, target group and listener of a file."""
    if path.endswith((".tf", ".tfvars", ".hcl")):
        return terraform(text, path)
    return cloudformation(text, path)


def value(text: str, entry: Entry) -> Value | Rejected:
    """Numbers in seconds; null is as if nobody had written it."""
    return Unset() if text == "null" else _DIALECT.value(text, entry)


def effective(settings: Sequence[Setting]) -> list[Setting]:
    """Who wins, with variables and locals that are literal in their place."""
    known = last_wins(settings)
    told = {
        each.name: each
        for each in known
        if each.status is Status.EFFECTIVE and each.name.startswith(("var.", "local."))
    }
    return spanned([_resolved(each, told) for each in known], BALANCER, "resource")


def _resolved(setting: Setting, told: dict[str, Setting]) -> Setting:
    """*setting* with the value of the variable that it names."""
    said = setting.value
    for _ in range(_MOST_STEPS):
        if not isinstance(said, Awaits):
            break
        found = told.get(said.reference)
        if found is None:
            break
        if not isinstance(found.value, Awaits):
            reason = f"the default of {found.name}, {found.place}"
            value = None if isinstance(found.value, str) else found.value
            return replace(setting, text=found.text, value=value, reason=reason)
        said = found.value
    return setting


READER = Reader(
    read=read,
    value=value,
    effective=effective,
    parts={GROUP: GROUP, "listener": "listener"},
)
