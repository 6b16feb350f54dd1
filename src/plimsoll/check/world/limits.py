"""How much there is of a resource: the smallest layer decides, every other stays visible."""

from __future__ import annotations

from plimsoll.check import labels
from plimsoll.check.language.values import Const, Missing, Num, Op, Truth, Value
from plimsoll.check.names import LIMITS
from plimsoll.check.world.base import Owner, Scene
from plimsoll.model.quantity import UNLIMITED
from plimsoll.model.setting import Setting
from plimsoll.model.stack import Host, Service

# Every machine ends somewhere: that a unit or container sets no limit does not make it unlimited.
_OF_MACHINES = frozenset({"memory", "cores", "tasks", "disk", "swap"})


def limit(world: Scene, of: Service | Host, resource: str) -> Num:
    """The smallest of the layers, the deciding one first; without a layer anything."""
    unit = LIMITS["service" if isinstance(of, Service) else "host"][resource]
    values = [_layer(world, of, each) for each in reversed(of.limit(resource).layers)]
    nums = sorted((each for each in values if isinstance(each, Num)), key=lambda n: n.high)
    if not nums or (resource in _OF_MACHINES and nums[0].low == UNLIMITED):
        return Num(0, UNLIMITED, unit, Missing(needed(world, of, resource)))
    if len(values) == 1:
        return nums[0]
    others = tuple(each for each in values if not isinstance(each, Num))
    low = 0 if others else min(each.low for each in nums)
    return Num(low, nums[0].high, unit, Op("min", (*nums, *others)))


def is_limited(world: Scene, service: Service) -> Value:
    """Whether anything below the host limits the memory of a service."""
    layers = service.limit("memory").layers
    if not layers:
        return Truth(None, Missing(needed(world, service, "memory")))
    host = world.host(service)
    outer = host.limit("memory").layers if host else ()
    return Truth(any(each not in outer for each in layers), Const("memory_limited"))


def needed(world: Scene, of: Service | Host, resource: str) -> str:
    """What somebody would have to state: "memory of host db-1"."""
    host = of if isinstance(of, Host) else world.host(of)
    if host is None or (isinstance(of, Service) and resource not in LIMITS["host"]):
        return f"{resource} of {of.name}"
    return f"{resource} of {labels.host(host)}"


def _layer(world: Scene, of: Service | Host, layer: Setting) -> Value:
    owner: Owner = of
    if isinstance(of, Service):
        host = world.host(of)
        if host and any(layer in each.layers for each in host.limits.values()):
            owner = host
    return world.value(owner, layer, of=of)
