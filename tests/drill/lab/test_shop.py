"""The whole shop from its own files: every page through nginx, rows and hits behind it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from plimsoll.drill.lab import load
from plimsoll.drill.lab.lab import lab
from plimsoll.drill.lab.load import Answer, Request
from plimsoll.drill.lab.shop import Shop
from plimsoll.drill.lab.state import LabError
from plimsoll.drill.lab.visitors import shoppers

pytestmark = [pytest.mark.real, pytest.mark.drill]

SHOP = Path(__file__).resolve().parents[3] / "examples" / "shop"


class Script:
    """Implements `Visitor`: asks for one thing after the other, and keeps the answers."""

    def __init__(self, *steps: Request) -> None:
        self.steps = iter(steps)
        self.answers: list[Answer] = []
        self.cookies: dict[str, str] = {}

    def next(self) -> Request:
        step = next(self.steps)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        token = self.cookies.get("csrftoken", "")
        headers = (("Cookie", cookies), ("X-CSRFToken", token)) if cookies else ()
        return Request(step.method, step.path, (*step.headers, *headers), step.body)

    def took(self, request: Request, answer: Answer) -> None:  # noqa: ARG002 - of the interface
        self.answers.append(answer)
        for name, value in answer.headers:
            if name == "set-cookie" and (found := re.match("([^=]+)=([^;]*)", value)):
                self.cookies[found[1]] = found[2]


@pytest.fixture(scope="module")
def shop(short_folder: Path) -> Iterator[Shop]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLIMSOLL_LAB", str(short_folder / "shop"))
        try:
            with lab() as found:
                shop = Shop(found, SHOP)
                shop.start()
                yield shop
        except LabError as problem:
            if "install" not in str(problem):
                raise
            pytest.skip(str(problem))


def test_catalogue_cart_and_checkout_leave_an_order(shop: Shop) -> None:
    orders = shop.query("SELECT count(*) FROM checkout_order")
    assert orders == [["0"]]
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    script = Script(
        Request("GET", "/"),
        Request("GET", "/category/3/"),
        Request("GET", "/product/77/"),
        Request("POST", "/cart/add/", form, b"product=77"),
        Request("POST", "/cart/add/", form, b"product=77"),
        Request("GET", "/cart/"),
        Request("POST", "/checkout/", (*form,), b""),
        Request("GET", "/static/shop.css"),
    )
    report = load.run(load.Load("127.0.0.1", shop.ports["web"], 2.0, 4.0, timeout=10.0), [script])
    assert report.errors() == {}
    assert [answer.code for answer in script.answers] == [200, 200, 200, 302, 302, 200, 200, 200]
    assert b"2 x Product 77" in script.answers[5].body
    assert b"Order 1," in script.answers[6].body
    lines = shop.query("SELECT product_id, number, price FROM checkout_line")
    assert lines == [["77", "2", "82.00"]]
    [[sessions]] = shop.query("SELECT count(*) FROM django_session")
    assert int(sessions) == 1


def test_what_everybody_sees_comes_out_of_the_cache(shop: Shop) -> None:
    wanted = load.Load("127.0.0.1", shop.ports["web"], 15.0, 2.0, timeout=20.0)
    assert load.run(wanted, shoppers(15)).errors() == {}
    before = shop.cached()
    assert load.run(wanted, shoppers(15)).errors() == {}  # the same once more
    after = shop.cached()
    assert (after.hits > before.hits, after.misses) == (True, before.misses)
    assert [
        each
        for each in shop.lab.ask("redis-cli", "-p", str(shop.ports["cache"]), "KEYS", "*").split()
        if not each.startswith("shop-lab-1:")
    ] == []


def test_every_server_runs_as_nobody_who_may_do_nothing(shop: Shop) -> None:
    seen = 0
    for name in shop.lab.running:
        for each in shop.lab.processes(name):
            try:
                said = Path(f"/proc/{each.pid}/status").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile
            assert re.search(r"^Uid:\t0\t", said, re.M) is None
            assert "NoNewPrivs:\t1" in said
            assert "CapEff:\t0000000000000000" in said
            seen += 1
    assert seen > len(shop.lab.running)


def test_it_runs_from_the_files_of_the_shop(shop: Shop) -> None:
    """All of them, but for addresses and paths of nginx and PgBouncer."""
    changed = {
        path.relative_to(SHOP).as_posix()
        for path in SHOP.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.read_bytes() != (shop.folder / path.relative_to(SHOP)).read_bytes()
    }
    assert changed == {"nginx/nginx.conf", "nginx/conf.d/shop.conf", "pooler/pgbouncer.ini"}
    [[work_mem]] = shop.query("SHOW work_mem")
    assert work_mem == "8MB"
    assert len(shop.lab.processes("app")) == 1 + 3


def test_other_files_are_deployed_to_a_running_shop(shop: Shop, tmp_path: Path) -> None:
    """Last: the shop is another one afterwards."""
    source = tmp_path / "shop"
    shutil.copytree(SHOP, source)
    config = source / "db" / "postgresql.conf"
    config.write_text(config.read_text().replace("work_mem = 8MB", "work_mem = 9MB"))
    (source / "app" / "new.txt").write_text("new")
    (source / "app" / "static" / "shop.css").unlink()
    running = {name: each.pid for name, each in shop.lab.running.items()}
    servers = shop.deploy(source)
    assert [server.name for server in servers] == ["db", "app"]
    for server in servers:
        shop.lab.wait_until_ready(server)
    assert shop.query("SHOW work_mem") == [["9MB"]]
    assert (shop.folder / "app" / "new.txt").read_text() == "new"
    assert not (shop.folder / "app" / "static" / "shop.css").exists()
    changed = {name for name, each in shop.lab.running.items() if each.pid != running[name]}
    assert changed == {"db", "app"}
    assert shop.deploy(source) == []
