"""The processes of a Procfile."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Unread
from plimsoll.syntax.uncertain import Uncertain
from plimsoll.technologies.procfile.manifest import MANIFEST


def describe(**texts: str) -> list[Deployment | Unread]:
    named = {name.replace("dot_", "."): text for name, text in texts.items()}
    return list(MANIFEST.describe(["Procfile"], lambda p: named.get(p, Unread(p, "no such file"))))


PROCFILE = """# processes
release: python manage.py migrate
web: gunicorn -w ${WEB_CONCURRENCY:-3} -t $T "shop:app"\r
worker:celery -A shop worker
  clock : A=1 python clock.py
what is this
"""


def test_every_process_is_a_service() -> None:
    *found, unread = describe(Procfile=PROCFILE)
    services = [d for d in found if isinstance(d, Deployment)]
    assert [d.name for d in services] == ["web", "worker", "clock"]
    assert [str(d.place) for d in services] == ["Procfile:3", "Procfile:4", "Procfile:5"]
    web = services[0]
    assert [w.text for w in web.command] == ["gunicorn", "-w", "3", "-t", "$T", "shop:app"]
    assert isinstance(web.command[4], Uncertain)
    assert web.command[1].place is not None
    assert web.command[1].place.span.column == 15
    assert {n: w.text for n, w in services[2].environment.items()} == {"A": "1"}
    assert isinstance(unread, Unread)
    assert str(unread).startswith("Procfile:6: ")


def test_variables_stand_in_the_file_beside_it() -> None:
    (web,) = describe(Procfile="web: gunicorn -t $T -w ${W:-3} x\n", dot_env="T=300\nW='8' # x\n")
    assert isinstance(web, Deployment)
    assert [w.text for w in web.command] == ["gunicorn", "-t", "300", "-w", "8", "x"]
    assert {n: w.text for n, w in web.environment.items()} == {"T": "300", "W": "8"}
    assert str(web.command[2].place) == ".env:1"


def test_a_procfile_with_an_ending_is_another_state() -> None:
    assert MANIFEST.states(["Procfile", "Procfile.dev", "x/Procfile"]) == [
        ["Procfile"],
        ["x/Procfile"],
    ]


@given(st.text(max_size=80))
def test_any_text_is_described(text: str) -> None:
    assert all(isinstance(d, Deployment | Unread) for d in describe(Procfile=text, dot_env=text))
