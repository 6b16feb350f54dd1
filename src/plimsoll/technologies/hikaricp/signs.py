"""What HikariCP's settings are recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs
from plimsoll.technologies.hikaricp.names import NAMES

_FILES = ("application", "application-*", "bootstrap", "hikari*", "*hikari*")
SIGNS = Signs(
    files=(
        *(f"{name}.{ending}" for name in _FILES for ending in ("properties", "yml", "yaml")),
        "server.properties",
        "digdag.properties",
        "portal-ext.properties",
        "portal-*.properties",
    ),
    holds=r"(?i)hikari|^\s*jdbc\.[\w-]+\.|^\s*database\.\w|^\s*spring[.:]|^\s+datasource:|^\s*jdbc-?url",
    accompanies=("spring", "jvm", "tomcat", "jetty", "wildfly", "digdag"),
    variables=(
        "SPRING_DATASOURCE_URL",
        *(f"SPRING_DATASOURCE_HIKARI_{name.upper()}" for name in NAMES),
    ),
)
