"""Which options are reached: `if-env = X` ... `endif =`, `for = a b` ... `endfor =`.

There is no `else` in 2.0: it counts as an option without a meaning.

Source: uWSGI documentation, Configuration logic; core/config.c; measured on 2.0.21.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from plimsoll.model.reader import Word
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.uwsgi.values import leading

_ENDS = frozenset({"end", "endfor", "end-for", "endif", "end-if"})
_MOST = 1_000  # turns of a loop


class Turn(Struct, frozen=True):
    """What `%(_)` stands for where options are reached, if for anything. *reason*: what that depends on.

    *is_sure*: False where only the running server would tell whether they are.
    """

    here: str | None = None
    reason: str = ""
    is_sure: bool = True


_ONCE = (Turn(),)


class Logic(Struct):
    """The condition or loop that is open; there is only ever one."""

    environment: Mapping[str, Word]
    option: Callable[[str], str | None]
    turns: Sequence[Turn] = _ONCE
    is_open: bool = False
    missed: str = ""  # why the options are not reached

    def takes(self, name: str, text: str) -> bool:
        """Whether an option only opens or closes a condition or a loop."""
        if name in _ENDS:
            self.turns, self.is_open, self.missed = _ONCE, False, ""
            return True
        if self.is_open:
            return False
        condition = _CONDITIONS.get(name)
        loop = _LOOPS.get(name)
        if condition is None and loop is None:
            return False
        self.is_open = True
        self.turns = loop(text) if loop else condition(self, text) if condition else _ONCE
        self.missed = "" if self.turns else f"not reached: {name} = {text}"
        return True

    def if_env(self, text: str, *, negated: bool) -> Sequence[Turn]:
        name, equals, wanted = text.partition("=")
        word = self.environment.get(name)
        if isinstance(word, Uncertain):
            return (Turn(reason=f"depends on ${name}", is_sure=False),)
        is_there = word is not None and (not equals or word.text == wanted)
        if is_there == negated:
            return ()
        reason = "" if word else f"unless the environment sets {name}"
        return (Turn(word.text if word else None, reason),)

    def if_opt(self, text: str, *, negated: bool) -> Sequence[Turn]:
        name, equals, wanted = text.partition("=")
        held = self.option(name)
        is_there = held is not None and (not equals or held == wanted)
        return () if is_there == negated else (Turn(held),)


def _unsure(what: str) -> Callable[[Logic, str], Sequence[Turn]]:
    return lambda _, text: (Turn(text, f"only where {what} {text}", is_sure=False),)


def _words(text: str) -> Sequence[Turn]:
    return tuple(Turn(word) for word in text.split(" ") if word)[:_MOST]


def _times(text: str) -> Sequence[Turn]:
    return tuple(Turn(str(n)) for n in range(1, min(leading(text), _MOST) + 1))


_CONDITIONS: Mapping[str, Callable[[Logic, str], Sequence[Turn]]] = {
    "if-env": lambda logic, text: logic.if_env(text, negated=False),
    "ifenv": lambda logic, text: logic.if_env(text, negated=False),
    "if-not-env": lambda logic, text: logic.if_env(text, negated=True),
    "if-opt": lambda logic, text: logic.if_opt(text, negated=False),
    "if-not-opt": lambda logic, text: logic.if_opt(text, negated=True),
    "if-reload": lambda _, __: (),
    "if-not-reload": lambda _, __: _ONCE,
    **dict.fromkeys(("if-exists", "ifexists", "if-file"), _unsure("there is a file")),
    **dict.fromkeys(("if-not-exists", "if-not-file"), _unsure("there is no file")),
    **dict.fromkeys(("if-dir", "ifdir", "if-directory"), _unsure("there is a folder")),
    "if-not-dir": _unsure("there is no folder"),
    **dict.fromkeys(("if-plugin", "ifplugin"), _unsure("there is a plugin")),
    "if-not-plugin": _unsure("there is no plugin"),
    **dict.fromkeys(("if-hostname", "if-hostname-match"), _unsure("the host's name is")),
    **dict.fromkeys(
        ("if-not-hostname", "if-not-hostname-match"), _unsure("the host's name is not")
    ),
    "for-glob": lambda _, text: (Turn(text, f"for each file {text}", is_sure=False),),
    "for-readline": lambda _, text: (Turn(text, f"for each line of {text}", is_sure=False),),
}
_LOOPS: Mapping[str, Callable[[str], Sequence[Turn]]] = {"for": _words, "for-times": _times}
