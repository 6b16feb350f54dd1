"""What Prometheus is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("prometheus.yml", "prometheus.yaml", "*.yaml", "*.yml"),
    holds=r"^(?:scrape_configs|rule_files)[ \t]*:|^kind:[ \t]*Prometheus[ \t]*$|\bprometheusSpec[ \t]*:",
    programs=("prometheus",),
    images=("prometheus",),
)
