"""Images that are built here, and which manifests are asked about."""

from __future__ import annotations

import pytest

from plimsoll.model.stack import Service
from plimsoll.stack import read_texts

DOCKERFILE = """\
FROM python:3.12
WORKDIR /app
ENV WEB_CONCURRENCY=4 GUNICORN_CMD_ARGS="--timeout 50"
COPY . .
ENTRYPOINT ["gunicorn", "app:app"]
CMD ["--backlog", "100"]
"""


def service(manifest: dict[str, str], name: str = "api") -> Service:
    return read_texts({"api/Dockerfile": DOCKERFILE, **manifest}).services[name]


def values(found: Service) -> dict[str, str]:
    return {s.name: s.text for s in found.settings if s.technology == "gunicorn" and s.place}


def test_a_lone_dockerfile_is_a_service() -> None:
    found = service({"api/gunicorn.conf.py": "threads = 3\n"})
    assert found.technology == "gunicorn"
    mine = values(found)
    assert (mine["workers"], mine["timeout"], mine["backlog"]) == ("4", "50", "100")
    assert mine["threads"] == "3"


@pytest.mark.parametrize(
    ("compose", "expected"),
    [
        pytest.param("build: api", ("4", "100"), id="as it is"),
        pytest.param(
            "build: api, environment: {WEB_CONCURRENCY: 9}", ("9", "100"), id="environment"
        ),
        pytest.param("build: {context: api}, command: [--backlog, '7']", ("4", "7"), id="command"),
        pytest.param(
            "build: {context: ., dockerfile: api/Dockerfile}, entrypoint: [gunicorn, app:app, -w, '2']",
            ("2", None),
            id="entry point",
        ),
        pytest.param("image: acme/api", ("4", "100"), id="by the image's name"),
    ],
)
def test_compose_stands_above_the_image(compose: str, expected: tuple[str, str | None]) -> None:
    found = service({"compose.yaml": f"services: {{api: {{{compose}}}}}\n"})
    mine = values(found)
    assert (mine["workers"], mine.get("backlog")) == expected
    assert found.technology == "gunicorn"


def test_kubernetes_arguments_go_to_the_entry_point() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec:\n  containers:\n"
        "  - {name: api, image: 'registry.test/acme/api:1', args: [--backlog, '9']}\n"
    )
    mine = values(service({"k8s/pod.yaml": text}))
    assert (mine["workers"], mine["backlog"], mine["timeout"]) == ("4", "9", "50")


def test_a_dockerfile_beside_other_services_is_none_of_them() -> None:
    found = read_texts(
        {"api/Dockerfile": DOCKERFILE, "compose.yaml": "services: {x: {image: redis}}"}
    )
    assert list(found.services) == ["x"]


WEB = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec: {containers: [{name: c, image: nginx}]}\n"


def test_who_names_one_manifest_means_what_stands_in_it() -> None:
    texts = {f"k8s/{n}.yaml": WEB.replace("NAME", n) for n in ("a", "b")}
    limits = (
        "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l}\n"
        "spec: {limits: [{type: Container, default: {memory: 64Mi}}]}\n"
    )
    plimsoll = "services: {front: {technology: nginx, files: [k8s/a.yaml]}}\n"
    found = read_texts({**texts, "k8s/limits.yaml": limits, "plimsoll.yaml": plimsoll})
    assert list(found.services) == ["front"]
    amount = found.services["front"].limit("memory").amount
    assert amount is not None
    assert amount.low == 64 * 1024**2


def test_a_yaml_file_of_others_is_no_manifest() -> None:
    found = read_texts({"a.yaml": "services: {}\n", "b.json": "{}", "redis.conf": "port 1\n"})
    assert list(found.services) == ["redis"]
    assert not found.unread


def test_containers_of_a_pod_share_their_localhost() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n  containers:\n"
        "  - {name: app, image: x, command: [gunicorn, 'a:a', -b, '127.0.0.1:8000']}\n"
        "  - {name: proxy, image: nginx, volumeMounts: [{name: c, mountPath: /etc/nginx}]}\n"
        "  volumes: [{name: c, configMap: {name: c}}]\n"
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  nginx.conf: |\n"
        "    http { server { location / { proxy_pass http://127.0.0.1:8000; } } }\n"
    )
    found = read_texts({"a.yaml": text})
    assert [(link.source, link.target) for link in found.links] == [("app/proxy", "app")]


def test_a_service_leads_to_another_port() -> None:
    text = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: front}\n"
        "spec: {selector: {a: b}, ports: [{port: 80, targetPort: 8000}]}\n"
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: app, labels: {a: b}}\nspec:\n  containers:\n"
        "  - {name: app, image: x, command: [gunicorn, 'a:a', -b, ':8000']}\n"
    )
    nginx = "http { server { location / { proxy_pass http://front:80; } } }\n"
    found = read_texts({"a.yaml": text, "nginx.conf": nginx})
    assert [(link.source, link.target) for link in found.links] == [("nginx", "app")]
