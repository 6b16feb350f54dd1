"""How many examples a property draws: a few in every run, the counted campaign in `make prove`."""

from __future__ import annotations

from hypothesis import settings


def drawn(few: int, many: int) -> settings:
    """The settings of a property: *few* examples as a rule, *many* under the profile `prove`."""
    is_campaign = settings().max_examples > 100
    return settings(max_examples=many if is_campaign else few)
