from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.syntax.jdbc import servers


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("jdbc:postgresql://db:5433/x?ssl=true", [("postgresql", "db", 5433)]),
        ("jdbc:postgresql://a,b:5/x", [("postgresql", "a", 5432), ("postgresql", "b", 5)]),
        ("jdbc:postgresql:///x", [("postgresql", "localhost", 5432)]),
        ("jdbc:postgresql://[::1]:5432/x", [("postgresql", "::1", 5432)]),
        ("jdbc:mysql://u:p@h/x", [("", "h", 3306)]),
        ("jdbc:mysql:loadbalance://h1:3307,h2/x", [("", "h1", 3307), ("", "h2", 3306)]),
        ("jdbc:mysql://address=(host=a)(port=3307)/x", [("", "a", 3307)]),
        ("jdbc:mysql://(host=a,port=3307),(host=b)/x", [("", "a", 3307), ("", "b", 3306)]),
        ("jdbc:mariadb:sequential://h/x", [("", "h", 3306)]),
        ("jdbc:sqlserver://h\\one:1400;databaseName=x", []),
        ("jdbc:sqlserver://h:1400;databaseName=x", [("sqlserver", "h", 1400)]),
        ("jdbc:oracle:thin:@//h:1521/x", [("oracle", "h", 1521)]),
        ("jdbc:oracle:thin:@h:1522:x", [("oracle", "h", 1522)]),
        ("jdbc:h2:mem:x", []),
        ("postgresql://db/x", []),
    ],
)
def test_servers_of_a_url(url: str, expected: list[tuple[str, str, int]]) -> None:
    assert [(s.technology, s.host, s.port) for s in servers(url)] == expected


@given(st.text(alphabet="jdbc:mysql/()=,@hostpr1\\", max_size=80))
def test_it_never_raises(text: str) -> None:
    for each in servers("jdbc:mysql://" + text):
        assert each.port < 10**5
