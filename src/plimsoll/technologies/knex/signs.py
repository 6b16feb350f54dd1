"""What Knex is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("*.js", "*.cjs", "*.mjs", "*.ts", "*.cts", "*.mts"),
    holds=r"""(?:require\(\s*|\bfrom\s+)["'\`](?:knex)["'\`]|\bclient\s*:\s*["'\`](?:pg|postgres|mysql|better-sqlite|sqlite|mssql|cockroach|redshift)""",
    accompanies=("node", "pm2"),
)
