"""What Elasticsearch is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("elasticsearch.yml", "elasticsearch.yaml", "elasticsearch-*.yml"),
    programs=("elasticsearch",),
    images=("elasticsearch", "elasticsearch-oss"),
)
