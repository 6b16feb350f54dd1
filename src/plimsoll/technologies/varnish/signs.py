"""What Varnish is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(files=("default.vcl", "*.vcl"), programs=("varnishd",), images=("varnish",))
