from __future__ import annotations

import pytest

from plimsoll.model.setting import Setting
from plimsoll.technologies.nginx.reader import READER, read


def losses(http: str) -> dict[str, str]:
    found = [s for s in read(f"events {{}} http {{ {http} }}", "n.conf") if isinstance(s, Setting)]
    return {s.text: s.reason.rpartition(": ")[2] for s in READER.effective(found) if s.reason}


SERVER = "proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr;"


@pytest.mark.parametrize(
    ("location", "lost"),
    [
        pytest.param("proxy_set_header Connection '';", "Host, X-Real-IP", id="two are lost"),
        pytest.param("proxy_set_header HOST $host;", "X-Real-IP", id="names in any case"),
        pytest.param("add_header A b;", None, id="another list"),
        pytest.param("proxy_set_header X-Real-IP a; proxy_set_header Host b;", None, id="repeated"),
    ],
)
def test_what_a_location_loses(location: str, lost: str | None) -> None:
    told = losses(f"server {{ {SERVER} location / {{ {location} }} }}")
    assert next(iter(told.values()), None) == lost


def test_only_the_first_of_the_block_says_it() -> None:
    told = losses(
        f"server {{ {SERVER} location / {{ proxy_set_header A b; proxy_set_header C d; }} }}"
    )
    assert list(told) == ["A b"]


def test_the_nearest_block_counts() -> None:
    told = losses(
        "add_header A 1; server { add_header A 1; add_header B 2; location / { add_header A 1; } }"
    )
    assert told == {"A 1": "B"}


def test_siblings_lose_nothing() -> None:
    assert (
        losses("server { location /a { add_header A 1; } location /b { add_header B 1; } }") == {}
    )


def test_merging_keeps_them() -> None:
    inside = "server { add_header_inherit merge; add_header A 1; location / { add_header B 1; } }"
    assert losses(inside) == {}
