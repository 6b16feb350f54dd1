"""Elasticsearch: its node's settings; the heap is Java's."""
