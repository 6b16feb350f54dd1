"""What Kafka is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "server.properties",
        "broker.properties",
        "controller.properties",
        "connect-distributed.properties",
        "connect-standalone.properties",
        "producer.properties",
        "consumer.properties",
        "connectors*.yaml",
        "connectors*.yml",
        "connectors*.json",
    ),
    holds=(
        r"^\s*(?:broker\.id|node\.id|process\.roles|log\.dirs?|log\.retention|listeners|message\.max|"
        r"replica\.fetch|bootstrap\.servers|zookeeper\.connect|num\.(?:network|io)|min\.insync|"
        r"default\.replication|offsets\.topic|auto\.create|acks|group\.id)\S*\s*=|connector\.class"
    ),
    programs=(
        "kafka-server-start.sh",
        "kafka-server-start",
        "connect-distributed.sh",
        "connect-distributed",
        "connect-standalone.sh",
        "connect-standalone",
    ),
    images=("kafka", "cp-kafka", "cp-server", "cp-kafka-connect", "kafka-connect"),
)
