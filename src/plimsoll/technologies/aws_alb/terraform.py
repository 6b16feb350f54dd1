"""Load balancers in Terraform files."""

from __future__ import annotations

from collections.abc import Iterator

from plimsoll.model.setting import Block, Item, Setting, Unknown, Unread
from plimsoll.syntax import hcl

BALANCER, GROUP = "load_balancer", "target_group"
_KINDS = {
    "aws_lb": BALANCER,
    "aws_alb": BALANCER,
    "aws_elb": BALANCER,
    "aws_lb_target_group": GROUP,
    "aws_alb_target_group": GROUP,
    "aws_lb_listener": "listener",
    "aws_alb_listener": "listener",
}
# Modules whose arguments are those of the load balancer that they make.
_MODULES = ("terraform-aws-modules/alb/aws", "terraform-aws-modules/elb/aws", "cloudposse/alb/aws")
_DEEPEST = 20


class Awaits(Unknown, frozen=True):
    """The value of a variable or local, which stands elsewhere in the folder."""

    reference: str = ""


def terraform(text: str, path: str) -> Iterator[Item]:
    """The settings of load balancers, of variables and locals; other blocks as one setting each."""
    for each in hcl.read(text, path):
        if isinstance(each, Unread):
            yield each
        elif isinstance(each, hcl.Attribute):
            yield from _values(f"var.{each.name}", each, ())  # *.tfvars
        else:
            yield from _section(each)


def _section(each: hcl.Section) -> Iterator[Item]:
    kind = _kind(each)
    if kind:
        name = each.labels[-1] if each.labels else ""
        block = Block(kind, name, each.place)
        mark = each.labels[0] if each.type == "resource" else each.type
        yield Setting("resource", mark, each.place, (block,))
        yield from _body(each, "", (block,), 0)
    elif each.type == "locals":
        yield from _body(each, "local.", (), 0)
    elif each.type == "variable" and each.labels:
        yield from _variable(each)
    else:
        yield Setting(each.type, " ".join(each.labels), each.place)


def _kind(each: hcl.Section) -> str:
    if each.type in ("resource", "data") and len(each.labels) == 2:
        return _KINDS.get(each.labels[0], "") if each.type == "resource" else ""
    source = each.attribute("source") if each.type == "module" else None
    is_known = (
        source is not None
        and isinstance(source.value, hcl.Literal)
        and source.value.text.startswith(_MODULES)
    )
    return BALANCER if is_known else ""


def _variable(each: hcl.Section) -> Iterator[Item]:
    default = each.attribute("default")
    if default is None:
        yield Setting("variable", each.labels[0], each.place)
    else:
        yield from _values(
            f"var.{each.labels[0]}", default, (Block("variable", each.labels[0], each.place),)
        )


def _body(
    section: hcl.Section, prefix: str, scope: tuple[Block, ...], depth: int
) -> Iterator[Item]:
    for each in section.body:
        if isinstance(each, Unread):
            yield each
        elif isinstance(each, hcl.Attribute):
            yield from _values(f"{prefix}{each.name}", each, scope)
        elif depth < _DEEPEST:
            yield Setting(f"{prefix}{each.type}", "", each.place, scope)
            yield from _body(each, f"{prefix}{each.type}.", scope, depth + 1)
        else:
            yield Unread(each.place.path, "not read: nested too deeply", each.place)


def _values(name: str, each: hcl.Attribute, scope: tuple[Block, ...]) -> Iterator[Setting]:
    value = each.value
    if isinstance(value, tuple):
        yield Setting(name, "", each.place, scope)
        for inner in value:
            yield from _values(f"{name}.{inner.name}", inner, scope)
    elif isinstance(value, hcl.Literal):
        yield Setting(name, value.text, each.place, scope)
    else:
        reason = f"computed: {' '.join(value.source.split())[:80]}"
        unknown = Awaits(reason, value.reference) if value.reference else Unknown(reason)
        yield Setting(name, value.source, each.place, scope, value=unknown)
