"""What Solr is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("solr.xml", "solrconfig.xml", "solr.in.sh"),
    programs=("solr", "solr-foreground", "solr-precreate"),
    images=("solr",),
)
