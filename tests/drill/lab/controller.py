"""A process that starts the shop and never ends; it says its ports first. Killed by test_cycles."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from plimsoll.drill.lab.lab import lab
from plimsoll.drill.lab.shop import Shop

with lab() as found:
    shop = Shop(found, Path(sys.argv[1]))
    sys.stdout.write(f"{' '.join(map(str, shop.ports.values()))}\n")
    sys.stdout.flush()
    shop.start()
    sys.stdout.write("up\n")
    sys.stdout.flush()
    time.sleep(600)
