"""What Sequelize is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("config/config.json", "*.js", "*.cjs", "*.mjs", "*.ts", "*.cts", "*.mts"),
    holds=r"""(?:require\(\s*|\bfrom\s+)["'\`](?:sequelize(?:-typescript)?)["'\`]|"dialect"\s*:""",
    accompanies=("node", "pm2"),
)
