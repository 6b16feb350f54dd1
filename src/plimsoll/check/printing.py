"""Values of the rules' language in messages, and as values of settings."""

from __future__ import annotations

from plimsoll.check import labels
from plimsoll.check.language import amount
from plimsoll.check.language.values import Items, Leaf, Named, Num, Text, Thing, Truth, Value
from plimsoll.check.language.values import Unset as NoValue
from plimsoll.model import setting as model
from plimsoll.model.stack import Host, Link, Part, Service

_MASK = "***"
_MOST = 5  # entries of a list


def printed(value: Value) -> str:
    """*value* for a person, with its unit; a secret as stars."""
    if isinstance(value, Thing):
        return named(value)
    if _is_secret(value):
        return _MASK
    if isinstance(value, Num):
        return amount(value)
    if isinstance(value, Truth):
        return {True: "on", False: "off", None: "unknown"}[value.value]
    if isinstance(value, Text):
        return "unknown" if value.value is None else value.value
    if isinstance(value, Items):
        return _list(value)
    return "unset" if isinstance(value, NoValue) else "unknown"


def named(thing: Thing) -> str:
    """What a thing is called."""
    what = thing.what
    if isinstance(what, Host):
        return labels.host(what)
    if isinstance(what, Link):
        return labels.link(what)
    if isinstance(what, Part):
        return f"{what.type} {what.name}".rstrip()
    if isinstance(what, Service):
        return what.name
    how = thing.how
    return how.operand.setting.name if isinstance(how, Leaf) else thing.kind


def model_value(value: Value) -> model.Value:
    """*value* as that of a setting: a fact is one too."""
    if isinstance(value, Num):
        return value.amount
    if isinstance(value, (Text, Truth)) and value.value is not None:
        return value.value
    return model.Unset() if isinstance(value, NoValue) else model.Unknown("it depends on others")


def _list(items: Items) -> str:
    texts = [printed(each) for each, sure in items.entries if sure is not False]
    shown = ", ".join(texts[:_MOST])
    more = f" and {len(texts) - _MOST} more" if len(texts) > _MOST else ""
    return f"{shown}{more}" if texts else "none"


def _is_secret(value: Value) -> bool:
    how = value.how
    return (
        isinstance(how, (Leaf, Named)) and how.operand is not None and how.operand.setting.is_secret
    )
