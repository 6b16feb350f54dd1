from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plimsoll.model.place import Span
from plimsoll.model.setting import Include, Item, Setting, Status, Unread
from plimsoll.syntax.text import Lines, decoded
from plimsoll.technologies.apache.directives import directives
from plimsoll.technologies.apache.lexer import tokens
from plimsoll.technologies.apache.reader import READER, read
from support.places import wrong_places

CASES = Path("../shared/cases")
OTHERS = [
    *sorted(p for p in Path("/etc/apache2").rglob("*") if p.is_file() and p.name != "magic"),
    *sorted(p for name in ("httpd*.conf", "apache*.conf", "mpm_*.conf") for p in CASES.rglob(name)),
]
PIECES = [
    "<VirtualHost *:80>", "</VirtualHost>", "<IfModule prefork.c>", "</IfModule>", "<Directory '/a b'>", "</Directory>",
    "<If \"%{A} == 'b'\">", "</If>", "<Else>", "</Else>", "<Macro m $a>", "</Macro>", "Use m 5", "Use n", "<Foo>", "</Foo>",
    "<Proxy balancer://x>", "</Proxy>", "BalancerMember http://a:1 retry=5", "MaxClients 5", "Timeout 5 \\", "Timeout",
    "ProxyPass / http://a/ timeout=5 \"retry=1\"", "ProxyPass /x !", "ProxySet timeout=9", "php_value a 5", "php_value",
    "RequestReadTimeout header=20-40,MinRate=500 body=9", "LoadModule mpm_event_module x.so", "Include a/*.conf",
    "Include", "Include ${X}", "Define A 5", "KeepAlive ${A}", "WSGIDaemonProcess app threads=5 processes=2",
    "SetHandler \"proxy:unix:/s|fcgi://localhost\"", "ServerRoot /x", "MaxRequestWorkerss 5", "# a \\", "\ufeff",
    "{{ x }}", "é \udcff", "\x00", "<", "</", "<>", "<VirtualHost", ">", "\"", "'", "MinSpareServers 5",
]  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(PIECES) | st.text(alphabet=" \n\r#\"'\\<>/$a=:.", max_size=8), max_size=25
).map("\n".join)


def found(text: str, path: str = "httpd.conf") -> list[Item]:
    return list(read(text, path))


def told(text: str, path: str = "httpd.conf") -> list[tuple[str, str, str]]:
    """Where a setting stands, its name, its text."""
    return [
        ("/".join(map(str, s.scope)), s.name, s.text)
        for s in found(text, path)
        if isinstance(s, Setting)
    ]


def unread(text: str) -> list[str]:
    return [str(u) for u in found(text) if isinstance(u, Unread)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("maxrequestworkers 5\n", [("", "MaxRequestWorkers", "5")], id="small letters"),
        pytest.param("MaxClients 5\n", [("", "MaxRequestWorkers", "5")], id="an old name"),
        pytest.param("Foo a  'b c'\n", [("", "Foo", "a b c")], id="of a module of others"),
        pytest.param(
            "<virtualhost *:80>\n ServerName a\n</VIRTUALHOST>\nServerName b\n",
            [("", "VirtualHost", "*:80"), ("VirtualHost *:80", "ServerName", "a"), ("", "ServerName", "b")],
            id="a section",
        ),
        pytest.param(
            '<Directory "/a b">\n Options None\n</Directory>\n',
            [("", "Directory", "/a b"), ("Directory /a b", "Options", "None")],
            id="a quoted argument",
        ),
        pytest.param(
            "<Else >\n Options None\n</Else>\n<RequireAny>\n Require all granted\n</RequireAny>\n",
            [
                ("", "Else", ""), ("Else", "Options", "None"),
                ("", "RequireAny", ""), ("RequireAny", "Require", "all granted"),
            ],
            id="without an argument",
        ),
        pytest.param(
            "<Foo bar>\n Timeout 5\n</Foo>\n",
            [("", "Foo", "bar"), ("section Foo bar", "TimeOut", "5")],
            id="a section of others",
        ),
        pytest.param(
            "php_admin_value memory_limit 128M\n",
            [("", "php_admin_value[memory_limit]", "128M")],
            id="PHP",
        ),
        pytest.param(
            "ProxyPass /a http://b:1/ timeout=5 \"retry=0\"\n",
            [
                ("", "ProxyPass", "/a http://b:1/ timeout=5 retry=0"),
                ("ProxyPass http://b:1/", "address", "http://b:1/"),
                ("ProxyPass http://b:1/", "timeout", "5"),
                ("ProxyPass http://b:1/", "retry", "0"),
            ],
            id="a worker",
        ),
        pytest.param(
            "<Location /a>\nProxyPass http://b:1/?c=d max=5\n</Location>\nProxyPass /x !\n",
            [
                ("", "Location", "/a"),
                ("Location /a", "ProxyPass", "http://b:1/?c=d max=5"),
                ("Location /a/ProxyPass http://b:1/?c=d", "address", "http://b:1/?c=d"),
                ("Location /a/ProxyPass http://b:1/?c=d", "max", "5"),
                ("", "ProxyPass", "/x !"),
            ],
            id="a worker of a location",
        ),
        pytest.param(
            "WSGIDaemonProcess app processes=2 threads=15\n",
            [
                ("", "WSGIDaemonProcess", "app processes=2 threads=15"),
                ("WSGIDaemonProcess app", "address", "app"),
                ("WSGIDaemonProcess app", "processes", "2"),
                ("WSGIDaemonProcess app", "threads", "15"),
            ],
            id="mod_wsgi",
        ),
        pytest.param(
            "RequestReadTimeout header=20-40,MinRate=500 body=9\n",
            [
                ("", "RequestReadTimeout", "header=20-40,MinRate=500 body=9"),
                ("", "RequestReadTimeout-header", "20"),
                ("", "RequestReadTimeout-header-max", "40"),
                ("", "RequestReadTimeout-body", "9"),
            ],
            id="mod_reqtimeout",
        ),
        pytest.param(
            "<Macro m $a ${b}>\nTimeout $a\nKeepAliveTimeout ${b}\n</Macro>\nUse m 5 6\n",
            [
                ("", "Macro", "m $a ${b}"),
                ("Macro m $a ${b}", "TimeOut", "$a"),
                ("Macro m $a ${b}", "KeepAliveTimeout", "${b}"),
                ("", "Use", "m 5 6"),
                ("Use m 5 6", "TimeOut", "5"),
                ("Use m 5 6", "KeepAliveTimeout", "6"),
            ],
            id="a macro",
        ),
    ],
)  # fmt: skip
def test_settings(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text) == expected
    assert not unread(text)


def test_htaccess_stands_in_its_folder() -> None:
    assert told("php_value a 1\n", "web/.htaccess") == [(".htaccess web", "php_value[a]", "1")]


def test_places() -> None:
    _, setting = found("<VirtualHost *>\n  TimeOut  \\\n  'é 1'  \n</VirtualHost>")
    assert isinstance(setting, Setting)
    assert setting.place is not None
    assert setting.place.span == Span(2, 3, 3, 8)
    assert setting.place.value == Span(3, 3, 3, 8)
    assert setting.scope[0].place is not None
    assert setting.scope[0].place.span == Span(1, 1, 1, 16)


@pytest.mark.parametrize(
    ("text", "pattern", "is_optional"),
    [
        ("Include a.conf\n", "a.conf", False),
        ("includeoptional mods-enabled/*.conf\n", "mods-enabled/*.conf", True),
        ("Include sites-enabled/\n", "sites-enabled/*", False),
        ("Include conf.d\n", "conf.d/*", False),
        ("ServerRoot /etc/httpd\nInclude conf.d/*.conf\n", "/etc/httpd/conf.d/*.conf", False),
        ("ServerRoot '/etc/httpd/'\nInclude /x/a.conf\n", "/x/a.conf", False),
    ],
)
def test_includes(text: str, pattern: str, is_optional: bool) -> None:
    include = found(text)[-1]
    assert isinstance(include, Include)
    assert (include.pattern, include.is_optional) == (pattern, is_optional)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("</VirtualHost>\n", "httpd.conf:1: </virtualhost> without matching"),
        ("<VirtualHost *>\nTimeout 5\n", "httpd.conf:1: <VirtualHost> was not closed"),
        ("<VirtualHost *>\n<If x>\n</VirtualHost>\n", "httpd.conf:2: <If> was not closed"),
        ("<Directory>\n</Directory>\n", "httpd.conf:1: <Directory needs an argument"),
        ("Include a b\n", "httpd.conf:1: Include takes one argument"),
        ("Include ${X}/a\n", "httpd.conf:1: which file is included depends on a variable"),
        ("Use nothing 5\n", "httpd.conf:1: the macro 'nothing' does not stand in this file"),
        ("{% if x %}\n", "httpd.conf:1: a template"),
    ],
)
def test_faults_have_a_place_and_a_reason(text: str, expected: str) -> None:
    assert any(each.startswith(expected) for each in unread(text))


def test_a_slip_of_a_name() -> None:
    (slip,) = (s for s in found("MaxRequestWorker 5\n") if isinstance(s, Setting))
    assert slip.status is Status.UNKNOWN_NAME
    assert "did you mean MaxRequestWorkers?" in slip.reason


@pytest.mark.parametrize(
    "name", ["PassengerMaxPoolSize", "SecRuleEngine", "WSGIScriptAlias", "ModPagespeed", "Foo"]
)
def test_names_of_other_modules_are_no_slips(name: str) -> None:
    assert all(s.status is Status.EFFECTIVE for s in found(f"{name} 5\n") if isinstance(s, Setting))


def test_the_table_of_directives() -> None:
    assert len(directives()) > 690
    assert directives()["timeout"].name == "TimeOut"
    assert directives()["maxrequestworkers"].contexts == "s"
    assert directives()["keepalive"].is_once
    assert not directives()["listen"].is_once


# -- hostile texts


def test_sections_that_nobody_nests_so_deeply() -> None:
    text = "<If a>\n" * 5_000 + "Timeout 5\n" + "</If>\n" * 5_000 + "Timeout 6\n"
    items = found(text)
    settings = [s for s in items if isinstance(s, Setting)]
    assert max(len(s.scope) for s in settings) <= 61
    assert (settings[-1].text, settings[-1].scope) == ("6", ())
    assert ["too deeply" in u.reason for u in items if isinstance(u, Unread)] == [True]
    check_coverage(text, items)


@pytest.mark.parametrize(
    "text",
    ["", "\ufeff", "\x00\x01\udcff" * 1000, "a" * 1_000_000, "Timeout 5\n" * 8_000, "<If a>\n" * 8_000,
     "</If>\n" * 8_000, "<Macro m>\n" + "Timeout 5\n" * 300 + "</Macro>\n" + "Use m\n" * 1_000],
    ids=["empty", "mark", "binary", "one word", "many lines", "open", "closed", "a macro used often"],
)  # fmt: skip
def test_hostile_texts_are_read(text: str) -> None:
    items = found(text)
    assert len(items) < 60_000
    READER.effective([s for s in items if isinstance(s, Setting)])
    check_coverage(text, items)


# -- properties, and files of others


def check_coverage(text: str, items: list[Item]) -> None:
    """Every word is in the span of something; what closes a section is punctuation."""
    lines = Lines(text, "httpd.conf")
    covered = []
    for item in items:
        for place in (
            item.place,
            *(() if isinstance(item, Unread) else (b.place for b in item.scope)),
        ):
            if place is not None:
                span = place.span
                covered.append(
                    (
                        lines.offset(span.line, span.column),
                        lines.offset(span.end_line, span.end_column),
                    )
                )
    covered.sort()
    at = reach = 0
    is_closing = False
    for token in tokens(text):
        while at < len(covered) and covered[at][0] <= token.start:
            reach = max(reach, covered[at][1])
            at += 1
        if token.kind == "line":
            is_closing = False
        if token.kind == "word":
            is_closing = is_closing or token.text.startswith("</")
            assert is_closing or reach >= token.end - token.text.endswith(">") * len(token.text), (
                token
            )


@given(TEXTS)
def test_nothing_is_lost_and_places_are_right(text: str) -> None:
    check_coverage(text, found(text))
    assert wrong_places(READER, text, "httpd.conf", 3) == []


@given(TEXTS)
def test_what_was_read_can_be_settled(text: str) -> None:
    settings = [s for s in found(text) if isinstance(s, Setting)]
    settled = READER.effective(settings)
    assert [(s.name, s.place, s.scope) for s in settled] == [
        (s.name, s.place, s.scope) for s in settings
    ]
    assert READER.endpoints is not None
    assert all(e.setting in settled for e in READER.endpoints(settled))


@pytest.mark.skipif(not OTHERS, reason="neither apache2 nor the collected cases are here")
@pytest.mark.parametrize("path", OTHERS, ids=str)
def test_files_of_others_are_read_whole(path: Path) -> None:
    items = found(decoded(path.read_bytes()), str(path))
    assert not [u for u in items if isinstance(u, Unread)]
    assert all(s.status is Status.EFFECTIVE for s in items if isinstance(s, Setting))
