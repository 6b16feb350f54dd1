"""Envoy: a proxy with a static configuration."""
