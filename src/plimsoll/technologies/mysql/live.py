"""A running MariaDB or MySQL, asked through its client.

Sources: MariaDB, Information Schema SYSTEM_VARIABLES; MySQL 8.0, Performance Schema variables_info.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plimsoll.model.live import Answer, Asking, Live, Server, Source, Told
from plimsoll.model.place import Place, Span

# A comment of this form is read by MariaDB alone (M) or by MySQL 5.7.8 and newer.
_READ_ONLY = "SET SESSION TRANSACTION READ ONLY; /*M! SET SESSION max_statement_time = 2 */; "
_VARIABLES = """
SELECT variable_name, global_value, global_value_origin, coalesce(global_value_path, '')
FROM information_schema.system_variables WHERE global_value IS NOT NULL ORDER BY 1"""
_VARIABLES_OF_MYSQL = """
SELECT g.variable_name, g.variable_value, i.variable_source, i.variable_path
FROM performance_schema.global_variables g
JOIN performance_schema.variables_info i ON i.variable_name = g.variable_name ORDER BY 1"""
_SOURCES = {
    "CONFIG": Source.FILE,
    "COMMAND-LINE": Source.COMMAND_LINE,
    "SQL": Source.RUNTIME,
    "COMPILE-TIME": Source.DEFAULT,
    "AUTO": Source.DEFAULT,
    "ENVIRONMENT": Source.DEFAULT,  # worked out from where it lies: basedir
    "GLOBAL": Source.FILE,
    "SERVER": Source.FILE,
    "EXPLICIT": Source.FILE,
    "EXTRA": Source.FILE,
    "USER": Source.FILE,
    "LOGIN": Source.FILE,
    "COMMAND_LINE": Source.COMMAND_LINE,
    "PERSISTED": Source.ALTERED,
    "DYNAMIC": Source.RUNTIME,
    "COMPILED": Source.DEFAULT,
}
_OPTION = re.compile(r"--(?P<name>[\w-]+)=(?P<value>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "0": "\0"}
_COLUMNS = 4
_USUAL = ("/etc/my.cnf", "/etc/mysql/my.cnf")


def ask(server: Server, asking: Asking) -> None:
    main = server.main
    words = list(main.words[1:])
    first = [word for word in words if word.startswith(("--defaults-", "--no-defaults"))]
    given = _options(words)
    if "--no-defaults" not in first:
        program = main.program.removesuffix(" (deleted)")
        printed = asking.run("defaults", (program, *first, "--print-defaults")).text
        given = _options(printed.split()) | given
    where = [f"--socket={given['socket']}"] if "socket" in given else []
    client = ("mysql", "--connect-timeout=2", "--local-infile=0", *where, "-NBe")
    found = asking.run("version", (*client, "SELECT version()"))
    if found.failure:
        return
    query = _VARIABLES if "mariadb" in found.text.casefold() else _VARIABLES_OF_MYSQL
    asking.run("variables", (*client, _READ_ONLY + query))


def _options(words: Sequence[str]) -> dict[str, str]:
    """What options say, by their names with `-`."""
    found = [each for word in words if (each := _OPTION.fullmatch(word))]
    return {each["name"].replace("_", "-"): each["value"] for each in found}


def told(_: Server, answers: Mapping[str, Answer]) -> Iterator[Told]:
    for name, text, source, path in _rows(answers):
        place = Place(path, Span(1, 1, 1, 1)) if path else None
        yield Told(name.lower(), text, _SOURCES.get(source, Source.UNKNOWN), place)


def _rows(answers: Mapping[str, Answer]) -> Iterator[list[str]]:
    for line in answers.get("variables", Answer()).text.split("\n"):
        row = [_ESCAPE.sub(_character, each) for each in line.split("\t")]
        if len(row) == _COLUMNS:
            yield row


def _character(found: re.Match[str]) -> str:
    return _ESCAPED.get(found[1], found[1])


def files(server: Server, answers: Mapping[str, Answer]) -> Sequence[str]:
    given = _options(server.main.words[1:])
    if "--no-defaults" in server.main.words:
        return ()
    first = (given["defaults-file"],) if "defaults-file" in given else _USUAL
    return tuple(dict.fromkeys((*first, *(path for *_, path in _rows(answers) if path))))


def version(answers: Mapping[str, Answer]) -> str:
    return answers.get("version", Answer()).text.strip().partition("-")[0]


LIVE = Live(ask=ask, told=told, files=files, version=version)
