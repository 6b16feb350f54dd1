from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.reader import Endpoint, Word
from plimsoll.model.setting import Formula, Include, Item, Origin, Setting, Status, Unknown, Unread
from plimsoll.stack.settle import settled
from plimsoll.technologies import technology
from plimsoll.technologies.uvicorn.options import FASTAPI, UVICORN, VARIABLES
from plimsoll.technologies.uvicorn.reader import READER, read

UVICORN_ = technology("uvicorn")
assert UVICORN_ is not None
SCHEMA = UVICORN_.schema


def held(*items: Item) -> list[Setting]:
    return settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])


def called(arguments: str, before: str = "import uvicorn") -> list[Setting]:
    return held(*read(f"{before}\nuvicorn.run({arguments})\n", "main.py"))


def told(command: str, **environment: str) -> list[Item]:
    assert READER.arguments is not None
    words = [Word(word) for word in command.split()]
    return list(READER.arguments(words, {n: Word(t) for n, t in environment.items()}))


def effective(*items: Item) -> dict[str, Setting]:
    return {s.name: s for s in held(*items) if s.status is Status.EFFECTIVE}


@pytest.mark.parametrize(
    ("command", "name", "text"),
    [
        ("uvicorn shop:app --workers 4", "workers", "4"),
        ("uvicorn --workers=4 shop:app", "workers", "4"),
        ("uvicorn shop:app --timeout-keep-alive 65", "timeout_keep_alive", "65"),
        ("uvicorn shop:app --limit-concurrency 100", "limit_concurrency", "100"),
        ("/venv/bin/uvicorn shop:app --backlog 4096", "backlog", "4096"),
        ("python -m uvicorn shop:app --limit-max-requests 9", "limit_max_requests", "9"),
        ("uvicorn shop:app --no-access-log", "access_log", "False"),
        ("uvicorn shop:app --access-log", "access_log", "True"),
        ("uvicorn shop:app --factory", "factory", "True"),
        ("uvicorn shop:app --timeout-graceful-shutdown 30", "timeout_graceful_shutdown", "30"),
        ("opentelemetry-instrument uvicorn shop:app --workers 4", "workers", "4"),
        ("fastapi run main.py --workers 4", "workers", "4"),
        ("fastapi run main.py --port 80", "port", "80"),
        ("--workers 4 shop:app", "workers", "4"),
        ("sh -c uvicorn", "started_by", "uvicorn"),
    ],
)
def test_command_lines(command: str, name: str, text: str) -> None:
    assert effective(*told(command))[name].text == text


def test_what_fastapi_hands_on() -> None:
    run, dev = effective(*told("fastapi run main.py")), effective(*told("fastapi dev main.py"))
    assert (run["host"].text, run["reload"].value, run["host"].origin) == (
        "0.0.0.0",  # noqa: S104
        False,
        Origin.DEFAULT,
    )
    assert (dev["host"].text, dev["reload"].value) == ("127.0.0.1", True)
    assert effective(*told("fastapi run main.py --host ::1"))["host"].text == "::1"


@pytest.mark.parametrize(
    ("command", "name", "reason"),
    [
        ("uvicorn shop:app --workers 4x", "workers", "no whole number"),
        ("uvicorn shop:app --timeout-keep-alive 5s", "timeout_keep_alive", "it takes no unit"),
        ("uvicorn shop:app --timeout-keep-alive 1.5", "timeout_keep_alive", "no whole number"),
        ("uvicorn shop:app --loop fast", "loop", "'fast' is none of auto"),
        ("uvicorn shop:app --worker 4", "worker", "did you mean --workers?"),
        ("uvicorn shop:app --workers", "workers", "needs a value"),
        ("uvicorn shop:app --reload=1", "reload", "takes no value"),
        ("fastapi run main.py --timeout-keep-alive 5", "timeout-keep-alive", "there is no option"),
    ],
)
def test_refused(command: str, name: str, reason: str) -> None:
    [found] = [s for s in held(*told(command)) if s.status is Status.REFUSED]
    assert found.name == name
    assert reason in found.reason


@pytest.mark.parametrize(
    ("command", "environment", "name", "text"),
    [
        ("uvicorn a:b", {"WEB_CONCURRENCY": "3"}, "workers", "3"),
        ("uvicorn a:b", {"UVICORN_WORKERS": "4", "WEB_CONCURRENCY": "3"}, "workers", "4"),
        (
            "uvicorn a:b --workers 5",
            {"UVICORN_WORKERS": "4", "WEB_CONCURRENCY": "3"},
            "workers",
            "5",
        ),
        ("uvicorn a:b", {"UVICORN_TIMEOUT_KEEP_ALIVE": "9"}, "timeout_keep_alive", "9"),
        ("uvicorn", {"UVICORN_APP": "a:b"}, "app", "a:b"),
        ("uvicorn a:b", {"UVICORN_HOST": ""}, "app", "a:b"),
        ("fastapi run x.py", {"PORT": "3000"}, "port", "3000"),
        ("python main.py", {"WEB_CONCURRENCY": "3"}, "workers", "3"),
    ],
)
def test_environment(command: str, environment: dict[str, str], name: str, text: str) -> None:
    found = effective(*told(command, **environment))
    assert found[name].text == text
    assert "host" not in found or found["host"].text


def test_variables_of_the_command_line_are_not_those_of_code() -> None:
    found = held(*told("python main.py", UVICORN_WORKERS="4"))
    assert [s.name for s in found] == ["environ"]


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        ("'a:b', workers=4", "workers", Amount.of(4)),
        ("'a:b', workers=None", "workers", None),
        ("'a:b', workers=0", "workers", Amount.of(1)),
        ("'a:b', limit_concurrency=None", "limit_concurrency", Amount.of(UNLIMITED)),
        ("'a:b', host='shop'", "host", "shop"),
        ("'a:b', reload=True", "reload", True),
        ("'a:b', **{'workers': 3}", "workers", Amount.of(3)),
        ("app, port=N", "port", Amount.of(9)),
    ],
)
def test_code(arguments: str, name: str, value: object) -> None:
    found = {s.name: s for s in called(arguments, "import uvicorn\nN = 9")}[name]
    assert found.value == value or (value is None and str(found.value) == "unset")


@pytest.mark.parametrize(
    "code",
    [
        "from uvicorn import run\nrun('a:b', port=9)\n",
        "import uvicorn as u\nu.run('a:b', port=9)\n",
        "import uvicorn\ndef main():\n    uvicorn.run('a:b', port=9)\n",
        "import uvicorn\nserver = uvicorn.Server(uvicorn.Config('a:b', port=9))\n",
        "from uvicorn.config import Config\nConfig('a:b', 'localhost', 9)\n",
        "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('a:b', port=9)\n",
    ],
)
def test_ways_to_call_it(code: str) -> None:
    assert {s.name: s.text for s in held(*read(code, "main.py"))}["port"] == "9"


@pytest.mark.parametrize(
    "code",
    [
        "import hypercorn\nhypercorn.run('a:b', port=9)\n",
        "from hypercorn.config import Config\nConfig()\n",
        "import subprocess\nsubprocess.run('uvicorn', port=9)\n",
        "def run(app): pass\nrun('a')\n",
    ],
)
def test_other_calls_are_none_of_its(code: str) -> None:
    assert list(read(code, "main.py")) == []


def test_what_only_running_it_would_tell() -> None:
    found = {s.name: s.value for s in called("'a:b', port=pick(), **options")}
    assert all(isinstance(found[n], Unknown) for n in ("port", "workers", "timeout_keep_alive"))


def test_cores_are_a_formula() -> None:
    found = {
        s.name: s.value for s in called("'a:b', workers=os.cpu_count() * 2", "import os, uvicorn")
    }
    assert found["workers"] == Formula("s.cores_seen * 2")


def test_code_asks_the_environment() -> None:
    code = "import os, uvicorn\nuvicorn.run('a:b', port=int(os.getenv('PORT', 8080)))\n"
    found = effective(*read(code, "main.py"), *told("python main.py", PORT="3000"))
    assert found["port"].text == "3000"


def test_a_command_line_makes_no_call_of_the_file() -> None:
    code = "import uvicorn\nuvicorn.run('a:b', workers=4)\n"
    found = held(*read(code, "main.py"), *told("uvicorn main:app"))
    [one] = [s for s in found if s.name == "workers"]
    assert (one.status, one.reason) == (
        Status.IGNORED, "started by the command line of uvicorn: this call is not made",
    )  # fmt: skip


def test_a_file_of_variables() -> None:
    items = told("uvicorn a:b --env-file prod.env")
    assert [i.pattern for i in items if isinstance(i, Include)] == ["prod.env"]
    inside = list(read("# x\nexport WEB_CONCURRENCY=6\nOTHER=1\n", "prod.env"))
    assert effective(*inside, *items)["workers"].text == "6"
    assert effective(*inside, *told("uvicorn a:b", WEB_CONCURRENCY="2"))["workers"].text == "2"


def test_several_headers_hold_together() -> None:
    found = held(*told("uvicorn a:b --header A:1 --header B:2"))
    assert [s.status for s in found if s.name == "headers"] == [Status.EFFECTIVE] * 2


def test_places() -> None:
    [_, found] = read("import uvicorn\nuvicorn.run('a:b',\n    workers=4)\n", "main.py")
    assert found.place == Place("main.py", Span(3, 5, 3, 14), Span(3, 13, 3, 14))


def ends(*items: Item) -> list[Endpoint]:
    assert READER.endpoints is not None
    return list(READER.endpoints(held(*items)))


@pytest.mark.parametrize(
    ("command", "host", "port", "socket"),
    [
        ("uvicorn a:b", "127.0.0.1", 8000, ""),
        ("uvicorn a:b --host 0.0.0.0 --port 80", "", 80, ""),
        ("uvicorn a:b --host Shop", "shop", 8000, ""),
        ("uvicorn a:b --uds /run/shop.sock", "", None, "/run/shop.sock"),
        ("fastapi run a.py", "", 8000, ""),
    ],
)
def test_endpoints(command: str, host: str, port: int | None, socket: str) -> None:
    [found] = ends(*told(command))
    assert (found.side, found.host, found.port, found.socket) == ("listens", host, port, socket)


def test_a_descriptor_has_no_address() -> None:
    assert ends(*told("uvicorn a:b --fd 3")) == []


def test_every_option_has_an_entry() -> None:
    names = {o.name for o in (*UVICORN.values(), *FASTAPI.values())} | set(VARIABLES.values())
    assert {n for n in names if SCHEMA.entry(n) is None} == set()


def test_a_file_that_is_no_python_is_unread() -> None:
    [found] = read("uvicorn.run(\n", "main.py")
    assert isinstance(found, Unread)


PIECES = [
    "import uvicorn\n",
    "uvicorn.run(",
    "'a:b'",
    ", ",
    "workers=4",
    ")",
    "\n",
    "port=N",
    "**x",
    "(",
    "é",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join))
def test_whatever_is_read_can_be_judged(text: str) -> None:
    found = [i for i in read(text, "main.py") if isinstance(i, Setting)]
    assert len(settled(READER, SCHEMA, found)) == len(found)


@given(st.lists(st.sampled_from([*UVICORN, "4", "a:b", "--x", "-", "--", "="])))
def test_any_command_line_can_be_read(words: list[str]) -> None:
    assert READER.arguments is not None
    given_ = [Word("uvicorn"), *map(Word, words)]
    held(*READER.arguments(given_, {}))
