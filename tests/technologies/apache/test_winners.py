from __future__ import annotations

import pytest

from plimsoll.model.setting import Origin, Setting, Status, Unknown
from plimsoll.stack import read_texts
from plimsoll.stack.settle import held, settled
from plimsoll.technologies import technology
from plimsoll.technologies.apache.modules import identifier
from plimsoll.technologies.apache.reader import READER

APACHE = technology("apache")
assert APACHE is not None
SCHEMA = APACHE.schema
LOADED = "LoadModule authz_core_module m.so\nLoadModule mpm_{0}_module mpm_{0}.so\n"


def read(text: str, path: str = "httpd.conf") -> list[Setting]:
    items = READER.read(text, path)
    return settled(READER, SCHEMA, [i for i in items if isinstance(i, Setting)])


def now(text: str, name: str, path: str = "httpd.conf") -> str:
    """What a setting of the server is, or `unset`."""
    found = held(read(text, path), READER).get(name)
    if found is None:
        return "unset"
    return "unknown" if isinstance(found.value, Unknown) else str(found.value)


BOTH = "<IfModule prefork.c>\nMaxClients 256\n</IfModule>\n<IfModule worker.c>\nMaxClients 150\n</IfModule>\n"


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param(BOTH, "httpd.conf", "unknown", id="one for each MPM, and nobody says which"),
        pytest.param(LOADED.format("prefork") + BOTH, "httpd.conf", "256", id="prefork is loaded"),
        pytest.param(LOADED.format("worker") + BOTH, "httpd.conf", "150", id="worker is loaded"),
        pytest.param(LOADED.format("event") + BOTH, "httpd.conf", "unset", id="neither is loaded"),
        pytest.param(BOTH, "mods-enabled/mpm_worker.conf", "150", id="the name of the file says it"),
        pytest.param("MinSpareServers 5\n" + BOTH, "httpd.conf", "256", id="only prefork takes this"),
        pytest.param(BOTH.split("<IfModule w")[0], "httpd.conf", "256", id="written for one of them"),
        pytest.param("MaxClients 9\n" + BOTH, "httpd.conf", "unknown", id="and a plain one above"),
        pytest.param(BOTH + "MaxClients 9\n", "httpd.conf", "9", id="and a plain one below"),
        pytest.param("<IfModule mpm_event.c>\nMaxClients 9\n</IfModule>\n", "x.conf", "unset", id="no such source"),
        pytest.param("<ifmodule MPM_x>\nmaxclients 9\n</IFMODULE>\n", "x.conf", "unknown", id="small letters"),
    ],
)  # fmt: skip
def test_the_block_of_the_mpm_that_is_loaded_counts(text: str, path: str, expected: str) -> None:
    assert now(text, "MaxRequestWorkers", path) == expected


def test_blocks_that_nobody_can_tell_do_not_shadow_each_other() -> None:
    found = [s for s in read(BOTH) if s.name == "MaxRequestWorkers"]
    assert [s.status for s in found] == [Status.EFFECTIVE, Status.EFFECTIVE]
    assert all(isinstance(s.value, Unknown) for s in found)


def test_a_block_that_does_not_count_says_why() -> None:
    found = [s for s in read(LOADED.format("worker") + BOTH) if s.text == "256"]
    assert found[0].status is Status.IGNORED
    assert "prefork.c> in line 3" in found[0].reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LoadModule mpm_event_module m.so\n", "event"),
        ("<IfModule mpm_prefork_module>\nStartServers 5\n</IfModule>\n", "prefork"),
        ("MinSpareServers 5\n", "prefork"),
        (BOTH, "unknown"),
        ("Timeout 5\n", "unset"),
    ],
)
def test_which_mpm(text: str, expected: str) -> None:
    assert now(text, "mpm") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mod_ssl.c", "ssl_module"), ("ssl_module", "ssl_module"), ("prefork.c", "mpm_prefork_module"),
        ("mpm_prefork_module", "mpm_prefork_module"), ("mpm_prefork.c", ""), ("mod_mpm_event.c", ""),
        ("core.c", "core_module"),
    ],
)  # fmt: skip
def test_identifiers(name: str, expected: str) -> None:
    assert identifier(name) == expected


@pytest.mark.parametrize(
    ("before", "section", "expected"),
    [
        ("LoadModule ssl_module m.so\n", "IfModule mod_ssl.c", "9"),
        ("LoadModule ssl_module m.so\n", "IfModule !mod_ssl.c", "unset"),
        ("", "IfModule mod_ssl.c", "unknown"),
        ("LoadModule authz_core_module m.so\n", "IfModule mod_ssl.c", "unset"),
        ("LoadModule authz_core_module m.so\n", "IfModule !mod_ssl.c", "9"),
        ("LoadModule authz_core_module m.so\n", "IfModule log_config_module", "unknown"),
        ("", "IfModule core.c", "9"),
        ("Define X\n", "IfDefine X", "9"),
        ("Define X\n", "IfDefine !X", "unset"),
        ("", "IfDefine X", "unknown"),
        ("Define X\nUnDefine X\n", "IfDefine X", "unknown"),
        ("", "IfVersion >= 2.4", "9"),
        ("", "IfVersion < 2.4", "unset"),
        ("", "IfVersion 2.4", "9"),
        ("", "IfVersion > 2.2", "9"),
        ("", "IfVersion >= 2.4.50", "unknown"),
        ("", "IfVersion !>= 2.4", "unset"),
        ("", "IfVersion ~ 2", "unknown"),
        ("", "IfFile /etc/x", "unknown"),
        ("", "IfDirective Timeout", "unknown"),
        ("", "IfSection VirtualHost", "unknown"),
    ],
)
def test_sections_that_are_looked_at_while_files_are_read(
    before: str, section: str, expected: str
) -> None:
    kind = section.split()[0]
    assert now(f"{before}<{section}>\nListenBackLog 9\n</{kind}>\n", "ListenBackLog") == expected


def test_a_module_that_a_files_name_shows() -> None:
    text = "<IfModule reqtimeout_module>\nRequestReadTimeout header=9\n</IfModule>\n"
    assert (
        now(text, "RequestReadTimeout_header", "etc/apache2/mods-enabled/reqtimeout.conf") == "9 s"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Timeout 1\nTimeout 2\n", "2 s"),
        ("Timeout 1\n<VirtualHost *>\nTimeout 2\n</VirtualHost>\n", "1 s"),
        ("Define N 7\nTimeout ${N}\n", "7 s"),
        ("Define N 7\nDefine M ${N}\nTimeout ${M}\n", "7 s"),
        ("Timeout ${N}\n", "unknown"),
        ("Define N 7\nUnDefine N\nTimeout ${N}\n", "unknown"),
        ("<IfDefine X>\nTimeout 1.5\n</IfDefine>\nTimeout 3\n", "3 s"),
    ],
)
def test_of_several_lines(text: str, expected: str) -> None:
    assert now(text, "TimeOut") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<VirtualHost a>\nTimeout 1\n</VirtualHost>\n<VirtualHost a>\nTimeout 2\n</VirtualHost>\n", 0),
        ("<Directory /a>\nLimitRequestBody 1\n</Directory>\n<Directory /a>\nLimitRequestBody 2\n</Directory>\n", 1),
        ("<Directory /a>\nLimitRequestBody 1\n</Directory>\n<Directory /b>\nLimitRequestBody 2\n</Directory>\n", 0),
        ("Listen 1\nListen 2\n", 0), ("SetEnv a 1\nSetEnv b 2\n", 0), ("php_value a 1\nphp_value b 2\n", 0),
        ("php_value a 1\nphp_value a 2\n", 1), ("ProxyPass / http://a/ retry=1 retry=2\n", 1),
        ("KeepAlive on\nKEEPALIVE off\n", 1),
    ],
)  # fmt: skip
def test_what_one_line_overrides(text: str, expected: int) -> None:
    assert len([s for s in read(text) if s.status is Status.SHADOWED]) == expected


@pytest.mark.parametrize(
    ("text", "is_misplaced"),
    [
        ("<VirtualHost *>\nMaxRequestWorkers 5\n</VirtualHost>\n", True),
        ("<Directory /a>\nTimeout 5\n</Directory>\n", True),
        ("<VirtualHost *>\n<IfModule x>\nListen 5\n</IfModule>\n</VirtualHost>\n", True),
        ("<VirtualHost *>\nTimeout 5\n</VirtualHost>\n", False),
        ("<Directory /a>\nLimitRequestBody 5\n</Directory>\n", False),
        ("<Location /a>\nRequire all granted\n</Location>\n", False),
    ],
)
def test_what_may_not_stand_there(text: str, is_misplaced: bool) -> None:
    assert any(s.status is Status.MISPLACED for s in read(text)) == is_misplaced


def test_variables_of_debians_envvars() -> None:
    text = 'export APACHE_PID_FILE=/run/a.pid\nexport N="7"\nexport M=$N\n'
    env = [i for i in READER.read(text, "etc/apache2/envvars") if isinstance(i, Setting)]
    conf = [
        i
        for i in READER.read("Timeout ${N}\nKeepAliveTimeout ${M}\n", "a.conf")
        if isinstance(i, Setting)
    ]
    found = held(settled(READER, SCHEMA, [*env, *conf]), READER)
    assert str(found["TimeOut"].value) == "7 s"
    assert isinstance(found["KeepAliveTimeout"].value, Unknown)
    assert env[0].origin is Origin.ENVIRONMENT


def test_files_are_read_with_what_they_include() -> None:
    stack = read_texts(
        {
            "plimsoll.yaml": "services: {web: {technology: apache, files: [etc/apache2/apache2.conf]}}",
            "etc/apache2/apache2.conf": "Timeout 5\nIncludeOptional mods-enabled/*.load\n"
            "IncludeOptional mods-enabled/*.conf\nInclude sites-enabled/\n",
            "etc/apache2/mods-enabled/mpm_event.load": LOADED.format("event"),
            "etc/apache2/mods-enabled/mpm_event.conf": "<IfModule mpm_event_module>\nMaxRequestWorkers 50\n</IfModule>\n",
            "etc/apache2/sites-enabled/000.conf": "Timeout 9\n<VirtualHost *:80>\nProxyTimeout 7\n</VirtualHost>\n",
        }
    )
    web = stack.services["web"]
    found = {name: web.setting(name) for name in ("TimeOut", "MaxRequestWorkers", "mpm")}
    assert {name: str(s.value) for name, s in found.items() if s} == {
        "TimeOut": "9 s", "MaxRequestWorkers": "50", "mpm": "event",
    }  # fmt: skip
    assert [(p.type, p.name) for p in web.parts] == [("vhost", "*:80")]
    assert not stack.unread
