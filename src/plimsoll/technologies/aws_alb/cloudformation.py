"""Load balancers in CloudFormation templates, in CDK's configuration and in Kubernetes annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from plimsoll.model.place import Place
from plimsoll.model.setting import Block, Item, Setting, Unknown, Unread
from plimsoll.syntax.templates import UNRENDERED, is_unrendered
from plimsoll.syntax.yaml_leaves import leaves
from plimsoll.syntax.yaml_nodes import Document, Mapping, Node, Scalar, Sequence, documents, merged
from plimsoll.technologies.aws_alb.terraform import BALANCER, GROUP

_TYPES = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": BALANCER,
    "AWS::ElasticLoadBalancing::LoadBalancer": BALANCER,
    "AWS::ElasticLoadBalancingV2::TargetGroup": GROUP,
    "AWS::ElasticLoadBalancingV2::Listener": "listener",
}
# What AWS calls attributes, and the names that Terraform and the console have for them.
NAMES = {
    "idle_timeout.timeout_seconds": "idle_timeout",
    "client_keep_alive.seconds": "client_keep_alive",
    "tcp.idle_timeout.seconds": "tcp_idle_timeout_seconds",
    "deregistration_delay.timeout_seconds": "deregistration_delay",
    "slow_start.duration_seconds": "slow_start",
    "ConnectionSettings.IdleTimeout": "idle_timeout",
    "ConnectionDrainingPolicy.Timeout": "connection_draining_timeout",
    "ConnectionDrainingPolicy.Enabled": "connection_draining",
    "Type": "load_balancer_type",
    "HealthCheckIntervalSeconds": "health_check.interval",
    "HealthCheckTimeoutSeconds": "health_check.timeout",
    "HealthyThresholdCount": "health_check.healthy_threshold",
    "UnhealthyThresholdCount": "health_check.unhealthy_threshold",
}
# Keys of configurations that become such an attribute: CDK's props and whoever restates them.
_KEYS = {
    "idleTimeoutSeconds": "idle_timeout",
    "idleTimeout": "idle_timeout",
    "idle_timeout": "idle_timeout",
    "service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout": "idle_timeout",
    "clientKeepAlive": "client_keep_alive",
    "deregistrationDelay": "deregistration_delay",
    "deregistrationDelaySeconds": "deregistration_delay",
}
_LISTS = ("LoadBalancerAttributes", "TargetGroupAttributes", "ListenerAttributes")
_ANNOTATION = re.compile(r"(?:.*/)?(?:load-balancer|target-group)-attributes$")
_FUNCTION = re.compile(r"\.(?:Fn::\w+|Ref)(?:\..*)?$")
_PAIR = re.compile(r"\s*([\w.]+)\s*=\s*([^,]*?)\s*(?:,|$)")


def cloudformation(text: str, path: str) -> Iterator[Item]:
    """The resources of a template by their attributes; of another document every leaf."""
    for each in documents(text, path):
        if isinstance(each, Unread):
            yield each
            continue
        resources = _below(each.root, "Resources")
        if isinstance(resources, Mapping):
            yield from _resources(each, resources)
        else:
            yield from _plain(each)


def _below(node: Node | None, key: str) -> Node | None:
    pair = merged(node).get(key) if isinstance(node, Mapping) else None
    return pair.value if pair else None


def _resources(document: Document, resources: Mapping) -> Iterator[Item]:
    for name, pair in merged(resources).items():
        kind = _below(pair.value, "Type")
        type_ = kind.text if isinstance(kind, Scalar) else ""
        block = Block(_TYPES.get(type_, "resource"), name, document.place_of(pair))
        yield Setting("resource", type_, document.place_of(pair), (block,))
        properties = _below(pair.value, "Properties")
        if type_ in _TYPES and properties is not None:
            yield from _properties(document, properties, block)


def _properties(document: Document, properties: Node, block: Block) -> Iterator[Item]:
    if not isinstance(properties, Mapping):
        return
    for name, pair in merged(properties).items():
        if name in _LISTS and isinstance(pair.value, Sequence):
            for item in pair.value.items:
                yield from _attribute(document, item, block)
    rest = replace(document, root=properties)
    for leaf in leaves(rest):
        if leaf.keys[0] not in _LISTS:
            name = NAMES.get(leaf.name, leaf.name)
            yield _setting(name, leaf.node, leaf.text, leaf.place, (block,))


def _attribute(document: Document, item: Node, block: Block) -> Iterator[Item]:
    """`{Key: idle_timeout.timeout_seconds, Value: "60"}`."""
    pairs = merged(item) if isinstance(item, Mapping) else {}
    key, value = pairs.get("Key"), pairs.get("Value")
    if key is None or value is None or not isinstance(key.value, Scalar):
        place = document.place(item)
        yield Unread(place.path, "an attribute has a Key and a Value", place)
        return
    place = document.lines.place(item.start, item.end, (value.value.start, value.value.end))
    name = NAMES.get(key.value.text, key.value.text)
    text = value.value.text if isinstance(value.value, Scalar) else ""
    yield _setting(name, value.value, text, place, (block,))


def _setting(name: str, node: Node, text: str, place: Place, scope: tuple[Block, ...]) -> Setting:
    """A value; one of a function (`!Ref`, `Fn::If`) or a template is not told."""
    tag = node.tag
    unknown = f"computed: {tag} {text}".rstrip() if tag else ""
    if not isinstance(node, Scalar) and (not isinstance(node, Mapping) or node.pairs):
        unknown = unknown or "computed: a function of CloudFormation"
    elif is_unrendered(text, has_variables=False):
        unknown = UNRENDERED
    elif ".Fn::" in name or name.endswith(".Ref"):
        unknown = f"computed: {name.rpartition('.')[2]} {text}"
        name = _FUNCTION.sub("", name)
    value = Unknown(unknown) if unknown else None
    return Setting(NAMES.get(name, name), text, place, scope, value=value)


def _plain(document: Document) -> Iterator[Item]:
    """Every leaf of a configuration, those that mean an attribute under its name."""
    for leaf in leaves(document):
        last = str(leaf.keys[-1]) if leaf.keys else ""
        if _ANNOTATION.match(last):
            for found in _PAIR.finditer(leaf.text):
                yield _setting(NAMES.get(found[1], found[1]), leaf.node, found[2], leaf.place, ())
        else:
            yield _setting(_KEYS.get(last, leaf.name), leaf.node, leaf.text, leaf.place, ())
