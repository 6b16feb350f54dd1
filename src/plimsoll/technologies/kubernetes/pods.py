"""Workloads and the pods that they make."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plimsoll.model.place import Place
from plimsoll.syntax.yaml_tree import Table
from plimsoll.technologies.kubernetes.objects import Object, labels_of

KINDS = (
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "DeploymentConfig",
    "Job",
    "CronJob",
    "Pod",
)
_MAIN = "kubectl.kubernetes.io/default-container"


class Pod(Struct, frozen=True):
    """The pods of one workload. *specs*: those of the workload, the outermost first."""

    owner: Object
    spec: Table
    specs: tuple[Table, ...]
    labels: dict[str, str]
    metadata: Table | None

    @property
    def name(self) -> str:
        return self.owner.name or self.owner.kind.lower()

    @property
    def namespace(self) -> str:
        return self.owner.namespace

    @property
    def place(self) -> Place:
        return self.owner.table.place

    @property
    def shares_host(self) -> bool:
        """Whether it uses the network of its node."""
        return self.spec.text("hostNetwork") == "true"

    def containers(self) -> Iterator[tuple[str, Table]]:
        """(name of the service, container): those that run all the time.

        The main one has the name of the workload: the one that an annotation names, that has the
        same name, or the first.
        """
        tables = list(self.spec.tables("containers"))
        sidecars = [
            each
            for each in self.spec.tables("initContainers")
            if each.text("restartPolicy") == "Always"
        ]
        main = self._main(tables)
        for each in (*tables, *sidecars):
            own = each.text("name") or "container"
            yield (self.name if each is main else f"{self.name}/{own}"), each

    def _main(self, tables: list[Table]) -> Table | None:
        annotations = self.metadata.table("annotations") if self.metadata else None
        wanted = annotations.text(_MAIN) if annotations else ""
        for name in (wanted, self.name):
            for each in tables:
                if name and each.text("name") == name:
                    return each
        return tables[0] if tables else None

    def starters(self) -> Iterator[Table]:
        """Containers that end before the others start."""
        for each in self.spec.tables("initContainers"):
            if each.text("restartPolicy") != "Always":
                yield each


def pod_of(owner: Object) -> Pod | None:
    """The pods that an object makes; None where it makes none."""
    if owner.kind not in KINDS:
        return None
    spec = owner.spec
    if owner.kind == "Pod":
        metadata = owner.table.table("metadata")
        return _pod(owner, spec, (), metadata)
    specs = [spec]
    inner = spec.table("jobTemplate", "spec") if owner.kind == "CronJob" else None
    if inner is not None:
        specs.append(inner)
    template = specs[-1].table("template")
    found = template.table("spec") if template else None
    if template is None or found is None:
        return None
    return _pod(owner, found, tuple(specs), template.table("metadata"))


def _pod(owner: Object, spec: Table, specs: tuple[Table, ...], metadata: Table | None) -> Pod:
    labels = labels_of(metadata.table("labels") if metadata else None)
    return Pod(owner, spec, specs, labels, metadata)
