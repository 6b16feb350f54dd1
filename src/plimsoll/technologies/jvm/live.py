"""A running JVM, asked through jcmd. Source: jcmd, VM.flags -all (the last column: whence a value is)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.live import Answer, Asking, Live, Server, Source, Told
from plimsoll.technologies.jvm.options import SAME

_FLAG = re.compile(r"^ *\w+ (?P<name>\w+) +=(?P<value>.*?)\{[^{}]*\} \{(?P<source>[^{}]+)\}$", re.M)
_VERSION = re.compile(r"^JDK (\S+)$", re.MULTILINE)
_SOURCES = {
    "command line": Source.COMMAND_LINE,
    "environment": Source.ENVIRONMENT,
    "config file": Source.FILE,
    "management": Source.RUNTIME,
    "attach": Source.RUNTIME,
    "default": Source.DEFAULT,
    "ergonomic": Source.DEFAULT,
}
_SWITCH = {"true": "+", "false": "-"}
_IN_KIB = "-Xss"  # ThreadStackSize is the one that counts them


def ask(server: Server, asking: Asking) -> None:
    for name, words in (("version", ("VM.version",)), ("flags", ("VM.flags", "-all"))):
        if asking.run(name, ("jcmd", str(server.main.pid), *words)).failure:
            return


def told(_: Server, answers: Mapping[str, Answer]) -> Iterator[Told]:
    for each in _FLAG.finditer(answers.get("flags", Answer()).text):
        option = f"-XX:{each['name']}"
        name, text = SAME.get(option, option), each["value"].strip()
        if name == _IN_KIB:
            text = f"{text}k"
        source = _SOURCES.get(each["source"], Source.UNKNOWN)
        yield Told(name, _SWITCH.get(text, text), source)


def files(_: Server, _answers: Mapping[str, Answer]) -> Sequence[str]:
    return ()


def version(answers: Mapping[str, Answer]) -> str:
    found = _VERSION.search(answers.get("version", Answer()).text)
    return found[1] if found else ""


LIVE = Live(ask=ask, told=told, files=files, version=version, is_whole=False)
