"""The names of findings that no rule file makes, which plimsoll.yaml may adjust and accept as others."""

from __future__ import annotations

EXPIRED = "suppression-expired"
REFUSES = "server-refuses"
WARNS = "server-warns"

OWN = (EXPIRED, REFUSES, WARNS)
