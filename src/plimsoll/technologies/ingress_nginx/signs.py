"""What ingress-nginx is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("*.yaml", "*.yml"),
    holds=r"nginx\.ingress\.kubernetes\.io/|nginx-ingress-controller|ingress-nginx",
    programs=("nginx-ingress-controller",),
    images=("nginx-ingress-controller",),
    aliases=("nginx-ingress", "nginx-ingress-controller", "ingress"),
)
