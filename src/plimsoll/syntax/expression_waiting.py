"""Values of INI files that wait for variables: `${NAME}` is known once the environment is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from plimsoll.model.setting import Setting, Unknown, Value
from plimsoll.syntax.environ import variables
from plimsoll.syntax.expression_values import Text
from plimsoll.syntax.uncertain import Uncertain


class Waiting(Unknown, frozen=True):
    """Unknown until the variables of *text* are."""

    text: Text = Text("")


def waiting(text: Text) -> Waiting | None:
    """The value that a text has before anybody knows its variables; None where it has none."""
    if not text.waits:
        return None
    if text.is_calculated:
        return Waiting("calculated from variables", text)
    return Waiting(f"depends on {' and '.join(f'${{{name}}}' for name in text.names)}", text)


def told(settings: Sequence[Setting], *, by_settings: bool = False) -> list[Setting]:
    """*settings*; those that wait for variables with their text, where the environment has them.

    *by_settings*: a setting that was read before is asked first.
    """
    if not any(isinstance(each.value, Waiting) for each in settings):
        return list(settings)
    known: dict[str, str | Uncertain] = {
        name: word if isinstance(word, Uncertain) else word.text
        for name, word in variables(settings).items()
    }
    found: list[Setting] = []
    for each in settings:
        one = _told(each, known) if isinstance(each.value, Waiting) else each
        found.append(one)
        if by_settings and not isinstance(one.value, Unknown):
            known[one.name] = one.text
    return found


def _told(setting: Setting, known: Mapping[str, str | Uncertain]) -> Setting:
    value = setting.value
    if not isinstance(value, Waiting) or value.text.is_calculated:
        return setting
    texts: dict[str, str] = {}
    for name in value.text.names:
        word = known.get(name)
        if isinstance(word, Uncertain):
            uncertain: Value = word.value
            return replace(setting, value=uncertain)
        if word is None:
            return setting
        texts[name] = word
    reason = setting.reason or f"{setting.text} in the file"
    return replace(setting, text=value.text.filled(texts), value=None, reason=reason)
