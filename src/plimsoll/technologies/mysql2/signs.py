"""What mysql2 is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("*.js", "*.cjs", "*.mjs", "*.ts", "*.cts", "*.mts"),
    holds=r"""(?:require\(\s*|\bfrom\s+)["'\`](?:mysql2?(?:/promise)?)["'\`]""",
    accompanies=("node", "pm2"),
)
