"""Files that are known by their names."""

from __future__ import annotations

import pytest

from plimsoll.stack import read_texts

SITE = "server { listen 80; }\n"


def test_what_is_only_available_is_not_read_where_a_folder_of_the_enabled_is_beside_it() -> None:
    stack = read_texts({
        "etc/nginx/nginx.conf": "events {}\nhttp { include sites-enabled/*; }\n",
        "etc/nginx/sites-available/a.conf": SITE,
        "etc/nginx/sites-available/b.conf": SITE,
        "etc/nginx/sites-enabled/a.conf": SITE,
    })  # fmt: skip
    (nginx,) = stack.services.values()
    assert nginx.files == ("etc/nginx/nginx.conf", "etc/nginx/sites-enabled/a.conf")
    assert [str(each) for each in stack.unused] == [
        "etc/nginx/sites-available: what is in it counts where etc/nginx/sites-enabled has it"
    ]


def test_without_such_a_folder_what_is_available_is_read() -> None:
    stack = read_texts({"sites-available/nginx.conf": f"events {{}}\nhttp {{ {SITE} }}\n"})
    assert [each.files for each in stack.services.values()] == [("sites-available/nginx.conf",)]


@pytest.mark.parametrize(
    ("called", "technology"),
    [
        ("mariadb", "mysql"),
        ("postgres", "postgresql"),
        ("httpd", "apache"),
        ("spring-boot", "spring"),
    ],
)
def test_other_names_of_a_technology(called: str, technology: str) -> None:
    stack = read_texts({"plimsoll.yaml": f"services: {{a: {{technology: {called}}}}}\n"})
    assert (stack.services["a"].technology, stack.unread) == (technology, ())


def test_a_technology_that_is_misspelt_is_told_and_one_that_nobody_knows_is_none() -> None:
    stack = read_texts({
        "plimsoll.yaml": "services:\n  a: {technology: rediss}\n  b: {technology: minio}\n"
    })  # fmt: skip
    assert [str(each) for each in stack.unread] == [
        "plimsoll.yaml:2: technology 'rediss' of a is not known, so that no rule of redis is asked; "
        "did you mean 'redis'?"
    ]
