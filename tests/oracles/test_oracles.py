"""What real servers make of drawn configurations is what we say that they make of them."""

from __future__ import annotations

import pytest

from oracles import oracles
from oracles.campaign import campaign
from oracles.oracle import Fate

pytestmark = pytest.mark.real

FEW = 10  # drawn in every run, besides what is spelled out; `make prove` draws more


@pytest.mark.parametrize("name", oracles())
def test_a_server_makes_of_it_what_we_say(name: str) -> None:
    tally = campaign(oracles()[name], FEW)
    assert tally.wrong == []
    assert tally.tried >= FEW
    assert tally.tried > tally.fates[Fate.ACCEPTED] > 0
