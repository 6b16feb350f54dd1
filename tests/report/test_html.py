"""The page: complete, harmless whatever files say, and seen by a real browser."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from plimsoll.model.finding import LoadLine, Outcome
from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.stack import Link
from plimsoll.report.format import Look
from plimsoll.report.formats.html import FORMAT
from plimsoll.report.picture import percent
from support.browser import opened


@pytest.fixture
def drawn(outcome: Outcome) -> Outcome:
    lines = (
        LoadLine(
            "connections-exceed-server", "Too many", "db", "db", Amount.of(160), Amount.of(97)
        ),
        LoadLine("workers-exceed-cores", "Cores", "app", "app", Amount.of(4), Amount.of(16)),
    )
    stack = replace(outcome.stack, links=(Link("app", "db"),))
    return replace(outcome, stack=stack, lines=lines)


def written(outcome: Outcome) -> str:
    out = io.StringIO()
    FORMAT.write(outcome, out, Look())
    return out.getvalue()


class Page(HTMLParser):
    """Elements with their attributes, and the text outside of styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


def test_it_has_everything(drawn: Outcome) -> None:
    page = Page(written(drawn))
    assert page.open == []
    for told in (
        "1 critical, 1 medium in 2 services",
        "4 x 40 = 160 > 100 - 3 = 97",
        "max_connections = 100",
        "165 %",
        "25 %",
        "without memory of host shop-1",
        "nginx/site.j2",
    ):
        assert told in page.text
    assert (
        sum(1 for tag, said in page.elements if tag == "path" and said.get("class") == "link") == 1
    )
    boxes = [
        said["class"] for tag, said in page.elements if (said.get("class") or "").startswith("box")
    ]
    assert sorted(boxes, key=str) == ["box", "box critical", "box medium"]


def test_it_asks_for_nothing_and_runs_nothing(drawn: Outcome) -> None:
    page = Page(written(drawn))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    for tag, said in page.elements:
        assert not {name for name in said if name.startswith("on") or name in ("src", "href")}, tag
    (policy,) = [said["content"] for _, said in page.elements if "http-equiv" in said]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


EVIL = "</style></title><script>alert(1)</script><img src=x onerror=y>\"'&\x00\u202e"


def test_what_files_say_is_text(drawn: Outcome) -> None:
    finding = replace(
        drawn.findings[1], title=EVIL, message=EVIL, arithmetic=EVIL, why=EVIL, target=EVIL
    )
    lines = tuple(replace(line, rule=EVIL, target=EVIL, title=EVIL) for line in drawn.lines)
    page = Page(written(replace(drawn, findings=(finding,), lines=lines)))
    assert not {"script", "img"} & {tag for tag, _ in page.elements}
    assert page.text.count("<script>alert(1)</script>") >= 5
    assert "\x00" not in page.text
    assert "\u202e" not in page.text


@pytest.mark.parametrize(
    ("used", "told"),
    [(None, "over"), (UNLIMITED, "over"), (0, "0 %"), (Amount.of(1).low, "100 %")],
)
def test_percent(used: int | None, told: str) -> None:
    assert percent(used) == told


@pytest.mark.real
def test_a_browser_shows_it_without_error_or_request(drawn: Outcome, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(written(drawn))
    shown = opened(page.as_uri(), tmp_path)
    assert shown.console == ""
    assert "165 %" in shown.dom
    assert shown.picture.stat().st_size > 10_000
    assert shown.asked == frozenset()
