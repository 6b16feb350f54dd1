"""Values of Helm charts: what the scaffold of `helm create` puts into containers as it stands.

Source: Helm 3, `helm create` (replicaCount, image, resources, livenessProbe, readinessProbe,
autoscaling); lifecycle and terminationGracePeriodSeconds by the same custom. What else a chart makes
of its values only its templates say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plimsoll.model.reader import Deployment
from plimsoll.model.setting import Block, Setting, Unread
from plimsoll.syntax.yaml_tree import Table
from plimsoll.technologies.kubernetes.flatten import (
    Context,
    container_settings,
    leaf_setting,
    pod_settings,
)
from plimsoll.technologies.kubernetes.keys import PROBES
from plimsoll.technologies.kubernetes.resources import added_resources, judged

_NAME = re.compile(r"(?:^|/)(?:values[^/]*|[^/]*[-.]values)\.ya?ml$")
_OF_CONTAINER = ("resources", "lifecycle", *PROBES)
_OF_POD = ("terminationGracePeriodSeconds",)
_SHOWS = (*_OF_CONTAINER, *_OF_POD, "replicaCount")
_REASON = (
    "Helm values: only replicas, resources, probes, lifecycle and grace are read:"
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
    return Deployment(
        name=name,
        technology="kubernetes",
        place=table.place,
        settings=tuple(_settings(table, scope)),
        image=f"{repository}:{tag}" if tag else repository,
        addresses=(name,),
        files=tuple(files),
    )


def _settings(table: Table, scope: tuple[Block, ...]) -> Iterator[Setting]:
    context = Context(scope)
    scaling = table.table("autoscaling")
    is_scaled = scaling is not None and scaling.text("enabled") == "true"
    replicas = table.leaf("replicaCount")
    if replicas is not None and not is_scaled:
        yield leaf_setting(replicas, "replicas", context)
    for field in ("minReplicas", "maxReplicas"):
        leaf = scaling.leaf(field) if scaling and is_scaled else None
        if leaf is not None:
            yield leaf_setting(leaf, field, context)
    yield from pod_settings(_only(table, _OF_POD), scope)
    container = _only(table, _OF_CONTAINER)
    yield from judged(
        [*container_settings(container, scope), *added_resources(container, scope, ())], ()
    )


def _only(table: Table, fields: Sequence[str]) -> Table:
    return Table({n: v for n, v in table.entries.items() if n in fields}, table.place)
