"""What HAProxy is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "haproxy.cfg",
        "haproxy-*.cfg",
        "haproxy_*.cfg",
        "*.haproxy.cfg",
        "**/haproxy/conf.d/*.cfg",
        "**/haproxy/*.cfg",
        "**/haproxy.d/*.cfg",
    ),
    programs=("haproxy", "hapee-lb"),
    images=("haproxy", "haproxy-alpine", "haproxy-debian", "haproxy-ubuntu"),
)
