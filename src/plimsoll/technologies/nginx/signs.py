"""What nginx is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=(
        "nginx.conf",
        "nginx.conf.template",
        "nginx-*.conf",
        "*.nginx.conf",
        "**/nginx/conf.d/*.conf",
        "**/nginx/sites-enabled/*",
        "**/nginx/templates/*.template",
        "**/nginx/*.conf",
    ),
    programs=("nginx", "openresty"),
    images=("nginx", "openresty", "nginx-unprivileged"),
)
