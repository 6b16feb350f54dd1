"""gunicorn's command line, and the variables that it reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Place, Span
from plimsoll.model.reader import Word
from plimsoll.model.setting import Formula, Include, Item, Origin, Setting, Status, Unread
from plimsoll.syntax.shell import starts, words
from plimsoll.syntax.text import Lines
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.gunicorn.command_line import arguments


def placed(text: str) -> list[Word]:
    return words(text, Place("c", Span(1, 1, 1, len(text) + 1)))


def read(text: str, **variables: str) -> list[Item]:
    return list(arguments(placed(text), {n: Word(v) for n, v in variables.items()}))


def settings(text: str, **variables: str) -> list[tuple[str, str]]:
    items = read(text, **variables)
    return [(i.name, i.text) for i in items if isinstance(i, Setting) and i.name != "environ"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("gunicorn -w 4 a:b", [("workers", "4"), ("wsgi_app", "a:b")], id="short"),
        pytest.param("gunicorn a:b -w4", [("wsgi_app", "a:b"), ("workers", "4")], id="joined"),
        pytest.param("gunicorn -w=4", [("workers", "4")], id="short with ="),
        pytest.param("gunicorn --workers=4", [("workers", "4")], id="long with ="),
        pytest.param("gunicorn --workers 4", [("workers", "4")], id="long"),
        pytest.param("gunicorn --thread 8", [("threads", "8")], id="beginning of an option"),
        pytest.param("gunicorn --preload", [("preload_app", "True")], id="flag"),
        pytest.param("gunicorn --no-sendfile", [("sendfile", "False")], id="cleared"),
        pytest.param("gunicorn -RD", [("enable_stdio_inheritance", "True"), ("daemon", "True")], id="flags"),
        pytest.param("gunicorn -Dw 3", [("daemon", "True"), ("workers", "3")], id="flag and value"),
        pytest.param("gunicorn -b a:1 -b b:2", [("bind", "a:1"), ("bind", "b:2")], id="twice"),
        pytest.param("gunicorn --keep-alive 5", [("keepalive", "5")], id="another name"),
        pytest.param("gunicorn --access-logfile - a:b", [("accesslog", "-"), ("wsgi_app", "a:b")], id="dash"),
        pytest.param("gunicorn --log-file x", [("errorlog", "x")], id="second name"),
        pytest.param("gunicorn --proxy-protocol a:b", [("proxy_protocol", "auto"), ("wsgi_app", "a:b")], id="optional"),
        pytest.param("gunicorn --proxy-protocol=v2", [("proxy_protocol", "v2")], id="optional with ="),
        pytest.param("gunicorn -- -x", [("wsgi_app", "-x")], id="end of options"),
        pytest.param("gunicorn --access-logformat '-x y'", [("access_log_format", "-x y")], id="value with a blank"),
        pytest.param("/opt/app/bin/gunicorn -w 2", [("workers", "2")], id="path"),
        pytest.param("python -m gunicorn -w 2", [("workers", "2")], id="module"),
        pytest.param("python3.11 -m gunicorn.app.wsgiapp -w 2", [("workers", "2")], id="inner module"),
        pytest.param("newrelic-admin run-program gunicorn -w 2", [("workers", "2")], id="wrapper"),
        pytest.param("poetry run gunicorn -w 2", [("workers", "2")], id="poetry"),
        pytest.param("uv run --no-dev gunicorn -w 2", [("workers", "2")], id="uv"),
        pytest.param("env A=1 gunicorn -w 2", [("workers", "2")], id="env"),
        pytest.param("sh -c 'exec gunicorn -w 2'", [("workers", "2")], id="shell"),
    ],
)  # fmt: skip
def test_options_are_read_as_gunicorn_reads_them(
    line: str, expected: list[tuple[str, str]]
) -> None:
    assert settings(line) == expected


@pytest.mark.parametrize(
    ("line", "name", "reason"),
    [
        ("gunicorn --wrokers 3 a:b", "wrokers", "did you mean --workers?"),
        ("gunicorn --work 3", "work", "no option --work"),
        ("gunicorn -w four", "workers", "'four' is no whole number"),
        ("gunicorn -w", "workers", "-w needs a value"),
        ("gunicorn -w --preload", "workers", "-w needs a value"),
        ("gunicorn --preload=yes", "preload_app", "--preload takes no value"),
        ("gunicorn -z", "z", "no option -z"),
    ],
)
def test_what_gunicorn_does_not_start_with(line: str, name: str, reason: str) -> None:
    refused = [i for i in read(line) if isinstance(i, Setting) and i.status is Status.REFUSED]
    assert [i.name for i in refused] == [name]
    assert reason in refused[0].reason


def test_places_go_from_the_option_to_its_value() -> None:
    line = "gunicorn -w 4 --threads=8 -t30"
    found = [i.place for i in read(line) if isinstance(i, Setting)]
    spans = [(p.span.column, p.span.end_column) for p in found if p]
    values = [(p.value.column, p.value.end_column) for p in found if p and p.value]
    assert [line[a - 1 : b - 1] for a, b in spans] == ["-w 4", "--threads=8", "-t30"]
    assert [line[a - 1 : b - 1] for a, b in values] == ["4", "8", "30"]


def test_the_configuration_file_stands_before_what_beats_it() -> None:
    items = read("gunicorn -w 2 -c x.py", GUNICORN_CMD_ARGS="-t 9 -c y.py", WEB_CONCURRENCY="5")
    shown = [i.pattern if isinstance(i, Include) else getattr(i, "name", "?") for i in items]
    assert shown == ["environ", "workers", "x.py", "timeout", "workers"]


def test_the_variable_s_configuration_file_holds_without_another() -> None:
    items = read("gunicorn", GUNICORN_CMD_ARGS="-c file:y.py")
    assert [i.pattern for i in items if isinstance(i, Include)] == ["y.py"]


def test_a_module_as_configuration_is_unread() -> None:
    unread = [i for i in read("gunicorn -c python:shop.conf") if isinstance(i, Unread)]
    assert len(unread) == 1
    assert "python:shop.conf" in unread[0].reason


def test_words_of_the_variable_stand_inside_of_it() -> None:
    place = Place("compose.yaml", Span(4, 1, 4, 40), Span(4, 20, 4, 40))
    environment = {"GUNICORN_CMD_ARGS": Word("--threads 4 --timeout", place)}
    assert len("--threads 4 --timeout") == 21
    place = Place("compose.yaml", Span(4, 1, 4, 41), Span(4, 20, 4, 41))
    environment = {"GUNICORN_CMD_ARGS": Word("--threads 4 --timeout", place)}
    threads, timeout = [
        i for i in arguments([], environment) if isinstance(i, Setting) and i.name != "environ"
    ]
    assert threads.place == Place("compose.yaml", Span(4, 20, 4, 31), Span(4, 30, 4, 31))
    assert (threads.origin, threads.belongs) == (Origin.ENVIRONMENT, "GUNICORN_CMD_ARGS")
    assert timeout.status is Status.REFUSED


def test_a_value_of_a_script_s_variable_stands_in_its_assignment() -> None:
    script = "T=400\nexec gunicorn --threads $T -w 2\n"
    (start,) = starts(script, Lines(script, "s.sh").place)
    threads, workers = [i for i in arguments(start.words, {}) if isinstance(i, Setting)]
    assert threads.place == Place("s.sh", Span(1, 1, 1, 6), Span(1, 3, 1, 6))
    assert workers.place == Place("s.sh", Span(2, 28, 2, 32), Span(2, 31, 2, 32))


def test_uncertain_values_are_formulas_or_unknown() -> None:
    script = 'exec gunicorn -w $(( $(nproc) * 2 )) -t $T "$@"\n'
    (start,) = starts(script, Lines(script, "s.sh").place)
    workers, timeout, rest = arguments(start.words, {})
    assert isinstance(workers, Setting)
    assert isinstance(timeout, Setting)
    assert workers.value == Formula("s.cores_seen * 2")
    assert "$T is not known" in str(timeout.value)
    assert isinstance(rest, Unread)


def test_variables_that_come_later_change_the_words() -> None:
    script = "exec gunicorn -w ${W:-2} -t $T\n"
    (start,) = starts(script, Lines(script, "s.sh").place)
    found = list(arguments(start.words, {"W": Word("5"), "T": Word("60")}))
    assert [(i.name, i.text) for i in found if isinstance(i, Setting)][1:] == [
        ("workers", "5"), ("timeout", "60"),
    ]  # fmt: skip


def test_an_uncertain_variable_is_unread() -> None:
    environment = {"GUNICORN_CMD_ARGS": Uncertain("$X")}
    assert any(isinstance(i, Unread) for i in arguments([], environment))


@given(
    st.lists(st.text(max_size=12) | st.sampled_from(["-w", "--", "-b", "-c", "--threads=", "-"]))
)
def test_any_words_are_read(texts: list[str]) -> None:
    found = list(arguments([Word("gunicorn"), *map(Word, texts)], {"PORT": Word("x")}))
    assert all(isinstance(i, Setting | Include | Unread) for i in found)
