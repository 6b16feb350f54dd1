"""What Envoy is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("envoy.yaml", "envoy.yml", "envoy.json", "envoy*.yaml", "envoy*.yml", "*.yaml", "*.yml"),
    holds=r"^\s*[\"']?(?:static_resources|overload_manager)[\"']?\s*:|envoy\.filters\.",
    programs=("envoy",),
    images=("envoy", "envoy-alpine", "envoy-distroless"),
)
