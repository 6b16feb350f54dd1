"""How properties are tried: the same examples in every run, or many new ones (`make prove`)."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No deadline and no judgement of speed: a busy machine is not a fault.
settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "prove",
    max_examples=2000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci")
