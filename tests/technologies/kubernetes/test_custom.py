"""What operators make of their resources beside the settings that stand in them."""

from __future__ import annotations

import pytest

from plimsoll.model.setting import Status
from plimsoll.stack import read_texts


def held(manifest: str) -> dict[str, tuple[str, int]]:
    """Value and line of every setting that counts, by name."""
    service = read_texts({"stack.yaml": manifest}).services["queue"]
    return {
        s.name: (str(s.value), s.place.span.line if s.place else 0)
        for s in service.settings
        if s.status is Status.EFFECTIVE
    }


KAFKA = """\
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: {name: queue}
spec:
  kafka:
    version: 3.7.0
    replicas: 3
    resources:
      limits: {memory: %s}
%s    config:
      min.insync.replicas: 2
      auto.create.topics.enable: "false"
    storage: {size: 100Gi}
  zookeeper: {replicas: 1, resources: {limits: {memory: 1Gi}}}
"""


def test_strimzi_has_the_settings_of_the_broker_below_kafka() -> None:
    found = held(KAFKA % ("8Gi", ""))
    assert found["min.insync.replicas"] == ("2", 11)
    assert found["auto.create.topics.enable"] == ("False", 12)
    assert found["replicas"] == ("3", 7)
    assert found["resources.limits.memory"] == ("8 GiB", 9)
    assert found["storage.size"] == ("100 GiB", 13)


@pytest.mark.parametrize(
    ("memory", "options", "heap"),
    [
        ("8Gi", '    jvmOptions: {"-Xms": 1g, "-Xmx": 3g}\n', ("3 GiB", 10)),
        ("8Gi", "", ("4 GiB", 9)),  # half of the limit
        ("64Gi", "", ("5 GiB", 9)),  # and no more
    ],
)
def test_strimzi_chooses_the_heap_that_nobody_writes(
    memory: str, options: str, heap: tuple[str, int]
) -> None:
    assert held(KAFKA % (memory, options))["-Xmx"] == heap


@pytest.mark.parametrize(
    ("memory", "told"),
    [
        ("6Gi", "~4.8 GiB"),  # 4915 MiB, as its log says in rabbitmq/cluster-operator#669
        ("64Gi", "62 GiB"),  # 2 GiB stay free at most
    ],
)
def test_rabbitmq_is_told_the_memory_of_its_container(memory: str, told: str) -> None:
    found = held(
        "apiVersion: rabbitmq.com/v1beta1\nkind: RabbitmqCluster\nmetadata: {name: queue}\n"
        f"spec:\n  resources: {{limits: {{memory: {memory}}}}}\n"
    )
    assert found["total_memory_available_override_value"] == (told, 5)
