"""Files inside of manifests: read by their own reader, placed where they stand."""

from __future__ import annotations

import pytest

from plimsoll.model.setting import Setting
from plimsoll.model.stack import Stack
from plimsoll.stack import read_texts

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  volumes: [{name: conf, configMap: {name: conf}}]
  containers:
  - {name: web, image: "IMAGE", volumeMounts: [{name: conf, mountPath: "WHERE"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data:
"""


def stack(data: str, image: str = "nginx:1.25", where: str = "/etc/nginx") -> Stack:
    text = POD.replace("IMAGE", image).replace("WHERE", where) + data
    return read_texts({"k8s/web.yaml": text})


def setting(found: Stack, name: str) -> Setting:
    [mine] = [s for s in found.services["web"].settings if s.name == name]
    return mine


def quoted(found: Stack, name: str) -> str:
    """What the file on disk says where a setting stands."""
    place = setting(found, name).place
    assert place is not None
    span = place.span
    line = found.texts[place.path].split("\n")[span.line - 1]
    assert span.line == span.end_line
    return line[span.column - 1 : span.end_column - 1]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            "  nginx.conf: |\n    worker_processes 4;\n", "worker_processes 4", id="literal"
        ),
        pytest.param(
            "  nginx.conf: |-\n\n      worker_processes 4;\n",
            "worker_processes 4",
            id="blank first",
        ),
        pytest.param(
            "  nginx.conf: |2\n      worker_processes 4;\n", "worker_processes 4", id="given indent"
        ),
        pytest.param(
            "  nginx.conf: >\n    worker_processes\n    4;\n    events {}\n",
            "worker_processes",
            id="folded",
        ),
        pytest.param(
            '  nginx.conf: "# a\\tb\\nworker_processes 4;\\n"\n', "worker_processes 4", id="escapes"
        ),
        pytest.param(
            "  nginx.conf: 'set $a ''b''; worker_processes 4;'\n", "worker_processes 4", id="quotes"
        ),
        pytest.param("  nginx.conf: worker_processes 4;\n", "worker_processes 4", id="plain"),
    ],
)
def test_a_setting_stands_where_the_manifest_says_it(data: str, expected: str) -> None:
    found = stack(data)
    assert setting(found, "worker_processes").text == "4"
    if ">" in data:
        place = setting(found, "worker_processes").place
        assert place is not None
        assert (place.span.line, place.span.end_line) == (14, 15)
    else:
        assert quoted(found, "worker_processes") == expected


def test_embedded_files_include_each_other() -> None:
    data = (
        "  nginx.conf: |\n    http { include conf.d/*.conf; include /etc/nginx/more.conf; }\n"
        "  more.conf: |\n    keepalive_timeout 7s;\n"
    )
    items = (
        "[{key: nginx.conf, path: nginx.conf}, {key: more.conf, path: more.conf},"
        " {key: a, path: conf.d/a.conf}, {key: b, path: conf.d/b.conf}]"
    )
    text = (POD.replace("IMAGE", "nginx").replace("WHERE", "/etc/nginx") + data).replace(
        "{name: conf}}]", f"{{name: conf, items: {items}}}}}]"
    )
    text += "  a: |\n    send_timeout 5s;\n  b: |\n    client_max_body_size 2m;\n"
    found = read_texts({"k8s/web.yaml": text})
    names = {s.name: s.place.span.line for s in found.services["web"].settings if s.place}
    assert names["keepalive_timeout"] == 16
    assert names["send_timeout"] == 18
    assert names["client_max_body_size"] == 20
    assert not found.unread


def test_what_cannot_be_read_says_where_it_stands() -> None:
    found = stack("  nginx.conf: |\n    worker_processes 4;\n    http {\n")
    assert [str(each) for each in found.unread] == [
        next(str(each) for each in found.unread if "k8s/web.yaml:15" in str(each))
    ]


def test_a_template_inside_stays_one() -> None:
    found = stack("  redis.conf: |\n    maxmemory {{ memory }}\n", "redis:7", "/etc/redis")
    assert not [s for s in found.services["web"].settings if s.name == "maxmemory"] or (
        "template" in str(setting(found, "maxmemory").value)
    )


def test_a_lone_file_is_a_service_of_whom_knows_its_name() -> None:
    text = POD.partition("---\n")[2] + "  redis.conf: |\n    port 7000\n  other.txt: |\n    x\n"
    found = read_texts({"k8s/cm.yaml": text})
    assert {n: s.technology for n, s in found.services.items()} == {"conf": "redis"}
    unknown = read_texts({"k8s/cm.yaml": text.replace("redis.conf", "x.conf")})
    assert [u.reason for u in unknown.unused] == ["no service that mounts it is known"] * 2


def test_a_named_service_reads_the_files_of_a_lone_map() -> None:
    text = POD.partition("---\n")[2] + "  redis.conf: |\n    port 7000\n"
    plimsoll = "services: {cache: {technology: redis, files: [k8s/cm.yaml]}}\n"
    found = read_texts({"k8s/cm.yaml": text, "plimsoll.yaml": plimsoll})
    [port] = [s for s in found.services["cache"].settings if s.name == "port"]
    assert str(port.place) == "k8s/cm.yaml:6"


def test_compose_writes_files_too() -> None:
    text = (
        "services:\n  web:\n    image: nginx\n    configs: [{source: c, target: /etc/nginx/nginx.conf}]\n"
        "configs:\n  c:\n    content: |\n      worker_processes 3;\n"
    )
    found = read_texts({"compose.yaml": text})
    assert quoted(found, "worker_processes") == "worker_processes 3"


def test_settings_of_a_custom_resource() -> None:
    text = (
        "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: web}\n"
        "spec:\n  postgresql:\n    parameters:\n      max_connections: '250'\n      work_mem: 8MB\n"
    )
    found = read_texts({"a.yaml": text})
    assert quoted(found, "max_connections") == "max_connections: '250"
    assert setting(found, "max_connections").text == "250"
    assert quoted(found, "work_mem") == "work_mem: 8MB"
