"""How many pods there are: replicas, autoscalers, what a rollout adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from plimsoll.model.quantity import UNLIMITED, Amount
from plimsoll.model.setting import Block, Origin, Setting, Status
from plimsoll.syntax.yaml_tree import Leaf, Table
from plimsoll.technologies.kubernetes.flatten import Context, leaf_setting
from plimsoll.technologies.kubernetes.objects import Object, Objects, same_namespace
from plimsoll.technologies.kubernetes.pods import Pod

_TEMPLATED = (
    "Deployment",
    "StatefulSet",
    "ReplicaSet",
    "ReplicationController",
    "DeploymentConfig",
)
_SURGE = "strategy.rollingUpdate.maxSurge"
# By the kind that scales: (field, name of the setting).
_SCALERS = {
    "HorizontalPodAutoscaler": ("minReplicas", "maxReplicas"),
    "ScaledObject": ("minReplicaCount", "maxReplicaCount"),
}


def scaling_settings(
    pod: Pod, written: Sequence[Setting], all_: Objects, scope: tuple[Block, ...]
) -> list[Setting]:
    """*written* of a workload with its autoscaler, its defaults and its disruption budget."""
    settings = list(written)
    scalers = list(_scalers(pod, all_))
    for scaler in scalers:
        own = list(_scaled(scaler, scope))
        least = next((s for s in own if s.name == _SCALERS[scaler.kind][0]), None)
        reason = f"{scaler.kind} {scaler.name} sets the replicas"
        settings = [
            replace(s, status=Status.SHADOWED, winner=least, reason=reason)
            if s.name == "replicas" and s.status is Status.EFFECTIVE
            else s
            for s in settings
        ]
        settings += own
    names = {s.name for s in settings}
    if not scalers and "replicas" not in names:
        settings += _replicas(pod, scope)
    settings = [_as_share(each, settings) for each in (*settings, *_surge(pod, names, scope))]
    return [*settings, *_budgets(pod, all_, scope)]


def _scalers(pod: Pod, all_: Objects) -> Iterator[Object]:
    for each in all_.of(*_SCALERS):
        target = each.spec.table("scaleTargetRef")
        if target is None or not same_namespace(each, pod.namespace):
            continue
        kind = target.text("kind") or "Deployment"
        if kind == pod.owner.kind and target.text("name") == pod.owner.name:
            yield each


def _scaled(scaler: Object, scope: tuple[Block, ...]) -> Iterator[Setting]:
    context = Context(scope)
    fields = _SCALERS[scaler.kind]
    for name in (*fields, "targetCPUUtilizationPercentage"):
        leaf = scaler.spec.leaf(name)
        if leaf is not None:
            yield leaf_setting(leaf, name, context)
        elif name == fields[0]:
            least = 1 if name == "minReplicas" else 0
            yield _default(name, str(least), Amount.of(least), scope)
    for metric in scaler.spec.tables("metrics"):
        resource = metric.table("resource") or metric.table("containerResource")
        leaf = _utilization(resource) if resource else None
        if leaf is not None and resource is not None:
            what = {"cpu": "CPU", "memory": "Memory"}.get(resource.text("name"), "")
            if what:
                yield leaf_setting(leaf, f"target{what}UtilizationPercentage", context)


def _utilization(resource: Table) -> Leaf | None:
    target = resource.table("target")
    own = resource.leaf("targetAverageUtilization")  # autoscaling/v2beta1
    return target.leaf("averageUtilization") if target else own


def _replicas(pod: Pod, scope: tuple[Block, ...]) -> Iterator[Setting]:
    """What holds where nobody says how many."""
    kind = pod.owner.kind
    if kind in (*_TEMPLATED, "Pod"):
        yield _default("replicas", "1", Amount.of(1), scope)
    elif kind == "DaemonSet":
        reason = "one on each node"
        found = _default("replicas", "", Amount(1, UNLIMITED), scope)
        yield replace(found, origin=Origin.DERIVED, reason=reason, place=pod.place)
    elif not any(spec.leaf("parallelism") for spec in pod.specs):
        yield _default("parallelism", "1", Amount.of(1), scope)


def _surge(pod: Pod, names: set[str], scope: tuple[Block, ...]) -> Iterator[Setting]:
    """A quarter more while a Deployment is rolled out, unless it says otherwise."""
    strategy = pod.owner.spec.table("strategy")
    is_rolling = strategy is None or strategy.text("type") in ("", "RollingUpdate", "Rolling")
    if pod.owner.kind in ("Deployment", "DeploymentConfig") and is_rolling and _SURGE not in names:
        yield _default(_SURGE, "25%", Amount.of(Fraction(1, 4)), scope)


def _as_share(setting: Setting, settings: Sequence[Setting]) -> Setting:
    """A number of pods that a rollout adds as the share of those there are, where that is known."""
    if setting.name != _SURGE or not setting.text.isdigit():
        return setting
    told = [
        int(each.text)
        for each in settings
        if each.name in ("replicas", "maxReplicas", "maxReplicaCount")
        and each.status is Status.EFFECTIVE
        and each.text.isdigit()
    ]
    many = max(told, default=0)
    if not many:
        return setting
    share = Fraction(int(setting.text[:9]), many)
    return replace(setting, value=Amount.of(share), reason=f"{setting.text} of {many} replicas")


def _default(name: str, text: str, amount: Amount, scope: tuple[Block, ...]) -> Setting:
    return Setting(name=name, text=text, scope=scope, origin=Origin.DEFAULT, value=amount)


def _budgets(pod: Pod, all_: Objects, scope: tuple[Block, ...]) -> Iterator[Setting]:
    budgets = all_.selecting("PodDisruptionBudget", pod.labels, "selector", "matchLabels")
    for each in budgets:
        if not same_namespace(each, pod.namespace):
            continue
        for name in ("minAvailable", "maxUnavailable"):
            leaf = each.spec.leaf(name)
            if leaf is not None:
                yield leaf_setting(leaf, f"podDisruptionBudget.{name}", Context(scope))
