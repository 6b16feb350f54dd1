"""What supervisord keeps running."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Unread
from plimsoll.stack import read_texts
from plimsoll.technologies.supervisor.manifest import MANIFEST
from plimsoll.technologies.supervisor.reader import READER
from support.covered import uncovered
from support.places import wrong_places

TEXT = """\
[unix_http_server]
file=/run/supervisor.sock

[supervisord]
minfds=4096
environment=STAGE="live"

[program:web]
command=/srv/venv/bin/gunicorn --workers 3   ; three of them
  --timeout 40 shop:app
directory=/srv/shop
environment=WEB_CONCURRENCY="5",NOTE='a, b', PLAIN=1
StopWaitSecs=45

[program:job]
command=celery -A shop worker --concurrency %(ENV_JOBS)s
process_name=%(program_name)s_%(process_num)02d
numprocs=2

[program:off]
command=redis-server
autostart=false

[include]
files = conf.d/*.conf
"""


def test_each_program_that_is_started_is_a_service() -> None:
    found = read_texts({"supervisord.conf": TEXT}).services
    assert {name: each.technology for name, each in found.items()} == {
        "web": "gunicorn",
        "job": "celery",
    }
    web = {each.name: each for each in found["web"].settings if each.technology == "gunicorn"}
    assert (web["workers"].text, web["timeout"].text) == ("3", "40")
    assert str(web["timeout"].place) == "supervisord.conf:10"


def test_limits_are_those_of_the_program_and_of_supervisord() -> None:
    found = read_texts({"supervisord.conf": TEXT}).services
    assert str(found["web"].limit("grace").amount) == "45 s"
    assert str(found["job"].limit("grace").amount) == "10 s"
    assert str(found["web"].limit("nofile_soft").amount) == "4096"
    assert found["job"].stated["replicas"].text == "2"


def test_the_environment_of_all_and_of_one() -> None:
    web, *_ = (
        e for e in MANIFEST.describe(["s.conf"], lambda _: TEXT) if isinstance(e, Deployment)
    )
    assert {name: word.text for name, word in web.environment.items()} == {
        "STAGE": "live",
        "WEB_CONCURRENCY": "5",
        "NOTE": "a, b",
        "PLAIN": "1",
    }


def test_what_only_the_running_one_knows_is_unknown() -> None:
    found = read_texts({"supervisord.conf": TEXT}).services["job"]
    setting = next(each for each in found.settings if each.name == "worker_concurrency")
    assert str(setting.value) == "unknown: %(ENV_JOBS)s is told by supervisord when it starts"


def test_programs_of_several_files_hold_together() -> None:
    texts = {
        "etc/supervisor/supervisord.conf": "[supervisord]\nminfds=9000\n",
        "etc/supervisor/conf.d/web.conf": "[program:web]\ncommand=redis-server\n",
    }
    found = read_texts(texts).services
    assert str(found["web"].limit("nofile_soft").amount) == "9000"


def test_lines_that_it_refuses_are_told() -> None:
    text = "stray=1\n[supervisord]\nnonsense\n"
    told = [str(each) for each in READER.read(text, "s.conf") if isinstance(each, Unread)]
    assert told == [
        "s.conf:1: supervisord refuses what stands before the first section",
        "s.conf:3: supervisord refuses a line without a key and a value",
    ]


@given(st.text(max_size=80) | st.integers(0, len(TEXT)).map(lambda at: TEXT[:at] + "[" + TEXT[at:]))
def test_any_text_is_described(text: str) -> None:
    for item in MANIFEST.describe(["s.conf"], lambda _: text):
        assert isinstance(item, Deployment | Unread)


PIECES = st.sampled_from(
    [
        "[program:a]\n",
        "[supervisord]",
        "command=",
        "x y",
        " ; c\n",
        "\n  ",
        "\n",
        "environment=",
        'a="b, c",',
        "%(here)s",
        "numprocs: 2\n",
        "# n\n",
    ]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=20).map("".join))
def test_nothing_is_lost_and_places_are_right(text: str) -> None:
    rest = uncovered(text, READER.read(text, "f")).removeprefix("\ufeff")
    left = [line.strip() for line in rest.split("\n")]
    assert [each for each in left if each and each[0] not in ";#["] == []
    assert wrong_places(READER, text, "f") == []
