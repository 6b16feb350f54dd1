"""Files that are known by their names."""

from __future__ import annotations

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
