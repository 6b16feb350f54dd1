"""What BullMQ is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("package.json", "*.js", "*.cjs", "*.mjs", "*.ts", "*.cts", "*.mts"),
    holds=r"""(?:require\(\s*|\bfrom\s+)["'\`](?:bullmq)["'\`]|"bullmq"\s*:""",
    accompanies=("node", "pm2"),
    makes="queue",
)
