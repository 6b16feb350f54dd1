"""What Tomcat is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "server.xml",
        "catalina.properties",
        "context.xml",
        "Catalina/localhost/*.xml",
        "web.xml",
    ),
    holds=r"<(?:Server|Context|web-app)\b|^(?:server|common|shared)\.loader\s*=|^catalina\.",
    programs=("catalina.sh", "startup.sh", "tomcat-start.sh"),
    images=("tomcat", "tomee"),
)
