"""How others reach a container: the Services that select its pod, the Ingresses that lead to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from plimsoll.model.setting import Block, Setting
from plimsoll.syntax.yaml_tree import Items, Leaf, Table, Tree
from plimsoll.technologies.kubernetes.flatten import Context, leaf_setting
from plimsoll.technologies.kubernetes.objects import Object, Objects, same_namespace
from plimsoll.technologies.kubernetes.pods import Pod

_MOST_PODS = 20  # of a StatefulSet, whose names are addresses
_ANNOTATIONS = ("nginx.ingress.kubernetes.io/", "nginx.org/")


class Reach(Struct, frozen=True):
    """*forwarded*: (port of the service, port of the container); *published*: of the machine.

    *services*: those that lead to the container.
    """

    services: tuple[Object, ...] = ()
    addresses: tuple[str, ...] = ()
    forwarded: tuple[tuple[int, int], ...] = ()
    published: tuple[tuple[int, int], ...] = ()


def reach_of(container: Table, pod: Pod, all_: Objects, name: str) -> Reach:
    """The names and ports under which the container is reached that *name* is the service of."""
    is_main = name == pod.name
    addresses = [] if pod.shares_host else [name, *_names_of_pods(pod)]
    leading: list[Object] = []
    forwarded: list[tuple[int, int]] = []
    published = [
        (outside, inside)
        for each in container.tables("ports")
        if (inside := _number(each.text("containerPort")))
        and (outside := _number(each.text("hostPort")))
    ]
    for service in services_of(pod, all_):
        ports = list(_ports(service, container, is_main=is_main))
        if not ports and not (is_main and not service.spec.tables("ports")):
            continue
        leading.append(service)
        addresses += [] if pod.shares_host else names_of(service)
        forwarded += [(port, inside) for port, inside, _ in ports if port != inside]
        published += [(node, inside) for _, inside, node in ports if node]
    return Reach(
        tuple(leading),
        tuple(dict.fromkeys(addresses)),
        tuple(dict.fromkeys(forwarded)),
        tuple(dict.fromkeys(published)),
    )


def _names_of_pods(pod: Pod) -> list[str]:
    """Those that the pods of a StatefulSet have."""
    governing = pod.owner.spec.text("serviceName")
    if pod.owner.kind != "StatefulSet" or not governing:
        return []
    many = min(_number(pod.owner.spec.text("replicas")) or 1, _MOST_PODS)
    return [f"{pod.name}-{n}.{governing}" for n in range(many)]


def services_of(pod: Pod, all_: Objects) -> Iterator[Object]:
    for each in all_.selecting("Service", pod.labels, "selector"):
        if each.group == "" and same_namespace(each, pod.namespace):
            yield each


def names_of(service: Object) -> tuple[str, ...]:
    """The names under which a Service is known in its cluster."""
    name, namespace = service.name, service.namespace or "default"
    inside = f"{name}.{namespace}"
    return name, inside, f"{inside}.svc", f"{inside}.svc.cluster.local"


def _ports(service: Object, container: Table, *, is_main: bool) -> Iterator[tuple[int, int, int]]:
    """(port of the service, of the container, of the node) of those that lead to this container."""
    declared = container.tables("ports")
    numbers = {_number(each.text("containerPort")) for each in declared}
    named = {each.text("name"): _number(each.text("containerPort")) for each in declared}
    for each in service.spec.tables("ports"):
        port = _number(each.text("port"))
        target = each.text("targetPort")
        inside = (named.get(target) or _number(target)) if target else port
        if inside and port and (inside in numbers or (is_main and not numbers)):
            yield port, inside, _number(each.text("nodePort"))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def ingress_settings(
    services: Sequence[Object], all_: Objects, scope: tuple[Block, ...]
) -> Iterator[Setting]:
    """The annotations of the Ingresses that lead to one of these Services, each Ingress a part."""
    names = {each.name for each in services}
    if not names:
        return
    for ingress in all_.of("Ingress"):
        metadata = ingress.table.table("metadata")
        annotations = metadata.table("annotations") if metadata else None
        if annotations is None or names.isdisjoint(_backends(ingress.spec)):
            continue
        block = Block("ingress", ingress.name, ingress.table.place)
        for name, leaf in annotations.entries.items():
            if isinstance(leaf, Leaf):
                yield leaf_setting(leaf, _annotation(name), Context((*scope, block)))


def _annotation(name: str) -> str:
    """What the controller calls it: `proxy-read-timeout` of nginx.ingress.kubernetes.io."""
    for prefix in _ANNOTATIONS:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return f"annotations.{name}"


def _backends(spec: Tree) -> Iterator[str]:
    """The names of the Services that an Ingress leads to."""
    if isinstance(spec, Items):
        for each in spec.entries:
            yield from _backends(each)
    elif isinstance(spec, Table):
        service = spec.table("service")
        yield from (
            n for n in (spec.text("serviceName"), service.text("name") if service else "") if n
        )
        for each in spec.entries.values():
            yield from _backends(each)
