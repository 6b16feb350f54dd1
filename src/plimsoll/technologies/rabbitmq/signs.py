"""What RabbitMQ is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        *("rabbitmq.conf", "rabbitmq/conf.d/*.conf", "rabbitmq*.conf"),
        *("advanced.config", "rabbitmq.config", "rabbitmq-env.conf"),
    ),
    programs=("rabbitmq-server",),
    images=("rabbitmq",),
)
