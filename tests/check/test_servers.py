"""What servers say of their files: as findings, or the reason why there is no answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from plimsoll.check import RulesError, check, load_rules
from plimsoll.check.servers import Answered, ask_servers
from plimsoll.hosts import HostError, Result
from plimsoll.model.finding import Outcome
from plimsoll.stack import read_stack
from support.hosts import FakeHost, answering

TODAY = date(2027, 1, 1)
GOOD = "events {}\nhttp {\n server {\n  listen 80;\n }\n}\n"
EMERG = '2026/11/30 23:52:17 [emerg] 1#1: unknown directive "x" in {path}:4\n'
WARN = "2026/11/30 23:52:17 [warn] 1#1: load balancing method redefined in {path}:4\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "nginx.conf").write_text(GOOD)
    return tmp_path


def asked(root: Path, host: FakeHost) -> Answered:
    return ask_servers(read_stack(root), root, host)


def outcome(root: Path, said: str, code: int = 1) -> Outcome:
    words = said.format(path=root / "nginx.conf")
    host = FakeHost({"nginx": answering(words, code)})
    stack = read_stack(root)
    return check(stack, load_rules(), TODAY, answered=ask_servers(stack, root, host))


def told(found: Outcome) -> list[tuple[str, str, str, int]]:
    return [
        (f.rule, str(f.severity), f.operands[0].setting.name, f.operands[0].setting.place.span.line)
        for f in found.findings
        if f.rule.startswith("server-") and f.operands[0].setting.place
    ]


def test_a_refusal_stands_at_the_setting_of_its_line(root: Path) -> None:
    found = outcome(root, EMERG)
    assert told(found) == [("server-refuses", "critical", "listen", 4)]
    assert found.findings[0].message == 'nginx says: unknown directive "x"'


def test_a_warning_is_no_refusal(root: Path) -> None:
    assert told(outcome(root, WARN, 0)) == [("server-warns", "medium", "listen", 4)]


def test_what_is_said_twice_is_told_once(root: Path) -> None:
    assert len(told(outcome(root, WARN + WARN, 0))) == 1


def test_a_server_that_takes_its_files_says_nothing(root: Path) -> None:
    assert asked(root, FakeHost({"nginx": answering("")})) == Answered()


def test_words_without_a_place_are_told_of_the_file(root: Path) -> None:
    assert told(outcome(root, "[emerg] no port\n")) == [
        ("server-refuses", "critical", "configuration", 1)
    ]


def test_an_end_with_a_code_is_never_silent(root: Path) -> None:
    found = outcome(root, "what nobody expected\n")
    assert found.findings[0].message == "nginx says: what nobody expected"


def test_an_end_without_a_word_is_told(root: Path) -> None:
    found = outcome(root, "", 9)
    assert found.findings[0].message == "nginx says: ended with 9 and without a word"


def test_what_is_said_of_this_machine_is_no_finding(root: Path) -> None:
    found = outcome(root, '[emerg] host not found in upstream "app" in {path}:2\n')
    assert told(found) == []
    assert [s.reason for s in found.skipped if s.rule == "server-refuses"] == [
        'nginx speaks of this machine: host not found in upstream "app"'
    ]


def test_a_server_that_is_not_installed_is_told(root: Path) -> None:
    (skipped,) = asked(root, FakeHost()).skipped
    assert (skipped.rule, skipped.service, skipped.reason) == (
        "server-refuses",
        "nginx",
        "nginx is not installed here",
    )


def test_a_server_that_gives_no_answer_is_told(root: Path) -> None:
    def hangs(_words: Sequence[str]) -> Result:
        raise HostError("nginx gave no answer in 10 s")

    (skipped,) = asked(root, FakeHost({"nginx": hangs})).skipped
    assert skipped.reason == "nginx was asked: nginx gave no answer in 10 s"


@pytest.mark.parametrize(
    ("line", "is_asked"),
    [
        pytest.param("load_module /usr/lib/nginx/modules/x.so;", True, id="the system's"),
        pytest.param("load_module modules/x.so;", True, id="below the server's prefix"),
        pytest.param("load_module ./x.so;", False, id="beside the file"),
        pytest.param("load_module /srv/shop/x.so;", False, id="of anybody"),
        pytest.param("load_module /usr/../srv/x.so;", False, id="the way out"),
    ],
)
def test_code_of_the_checked_folder_is_never_loaded(root: Path, line: str, is_asked: bool) -> None:
    (root / "nginx.conf").write_text(f"{line}\n{GOOD}")
    host = FakeHost({"nginx": answering("")})
    found = asked(root, host)
    assert bool(host.asked) is is_asked
    if not is_asked:
        assert "nginx is not asked: load_module at nginx.conf:1" in found.skipped[0].reason


def test_a_piece_of_a_configuration_is_included_by_a_whole_one(tmp_path: Path) -> None:
    (tmp_path / "site.conf").write_text("server { listen 80; }\n")
    (tmp_path / "plimsoll.yaml").write_text(
        "services: {web: {technology: nginx, files: [site.conf]}}"
    )
    seen = []

    def reads(words: Sequence[str]) -> Result:
        seen.append(Path(words[-1]).read_text())
        return Result(0, "", "", 0.0)

    asked(tmp_path, FakeHost({"nginx": reads}))
    assert f'include "{tmp_path / "site.conf"}";' in seen[0]


def test_a_rule_that_says_it_already_goes_before(root: Path) -> None:
    (root / "nginx.conf").write_text("events {}\n\n\nworker_procesess 3;\n")
    found = outcome(root, EMERG)
    assert [f.rule for f in found.findings if f.severity >= 3] == ["unknown-setting-name"]


def test_it_is_accepted_as_other_findings_are(root: Path) -> None:
    (root / "nginx.conf").write_text(
        "events {}\n\n\nhttp { server { listen 80; } } # plimsoll: ignore[server-warns] because of it\n"
    )
    found = outcome(root, WARN, 0)
    assert told(found) == []
    assert [f.rule for f in found.suppressed] == ["server-warns"]


@pytest.mark.parametrize(
    ("said", "severities"),
    [("off", []), ("{severity: low}", ["low"])],
)
def test_it_is_switched_off_or_lowered_as_rules_are(
    root: Path, said: str, severities: list[str]
) -> None:
    (root / "plimsoll.yaml").write_text(f"rules: {{server-warns: {said}}}\n")
    assert [severity for _, severity, *_ in told(outcome(root, WARN, 0))] == severities


def test_it_has_no_parameters(root: Path) -> None:
    (root / "plimsoll.yaml").write_text("rules: {server-warns: {most: 3}}\n")
    with pytest.raises(RulesError, match="server-warns has no parameter 'most'"):
        outcome(root, WARN, 0)
