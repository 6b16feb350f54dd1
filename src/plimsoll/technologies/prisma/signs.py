"""What Prisma is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("schema.prisma", "*.prisma", "*.js", "*.cjs", "*.mjs", "*.ts", "*.cts", "*.mts"),
    holds=r"""(?:require\(\s*|\bfrom\s+)["'\`](?:@prisma/client|[./@\w-]*prisma/client)["'\`]|^\s*datasource\s+\w+\s*\{""",
    accompanies=("node", "pm2"),
)
