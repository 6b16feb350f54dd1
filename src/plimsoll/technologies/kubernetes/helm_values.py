"""Values of Helm charts: what the scaffold of `helm create` puts into containers as it stands.

Source: Helm 3, `helm create` (replicaCount, image, resources, livenessProbe, readinessProbe,
autoscaling); lifecycle, terminationGracePeriodSeconds, persistence and variables by the same custom;
the charts of Elastic and Bitnami (esJavaOpts, heapOpts, esConfig). What else a chart makes of its
values only its templates say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Deployment, Embedded, Word
from plimsoll.model.setting import Block, Setting, Unread
from plimsoll.syntax.yaml_tree import Leaf, Table
from plimsoll.technologies.kubernetes.environment import word_of
from plimsoll.technologies.kubernetes.flatten import (
    Context,
    container_settings,
    leaf_setting,
    pod_settings,
)
from plimsoll.technologies.kubernetes.keys import PROBES
from plimsoll.technologies.kubernetes.resources import added_resources, judged
from plimsoll.technologies.kubernetes.volumes import embedded_file

_NAME = re.compile(r"(?:^|/)(?:values[^/]*|[^/]*[-.]values)\.ya?ml$")
_OF_CONTAINER = ("resources", "lifecycle", *PROBES)
_OF_POD = ("terminationGracePeriodSeconds",)
_REPLICAS = ("replicaCount", "replicas")
_SHOWS = (*_OF_CONTAINER, *_OF_POD, "replicaCount")
_VARIABLES = ("env", "envVars", "extraEnv", "extraEnvs", "extraEnvVars")
# What charts make variables of. A chart that has such a key is one for what reads the variable.
_BECOMES = {
    "esJavaOpts": "ES_JAVA_OPTS",
    "logstashJavaOpts": "LS_JAVA_OPTS",
    "heapOpts": "KAFKA_HEAP_OPTS",
    "javaMem": "SOLR_JAVA_MEM",
    "javaOpts": "JAVA_OPTS",
    "jvmOpts": "JVM_OPTS",
    "rabbitmqDiskFreeLimit": "RABBITMQ_DISK_FREE_ABSOLUTE_LIMIT",
}
# Tables of whole files, by name.
_FILES = ("esConfig", "logstashConfig", "config", "configFiles")
_HAS_ENDING = re.compile(r"[\w.-]+\.(?:conf|cfg|cnf|ini|ya?ml|properties|options)")
_DISK = (
    ("persistence", "size"),
    ("volumeClaimTemplate", "resources", "requests", "storage"),
    ("storage", "size"),
)
_REASON = (
    "Helm values: only replicas, resources, probes, lifecycle, grace, disks, variables and whole"
    " files are read:"
    " for the rest render it with `helm template . | plimsoll check -`"
)


def is_values(path: str) -> bool:
    """Whether a file has the values of a chart, by its name."""
    return _NAME.search(path) is not None


def values_services(root: Table, path: str, files: Sequence[str]) -> Iterator[Deployment | Unread]:
    """The containers that values speak of: of the chart itself, and of each component."""
    folder = path.rpartition("/")[0].rpartition("/")[2]
    components = [(folder or "release", root)]
    components += [(n, t) for n, t in root.entries.items() if isinstance(t, Table)]
    for name, table in components:
        if any(field in table.entries for field in _SHOWS):
            yield _service(name, table, files)
    yield Unread(path, _REASON, root.place)


def _service(name: str, table: Table, files: Sequence[str]) -> Deployment:
    scope = (Block("values", name, table.place),)
    image = table.table("image")
    repository = image.text("repository") if image else table.text("image")
    tag = image.text("tag") if image else ""
    embedded = tuple(_embedded(table, f"{files[0]}/{name}"))
    return Deployment(
        name=name,
        technology="kubernetes",
        place=table.place,
        settings=tuple(_settings(table, scope)),
        environment=_environment(table),
        image=f"{repository}:{tag}" if tag else repository or name,
        mounts=tuple((file.path, f"/{file.path.rpartition('/')[2]}") for file in embedded),
        addresses=(name,),
        files=tuple(files),
        embedded=embedded,
    )


def _environment(table: Table) -> dict[str, Word]:
    """The variables that values give, as a list of names and values or as a table."""
    found: dict[str, Word] = {}
    for key in _VARIABLES:
        for each in table.tables(key):
            leaf, name = each.leaf("value"), each.text("name")
            if leaf is not None and name:
                found[name] = word_of(leaf)
        own = table.table(key)
        for name, tree in own.entries.items() if own else ():
            if isinstance(tree, Leaf) and not tree.is_null:
                found[name] = word_of(tree)
    for key, name in _BECOMES.items():
        leaf = table.leaf(key)
        if leaf is not None and leaf.text:
            found[name] = word_of(leaf)
    return found


def _embedded(table: Table, folder: str) -> Iterator[Embedded]:
    for key in _FILES:
        own = table.table(key)
        for name, tree in own.entries.items() if own else ():
            if isinstance(tree, Leaf) and _HAS_ENDING.fullmatch(name) and "\n" in tree.text:
                yield embedded_file(tree, f"{folder}/{name}")


def _settings(table: Table, scope: tuple[Block, ...]) -> Iterator[Setting]:
    context = Context(scope)
    scaling = table.table("autoscaling")
    is_scaled = scaling is not None and scaling.text("enabled") == "true"
    replicas = next((leaf for key in _REPLICAS if (leaf := table.leaf(key))), None)
    if replicas is not None and not is_scaled:
        yield leaf_setting(replicas, "replicas", context)
    for field in ("minReplicas", "maxReplicas"):
        leaf = scaling.leaf(field) if scaling and is_scaled else None
        if leaf is not None:
            yield leaf_setting(leaf, field, context)
    for *above, last in _DISK:
        inner = table.table(*above)
        size = inner.leaf(last) if inner else None
        if size is not None:
            yield leaf_setting(size, "storage.size", context)
            break
    yield from pod_settings(_only(table, _OF_POD), scope)
    container = _only(table, _OF_CONTAINER)
    yield from judged(
        [*container_settings(container, scope), *added_resources(container, scope, ())], ()
    )


def _only(table: Table, fields: Sequence[str]) -> Table:
    return Table({n: v for n, v in table.entries.items() if n in fields}, table.place)
