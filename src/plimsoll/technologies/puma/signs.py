"""What Puma is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("config/puma/*.rb", "config/puma.rb", "puma.rb", "puma_*.rb", "gitlab.rb"),
    programs=("puma", "rails"),
    holds=r"^\s*(?:workers|threads|bind|port|pidfile|environment|rackup|plugin|puma\[)",
)
